"""Open and ended hypotheses: partial outputs and finished outputs of a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.search.step_model import Floats, Ints

# Lower than any sum of log-probabilities, and two of them still fit into float32.
IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class OpenHypotheses:
    """Partial outputs that may be extended, of the sentences that are not finished.

    Attributes:
        sentences: index of each row's sentence in the searched batch, `[rows] int64`.
        ids: tokens so far, `[rows, open, length] int32`.
        log_probs: sums of their log-probabilities, `[rows, open] float32`.
    """

    sentences: NDArray[np.int64]
    ids: Ints
    log_probs: Floats

    @cached_property
    def live(self) -> list[tuple[int, int, int, tuple[int, ...]]]:
        """Row, sentence, position and tokens of each hypothesis that is not a filler."""
        rows, positions = np.nonzero(self.log_probs > IMPOSSIBLE / 2)
        sentences, ids = self.sentences[rows].tolist(), self.ids[rows, positions].tolist()
        found = zip(rows.tolist(), sentences, positions.tolist(), map(tuple, ids), strict=True)
        return list(found)


def grown(history: NDArray[Any], origins: NDArray[np.int64], new: NDArray[Any]) -> NDArray[Any]:
    """Return `history` `[rows, open, length]` of the chosen hypotheses, with `new` appended."""
    kept = np.take_along_axis(history, origins[:, :, np.newaxis], axis=1)
    return np.concatenate([kept, new[:, :, np.newaxis]], axis=2)


# Tokens of hypotheses: rows, positions among the open ones, and token ids, `[cells] int64` each.
Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def cells_of(found: Iterable[tuple[int, int, ArrayLike]]) -> Cells:
    """Return cells from tuples of row, position and any number of token ids."""
    rows, positions, tokens = [], [], []
    for row, position, ids in found:
        tokens.append(np.atleast_1d(np.asarray(ids, dtype=np.int64)))
        rows.append(np.full(len(tokens[-1]), row))
        positions.append(np.full(len(tokens[-1]), position))
    parts = (np.concatenate([np.zeros([0], np.int64), *part]) for part in (rows, positions, tokens))
    return next(parts), next(parts), next(parts)


class Rule(Protocol):
    """Condition on the outputs of a search."""

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make forbidden tokens `IMPOSSIBLE` in `log_probs` `[rows, open, vocab_size]`, in place.

        The effect on a row must depend only on that row's sentence and hypotheses.
        """


class Needs(Protocol):
    """Source of tokens that must stay possible in spite of rules wrapped by `GivingWay`."""

    def __call__(self, hypotheses: OpenHypotheses) -> Cells:
        """Return the tokens as row, position and id."""


@dataclass(frozen=True)
class GivingWay:
    """Rule with exceptions: the tokens that outputs need.

    Attributes:
        rule: wrapped rule.
        needs: objects that name the tokens to which the rule does not apply.
    """

    rule: Rule
    needs: Sequence[Needs]

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Apply the rule to all tokens except the needed ones (see `Rule`)."""
        spared = [needs(hypotheses) for needs in self.needs]
        kept = [log_probs[cells] for cells in spared]
        self.rule(log_probs, hypotheses)
        for cells, values in zip(spared, kept, strict=True):
            log_probs[cells] = values


@dataclass(frozen=True)
class Hypothesis:
    """Output that has ended.

    Attributes:
        ids: tokens, without end symbol.
        score: score that orders alternatives, with penalties applied.
        log_prob: sum of the log-probabilities, end symbol included.
        token_log_probs: log-probability of each token and, last, of the end symbol.
        source_positions: most attended source position of each token; empty if not requested.
    """

    ids: tuple[int, ...]
    score: float
    log_prob: float
    token_log_probs: tuple[float, ...]
    source_positions: tuple[int, ...] = ()
