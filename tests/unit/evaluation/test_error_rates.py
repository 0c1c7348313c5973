"""Error rates of strings of symbols, where a source may have several right answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.evaluation.error_rates import edit_distance, error_rates

words = st.text("abc", max_size=7)


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("kitten", "sitting", 3),
        ("abc", "bc", 1),
        ("bc", "abc", 1),
        ("ab", "ba", 2),
        ("aaaa", "aa", 2),
    ],
)
def test_known_distances(left: str, right: str, edits: int) -> None:
    assert edit_distance(left, right) == edits


def by_definition(left: str, right: str) -> int:
    if not left or not right:
        return len(left) + len(right)
    return min(
        by_definition(left[1:], right) + 1,
        by_definition(left, right[1:]) + 1,
        by_definition(left[1:], right[1:]) + (left[0] != right[0]),
    )


@given(words, words)
@settings(max_examples=60, deadline=None)
def test_the_distance_is_that_of_its_definition(left: str, right: str) -> None:
    assert edit_distance(left, right) == by_definition(left, right)


def test_any_of_the_references_is_right_and_wrong_symbols_count_against_the_nearest() -> None:
    sources = ["read", "tear", "read", "one"]
    outputs = ["R EH D", "T IH", "R EH D", "W AA N"]
    references = ["R IY D", "T IH R", "R EH D", "W AH N"]
    # One of three words is right; 1 of the 3 + 3 + 3 symbols is missing and 1 is another.
    assert error_rates(sources, outputs, references, kind="symbols") == {
        "symbol_error_rate": pytest.approx(100 * 2 / 9),
        "sequence_error_rate": pytest.approx(100 * 2 / 3),
    }


def test_characters_are_symbols_of_their_own() -> None:
    rates = error_rates(["x", "y"], ["ab", "a b"], ["ab", "ab"], kind="char")
    assert rates == {"symbol_error_rate": 25.0, "sequence_error_rate": 50.0}


def test_words_have_no_error_rates() -> None:
    assert error_rates(["x"], ["a"], ["a"], kind="unigram") == {}
    assert error_rates([], [], [], kind="symbols") == {}


def test_references_without_a_symbol() -> None:
    assert error_rates(["x"], ["A"], [""], kind="symbols") == {
        "symbol_error_rate": 100.0,
        "sequence_error_rate": 100.0,
    }
