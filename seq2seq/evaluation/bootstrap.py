"""Confidence intervals of scores, by resampling the lines of a test set.

Source: Koehn 2004, "Statistical significance tests for machine translation evaluation".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
FEWEST_LINES = 5  # of fewer lines the resamples are too much alike
_SHARE = 0.95
_CELLS_AT_ONCE = 4_000_000  # numbers in memory, whatever the size of the test set

Statistics = NDArray[Any]


class Interval(NamedTuple):
    """Bounds between which 95 % of the resampled scores lie."""

    low: float
    high: float


def bootstrap_interval(
    statistics: Statistics, score: Callable[[Statistics], float], *, seed: int
) -> Interval | None:
    """Return the 95 % confidence interval of a score, None of fewer than `FEWEST_LINES` lines.

    Args:
        statistics: statistics of each line whose sums the score is computed from, `[lines, n]`.
        score: score of such sums, `[n]`.
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
