"""Mean and deviation of features or of answers, learned in one pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scale:
    """Takes numbers to mean 0 and deviation 1, feature by feature, and back.

    Attributes:
        mean, deviation: `[features]`, of the training set; a feature that never changes has a
            deviation of 1.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def apply(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scaled `values` `[..., features]`."""
        mean, deviation = self._arrays()
        return (values - mean) / deviation

    def undo(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """What `apply` was given."""
        mean, deviation = self._arrays()
        return values * deviation + mean

    def _arrays(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return np.array(self.mean, np.float32), np.array(self.deviation, np.float32)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Scale:
        """The scale of which `dataclasses.asdict` gave this.

        Raises:
            KeyError, TypeError, ValueError: it is not that.
        """
        mean, deviation = (tuple(map(float, values[name])) for name in ("mean", "deviation"))
        if len(mean) != len(deviation) or not all(map(math.isfinite, (*mean, *deviation))):
            raise ValueError("a scale is as many finite deviations as means")
        return Scale(mean, deviation)

    @staticmethod
    def none(features: int) -> Scale:
        """The scale that changes nothing."""
        return Scale((0.0,) * features, (1.0,) * features)


class Moments:
    """Running mean and variance, in float64.

    Source: Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance".
    """

    def __init__(self, features: int) -> None:
        """Of `features` numbers a step."""
        self._count = 0
        self._mean = np.zeros(features)
        self._squares = np.zeros(features)

    def add(self, values: NDArray[np.float32]) -> None:
        """Take in `values` `[steps, features]`."""
        exact = values.astype(np.float64)
        count, mean = len(exact), exact.mean(axis=0)
        difference, total = mean - self._mean, self._count + count
        self._squares += ((exact - mean) ** 2).sum(axis=0)
        self._squares += difference**2 * (self._count * count / total)
        self._mean += difference * (count / total)
        self._count = total

    def scale(self) -> Scale:
        """The scale of all that was taken in."""
        deviation = np.sqrt(self._squares / max(1, self._count))
        # What differs only by rounding does not change.
        constant = deviation <= 1e-6 * np.maximum(1e-6, np.abs(self._mean))
        return Scale(tuple(self._mean.tolist()), tuple(np.where(constant, 1.0, deviation).tolist()))
