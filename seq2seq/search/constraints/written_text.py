"""Rule that outputs are valid text.

Valid text has whole characters, no control characters and only placeholders of the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.search.step_model import Floats, Ints
from seq2seq.text.output_tokens import OutputTokens


class WrittenText:
    """Rule that an output is valid text, in any segmentation (see `text.output_tokens`).

    A character that is begun is completed before the limit. A placeholder occurs in an output at
    most as often as in its source.
    """

    def __init__(
        self,
        tokens: OutputTokens,
        limits: Ints,
        placeholders: Sequence[Mapping[str, int]] = (),
    ) -> None:
        """Prepare for the sentences of a batch.

        Args:
            tokens: tokens of the vocabulary with the rules for their use in outputs.
            limits: maximum output length of each sentence, end symbol included, `[sentences]
                int32`.
            placeholders: count of each placeholder in the source of each sentence; empty if no
                source holds a placeholder.
        """
        self.tokens, self._limits = tokens, limits
        self._placeholders = tuple(placeholders)
        self.allows_placeholders = any(self._placeholders)

    def blocked(
        self, ids: NDArray[np.integer[Any]], hypotheses: OpenHypotheses
    ) -> NDArray[np.bool_]:
        """Return flags of the next tokens `ids` `[rows, open, count]` that are not allowed.

        Placeholders of the sources count as not allowed here, and so do tokens that continue a
        character (see `continuations`).
        """
        room = self._room(hypotheses)
        blocked: NDArray[np.bool_] = self.tokens.missing[ids] > room[:, np.newaxis, np.newaxis]
        rows, positions = self._after_space(hypotheses)
        if len(rows):
            blocked[rows, positions] |= ~self.tokens.after_space[ids[rows, positions]]
        return blocked

    def continuations(
        self, hypotheses: OpenHypotheses
    ) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
        """Yield row, position and allowed tokens of hypotheses that end within a character."""
        rows, positions = np.nonzero(self.tokens.within_character(hypotheses.ids))
        for row, position in zip(rows.tolist(), positions.tolist(), strict=True):
            if hypotheses.log_probs[row, position] > IMPOSSIBLE / 2:
                state = int(self.tokens.states(hypotheses.ids[row, position]))
                yield row, position, np.flatnonzero(self.tokens.possible[state])

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make tokens that are not allowed impossible, in place (see `Rule`)."""
        inside = list(self.continuations(hypotheses))
        exceptions = [*inside, *self._own_placeholders(hypotheses)]
        kept = [log_probs[cells] for cells in exceptions]
        log_probs[:, :, self.tokens.never] = 2 * IMPOSSIBLE
        room = self._room(hypotheses)
        for row in np.flatnonzero(room < self.tokens.most_missing).tolist():
            log_probs[row, :, self.tokens.missing > room[row]] = 2 * IMPOSSIBLE
        rows, positions = self._after_space(hypotheses)
        if len(rows):
            others = np.flatnonzero(~self.tokens.after_space)
            log_probs[rows[:, np.newaxis], positions[:, np.newaxis], others] = 2 * IMPOSSIBLE
        for row, position, _ in inside:
            log_probs[row, position] = 2 * IMPOSSIBLE
        for cells, values in zip(exceptions, kept, strict=True):
            log_probs[cells] = values

    def complete(self, log_probs: Floats, before: Floats, hypotheses: OpenHypotheses) -> None:
        """Allow tokens that complete a character where other rules forbid all of them.

        Args:
            log_probs: log-probabilities after all rules, `[rows, open, vocab_size]`; changed in
                place.
            before: log-probabilities of the model.
            hypotheses: open hypotheses.
        """
        for row, position, allowed in self.continuations(hypotheses):
            if log_probs[row, position].max() < IMPOSSIBLE / 2:
                log_probs[row, position, allowed] = before[row, position, allowed]

    def _room(self, hypotheses: OpenHypotheses) -> Ints:
        """Return the number of tokens that each row may still write after the next, `[rows]`."""
        room = self._limits[hypotheses.sentences] - hypotheses.ids.shape[2] - 2
        # Only the end symbol can follow at the last position.
        return np.asarray(np.maximum(room, 0), np.int32)

    def _after_space(self, hypotheses: OpenHypotheses) -> tuple[NDArray[np.int64], ...]:
        """Return rows and positions of the hypotheses that end with a space."""
        return np.nonzero(self.tokens.ends_with_space(hypotheses.ids))

    def _own_placeholders(
        self, hypotheses: OpenHypotheses
    ) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
        """Yield row, position and the placeholder tokens that are allowed there."""
        if not self.allows_placeholders:
            return
        for row, sentence, position, ids in hypotheses.live:
            free = [
                token
                for name, times in self._placeholders[sentence].items()
                if sum(map(ids.count, self.tokens.placeholders[name])) < times
                for token in self.tokens.placeholders[name]
            ]
            if free and not self.tokens.within_character(hypotheses.ids[row, position]):
                yield row, position, np.array(free)
