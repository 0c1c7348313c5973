"""Phrases are found as words, in any script, and letters count as they stand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.text.words import PhraseFinder, begins_sentence, capitalised, in_word, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das  Haus, 3.5", ["Das", " ", "Haus", ",", " ", "3", ".", "5"]),
        ("caf\u0301e x_y", ["caf\u0301e", " ", "x", "_", "y"]),
        ("\u6771\u4eac\u3078", ["\u6771", "\u4eac", "\u3078"]),
        ("\u0918\u0930\u0947 \u0e01\u0e32", ["\u0918\u0930\u0947", " ", "\u0e01", "\u0e32"]),
        ("a\u00a0\t\nb", ["a", " ", "b"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["Haus"], "das Haus.", ["Haus"]),
        (["Haus"], "das Hausboot, ein Bootshaus, HAUS, haus", []),
        (["Haus"], "Haus-Boot (Haus) \u201eHaus\u201c", ["Haus"] * 3),
        (["New York", "York"], "New York, York and New  York", ["New York", "York", "New York"]),
        (["a b", "b c d"], "a b c d", ["a b"]),
        (["a", "a b c"], "a b d a b c", ["a", "a b c"]),
        (["usw."], "usw.x", ["usw."]),
        (["\u6771\u4eac"], "\u53bb\u6771\u4eac\u4e86", ["\u6771\u4eac"]),
        (["5"], "15 5 50 3.5", ["5", "5"]),
        ([" ", ""], "a b", []),
        (["\u27e80\u27e9"], "a\u27e80\u27e9b", ["\u27e80\u27e9"]),
    ],
)
def test_found_as_words(phrases: list[str], text: str, expected: list[str]) -> None:
    finder = PhraseFinder(phrases)
    found = finder.find(text)
    assert [one.phrase for one in found] == expected
    assert finder.count(tokens(text)) == len(expected)
    for one in found:
        assert tokens(text[one.start : one.end]) == tokens(one.phrase) and not one.recased


def test_a_small_first_letter_may_be_capital_where_a_sentence_begins() -> None:
    finder = PhraseFinder(["station", "main station", "Bank"])
    text = "Station. The Station? \u201eMain station! bank Bank main"
    found = finder.find(text)
    assert [(one.phrase, text[one.start : one.end], one.recased) for one in found] == [
        ("station", "Station", True),
        ("main station", "Main station", True),
        ("Bank", "Bank", False),
    ]


def test_as_it_stands_comes_before_another_case() -> None:
    (found,) = PhraseFinder(["may", "May"]).find("May is here")
    assert (found.phrase, found.recased) == ("May", False)


@given(st.lists(st.sampled_from(["ab", "a", " ", ".", "b a", "B"]), max_size=12))
def test_as_a_regular_expression_would(parts: list[str]) -> None:
    text = "".join(parts)
    expected = re.findall(r"(?<!\w)(?:b a|ab)(?!\w)", re.sub(" +", " ", text))
    row = tokens(text)
    assert PhraseFinder(["b a", "ab"]).count(row) == len(expected)


@pytest.mark.parametrize(
    ("before", "expected"),
    [("", True), (" ", True), ("Ja. ", True), ("Ja, ", False), ("Ja! (", True), ("x", False)],
)
def test_where_a_sentence_begins(before: str, expected: bool) -> None:
    assert begins_sentence(before) == expected


def test_letters() -> None:
    assert in_word("a") and in_word("\u00df") and in_word("7") and in_word("\u0301")
    assert not in_word(" ") and not in_word(".") and not in_word("\u6771") and not in_word("_")
    assert capitalised("\u00e4pfel") == "\u00c4pfel"
