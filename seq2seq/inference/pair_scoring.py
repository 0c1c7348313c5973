"""Scoring of given pairs of texts with a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.data.batch_building import padded_sequences
from seq2seq.data.batching import order_by_length
from seq2seq.data.sequences.item import Content
from seq2seq.inference.batches import padding_of
from seq2seq.inference.translator import Translator
from seq2seq.search.scoring import token_log_probs
from seq2seq.text.sentences import TrainingSources

# A pair is never split, and its logits take target tokens x vocabulary x 4 bytes, several times.
MOST_TOKENS = 2000


class PairScore(NamedTuple):
    """Score of a pair of texts.

    Attributes:
        log_prob: log-probability of the target given its source.
        tokens: number of tokens of the target, end symbol included.
        source_tokens: number of tokens of the source, without end symbol; for features, number of
            its steps.
    """

    log_prob: float
    tokens: int
    source_tokens: int


class PairScorer:
    """Scorer of pairs of texts with a translator's model and tokenizers."""

    def __init__(self, translator: Translator, *, batch_tokens: int | None = None) -> None:
        """Set up the scorer.

        Args:
            translator: translator that provides model and tokenizers.
            batch_tokens: maximum number of tokens of a batch, counted for the longer text of each
                pair, padding included; None for the model's setting.
        """
        self._translator = translator
        self._budget = translator.search.batch_tokens if batch_tokens is None else batch_tokens

    def score(self, sources: Sequence[Content], targets: Sequence[str]) -> list[PairScore | None]:
        """Return the score of each pair, in order; None if a text has over `MOST_TOKENS` tokens.

        Blank text is scored as the empty sentence.
        """
        inputs = self._translator.inputs
        rows, pad = inputs.encode(list(sources)), padding_of(inputs)
        labels = self._translator.target_tokenizer.encode(targets)
        scores: list[PairScore | None] = [None] * len(rows)
        longer = np.array(
            [max(len(a), len(b)) + 1 for a, b in zip(rows, labels, strict=True)], dtype=np.int32
        )
        tokens = np.array([len(label) + 1 for label in labels]) if inputs.features else longer
        fitting = np.flatnonzero(tokens <= MOST_TOKENS)
        for chosen in order_by_length(longer[fitting], max_tokens=self._budget):
            numbers = fitting[chosen].tolist()
            log_probs = token_log_probs(
                self._translator.model,
                pad([rows[number] for number in numbers]),
                padded_sequences([labels[number] for number in numbers]),
            )
            for number, log_prob in zip(numbers, log_probs.sum(axis=1).tolist(), strict=True):
                scores[number] = PairScore(log_prob, len(labels[number]) + 1, len(rows[number]))
        return scores


def doubtful_lines(
    scores: Sequence[PairScore | None], training: TrainingSources
) -> Iterator[tuple[int, str]]:
    """Yield the number of each line whose score is missing or unreliable, and the reason.

    A source is scored in one piece, whatever its length, because the target cannot be divided into
    parts that match parts of the source.
    """
    for number, score in enumerate(scores, start=1):
        if score is None:
            yield number, f"over {MOST_TOKENS} tokens, not scored"
        elif score.source_tokens > training.longest:
            yield (
                number,
                f"a source of length {score.source_tokens}, scored as a whole, and the longest of "
                f"training had {training.longest}",
            )
