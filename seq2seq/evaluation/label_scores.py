"""Scores of predicted classes and numbers over a data set, in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.corpus_report import HISTOGRAM_BOUNDS
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.disk import atomic_file

Scores = dict[str, float]


def scores(predicted: NDArray[Any], wanted: NDArray[Any], schema: TargetSchema) -> Scores:
    """Return the scores for the given kind of targets, by name.

    Args:
        predicted, wanted: predictions and targets: class indices `[targets] int`, flags `[targets,
            classes]` for several classes, or numbers `[targets, outputs]` in their original scale.
        schema: description of the targets.
    """
    if schema.has_numbers:
        return number_scores(predicted, wanted)
    if not schema.one_class:
        return mark_scores(predicted > 0.5, wanted > 0.5)
    table = confusion(predicted, wanted, schema.outputs)
    right = np.diag(table)
    return {
        "accuracy": float(right.sum() / max(1, table.sum())),
        "macro_f1": _macro_f1(right, table.sum(axis=0), table.sum(axis=1)),
    }


def mark_scores(predicted: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Scores:
    """Return the scores for several classes at once.

    A prediction is correct if its classes are exactly the target classes.
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


_BAR = 24  # characters of the longest bar


class LengthScore(NamedTuple):
    """Longest length, number of predictions and mean score in a range of sequence lengths."""

    longest: int
    answers: int
    score: float


def score_name(schema: TargetSchema) -> str:
    """Return the name of the score of a range: `accuracy`, or `mae` for regression."""
    return "mae" if schema.has_numbers else "accuracy"


def length_scores(
    lengths: NDArray[Any], predicted: NDArray[Any], wanted: NDArray[Any], schema: TargetSchema
) -> list[LengthScore]:
    """Return the scores of all ranges that contain sequences, shortest first.

    Args:
        lengths: length of the sequence of each prediction, `[predictions] int`, in steps or tokens.
        predicted, wanted: predictions and targets in the form that `label_scores.scores` takes.
        schema: description of the targets. With several classes, a prediction is correct if its
            classes are exactly the target classes.
    """
    each = prediction_scores(predicted, wanted, schema)
    bins = np.searchsorted(np.array(HISTOGRAM_BOUNDS), lengths)
    return [
        LengthScore(
            int(lengths[bins == number].max()),
            int((bins == number).sum()),
            float(each[bins == number].mean()),
        )
        for number in np.unique(bins)
    ]


def prediction_scores(
    predicted: NDArray[Any], wanted: NDArray[Any], schema: TargetSchema
) -> NDArray[np.float64]:
    """Return the score of each prediction: 1 if correct, or its absolute error, `[predictions]`.

    The arguments are those of `length_scores`.
    """
    if schema.has_numbers:
        return np.asarray(np.abs(predicted.astype(np.float64) - wanted).mean(axis=-1))
    if schema.one_class:
        return np.asarray(predicted == wanted, np.float64)
    return np.asarray(((predicted > 0.5) == (wanted > 0.5)).all(axis=-1), np.float64)


def length_table(name: str, scores: Sequence[LengthScore]) -> list[str]:
    """Return lines of text with a histogram of the lengths and the score of each range."""
    most = max(score.answers for score in scores)
    return [
        f"up to length   answers   {name}",
        *(
            f"{score.longest:<12,}{score.answers:>10,}{score.score:>11.4g}  "
            + "#" * max(1, round(score.answers / most * _BAR))
            for score in scores
        ),
    ]


_NUMBERED = 20  # maximum number of classes for which the image shows counts


def draw_confusion(table: list[list[int]], classes: Sequence[str], path: Path) -> None:
    """Draw a confusion matrix (rows: true class) as a PNG file, replaced atomically."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    size = max(4.0, 0.4 * len(classes) + 2.0)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    shares = [[count / max(1, sum(row)) for count in row] for row in table]
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("answer")
    axes.set_ylabel("right class")
    if len(classes) <= _NUMBERED:
        for row, counts in enumerate(table):
            for column, count in enumerate(counts):
                if count:
                    ink = "white" if shares[row][column] > 0.5 else "black"
                    axes.text(column, row, str(count), ha="center", va="center", color=ink)
    with atomic_file(path) as unfinished:
        FigureCanvasAgg(figure).print_png(str(unfinished))
