"""Bootstrap intervals and randomisation tests against cases with known results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seq2seq.evaluation.resampling import (
    FEWEST_LINES,
    RANDOMISATION_SEED,
    bootstrap_interval,
    randomisation_p_value,
)


def mean(sums: np.ndarray[Any, Any]) -> float:
    return float(sums[0] / sums[1])


def columns(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The statistics of a mean."""
    return np.stack([values, np.ones(len(values))], axis=1)


def test_the_interval_of_a_mean_is_that_of_its_theory() -> None:
    values = np.random.default_rng(0).normal(10, 2, 400)
    interval = bootstrap_interval(columns(values), mean, seed=1)
    assert interval is not None
    half = 1.96 * values.std() / 20
    assert interval.low == pytest.approx(values.mean() - half, abs=0.05)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.05)
    assert interval == bootstrap_interval(columns(values), mean, seed=1)


def test_an_interval_of_equal_lines_is_a_point_and_of_few_lines_none() -> None:
    same = columns(np.full(FEWEST_LINES, 3.0))
    assert bootstrap_interval(same, mean, seed=0) == (3.0, 3.0)
    assert bootstrap_interval(same[1:], mean, seed=0) is None


@pytest.mark.parametrize("different", [0, 1])
def test_systems_that_differ_on_at_most_one_line_are_not_significantly_different(
    different: int,
) -> None:
    ours = columns(np.arange(20.0))
    theirs = ours.copy()
    theirs[:different, 0] += 5
    assert randomisation_p_value(ours, theirs, mean) == 1.0


def test_the_p_value_is_the_share_of_swaps_with_as_large_a_difference() -> None:
    # Of the 2 ** 5 swaps, only two leave all five lines on the same side.
    ours = columns(np.zeros(5))
    p_value = randomisation_p_value(ours, ours + np.array([1, 0]), mean)
    assert p_value == pytest.approx(2 / 32, abs=0.01)


def test_clearly_different_systems_have_the_lowest_p_value() -> None:
    ours = columns(np.zeros(100))
    assert randomisation_p_value(ours, ours + np.array([1, 0]), mean) == pytest.approx(1 / 10_001)
    assert RANDOMISATION_SEED == 12345  # sacreBLEU's
