"""Whether long sequences are answered as well as short ones: scores in ranges of length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.report import HISTOGRAM_BOUNDS
from seq2seq.data.sequences.answers import Answers

_BAR = 24  # characters of the longest bar


class LengthScore(NamedTuple):
    """Of the sequences of a range of length: the longest, their answers, and the mean score."""

    longest: int
    answers: int
    score: float


def score_name(answers: Answers) -> str:
    """What the score of a range is: `accuracy`, or `mae` of numbers."""
    return "mae" if answers.task == "regression" else "accuracy"


def length_scores(
    lengths: NDArray[Any], predicted: NDArray[Any], wanted: NDArray[Any], answers: Answers
) -> list[LengthScore]:
    """The scores of all ranges in which there are sequences, the shortest first.

    Args:
        lengths: of the sequence of each answer, `[answers] int`, in steps or pieces.
        predicted, wanted: as `label_scores.scores` takes them.
        answers: says what they are. With several classes an answer is right if all of them are.
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
    """Return the score of each answer, `[answers]`: 1 if it is right, or its absolute error.

    Arguments are those of `length_scores`.
    """
    if answers.task == "regression":
        return np.asarray(np.abs(predicted.astype(np.float64) - wanted).mean(axis=-1))
    if answers.one_class:
        return np.asarray(predicted == wanted, np.float64)
    return np.asarray(((predicted > 0.5) == (wanted > 0.5)).all(axis=-1), np.float64)


def length_table(name: str, scores: Sequence[LengthScore]) -> list[str]:
    """Lines for a reader: a histogram of the lengths with the score of each range."""
    most = max(score.answers for score in scores)
    return [
        f"up to length   answers   {name}",
        *(
            f"{score.longest:<12,}{score.answers:>10,}{score.score:>11.4g}  "
            + "#" * max(1, round(score.answers / most * _BAR))
            for score in scores
        ),
    ]
