"""The set of typed messages is well formed, covers each kind, and stays out of training."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from typed_messages import KINDS, PATH, TypedMessage, bare, read_typed_messages


@pytest.fixture(scope="module")
def messages() -> list[TypedMessage]:
    return read_typed_messages()


def test_two_hundred_messages_with_fifteen_of_each_kind(messages: list[TypedMessage]) -> None:
    counts = Counter(message.kind for message in messages)
    assert sum(counts.values()) == 200
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 15


def test_messages_and_answers_are_unique_and_plain(messages: list[TypedMessage]) -> None:
    assert len({message.text.casefold() for message in messages}) == len(messages)
    for message in messages:
        assert len({bare(answer) for answer in message.answers}) == len(message.answers), message
        for text in (message.text, *message.answers):
            assert bare(text) and text == " ".join(text.split()), message


def test_lines_of_a_message_are_consecutive() -> None:
    lines = PATH.read_text("utf-8").splitlines()
    texts = [line.split("\t")[0] for line in lines]
    starts = [text for before, text in zip(["", *texts], texts, strict=False) if text != before]
    assert len(starts) == len(set(starts))


def test_no_longer_sentence_is_in_the_corpus(messages: list[TypedMessage]) -> None:
    def plain(text: str) -> str:
        return " ".join(re.findall(r"[\w'-]+", text.casefold().replace("’", "'")))

    texts = [part for m in messages for part in (m.text, *re.split(r"(?<=[.!?]) ", m.text))]
    longer = {plain(text) for text in texts if len(text.split()) > 4}
    corpus = {
        plain(line)
        for split in ("train", "valid", "test")
        for line in PATH.with_name(f"{split}.en").read_text("utf-8").splitlines()
    }
    assert len(longer) > 40
    assert not longer & corpus


def test_messages_are_written_as_their_kind_says(messages: list[TypedMessage]) -> None:
    by_kind = {kind: [m.text for m in messages if m.kind == kind] for kind in KINDS}
    assert all(text == text.upper() for text in by_kind["capitals"])
    assert all(re.search("['’]", text) for text in by_kind["contraction"])
    assert sum("’" in text for text in by_kind["contraction"]) >= 5
    assert all(text == text.lower() and text[-1].isalpha() for text in by_kind["question"])


@pytest.mark.parametrize(
    ("translation", "right"),
    [
        ("Bis morgen.", True),
        ("bis morgen", True),
        ("Bis Morgen!", True),
        ("Bis heute.", False),
        ("", False),
    ],
)
def test_case_and_final_punctuation_do_not_count(translation: str, right: bool) -> None:
    message = TypedMessage("see you tomorrow", "greeting", ("Bis morgen.", "Wir sehen uns morgen."))
    assert message.accepts(translation) is right


def test_a_line_of_another_shape_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "typed.tsv"
    path.write_text("hello\tHallo\n", "utf-8")
    with pytest.raises(ValueError, match="line 1: 2 cells"):
        read_typed_messages(path)
