"""Parts of long sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seq2seq.data.long_sequences import divide_long
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
