"""The line where two files part is found from the lengths of their lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.data.alignment import parting_line


def lengths(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two sides that differ as a language and its translation do."""
    random = np.random.default_rng(seed)
    source = random.integers(10, 150, count)
    target = source * 1.15 * random.normal(1.0, 0.12, count)
    return source.astype(np.int32), target.astype(np.int32)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 899), st.integers(1, 40), st.booleans())
def test_a_gap_is_found_where_it_is(seed: int, place: int, gap: int, in_source: bool) -> None:
    source, target = lengths(seed, 1000)
    if in_source:
        source = np.delete(source, slice(place, place + gap))
    else:
        target = np.delete(target, slice(place, place + gap))
    found = parting_line(source, target)
    assert found is not None
    assert abs(found - (place + 1)) <= 4


@pytest.mark.parametrize("kept", [20, 50, 99])
def test_a_side_that_lacks_its_end_parts_nowhere(kept: int) -> None:
    source, target = lengths(3, 100)
    assert parting_line(source[:kept], target) is None
    assert parting_line(source, target[:kept]) is None


def test_an_empty_side_has_no_line_to_name() -> None:
    empty = np.array([], np.int32)
    assert parting_line(empty, np.array([3], np.int32)) is None


def test_lines_that_are_all_alike_part_at_the_end() -> None:
    assert parting_line(np.full(9, 7, np.int32), np.full(8, 7, np.int32)) is None
