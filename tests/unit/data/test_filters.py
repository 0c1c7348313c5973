"""Limits on lengths, errors of a text, and counts with the first lines."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.data.filters import MAX_CHARACTERS, Tallies, Tally, length_error, text_error


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50), st.floats(1, 20))
def test_length_limits(source: int, target: int, limit: int, ratio: float) -> None:
    kept = max(source, target) <= limit and max(source, target) <= ratio * min(source, target)
    error = length_error(source, target, max_length=limit, max_ratio=ratio)
    assert (error is None) == kept
    assert error == length_error(target, source, max_length=limit, max_ratio=ratio)


def test_limits_hold_at_their_value() -> None:
    assert length_error(9, 1, max_length=9, max_ratio=9.0) is None
    assert length_error(10, 1, max_length=10, max_ratio=9.0) == (
        "length ratio above data.max_ratio=9"
    )
    assert length_error(10, 9, max_length=9, max_ratio=9.0) == (
        "longer than data.max_length=9 tokens"
    )


@given(st.text())
def test_no_text_without_error_holds_a_control_character_or_line_break(text: str) -> None:
    if text_error(text, "source") is None:
        assert text.strip()
        assert len(f"{text}x".splitlines()) == 1
        kinds = {unicodedata.category(character) for character in text if character != "\t"}
        assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    else:
        kinds = {unicodedata.category(character) for character in text}
        assert kinds & {"Cc", "Cs", "Zl", "Zp"} or kinds <= {"Cf", "Zs"}


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\ufeff", "\u00a0\u200d \u00ad"])
def test_text_without_anything_to_see_is_empty(text: str) -> None:
    assert text_error(text, "target") == "empty target"


@pytest.mark.parametrize(
    "text", ["a\tb", "👍🏽 ok", "\ufeffx", "a\u200bb", "日本", "x" * MAX_CHARACTERS]
)
def test_what_is_no_error(text: str) -> None:
    assert text_error(text, "source") is None


def test_a_file_without_line_ends_is_no_sentence() -> None:
    assert text_error("x" * (MAX_CHARACTERS + 1), "target") == (
        "more than 1,000,000 characters in target"
    )


def test_tallies_remember_the_first_lines() -> None:
    tallies = Tallies()
    for line in range(3, 10):
        tallies.add("empty source", line)
    tallies.add("other", 4)
    assert tallies.total == 8
    assert tallies.reasons["empty source"] == Tally(7, [3, 4, 5, 6, 7])
    assert tallies.reasons["empty source"].where() == "lines 3, 4, 5, 6, 7, …"
    assert tallies.reasons["other"].where() == "line 4"
