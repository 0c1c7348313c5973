"""A model that is a table, and every output it can give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import TokenizerSettings
from seq2seq.search.step_model import Step
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

EOS = 3


class TableModel:
    """Log-probabilities by the source, the last token and the one before, drawn at random."""

    has_attention = False

    def __init__(self, vocab_size: int, seed: int) -> None:
        self.vocab_size = vocab_size
        random = np.random.default_rng(seed)
        logits = random.normal(size=(97, vocab_size, vocab_size, vocab_size)) * 1.5
        logits[..., EOS] -= 0.7
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        self.table = logits.astype(np.float32)

    def encode(self, source_ids: Any, *, shortlist: bool = False) -> tuple[Any, Any]:
        keys = (source_ids * np.arange(1, source_ids.shape[1] + 1)).sum(axis=1) % 97
        return keys, np.full(len(keys), 2)

    def step(
        self,
        memory: Any,
        state: Any,
        tokens: Any,
        origins: Any,
        *,
        top: int | None,
        attention: bool,
    ) -> Step:
        before = state[origins].reshape(tokens.shape)
        log_probs = self.table[memory[:, np.newaxis], before, tokens]
        top_ids = np.argsort(-log_probs, axis=2, kind="stable")[:, :, :top]
        return Step(
            state=tokens.reshape(-1),
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=None if top is None else np.take_along_axis(log_probs, top_ids, axis=2),
            top_ids=None if top is None else top_ids,
            log_probs=None if top is not None else log_probs,
            attention=None,
        )

    def keep(self, memory: Any, rows: Any) -> Any:
        return memory[rows]

    def log_probs(self, source: Any, ids: tuple[int, ...]) -> list[float]:
        """Of each token of an output and of its end, as plainly as can be."""
        key = int(self.encode(source[np.newaxis])[0][0])
        before, last, found = 2, 2, []
        for token in (*ids, EOS):
            found.append(float(self.table[key, before, last, token]))
            before, last = last, token
        return found

    def log_prob(self, source: Any, ids: tuple[int, ...]) -> float:
        """Of an output, its end counted."""
        return sum(self.log_probs(source, ids))

    def outputs(self, source: Any, limit: int) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Every output of at most `limit` tokens, the end counted, with its log-probability."""
        tokens = range(EOS + 1, self.vocab_size)
        for length in range(limit):
            for ids in product(tokens, repeat=length):
                yield self.log_prob(source, ids), ids


@pytest.fixture(scope="session")
def table_model() -> Callable[..., TableModel]:
    """A table model of a vocabulary's size and a seed."""
    return TableModel


@pytest.fixture(scope="session")
def sources() -> Any:
    """Sources of several lengths, `[rows, source_len] int32`."""
    random = np.random.default_rng(5)
    batch = np.zeros([6, 5], np.int32)
    for row, length in enumerate([5, 2, 4, 1, 3, 5]):
        batch[row, :length] = [*random.integers(4, 9, length - 1), EOS]
    return batch


LINES = [
    f"Wir {verb} {number} {noun}, aber das Hausboot in New {place} nicht (U-Bahn {number}.5)."
    for number, verb in enumerate(["finden", "suchen", "brauchen", "größer", "kaufen"])
    for noun in ["Haus", "Hund", "Bahnhof", "Bahnhofs", "Hausboot", "Yorker", "Essen"]
    for place in ["York", "Jersey", "Orleans"]
]


@pytest.fixture(scope="session", params=["unigram", "bpe", "char"])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    """A small tokenizer of each kind that cuts words."""
    settings = TokenizerSettings(kind=request.param, vocab_size=360)
    return Tokenizer.from_bytes(train_tokenizer(LINES, settings))
