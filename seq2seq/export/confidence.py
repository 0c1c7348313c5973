"""Confidence of a translation: a probability that is calibrated on the validation set.

It is a logistic regression over values that the search computes anyway: the probability of the
output tokens, and how common the source text is. For the calibration, each translation is labelled
by comparison with its reference. The label is equality, apart from case and final punctuation, if
enough translations are equal to learn from them; otherwise it is the share of common character
n-grams.

Sources: Platt 1999, "Probabilistic outputs for support vector machines", for the calibration;
Fomicheva et al. 2020, "Unsupervised quality estimation for neural machine translation", for the
token probabilities as features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

EQUALITY, OVERLAP = "equality", "overlap"
FEATURES = (
    "mean log-probability of a token",
    "lowest log-probability of a token",
    "log-probability of the translation",
    "tokens a character of the source",
    "share of the source's tokens that are single characters or bytes",
    "tokens of the translation a token of the source",
)

Features = NDArray[np.float64]


class Scored(Protocol):
    """A translation with the attributes that its confidence depends on."""

    @property
    def text(self) -> str:
        """Return the text of the translation."""

    @property
    def token_log_probs(self) -> tuple[float, ...]:
        """Return the log-probability of each token and, last, of the end symbol."""

    @property
    def source_tokens(self) -> tuple[str, ...]:
        """Return the tokens of the source."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Return the tokens of the translation."""


@dataclass(frozen=True)
class Calibration:
    """Logistic regression from features of a translation to its confidence.

    Attributes:
        measure: quantity that the confidence estimates, `equality` or `overlap` with a reference.
        mean, deviation: mean and standard deviation of the features on the validation set,
            `[features]`.
        weights: weights of the standardised features, `[features]`.
        bias: log-odds of a translation with average features.
    """

    measure: str
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def confidence(self, translation: Scored) -> float:
        """Return the confidence of a translation, 0.0 to 1.0; it is 1.0 for blank text."""
        if not translation.token_log_probs:
            return 1.0
        standard = (features(translation) - np.array(self.mean)) / np.array(self.deviation)
        return float(logistic(standard @ np.array(self.weights) + self.bias))

    def to_json(self) -> dict[str, Any]:
        """Return plain values that `from_json` reads."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Calibration:
        """Return the calibration from the values that `to_json` returned.

        Raises:
            ValueError: the values are not those of a calibration.
        """
        if values.keys() != Calibration.__dataclass_fields__.keys():
            raise ValueError("it does not hold the fields of a calibration")
        rows = [values[name] for name in ("mean", "deviation", "weights")]
        if any(not isinstance(row, list) or len(row) != len(FEATURES) for row in rows):
            raise ValueError(
                f"mean, deviation and weights must be lists of {len(FEATURES)} numbers"
            )
        numbers = [*rows[0], *rows[1], *rows[2], values["bias"]]
        finite = all(type(one) in (int, float) and abs(one) < 1e6 for one in numbers)
        if not finite or min(rows[1]) <= 0 or values["measure"] not in (EQUALITY, OVERLAP):
            raise ValueError("a number or the measure is out of range")
        mean, deviation, weights = (tuple(map(float, row)) for row in rows)
        return Calibration(values["measure"], mean, deviation, weights, float(values["bias"]))


def features(translation: Scored) -> Features:
    """Return the features of a translation, `[features] float64`, in the order of `FEATURES`."""
    log_probs = np.array(translation.token_log_probs)
    source = [token.replace("\u2581", "") for token in translation.source_tokens]
    characters = max(1, sum(len(token) for token in source if not _is_byte(token)))
    small = sum(len(token) <= 1 or _is_byte(token) for token in source)
    return np.array(
        [
            log_probs.mean(),
            log_probs.min(),
            log_probs.sum(),
            len(source) / characters,
            small / max(1, len(source)),
            len(translation.tokens) / max(1, len(source)),
        ]
    )


def logistic(log_odds: Any) -> Any:
    """Return the probability that corresponds to log-odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))


def _is_byte(token: str) -> bool:
    return len(token) == 6 and token.startswith("<0x")
