"""Scores of predicted classes and numbers over a data set, in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.answers import Answers

Scores = dict[str, float]


def scores(predicted: NDArray[Any], wanted: NDArray[Any], answers: Answers) -> Scores:
    """Return the scores for the given kind of targets, by name.

    Args:
        predicted, wanted: predictions and targets: class indices `[targets] int`, flags `[targets,
            classes]` for several classes, or numbers `[targets, outputs]` in their original scale.
        answers: description of the targets.
    """
    if answers.task == "regression":
        return number_scores(predicted, wanted)
    if not answers.one_class:
        return mark_scores(predicted > 0.5, wanted > 0.5)
    table = confusion(predicted, wanted, answers.outputs)
    right = np.diag(table)
    return {
        "accuracy": float(right.sum() / max(1, table.sum())),
        "macro_f1": _macro_f1(right, table.sum(axis=0), table.sum(axis=1)),
    }


def mark_scores(predicted: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Scores:
    """Return the scores for several classes at once.

    A prediction is correct if all of its classes are.
    """
    right = (predicted & wanted).sum(axis=0)
    return {
        "accuracy": float((predicted == wanted).all(axis=1).mean()),
        "macro_f1": _macro_f1(right, predicted.sum(axis=0), wanted.sum(axis=0)),
    }


def number_scores(predicted: NDArray[Any], wanted: NDArray[Any]) -> Scores:
    """Return mean absolute error, root mean squared error, and R² (the mean over the outputs).

    R² of a constant target is 0.
    """
    error = predicted.astype(np.float64) - wanted
    spread = ((wanted - wanted.mean(axis=0, dtype=np.float64)) ** 2).sum(axis=0)
    explained = 1.0 - (error**2).sum(axis=0) / np.where(spread > 0.0, spread, 1.0)
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": float(np.where(spread > 0.0, explained, 0.0).mean()),
    }


def confusion(predicted: NDArray[Any], wanted: NDArray[Any], classes: int) -> NDArray[np.int64]:
    """Return the confusion matrix, `[classes, classes]`: rows are targets, columns predictions."""
    pairs = wanted.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def _macro_f1(right: NDArray[Any], predicted: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Return the mean F1 of the classes that occur among targets or predictions."""
    both = predicted + wanted
    present = both > 0
    return float((2.0 * right[present] / both[present]).mean()) if present.any() else 0.0
