"""Greedy search: the most probable token at each step, for a batch of sentences.

The outputs are those of beam search with a beam size of 1. The bookkeeping of beam search is left
out, because it takes longer than a step of a small model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from seq2seq.search import candidates
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses
from seq2seq.search.penalties import length_penalty
from seq2seq.search.sources import Sources
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import BOS, EOS

# Number of tokens that a step returns: usually outputs may contain the first of them.
_TOP = 10


def greedy_search(
    model: StepModel,
    sources: Sources,
    limits: Ints,
    *,
    written: WrittenText,
    shortlist: bool,
    penalty: float,
    least_dropped: float,
) -> list[Hypothesis]:
    """Return the greedy output of each sentence of a batch.

    Args:
        model: model to search with.
        sources: sources of the batch.
        limits: maximum output length of each row, end symbol included, `[rows] int32`.
        written: rule that defines valid text, without placeholders.
        shortlist: true to restrict outputs to the model's shortlist, if it has one.
        penalty: exponent of the length penalty.
        least_dropped: share of finished sentences at which they are removed from the batch.
    """
    memory, state = model.encode(sources, shortlist=shortlist)
    outputs = _Outputs(limits, written, penalty)
    origins = rows = np.arange(len(limits))

    def run(top: int | None) -> Step:
        tokens = outputs.tokens[:, np.newaxis]
        return model.step(memory, state, tokens, origins, top=top, attention=False)

    while True:
        step = run(min(_TOP, model.vocab_size))
        outputs.extend(step, run)
        if outputs.share_done == 1.0:
            return outputs.hypotheses()
        state = step.state
        if outputs.share_done >= least_dropped:
            origins = outputs.drop_done()
            memory = model.keep(memory, origins)
        else:
            origins = rows[: len(outputs.tokens)]


class _Outputs:
    """Outputs of a batch, and state of the rows that are still in it.

    Attributes:
        tokens: last token of each row, `[rows] int32`.
        share_done: share of the rows whose output is finished.
    """

    def __init__(self, limits: Ints, written: WrittenText, penalty: float) -> None:
        """Begin an output of each sentence.

        Args:
            limits: maximum length of each output, end symbol included, `[sentences] int32`.
            written: rule that defines valid text.
            penalty: exponent of the length penalty.
        """
        self._written, self._penalty = written, penalty
        self._missing = written.tokens.missing
        self._finished: dict[int, Hypothesis] = {}
        self._ids = np.zeros([len(limits), limits.max()], np.int32)
        self._log_probs = np.zeros(self._ids.shape, np.float32)
        self._length = 0
        # By row:
        self._sentences, self._limits = np.arange(len(limits)), limits
        self._totals = np.zeros(len(limits), np.float32)
        self._done = np.zeros(len(limits), np.bool_)
        self.tokens = np.full(len(limits), BOS, np.int32)
        # Over all rows:
        self._soonest = int(limits.min())  # smallest limit
        # True if no output ended, at the last step, with a token that restricts the next one.
        self._open = True
        self.share_done = 0.0

    def extend(self, step: Step, again: Callable[[int | None], Step]) -> None:
        """Add a token or the end to each output.

        Args:
            step: step with the most probable tokens.
            again: function that returns the same step with another number of tokens, or with all
                for None.
        """
        tokens, log_probs = self._best(step, again)
        ends = tokens == EOS
        if not self._open or self._length + 1 >= self._soonest or self.share_done or ends.any():
            self._end(ends, tokens, log_probs, step)
        self._totals = self._totals + log_probs
        self._ids[self._sentences, self._length] = tokens
        self._log_probs[self._sentences, self._length] = log_probs
        self._length += 1
        self.tokens = tokens

    def drop_done(self) -> NDArray[np.int64]:
        """Drop the finished rows; return the indices of the others, `[kept] int64`."""
        kept = np.flatnonzero(~self._done)
        self._sentences, self._limits = self._sentences[kept], self._limits[kept]
        self._totals, self._done = self._totals[kept], self._done[kept]
        self.tokens = self.tokens[kept]
        self._soonest = int(self._limits.min())
        self.share_done = 0.0
        return kept

    def hypotheses(self) -> list[Hypothesis]:
        """Return the outputs of all sentences; all must be finished."""
        return [self._finished[sentence] for sentence in range(len(self._ids))]

    def _best(self, step: Step, again: Callable[[int | None], Step]) -> tuple[Ints, Floats]:
        """Return the most probable allowed token of each row, and its log-probability."""
        if step.top_ids is None or step.top_log_probs is None:
            raise ValueError("the step returned no most probable tokens")
        tokens, log_probs = step.top_ids[:, 0, 0].astype(np.int32), step.top_log_probs[:, 0, 0]
        if self.share_done:
            tokens[self._done] = EOS
        if self._open and not self._missing[tokens].any():
            return tokens, log_probs
        written, open_ = self._written, self._hypotheses()
        blocked = written.blocked(tokens[:, np.newaxis, np.newaxis], open_)
        if blocked.any() or written.tokens.within_character(open_.ids).any():
            found = candidates.most_probable(step, open_, 2, written=written, again=again)
            tokens, log_probs = found.tokens[:, 0].astype(np.int32), found.log_probs[:, 0]
            tokens[self._done] = EOS
        impossible = log_probs.min() < IMPOSSIBLE / 2
        self._open = not (impossible or self._missing[tokens].any())
        return tokens, log_probs

    def _hypotheses(self) -> OpenHypotheses:
        """Return the outputs so far in the form that rules take."""
        return OpenHypotheses(
            sentences=self._sentences,
            ids=self._ids[self._sentences, np.newaxis, : self._length],
            log_probs=self._totals[:, np.newaxis],
        )

    def _end(self, ends: NDArray[np.bool_], tokens: Ints, log_probs: Floats, step: Step) -> None:
        """Finish the outputs that end now.

        Args:
            ends: flags of the rows whose best token is the end symbol, `[rows]`; changed in place.
            tokens: best token of each row, `[rows]`; changed in place.
            log_probs: log-probabilities of the tokens, `[rows]`.
            step: step of the model.
        """
        ends |= self._limits <= self._length + 1
        ends |= log_probs < IMPOSSIBLE / 2  # no valid text can follow
        for row in np.flatnonzero(ends & ~self._done).tolist():
            self._finish(row, step.end_log_probs[row, 0])
        self._done |= ends
        # Rules ignore finished rows.
        tokens[self._done], self._totals[self._done] = EOS, 2 * IMPOSSIBLE
        self.share_done = float(self._done.mean())

    def _finish(self, row: int, end_log_prob: np.float32) -> None:
        sentence = int(self._sentences[row])
        total = float(self._totals[row] + end_log_prob)
        self._finished[sentence] = Hypothesis(
            ids=tuple(self._ids[sentence, : self._length].tolist()),
            score=total / length_penalty(self._length + 1, self._penalty),
            log_prob=total,
            token_log_probs=(
                *self._log_probs[sentence, : self._length].tolist(),
                float(end_log_prob),
            ),
        )
