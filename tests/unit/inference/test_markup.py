"""Tags come back in order and around the words that were written for theirs."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seq2seq.inference.markup import Markup
from seq2seq.inference.placeholders import Masked, mask
from seq2seq.inference.translator import Translator
from seq2seq.search.sampling import Sampling
from seq2seq.text.words import token_spans

KINDS = ("url", "email", "tag")
NAMES = tuple(f"\u27e8{i}\u27e9" for i in range(4))


def words(text: str) -> list[tuple[int, int]]:
    """Places of words and marks, which are the tokens here."""
    return [(start, end) for start, end in token_spans(text) if not text[start].isspace()]


def markup_of(masked: Masked) -> Markup:
    (markup,) = masked.markup([masked.text], words)
    return markup


def translated(source: str, target: str, source_positions: list[int]) -> str:
    """`target` as a translation of `source`, whose words looked at those of the source."""
    masked = mask(source, KINDS, NAMES)
    return masked.restored(markup_of(masked).put_into(target, words(target), source_positions))


@pytest.mark.parametrize(
    ("source", "target", "source_positions", "expected"),
    [
        ("<b>Hello</b>", "Hallo", [0], "<b>Hallo</b>"),
        ("<b>Hello</b>.", "Hallo.", [0, 0], "<b>Hallo</b>."),
        ("<b>Hello.</b>", "Hallo.", [0, 0], "<b>Hallo.</b>"),
        ("<b> Hello </b> you", "Hallo du", [0, 1], "<b> Hallo </b> du"),
        ("a <b>red</b> car", "ein rotes Auto", [0, 1, 2], "ein <b>rotes</b> Auto"),
        ("a car <b>red</b>", "ein rotes Auto", [0, 2, 1], "ein <b>rotes</b> Auto"),
        ("I <b>read</b> a letter.", "Ich will es lesen.", [0, 3, 3, 1, 4], ""),
        ("<b>I <i>am</i></b> tired", "Ich bin es", [0, 1, 2], "<b>Ich <i>bin</i></b> es"),
        ("<p>a</p><p>b</p>", "x y", [0, 1], "<p>x</p><p>y</p>"),
        ("a<br>b c", "x z y", [0, 2, 1], "x<br>z y"),
        ("a <br/> b", "x y", [0, 1], "x <br/> y"),
        ("H<sub>2</sub>O", "H2O", [0], ""),
        ("<b>a</b> <i>b</i>", "y x", [1, 0], ""),
        ("see (<b>a</b>)", "sieh (x)", [0, 1, 2, 3], "sieh (<b>x</b>)"),
        ("<b>{n} cars</b> a", "\u27e80\u27e9 Autos x", [0, 1, 2, 3, 4], "<b>{n} Autos</b> x"),
        ("</b> and <i>so", "und so", [0, 1], "</b> und <i>so"),
    ],
)
def test_tags_stand_around_what_was_written_for_their_words(
    source: str, target: str, source_positions: list[int], expected: str
) -> None:
    found = translated(source, target, source_positions)
    tags = re.findall(r"<[^<>]+>", source)
    assert re.findall(r"<[^<>]+>", found) == tags
    if expected:
        assert found == expected


def test_without_attention_texts_go_on_at_the_same_pace() -> None:
    assert translated("a b <b>c d</b>", "w x y z", []) == "w x <b>y z</b>"


PARTS = ["<b>", "</b>", "<i>", "</i>", "<br/>", " ", " ", "word", "other", ".", "(", "{n}", "<n>"]


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), st.randoms())
def test_whatever_was_written_all_tags_come_back_in_order(text: str, random: object) -> None:
    masked = mask(text, KINDS, NAMES)
    markup = markup_of(masked)
    tags = [tag for run in masked.runs for tag in run.tags]
    for output in (masked.text, "eins zwei, drei.", "", masked.text[::2]):
        if "\u27e8" in output and output != masked.text:
            continue
        source_positions = [random.randrange(9) for _ in words(output)]  # type: ignore[attr-defined]
        found = masked.restored(markup.put_into(output, words(output), source_positions))
        assert [tag for tag in re.findall(r"</?[bi]>|<br/>", found) if tag in tags] == tags
        if masked.text.strip() and output.strip():
            bare = "".join(re.sub(r"</?[bi]>|<br/>", "", found).split())
            assert bare == "".join(masked.restored(output).split())


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_an_unchanged_translation_gives_the_text_back(text: str) -> None:
    assume(not re.search(r"\w(<[^<>]+>)+\w", text))  # within a word there is no place to find
    masked = mask(text, KINDS, NAMES)
    found = markup_of(masked).put_into(
        masked.text, words(masked.text), list(range(len(words(masked.text))))
    )
    if masked.text.strip():
        assert masked.restored(found).split() == text.split()


def test_tags_between_two_parts_go_with_their_words() -> None:
    masked = mask("<p>One. <b>Two.</b></p> <p>Three.</p>", KINDS, NAMES)
    assert masked.text == "One. Two. Three."
    parts = masked.markup(["One. ", "Two. ", "Three."], words)
    found = [[(run.position, "".join(run.tags)) for run in part.runs] for part in parts]
    assert found == [
        [(0, "<p>")],
        [(0, "<b>"), (4, "</b></p>")],
        [(0, "<p>"), (6, "</p>")],
    ]
    assert mask("<p></p>", KINDS, NAMES).markup([], words) == []
    assert mask("<p> </p>", KINDS, NAMES).restored("") == "<p> </p>"


def test_a_tag_that_names_a_language_stays_before_the_text() -> None:
    masked = mask("<de> Hello <en>", KINDS, NAMES)
    assert masked.text == "Hello \u27e80\u27e9"
    assert mask("<de> Hello", KINDS, NAMES, signs=("<de>",)).text == "<de> Hello"
    assert mask("<de>Hi</de>", KINDS, NAMES, signs=("<de>",)).text == "Hi"
    assert mask("Hi <de>", KINDS, NAMES, signs=("<de>",)).text == "Hi <de>"


TEXTS = [
    "<b>where</b> is <i>the <u>hotel</u></i>?",
    "<p>the train is late, {name}, see https://example.org/a?b=1.</p>",
    "the train<br/>is late",
    "<b>the hotel is here.</b> <i>where is the train?</i> " * 4,
    "<b></b>",
]
WAYS: list[dict[str, Any]] = [
    {"beam_size": 1},
    {"beam_size": 3, "n_best": 3},
    {"sampling": Sampling(seed=3), "n_best": 2},
    {"required": ("Zug",), "forbidden": ("ist",)},
]


@pytest.mark.parametrize("way", WAYS, ids=["greedy", "beam", "drawn", "conditions"])
def test_a_text_is_translated_as_without_its_tags(
    translator: Translator, way: dict[str, Any]
) -> None:
    for text, found in zip(TEXTS, translator.hypotheses(TEXTS, **way), strict=True):
        bare = " ".join(re.sub(r"<[^<>]+>", " ", text).replace(" ,", ",").split())
        (plain,) = translator.hypotheses([re.sub(r" ([.?!])", r"\1", bare)], **way)
        tags = re.findall(r"<[^<>]+>", text)
        for translation, other in zip(found, plain, strict=False):
            assert re.findall(r"</?(?:[biup]|br/)>", translation.text) == tags
            without = re.sub(r"</?(?:[biup]|br/)>", "", translation.text)
            assert without.split() == other.text.split() or "br" in text
            assert translation.alignment is None


def test_signs_are_left_to_the_model(translator: Translator) -> None:
    other = copy.copy(translator)
    other.training_sources = replace(translator.training_sources, signs=("<de>",))
    (found,) = other.hypotheses(["<de> the train"])
    (plain,) = other.hypotheses(["<de> the train"], placeholders=())
    assert found == plain and "<de>" not in found[0].text.split()
    ((carried,),) = (translator.hypotheses(["<de> the train"], beam_size=1),)
    assert carried[0].text.startswith("<de> ")
