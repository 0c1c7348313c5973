"""Parts of long sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seq2seq.data.long_sequences import LengthLimit, divide_long
from seq2seq.errors import DataError

LENGTHS = np.array([3, 7, 4, 9])


@pytest.mark.parametrize(
    ("rule", "stride", "right"),
    [
        ("drop", None, [(0, 0, 3), (2, 0, 4)]),
        ("head", None, [(0, 0, 3), (1, 0, 4), (2, 0, 4), (3, 0, 4)]),
        ("tail", None, [(0, 0, 3), (1, 3, 7), (2, 0, 4), (3, 5, 9)]),
        (
            "windows",
            None,
            [(0, 0, 3), (1, 0, 4), (1, 3, 7), (2, 0, 4), (3, 0, 4), (3, 4, 8), (3, 5, 9)],
        ),
        (
            "windows",
            3,
            [(0, 0, 3), (1, 0, 4), (1, 3, 7), (2, 0, 4), (3, 0, 4), (3, 3, 7), (3, 5, 9)],
        ),
    ],
)
def test_parts(rule: Any, stride: int | None, right: list[tuple[int, ...]]) -> None:
    parts = divide_long(LENGTHS, longest=4, rule=rule, stride=stride)
    found = list(zip(*(each.tolist() for each in parts), strict=True))
    assert found == right


@pytest.mark.parametrize("longest", [None, 9])
def test_sequences_that_are_not_too_long_stay_whole(longest: int | None) -> None:
    parts = divide_long(LENGTHS, longest=longest, rule="error")
    assert parts.lengths.tolist() == LENGTHS.tolist()


def test_a_long_sequence_is_named() -> None:
    with pytest.raises(DataError, match="sequence 2 has 7 steps and 2 of 4 sequences have more"):
        divide_long(LENGTHS, longest=4, rule="error")


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ("drop", [[0, 1, 2, 3, 4, 5, 6]]),  # of training only
        ("head", [[0, 1, 2]]),
        ("tail", [[4, 5, 6]]),
        ("windows", [[0, 1, 2], [2, 3, 4], [4, 5, 6]]),
    ],
)
def test_a_limit_cuts_one_sequence_like_many(rule: Any, right: list[list[int]]) -> None:
    limit = LengthLimit(3, rule, 2)
    steps = [np.arange(7), np.arange(2), np.arange(3)]
    assert [part.tolist() for part in limit.cut(steps[0])] == right
    parts = limit.parts([7, 2, 3])
    found = [part.tolist() for part in parts.cut(steps)]
    assert found == [*right, [0, 1], [0, 1, 2]]
    assert limit.shortened(steps[0]).tolist() == (
        right[0] if rule in ("head", "tail") else list(range(7))
    )


def test_outputs_of_windows_are_averaged_and_others_unchanged() -> None:
    parts = LengthLimit(4, "windows").parts([3, 9, 4])
    outputs = [np.array([[value, 0.1]], np.float32) for value in (5.0, 1.0, 2.0, 6.0, 7.0)]
    first, second, third = parts.averaged(outputs)
    assert first is outputs[0] and third is outputs[4]
    assert second.dtype == np.float32
    np.testing.assert_allclose(second, [[3.0, 0.1]], rtol=1e-6)
    assert LengthLimit(4, "windows").parts([]).averaged([]) == []
    blank = LengthLimit(4, "windows").parts([0, 2])
    assert [len(row) for row in blank.cut([np.zeros(0), np.zeros(2)])] == [0, 2]


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ("head", "9 long and data.max_length is 4: only the first 4 are read"),
        ("tail", "9 long and data.max_length is 4: only the last 4 are read"),
        ("windows", None),
        ("drop", None),
    ],
)
def test_steps_that_are_not_read_are_reported(rule: Any, right: str | None) -> None:
    assert LengthLimit(4, rule).unread(9) == right
    assert LengthLimit(4, rule).unread(4) is None
