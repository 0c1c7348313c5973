"""Calibration of probabilities: share of correct predictions by predicted probability.

Sources: Murphy & Winkler 1977 for the reliability diagram; Naeini et al. 2015, "Obtaining well
calibrated probabilities using Bayesian binning", for the expected calibration error.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 10


class CalibrationBin(NamedTuple):
    """Predictions whose probabilities are in one range.

    Attributes:
        low, high: bounds of the range, which contains `high` but not `low`; the first range also
            contains 0.
        answers: number of predictions.
        confidence: mean of their probabilities.
        accuracy: share of correct predictions among them.
    """

    low: float
    high: float
    answers: int
    confidence: float
    accuracy: float


def calibration_bins(probabilities: NDArray[Any], right: NDArray[np.bool_]) -> list[CalibrationBin]:
    """Return the bins that contain predictions, in ascending order; all bins have equal width.

    Args:
        probabilities: model's probability that each prediction is correct, `[predictions]`.
        right: true for each correct prediction, `[predictions] bool`.
    """
    numbers = np.clip(np.ceil(np.asarray(probabilities, np.float64) * BINS) - 1, 0, BINS - 1)
    return [
        CalibrationBin(
            low=number / BINS,
            high=(number + 1) / BINS,
            answers=int((numbers == number).sum()),
            confidence=float(probabilities[numbers == number].mean(dtype=np.float64)),
            accuracy=float(right[numbers == number].mean()),
        )
        for number in np.unique(numbers).astype(int).tolist()
    ]


def calibration_error(bins: list[CalibrationBin]) -> float:
    """Return the expected calibration error, 0.0 to 1.0.

    It is the mean over all predictions of the gap between confidence and accuracy of their bin.
    """
    answers = sum(one.answers for one in bins)
    gaps = sum(one.answers * abs(one.confidence - one.accuracy) for one in bins)
    return gaps / max(1, answers)
