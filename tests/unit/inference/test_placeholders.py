"""What is carried through comes out to the byte, once, whatever else the text holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import TokenizerSettings
from seq2seq.inference.placeholders import mask
from seq2seq.text.tokenizer import Tokenizer, shared_placeholders
from seq2seq.text.tokenizer_training import train_tokenizer

NAMES = tuple(f"\u27e8{i}\u27e9" for i in range(4))
KINDS = ("url", "email", "tag", "number")


def test_spans_are_replaced_in_order_and_put_back() -> None:
    text = "Mail a@b.de or see https://x.org/?a=1."
    masked = mask(text, KINDS, NAMES)
    assert masked.text == "Mail \u27e80\u27e9 or see \u27e81\u27e9."
    assert masked.note == "" and masked.placeholders("see \u27e81\u27e9.") == ("\u27e81\u27e9",)
    assert masked.restored(masked.text) == text
    turned = "Siehe \u27e81\u27e9 oder schreib \u27e80\u27e9."
    assert masked.restored(turned) == "Siehe https://x.org/?a=1 oder schreib a@b.de."


def test_equal_spans_have_a_placeholder_each() -> None:
    masked = mask("5 and 5", KINDS, NAMES)
    assert masked.text == "\u27e80\u27e9 and \u27e81\u27e9"


def test_placeholders_in_the_text_stand_for_themselves() -> None:
    text = "\u27e81\u27e9 5 \u27e81\u27e9 {x} \u27e89\u27e9"
    masked = mask(text, KINDS, NAMES)
    expected = "\u27e81\u27e9 \u27e80\u27e9 \u27e82\u27e9 \u27e83\u27e9 \u27e89\u27e9"
    assert masked.text == expected
    assert masked.restored(masked.text) == text
    assert mask(text, (), NAMES).text == text == mask(text, (), NAMES).restored(text)


def test_more_spans_than_tokens_are_told() -> None:
    masked = mask("1 2 3 4 5 6", KINDS, NAMES)
    assert masked.text == "\u27e80\u27e9 \u27e81\u27e9 \u27e82\u27e9 \u27e83\u27e9 5 6"
    assert "4 reserved tokens, so 2 of" in masked.note
    assert masked.restored(masked.text) == "1 2 3 4 5 6"
    none = mask("see www.x.de", KINDS, ())
    assert none.text == "see www.x.de" and "no reserved tokens" in none.note
    assert mask("see", KINDS, ()).note == ""


@pytest.mark.parametrize(
    ("source", "output", "expected"),
    [
        ("Go to www.x.de now.", "Geh zu\u27e80\u27e9jetzt.", "Geh zu www.x.de jetzt."),
        ("See www.x.de.", "Siehe \u27e80\u27e9 .", "Siehe www.x.de."),
        ("See www.x.de.", "Auf \u27e80\u27e9 siehe.", "Auf www.x.de siehe."),
        ("See (www.x.de).", "Siehe (\u27e80\u27e9).", "Siehe (www.x.de)."),
        ("{b}Bold{c} text", "\u27e80\u27e9 Fetter \u27e81\u27e9 Text", "{b}Fetter{c} Text"),
        ("Write to (a@b.de).", "Schreib\u27e80\u27e9sofort", "Schreib a@b.de sofort"),
        ("{n} files", "\u27e80\u27e9Dateien", "{n} Dateien"),
        ("www.x.de, a", "a,\u27e80\u27e9", "a, www.x.de"),
        ("1 2", "\u27e80\u27e9\u27e81\u27e9", "1 2"),
        ("see www.x.de", "nothing", "nothing"),
    ],
)
def test_spaces_are_as_in_the_source(source: str, output: str, expected: str) -> None:
    assert mask(source, KINDS, NAMES).restored(output) == expected


PARTS = ["www.x.de", " ", "{a}", "<c>", "14:30", "\u27e81\u27e9", "a@b.de", "word", ".", "\u27e8"]


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_an_unchanged_translation_gives_the_text_back(text: str) -> None:
    masked = mask(text, KINDS, NAMES)
    assert masked.restored(masked.text) == text
    for name in masked.carried:
        assert masked.text.count(name) == 1 or name in text


def test_which_placeholders_can_be_used() -> None:
    def trained(**settings: Any) -> Tokenizer:
        lines = ["one two three"] * 5
        return Tokenizer.from_bytes(train_tokenizer(lines, TokenizerSettings(**settings)))

    four = trained(kind="char", vocab_size=290, placeholders=4)
    two = trained(kind="char", vocab_size=290, placeholders=2)
    words = trained(kind="symbols", vocab_size=60)
    assert shared_placeholders(four, four) == NAMES
    assert shared_placeholders(four, two) == shared_placeholders(two, four) == NAMES[:2]
    assert shared_placeholders(words, words) == ()
