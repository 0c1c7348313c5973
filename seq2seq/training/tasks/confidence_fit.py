"""Calibration of the confidence of translations on validation pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from seq2seq.export.confidence import (
    EQUALITY,
    OVERLAP,
    Calibration,
    Features,
    Scored,
    features,
    logistic,
)

_ENOUGH_EQUAL = 0.1  # minimum share of the validation lines
_PENALTY = 1e-3  # factor of the squared weights, so that separable data have a solution
_STEPS = 50
_FINAL = re.compile(r"[\s.!?…。！？]+$")


def calibrate(translations: Sequence[Scored], references: Sequence[str]) -> Calibration:
    """Return the calibration that fits the validation set best.

    Args:
        translations: translations of the validation sources, empty ones included.
        references: reference of each translation.
    """
    pairs = zip(translations, references, strict=True)
    known = [(one, reference) for one, reference in pairs if one.token_log_probs]
    rows = np.stack([features(one) for one, _ in known])
    equal = np.array([same_text(one.text, reference) for one, reference in known], np.float64)
    enough = equal.mean() >= _ENOUGH_EQUAL
    wanted = equal if enough else _overlaps(known)
    mean, deviation = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    standard = np.column_stack([(rows - mean) / deviation, np.ones(len(rows))])
    *weights, bias = _fitted(standard, wanted).tolist()
    statistics = tuple(mean.tolist()), tuple(deviation.tolist())
    return Calibration(EQUALITY if enough else OVERLAP, *statistics, tuple(weights), bias)


def same_text(one: str, other: str) -> bool:
    """Return whether two texts are equal apart from case and final punctuation."""
    return _FINAL.sub("", one).casefold() == _FINAL.sub("", other).casefold()


def _overlaps(pairs: Sequence[tuple[Scored, str]]) -> Features:
    """Return the chrF of each translation, `[pairs] float64`, 0.0 to 1.0."""
    from sacrebleu.metrics import CHRF

    chrf = CHRF()
    scores = [chrf.sentence_score(one.text, [reference]).score for one, reference in pairs]
    return np.array(scores) / 100.0


def _fitted(rows: Features, wanted: Features) -> Features:
    """Return the weights of a logistic regression, fitted by Newton's method.

    Args:
        rows: features, `[lines, columns]`; the last column is 1.
        wanted: target probability of each line, `[lines]`.
    """
    penalty = np.full(rows.shape[1], _PENALTY * len(rows))
    penalty[-1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        found = logistic(rows @ weights)
        slope = rows.T @ (found - wanted) + penalty * weights
        curvature = (rows * (found * (1.0 - found))[:, np.newaxis]).T @ rows + np.diag(penalty)
        change = np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), slope)
        weights = weights - change
        if np.abs(change).max() < 1e-8:
            break
    return np.asarray(weights)
