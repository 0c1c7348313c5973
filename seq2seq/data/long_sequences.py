"""Parts of sequences that are longer than allowed: none, the head, the tail, or windows.

This module needs only NumPy and copies no values: a part is a row number and a range of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import LongSequences
from seq2seq.config.data_schema import DataSettings
from seq2seq.errors import DataError

LongRule = Literal["error", LongSequences]


class Parts(NamedTuple):
    """Ranges of steps, in the order of their rows.

    Attributes:
        rows: row number of each part, `[parts] int64`.
        starts: first step of each part, `[parts] int64`.
        stops: step after the last one of each part, `[parts] int64`.
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of steps of each part, `[parts] int64`."""
        return self.stops - self.starts

    def cut(self, rows: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the steps of each part; `rows` holds the steps of each sequence."""
        ranges = zip(*(each.tolist() for each in self), strict=True)
        return [rows[row][start:stop] for row, start, stop in ranges]

    def averaged(self, outputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return for each row the mean of the outputs of its parts, which all have the same shape.

        The output of a row with a single part is unchanged.
        """
        firsts = np.unique(self.rows, return_index=True)[1].tolist()
        return [
            outputs[first]
            if stop == first + 1
            else np.mean(outputs[first:stop], axis=0, dtype=outputs[first].dtype)
            for first, stop in pairwise([*firsts, len(outputs)])
        ]


@dataclass(frozen=True)
class LengthLimit:
    """Maximum length of the sequences that a model reads at once, and the rule for longer ones.

    Attributes:
        longest: maximum number of steps or tokens.
        rule: treatment of longer sequences; `drop` leaves them out of the training set and reads
            them whole everywhere else.
        stride: distance between the starts of two windows; None means `longest`.
    """

    longest: int
    rule: LongSequences
    stride: int | None = None

    @staticmethod
    def of(data: DataSettings) -> LengthLimit:
        """Return the limit of a run's settings."""
        return LengthLimit(data.max_length, data.long, data.stride)

    def parts(self, lengths: Sequence[int]) -> Parts:
        """Return the parts that a model reads of sequences of these lengths, at least one of each.

        Args:
            lengths: number of steps or tokens of each sequence.
        """
        longest = None if self.rule == "drop" else self.longest
        return divide_long(
            np.array(lengths, np.int64), longest=longest, rule=self.rule, stride=self.stride
        )

    def cut(self, steps: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the parts of one sequence, `[time, ...]`."""
        if len(steps) <= self.longest:
            return [steps]
        return self.parts([len(steps)]).cut([steps])

    def shortened(self, steps: NDArray[Any]) -> NDArray[Any]:
        """Return all steps of a sequence that are read, `[time, ...]`."""
        return self.cut(steps)[0] if self.rule in ("head", "tail") else steps

    def reading(self) -> str:
        """Return a clause that describes how a longer sequence is read."""
        if self.rule == "windows":
            return f"read in windows of {self.longest}, one every {self.stride or self.longest}"
        if self.rule == "drop":
            return "read whole"
        return f"only the {'first' if self.rule == 'head' else 'last'} {self.longest} are read"

    def unread(self, length: int) -> str | None:
        """Return a message if some steps of a sequence of this length are not read, otherwise None.

        Args:
            length: number of steps or tokens of the sequence.
        """
        if self.rule not in ("head", "tail") or length <= self.longest:
            return None
        return f"{length:,} long and data.max_length is {self.longest:,}: {self.reading()}"


def divide_long(
    lengths: NDArray[np.int64], *, longest: int | None, rule: LongRule, stride: int | None = None
) -> Parts:
    """Return the parts of sequences with which a model is trained.

    A sequence of at most `longest` steps is one part. If it is longer, `drop` keeps nothing, `head`
    keeps its first steps, `tail` keeps its last steps, and `windows` keeps a part every `stride`
    steps; the last window ends with the sequence, so that no step is left out.

    Args:
        lengths: number of steps of each sequence, `[rows] int64`.
        longest: maximum number of steps of a part; None for no limit.
        rule: treatment of longer sequences.
        stride: distance between the starts of consecutive windows, from 1 to `longest`; by default
            `longest`, so that windows do not overlap.

    Raises:
        DataError: the rule is `error` and a sequence is too long.
    """
    whole = np.stack([np.arange(len(lengths)), np.zeros(len(lengths), int), lengths], axis=1)
    if longest is None or not len(lengths) or lengths.max() <= longest:
        return Parts(*whole.T)
    long = lengths > longest
    if rule == "error":
        row = int(np.argmax(long))
        raise DataError(
            f"sequence {row + 1} has {lengths[row]:,} steps and {int(long.sum()):,} of "
            f"{len(lengths):,} sequences have more than {longest:,}; allow more, or choose drop, "
            "head, tail or windows for long sequences"
        )
    if rule == "windows":
        cut = [
            _windows(row, int(lengths[row]), longest, stride or longest)
            for row in long.nonzero()[0].tolist()
        ]
        whole = np.concatenate([whole[~long], *cut])
        return Parts(*whole[np.argsort(whole[:, 0], kind="stable")].T)
    if rule == "drop":
        whole = whole[~long]
    elif rule == "head":
        whole[:, 2] = np.minimum(lengths, longest)
    else:
        whole[:, 1] = np.maximum(lengths - longest, 0)
    return Parts(*whole.T)


def _windows(row: int, length: int, longest: int, stride: int) -> NDArray[np.int64]:
    """Return the windows of a sequence as rows of `[row, start, stop]`."""
    starts = [*range(0, length - longest, stride), length - longest]
    return np.array([[row, start, start + longest] for start in starts], np.int64)
