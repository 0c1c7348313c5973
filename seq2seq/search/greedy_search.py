"""Greedy search: the most probable token at each step, for a batch of sentences.

The outputs are those of beam search with one beam, without its bookkeeping, which takes longer
than a step of a small model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seq2seq.search import candidates
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses
from seq2seq.search.penalties import length_penalty
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.search.written_text import WrittenText
from seq2seq.text.tokenizer import BOS, EOS

if TYPE_CHECKING:
    from seq2seq.search.beam_search import BeamSettings

# Tokens that a step returns: the first of them is rarely one that an output may not hold.
_TOP = 10


def greedy_search(
    model: StepModel,
    source_ids: Ints,
    limits: Ints,
    *,
    settings: BeamSettings,
    written: WrittenText,
) -> list[Hypothesis]:
    """Return the greedy output of each sentence of a batch.

    Args:
        model: the model.
        source_ids: `[rows, source_len] int32`, each row ending with the end symbol, then padding.
        limits: the longest output of each row, end symbol counted, `[rows] int32`.
        settings: settings of the search, without coverage penalty and links.
        written: rule of what is text, without placeholders.
    """
    memory, state = model.encode(source_ids, shortlist=settings.shortlist)
    outputs = _Outputs(limits, written, settings.length_penalty)
    origins = np.arange(len(limits))

    def run(top: int | None) -> Step:
        tokens = outputs.tokens[:, np.newaxis]
        return model.step(memory, state, tokens, origins, top=top, attention=False)

    while True:
        step = run(min(_TOP, model.vocab_size))
        outputs.extend(step, run)
        state, origins = step.state, np.arange(len(outputs.done))
        if outputs.done.all():
            return outputs.hypotheses()
        if outputs.done.mean() >= settings.least_dropped:
            origins = np.flatnonzero(~outputs.done)
            memory = model.keep(memory, origins)
            outputs.keep(origins)


class _Outputs:
    """The outputs of a batch, and the state of those that are not finished.

    Attributes:
        tokens: last token of each row, `[rows] int32`.
        done: whether the output of each row is finished, `[rows] bool`.
    """

    def __init__(self, limits: Ints, written: WrittenText, penalty: float) -> None:
        """Begin an output of each sentence.

        Args:
            limits: the longest of each, end symbol counted, `[sentences] int32`.
            written: rule of what is text.
            penalty: exponent of the length penalty.
        """
        self._written, self._penalty = written, penalty
        self._sentences, self._limits = np.arange(len(limits)), limits
        self._ids = np.zeros([len(limits), limits.max()], np.int32)
        self._log_probs = np.zeros(self._ids.shape, np.float32)
        self._totals = np.zeros(len(limits), np.float32)
        self._finished: dict[int, Hypothesis] = {}
        self._length = 0
        self._plain = True
        self.tokens = np.full(len(limits), BOS, np.int32)
        self.done = np.zeros(len(limits), np.bool_)

    def extend(self, step: Step, again: Callable[[int | None], Step]) -> None:
        """Add a token to each output, or the end.

        Args:
            step: the most probable tokens.
            again: function that returns the same step with another number of tokens, or all.
        """
        tokens, log_probs = self._best(step, again)
        ends = tokens == EOS
        ends |= log_probs < IMPOSSIBLE / 2  # nothing that is text may follow
        ends |= self._limits <= self._length + 1
        ends &= ~self.done
        if ends.any():
            for row in np.flatnonzero(ends).tolist():
                self._finish(row, step.end_log_probs[row, 0])
            self.done |= ends
        self._totals += log_probs
        if self.done.any():
            # Rows that wait to be dropped are no concern of any rule.
            tokens[self.done], self._totals[self.done] = EOS, 2 * IMPOSSIBLE
        self._ids[self._sentences, self._length] = tokens
        self._log_probs[self._sentences, self._length] = log_probs
        self._length += 1
        self._plain = self._are_plain(tokens)
        self.tokens = tokens

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Keep some of the rows, `[kept] int64`."""
        self._sentences, self._limits = self._sentences[rows], self._limits[rows]
        self._totals, self.tokens, self.done = (
            self._totals[rows],
            self.tokens[rows],
            self.done[rows],
        )

    def hypotheses(self) -> list[Hypothesis]:
        """Return the outputs of all sentences, which are finished."""
        return [self._finished[sentence] for sentence in range(len(self._ids))]

    def _best(self, step: Step, again: Callable[[int | None], Step]) -> tuple[Ints, Floats]:
        """Return the most probable token of each row that is allowed, and its log-probability."""
        if step.top_ids is None or step.top_log_probs is None:
            raise ValueError("the step gave no likeliest tokens")
        tokens = step.top_ids[:, 0, 0].astype(np.int32)
        if self._plain:
            tokens[self.done] = EOS
            if self._are_plain(tokens):
                return tokens, step.top_log_probs[:, 0, 0]
        open_ = OpenHypotheses(
            sentences=self._sentences,
            ids=self._ids[self._sentences, np.newaxis, : self._length],
            log_probs=self._totals[:, np.newaxis],
        )
        found = candidates.likeliest(step, open_, 2, written=self._written, again=again)
        return found.tokens[:, 0].astype(np.int32), found.log_probs[:, 0]

    def _are_plain(self, tokens: Ints) -> bool:
        """Return whether each of the tokens may follow each other and be followed by the end."""
        return not self._written.tokens.missing[tokens].any()

    def _finish(self, row: int, end_log_prob: np.float32) -> None:
        sentence = self._sentences[row]
        total = float(self._totals[row] + end_log_prob)
        token_log_probs = self._log_probs[sentence, : self._length].tolist()
        self._finished[int(sentence)] = Hypothesis(
            ids=tuple(self._ids[sentence, : self._length].tolist()),
            score=total / length_penalty(self._length + 1, self._penalty),
            log_prob=total,
            token_log_probs=(*token_log_probs, float(end_log_prob)),
        )
