"""How probable a model finds given pairs of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.data.batching import order_by_length
from seq2seq.data.pipeline import padded_sequences
from seq2seq.inference.translator import Translator
from seq2seq.search.scoring import token_log_probs

# A pair is never cut, and its logits take target pieces x vocabulary x 4 bytes, several times.
MOST_PIECES = 2000


class PairScore(NamedTuple):
    """Log-probability of a target given its source, and its pieces, the end symbol counted."""

    log_prob: float
    pieces: int


class PairScorer:
    """Scores pairs of texts with a translator's model and tokenizers."""

    def __init__(self, translator: Translator, *, batch_tokens: int | None = None) -> None:
        """`batch_tokens` is of the longer side, padding counted."""
        self._translator = translator
        self._budget = translator.search.batch_tokens if batch_tokens is None else batch_tokens

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[PairScore | None]:
        """The score of each pair, in order; None where a side has over `MOST_PIECES` pieces.

        Blank text is scored as the empty sentence.
        """
        rows = self._translator.source_tokenizer.encode(sources)
        labels = self._translator.target_tokenizer.encode(targets)
        scores: list[PairScore | None] = [None] * len(rows)
        longer = np.array(
            [max(len(a), len(b)) + 1 for a, b in zip(rows, labels, strict=True)], dtype=np.int32
        )
        fitting = np.flatnonzero(longer <= MOST_PIECES)
        for chosen in order_by_length(longer[fitting], max_tokens=self._budget):
            numbers = fitting[chosen].tolist()
            log_probs = token_log_probs(
                self._translator.model,
                padded_sequences([rows[number] for number in numbers]),
                padded_sequences([labels[number] for number in numbers]),
            )
            for number, log_prob in zip(numbers, log_probs.sum(axis=1).tolist(), strict=True):
                scores[number] = PairScore(log_prob, len(labels[number]) + 1)
        return scores
