"""Parts of sequences that are longer than allowed: nothing, their head or tail, or windows.

It needs only NumPy, and copies no values: a part is a row number and the range of its steps.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import DataError

LongRule = Literal["error", "drop", "head", "tail", "windows"]


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


def divide_long(
    lengths: NDArray[np.int64], *, longest: int | None, rule: LongRule, stride: int | None = None
) -> Parts:
    """Return the parts of sequences by which a model is trained.

    A sequence of at most `longest` steps is one part. Of a longer one, `drop` keeps nothing, `head`
    its first steps, `tail` its last steps, and `windows` a part every `stride` steps; the last
    window ends with the sequence, so that no step is left out.

    Args:
        lengths: number of steps of each sequence, `[rows] int64`.
        longest: maximum number of steps of a part; None for no limit.
        rule: treatment of longer sequences.
        stride: distance of the starts of two windows, from 1 to `longest`; by default `longest`, so
            that windows do not overlap.

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
