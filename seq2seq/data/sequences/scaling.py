"""Feature and target scaling: mean and standard deviation, learned in one pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Values

Precision = Literal["float16", "float32", "float64"]

# Unscaled numbers are kept in float64 if rounding them to float32 would cost more than a thousandth
# of a standard deviation; for example, float32 has steps of 128 for seconds since 1970.
_MOST_MEAN = 2.0**14  # in standard deviations
_MOST_LOST = 0.05  # share of the changes from step to step
_MOST_BLURRED = 0.1  # share of a standard deviation by which float16 may round
# A deviation smaller than this share of the mean is rounding: the feature is constant.
_ROUNDING = {np.dtype(np.float32): 1e-6, np.dtype(np.float64): 1e-12}


@dataclass(frozen=True)
class Scale:
    """Scaling of numbers to mean 0 and standard deviation 1, feature by feature, and back.

    Attributes:
        mean, deviation: mean and standard deviation in the training set, `[features]`; a constant
            feature has a deviation of 1.
        precision: type in which unscaled numbers are held. It is also the type in which they are
            scaled, except that float16 numbers are scaled in float32.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    precision: Precision = "float32"

    @property
    def computed(self) -> Literal["float32", "float64"]:
        """Return the type in which numbers are scaled."""
        return "float64" if self.precision == "float64" else "float32"

    @property
    def valid(self) -> bool:
        """Return whether float32 can hold all means and deviations, and no deviation is 0."""
        mean, deviation = (np.array(values, np.float64) for values in (self.mean, self.deviation))
        limits = np.finfo(np.float32)
        within = (deviation >= limits.tiny) & (deviation <= limits.max)
        return bool((np.abs(mean) <= limits.max).all() and within.all())

    def in_float16(self) -> Scale | None:
        """Return the scaling for numbers held in float16; None if a feature would lose too much."""
        mean, deviation = (np.array(values, np.float64) for values in (self.mean, self.deviation))
        with np.errstate(over="ignore", invalid="ignore"):
            step = np.spacing((np.abs(mean) + 2 * deviation).astype(np.float16))
        if self.precision == "float64" or not (step <= _MOST_BLURRED * deviation).all():
            return None
        return replace(self, precision="float16")

    def apply(self, values: Values) -> NDArray[np.float32]:
        """Return scaled `values` `[..., features]`."""
        mean, deviation = self._arrays()
        held = values.astype(self.precision, copy=False).astype(self.computed, copy=False)
        scaled: Values = (held - mean) / deviation
        return np.asarray(scaled, np.float32)

    def undo(self, values: NDArray[np.float32]) -> Values:
        """Return the unscaled numbers of scaled `values`, in the type `computed`."""
        mean, deviation = self._arrays()
        unscaled: Values = values.astype(self.computed, copy=False) * deviation + mean
        return unscaled

    def _arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        return np.array(self.mean, self.computed), np.array(self.deviation, self.computed)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Scale:
        """Return the scaling from the values of `dataclasses.asdict`.

        Raises:
            KeyError, TypeError, ValueError: the values are not those of a scaling.
        """
        mean, deviation = (tuple(map(float, values[name])) for name in ("mean", "deviation"))
        if len(mean) != len(deviation) or not all(map(math.isfinite, (*mean, *deviation))):
            raise ValueError("a scale is as many finite deviations as means")
        precision = values.get("precision", "float32")
        if precision not in get_args(Precision):
            raise ValueError(f"a scale has no precision {precision!r}")
        return Scale(mean, deviation, precision)

    @staticmethod
    def none(features: int) -> Scale:
        """Return the scaling that changes nothing."""
        return Scale((0.0,) * features, (1.0,) * features)


def stored_kind(scale: Scale | None) -> str:
    """Return the number type of stored values: int32 for ids, else the precision of `scale`."""
    return "<i4" if scale is None else np.dtype(scale.precision).newbyteorder("<").str


class ScalingStatistics:
    """Running mean and variance, in float64.

    Source: Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance".
    """

    def __init__(self, features: int) -> None:
        """Start without steps; each step added later has `features` numbers."""
        self._count = 0
        self._mean = np.zeros(features)
        self._squares = np.zeros(features)
        self._rounding = _ROUNDING[np.dtype(np.float64)]

    def add(self, values: Values) -> None:
        """Add `values` `[steps, features]`."""
        self._rounding = max(self._rounding, _ROUNDING[values.dtype])
        exact = values.astype(np.float64)
        count, mean = len(exact), exact.mean(axis=0)
        difference, total = mean - self._mean, self._count + count
        self._squares += ((exact - mean) ** 2).sum(axis=0)
        self._squares += difference**2 * (self._count * count / total)
        self._mean += difference * (count / total)
        self._count = total

    def scale(self) -> Scale:
        """Return the scaling of all values added."""
        size = np.abs(self._mean)
        deviation = np.sqrt(self._squares / max(1, self._count))
        constant = deviation <= np.maximum(1e-12, self._rounding * size)
        wide = (~constant & (size > _MOST_MEAN * deviation)).any()
        return Scale(
            mean=tuple(self._mean.tolist()),
            deviation=tuple(np.where(constant, 1.0, deviation).tolist()),
            precision="float64" if wide else "float32",
        )


class LostChanges:
    """Counter of changes from step to step that scaled features no longer show in float32."""

    def __init__(self, features: int) -> None:
        """Start with counts of zero for `features` features."""
        self._changes = np.zeros(features, np.int64)
        self._lost = np.zeros(features, np.int64)

    def add(self, values: Values, scale: Scale) -> None:
        """Count, by feature, all and lost changes between steps of `values` `[steps, features]`."""
        if scale.precision == "float16":  # rounded on request
            return
        changed = values[1:] != values[:-1]
        scaled = scale.apply(values)
        self._changes += changed.sum(axis=0)
        self._lost += (changed & (scaled[1:] == scaled[:-1])).sum(axis=0)

    def doubts(self) -> list[str]:
        """Return a sentence for each feature that loses many of its changes."""
        share = self._lost / np.maximum(1, self._changes)
        return [
            f"feature {feature + 1}: {share[feature]:.0%} of its changes from step to step are "
            "lost in float32 once it is scaled; give differences, such as the seconds since the "
            "first step of a sequence"
            for feature in np.flatnonzero(share > _MOST_LOST)
        ]
