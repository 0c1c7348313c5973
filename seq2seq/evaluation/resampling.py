"""Confidence intervals of scores, and tests of their differences, by resampling of lines.

Sources: Koehn 2004, "Statistical significance tests for machine translation evaluation", for the
bootstrap; Riezler & Maxwell 2005, "On some pitfalls in automatic evaluation and significance
testing for MT", for approximate randomisation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
FEWEST_LINES = 5  # with fewer lines, the resamples are too similar
_SHARE = 0.95
MOST_TRIALS = 10_000  # trials of a randomisation test, as in sacreBLEU
RANDOMISATION_SEED = 12345  # the seed of sacreBLEU
_SWAPS = 20_000_000  # limit of trials times lines, which are all in memory
_ROUNDING = 1e-9
_CELLS_AT_ONCE = 4_000_000  # numbers in memory, whatever the size of the test set

Statistics = NDArray[Any]
Score = Callable[[Statistics], float]


class Interval(NamedTuple):
    """Bounds of the middle 95 % of the resampled scores."""

    low: float
    high: float


def bootstrap_interval(statistics: Statistics, score: Score, *, seed: int) -> Interval | None:
    """Return the 95 % confidence interval of a score; None for fewer than `FEWEST_LINES` lines.

    Args:
        statistics: statistics of each line, `[lines, n]`; the score is computed from their sums.
        score: function that computes the score from these sums, `[n]`.
        seed: seed of the resampling.
    """
    lines = len(statistics)
    if lines < FEWEST_LINES:
        return None
    rng = np.random.default_rng([seed, lines])
    rows = np.asarray(statistics, np.float64)
    at_once = max(1, _CELLS_AT_ONCE // lines)
    scores: list[float] = []
    while len(scores) < RESAMPLES:
        count = min(at_once, RESAMPLES - len(scores))
        times = rng.multinomial(lines, np.full(lines, 1.0 / lines), size=count)
        scores += [score(sums) for sums in times @ rows]
    tail = 100.0 * (1.0 - _SHARE) / 2.0
    low, high = np.percentile(scores, [tail, 100.0 - tail]).tolist()
    return Interval(low, high)


def randomisation_trials(lines: int) -> int:
    """Return the number of trials of a test on `lines` lines."""
    return max(100, min(MOST_TRIALS, _SWAPS // lines))


def randomisation_p_value(ours: Statistics, theirs: Statistics, score: Score) -> float:
    """Return the probability of at least the observed difference if two systems are equally good.

    The test is sacreBLEU's, with the same random numbers, except that a trial with exactly the
    observed difference counts as well. Otherwise two systems that differ on one line, or not at
    all, would have the lowest p-value of all.

    Args:
        ours, theirs: statistics of the lines of each system, `[lines, n]`.
        score: function that computes the score from the sums of the statistics, `[n]`.
    """
    lines = len(ours)
    trials = randomisation_trials(lines)
    rng = np.random.default_rng(RANDOMISATION_SEED)
    swapped = ~rng.integers(2, size=(trials, lines), dtype=bool)
    changes = swapped @ np.asarray(theirs - ours, np.float64)
    first, second = ours.sum(axis=0), theirs.sum(axis=0)
    found = [abs(score(first + change) - score(second - change)) for change in changes]
    difference = abs(score(first) - score(second)) - _ROUNDING
    return (sum(one >= difference for one in found) + 1) / (trials + 1)
