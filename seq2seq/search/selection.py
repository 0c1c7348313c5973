"""Selection of the hypotheses that end and of those that stay open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from seq2seq.search.candidates import Candidates, take
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import EOS


class Chosen(NamedTuple):
    """Selected hypotheses; a total of `IMPOSSIBLE` or less stands for no hypothesis.

    Attributes:
        ended: hypotheses that end now, `[rows, beam_size]`.
        kept: hypotheses that stay open, `[rows, open]`; the search continues with this number of
            them.
    """

    ended: Candidates
    kept: Candidates


class Growing(NamedTuple):
    """Open hypotheses of one sentence.

    Attributes:
        ids: tokens of each hypothesis.
        log_probs: log-probability of each of these tokens.
        divisor: length penalty of an output that ends now.
    """

    ids: Sequence[tuple[int, ...]]
    log_probs: Sequence[Sequence[float]]
    divisor: float


class Selection(Protocol):
    """Strategy to choose candidates; the result for a row depends on its own hypotheses only."""

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> Chosen:
        """Choose among all extensions of the open hypotheses.

        Args:
            log_probs: log-probability of each token after each hypothesis, `[rows, open,
                vocab_size]`, `IMPOSSIBLE` for tokens that are not allowed.
            hypotheses: open hypotheses.
        """

    def price(self, sentence: int, ended: Sequence[Hypothesis]) -> float:
        """Return the cost of the constraints that every output of a sentence pays, 0 or less.

        A phrase that the model would not have written reduces the log-probability of a long output
        as much as that of a short one. If the length penalty divided this cost too, the longest
        outputs would be best. Therefore the length penalty divides only the cost beyond this price.
        """

    def goes_on(self, sentence: int, ended: Sequence[Hypothesis], growing: Growing) -> bool:
        """Return whether to continue a search in which `beam_size` outputs have ended.

        Args:
            sentence: index of the sentence.
            ended: best `beam_size` outputs, best first.
            growing: open hypotheses.
        """


def best(found: Candidates, beam_size: int) -> Chosen:
    """Return the plain choice from the `2 * beam_size` best candidates.

    Only candidates among the best `beam_size` may end, so that greedy search ends when the end
    symbol is best. A full beam remains even if all of these end.
    """
    is_end = found.tokens == EOS
    ended = take(found, np.tile(np.arange(beam_size), (len(is_end), 1)))
    totals = np.where(is_end[:, :beam_size], ended.totals, np.float32(2 * IMPOSSIBLE))
    # Candidates are sorted, so the first ones that do not end are the best of those.
    positions = np.argsort(is_end, axis=1, kind="stable")[:, :beam_size]
    return Chosen(ended._replace(totals=totals), take(found, positions))
