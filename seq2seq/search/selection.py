"""Which ways to go on a search takes: what ends, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from seq2seq.search.candidates import Candidates, take
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import EOS


class Chosen(NamedTuple):
    """What becomes of the open hypotheses; a total is `IMPOSSIBLE` or less where there is none.

    Attributes:
        ended: those that end now, `[rows, beam_size]`.
        kept: those that stay open, `[rows, open]`; the search goes on with so many.
    """

    ended: Candidates
    kept: Candidates


class Growing(NamedTuple):
    """The open hypotheses of one sentence.

    Attributes:
        ids: pieces of each.
        log_probs: of each of these pieces.
        divisor: the length penalty of an output that ends now.
    """

    ids: Sequence[tuple[int, ...]]
    log_probs: Sequence[Sequence[float]]
    divisor: float


class Selection(Protocol):
    """A way to choose. What it does to a row must depend on its sentence and hypotheses alone."""

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> Chosen:
        """Choose among all ways to go on.

        Args:
            log_probs: of each piece after each hypothesis, `[rows, open, vocab_size]`, with what
                is not allowed made `IMPOSSIBLE`.
            hypotheses: the open ones.
        """

    def price(self, sentence: int, ended: Sequence[Hypothesis]) -> float:
        """What every output of a sentence has to pay for what was asked of it, 0 or less.

        A phrase that the model would not have written costs much log-probability, in a longer
        output as much as in a shorter. If the length penalty divided that too, the longest
        outputs would be the best; so it divides only what is paid beyond this price.
        """

    def goes_on(self, sentence: int, ended: Sequence[Hypothesis], growing: Growing) -> bool:
        """Whether the search for a sentence goes on although `beam_size` outputs have ended.

        Args:
            sentence: which.
            ended: the best so many, the best first.
            growing: the open hypotheses.
        """


def best(found: Candidates, beam_size: int) -> Chosen:
    """The plain choice, from the `2 * beam_size` best candidates.

    Only what is among the best `beam_size` may end, so that greedy search ends when the end
    symbol is best. Should all of these end, a full beam remains.
    """
    is_end = found.tokens == EOS
    ended = take(found, np.tile(np.arange(beam_size), (len(is_end), 1)))
    totals = np.where(is_end[:, :beam_size], ended.totals, np.float32(2 * IMPOSSIBLE))
    # Candidates are sorted, so the first that do not end are the best of these.
    places = np.argsort(is_end, axis=1, kind="stable")[:, :beam_size]
    return Chosen(ended._replace(totals=totals), take(found, places))
