"""Outputs in the making and outputs that have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.search.step_model import Floats, Ints

# Lower than any sum of log-probabilities, and two of them still fit into float32.
IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class OpenHypotheses:
    """What may still grow, of the sentences that are not done.

    Attributes:
        sentences: `[rows] int64`, the number of each row's sentence in the searched batch.
        ids: `[rows, open, length] int32`, pieces so far.
        log_probs: `[rows, open] float32`, their sums.
    """

    sentences: NDArray[np.int64]
    ids: Ints
    log_probs: Floats

    def live(self) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
        """Row, sentence, place and pieces of each, without those that only fill up a row."""
        for row, sentence in enumerate(self.sentences.tolist()):
            for place in np.flatnonzero(self.log_probs[row] > IMPOSSIBLE / 2).tolist():
                yield row, sentence, place, tuple(self.ids[row, place].tolist())


def grown(history: NDArray[Any], origins: NDArray[np.int64], new: NDArray[Any]) -> NDArray[Any]:
    """Return `history` `[rows, open, length]` of the chosen hypotheses, one longer by `new`."""
    kept = np.take_along_axis(history, origins[:, :, np.newaxis], axis=1)
    return np.concatenate([kept, new[:, :, np.newaxis]], axis=2)


# Pieces of hypotheses: rows, places among the open ones, and ids, `[cells] int64` each.
Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def cells_of(found: Iterable[tuple[int, int, ArrayLike]]) -> Cells:
    """Cells from (row, place, ids of any number) each."""
    rows, places, pieces = [], [], []
    for row, place, ids in found:
        pieces.append(np.atleast_1d(np.asarray(ids, dtype=np.int64)))
        rows.append(np.full(len(pieces[-1]), row))
        places.append(np.full(len(pieces[-1]), place))
    parts = (np.concatenate([np.zeros([0], np.int64), *part]) for part in (rows, places, pieces))
    return next(parts), next(parts), next(parts)


class Rule(Protocol):
    """A condition on outputs that a search keeps."""

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make forbidden pieces `IMPOSSIBLE` in `log_probs` `[rows, open, vocab_size]`, in place.

        What it does to a row must depend on that row's sentence and hypotheses alone.
        """


class Needs(Protocol):
    """What an output must be able to write next, whatever rules say that may give way."""

    def __call__(self, hypotheses: OpenHypotheses) -> Cells:
        """Pieces by row, place and id."""


@dataclass(frozen=True)
class GivingWay:
    """A rule that gives way to what outputs need: it leaves those pieces as they are."""

    rule: Rule
    needs: Sequence[Needs]

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Apply the rule to all pieces but those needed (see `Rule`)."""
        spared = [needs(hypotheses) for needs in self.needs]
        kept = [log_probs[cells] for cells in spared]
        self.rule(log_probs, hypotheses)
        for cells, values in zip(spared, kept, strict=True):
            log_probs[cells] = values


@dataclass(frozen=True)
class Hypothesis:
    """An output that has ended.

    Attributes:
        ids: its pieces, the end symbol left out.
        score: what alternatives are ordered by, penalties applied.
        log_prob: sum over the pieces, end symbol counted.
        token_log_probs: of each piece and, last, of the end symbol.
        links: for each piece the position of the source piece it looked at most; empty unless
            the search was asked for attention.
    """

    ids: tuple[int, ...]
    score: float
    log_prob: float
    token_log_probs: tuple[float, ...]
    links: tuple[int, ...] = ()
