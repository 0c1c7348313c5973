"""Outputs in the making and outputs that have ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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


class Rule(Protocol):
    """A condition on outputs that a search keeps."""

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make forbidden pieces `IMPOSSIBLE` in `log_probs` `[rows, open, vocab_size]`, in place.

        What it does to a row must depend on that row's sentence and hypotheses alone.
        """


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
