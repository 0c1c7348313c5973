"""Scores of predictions by ranges of sequence length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.report import HISTOGRAM_BOUNDS
from seq2seq.data.sequences.answers import Answers

_BAR = 24  # characters of the longest bar


class LengthScore(NamedTuple):
    """Longest length, number of predictions and mean score in a range of sequence lengths."""

    longest: int
    answers: int
    score: float


def score_name(answers: Answers) -> str:
    """Return the name of the score of a range: `accuracy`, or `mae` for regression."""
    return "mae" if answers.task == "regression" else "accuracy"


def length_scores(
    lengths: NDArray[Any], predicted: NDArray[Any], wanted: NDArray[Any], answers: Answers
) -> list[LengthScore]:
    """Return the scores of all ranges that contain sequences, shortest first.

    Args:
        lengths: length of the sequence of each prediction, `[predictions] int`, in steps or tokens.
        predicted, wanted: predictions and targets in the form that `label_scores.scores` takes.
        answers: description of the targets. With several classes, a prediction is correct if all of
            its classes are.
    """
    each = answer_scores(predicted, wanted, answers)
    bins = np.searchsorted(np.array(HISTOGRAM_BOUNDS), lengths)
    return [
        LengthScore(
            int(lengths[bins == number].max()),
            int((bins == number).sum()),
            float(each[bins == number].mean()),
        )
        for number in np.unique(bins)
    ]


def answer_scores(
    predicted: NDArray[Any], wanted: NDArray[Any], answers: Answers
) -> NDArray[np.float64]:
    """Return the score of each prediction: 1 if correct, or its absolute error, `[predictions]`.

    The arguments are those of `length_scores`.
    """
    if answers.task == "regression":
        return np.asarray(np.abs(predicted.astype(np.float64) - wanted).mean(axis=-1))
    if answers.one_class:
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
