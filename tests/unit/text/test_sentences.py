"""Splitting of sources: nothing lost, nothing too long, cut where a reader would."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seq2seq.text.sentences import SourceLimits, TrainingSources, rejoined, split_source

TEXTS = st.text(alphabet=st.sampled_from('ab .,;!?\n\u3000。、«»"\U0001f600\u0301'), max_size=80)


def words(text: str) -> int:
    return len(text.split())


def utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def split(text: str, limits: SourceLimits, count: object = words) -> list[str]:
    return split_source(text, limits, tokens=count(text), count=count)  # type: ignore[operator, arg-type]


@given(text=TEXTS | st.text(max_size=60), limit=st.integers(1, 20), more=st.integers(0, 5))
@example(text="", limit=1, more=0)
@example(text="\U0001f600\U0001f600", limit=1, more=0)
def test_nothing_is_lost_and_no_part_is_too_long(text: str, limit: int, more: int) -> None:
    parts = split(text, SourceLimits(1, limit, limit + more), utf8)
    assert "".join(parts) == text
    assert all(utf8(part) <= limit + more or len(part) == 1 for part in parts)


@given(text=TEXTS, sentences=st.integers(1, 4))
def test_text_within_the_limits_is_one_part(text: str, sentences: int) -> None:
    if sum(text.count(mark) for mark in ".!?。") < sentences:
        assert split(text, SourceLimits(sentences, 100, 100)) == [text]


THREE = "Please wait. Where is it?  I need tea."
QUOTED = 'He said: "Come here. Now, please." Then he left.'


@pytest.mark.parametrize(
    ("text", "limits", "parts"),
    [
        (THREE, SourceLimits(3, 20, 20), [THREE]),
        (THREE, SourceLimits(2, 20, 20), ["Please wait. ", "Where is it?  ", "I need tea."]),
        (THREE, SourceLimits(3, 5, 7), ["Please wait. ", "Where is it?  ", "I need tea."]),
        (QUOTED, SourceLimits(2, 20, 20), ['He said: "Come here. Now, please." ', "Then he left."]),
        (
            QUOTED,
            SourceLimits(1, 20, 20),
            ['He said: "Come here. ', 'Now, please." ', "Then he left."],
        ),
        (
            "Am 3. Mai, kurz vor acht, fuhr er. Gut.",
            SourceLimits(1, 4, 6),
            ["Am 3. Mai, ", "kurz vor acht, ", "fuhr er. ", "Gut."],
        ),
        ("one two three four five", SourceLimits(1, 2, 3), ["one two ", "three four ", "five"]),
        ("one two three four five", SourceLimits(1, 4, 6), ["one two three four five"]),
        ("  one two  ", SourceLimits(1, 1, 1), ["  one ", "two  "]),
    ],
)
def test_cuts_where_a_reader_would(text: str, limits: SourceLimits, parts: list[str]) -> None:
    assert split(text, limits) == parts


def test_text_without_spaces_is_cut_too() -> None:
    assert split("你好。再见。", SourceLimits(1, 3, 3), len) == ["你好。", "再见。"]
    assert split("你好，再见。", SourceLimits(1, 3, 3), len) == ["你好，", "再见。"]
    assert split("abcdefgh", SourceLimits(1, 3, 3), len) == ["abc", "def", "gh"]


@pytest.mark.parametrize("text", ["a" * 100_000, "." * 100_000, " " * 100_000, "a, " * 33_000])
def test_time_grows_with_length_only(text: str) -> None:
    started = time.process_time()
    parts = split(text, SourceLimits(1, 200, 300), len)
    assert "".join(parts) == text
    assert max(map(len, parts)) <= 300
    assert time.process_time() - started < 5


def test_limits_follow_the_sources_of_training_unless_they_are_given() -> None:
    trained = TrainingSources(sentences=2, longest=62)
    assert trained.limits(max_sentences=None, max_length=None) == SourceLimits(2, 62, 93)
    assert trained.limits(max_sentences=5, max_length=40) == SourceLimits(5, 40, 40)
    with pytest.raises(ValueError, match="longest"):
        SourceLimits(1, 0, 10)


@pytest.mark.parametrize(
    ("sources", "translations", "text"),
    [
        (["One. ", "Two."], ["Eins.", "Zwei."], "Eins. Zwei."),
        (["One.  ", "Two."], ["Eins.", "Zwei."], "Eins.  Zwei."),
        (["One.\t", "Two."], ["Eins.", "Zwei."], "Eins. Zwei."),
        (["One. ", "? ", "Two."], ["Eins.", "", "Zwei."], "Eins. Zwei."),
        (["One. ", "Two."], ["一。", "二。"], "一。二。"),
        (["一。", "二。"], ["One.", "Two."], "One. Two."),
        (["一", "二。"], ["One", "two."], "One two."),
        (["Where?", "There."], ["Wo?", "Da."], "Wo? Da."),
        (["abc", "def"], ["xyz", "uvw"], "xyzuvw"),
    ],
)
def test_parts_are_rejoined_with_their_spacing(
    sources: list[str], translations: list[str], text: str
) -> None:
    assert rejoined(translations, sources) == text
