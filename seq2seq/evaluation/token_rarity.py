"""Frequency of source tokens, by which the lines of a test set are grouped.

An exported model does not hold the number of times that each token occurred in training. Its
tokenizer holds a score of each token that decreases with the token's frequency: a log-probability
(`unigram`, `char`, `word`) or the order of the merges (`bpe`). In this case the rank of the score
replaces the frequency.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.prepared import FINGERPRINT_DIGITS
from seq2seq.errors import DataError, ModelError
from seq2seq.text.tokenizer import Tokenizer

_COUNT_BOUNDS = (0, 9, 99, 999)  # upper ends of the groups
_RANK_BOUNDS = (100, 300, 1000, 3000, 10_000)


class RarityGroup(NamedTuple):
    """Lines whose rarest source tokens are about equally rare.

    Attributes:
        name: range of the frequencies or ranks.
        lines: indices of the lines, ascending.
        examples: rarest tokens of some of the lines.
    """

    name: str
    lines: NDArray[np.int64]
    examples: tuple[str, ...]


class TokenRarity:
    """Measure of how rare each token of a vocabulary is in the training data.

    Attributes:
        exact: true if the frequencies are those of the training data.
    """

    def __init__(self, tokenizer: Tokenizer, counts: NDArray[np.int64] | None = None) -> None:
        """Take the frequencies `[vocab_size]` in the training data; use ranks if they are None."""
        self.exact = counts is not None
        self._tokenizer = tokenizer
        self._bounds: tuple[int, ...] = _COUNT_BOUNDS
        if counts is not None:
            self._frequencies = counts
        else:
            size = tokenizer.vocab_size
            self._frequencies = -token_ranks(tokenizer)
            self._bounds = (*(bound for bound in _RANK_BOUNDS if bound < size), size)

    def groups(self, rows: Sequence[Sequence[int]]) -> list[RarityGroup]:
        """Return the lines by their rarest token, the rarest group first; empty rows are left out.

        Args:
            rows: token ids of each line.
        """
        rarest = {
            line: min(row, key=lambda token: (self._frequencies[token], token))
            for line, row in enumerate(rows)
            if len(row)
        }
        numbers = np.array([abs(int(self._frequencies[token])) for token in rarest.values()])
        found = np.searchsorted(np.array(self._bounds), numbers)
        lines = np.array(list(rarest), np.int64)
        order = np.unique(found) if self.exact else np.unique(found)[::-1]
        return [
            RarityGroup(
                self._name(int(group)),
                lines[found == group],
                self._examples([rarest[line] for line in lines[found == group].tolist()]),
            )
            for group in order
        ]

    def _name(self, group: int) -> str:
        low = self._bounds[group - 1] + 1 if group else (0 if self.exact else 1)
        if group == len(self._bounds):
            return f"{low:,} or more" if self.exact else "not in the vocabulary"
        high = self._bounds[group]
        return f"{high:,}" if low == high else f"{low:,}–{high:,}"

    def _examples(self, tokens: list[int]) -> tuple[str, ...]:
        return tuple(self._tokenizer.token(token) for token in list(dict.fromkeys(tokens))[:5])


def token_ranks(tokenizer: Tokenizer) -> NDArray[np.int64]:
    """Return the rank of each token by its score, `[vocab_size]`, from 1.

    Tokens without a score, the unknown token and bytes, have the rank `vocab_size + 1`.
    """
    scores = np.array(tokenizer.scores)
    ranks = np.empty(len(scores), np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(np.isneginf(scores), len(scores) + 1, ranks)


def training_counts(run: Path, tokenizer: Tokenizer) -> NDArray[np.int64] | None:
    """Return the count of each source token in the training data of a run, `[vocab_size]`.

    Return None if `run` is not a run directory, its prepared corpus no longer exists, or another
    tokenizer was used.
    """
    try:
        fingerprint = json.loads((run / "corpus.json").read_text(encoding="utf-8"))["fingerprint"]
        corpus = PreparedCorpus.open(run.parent / "corpora" / fingerprint[:FINGERPRINT_DIGITS])
    except (OSError, ValueError, KeyError, TypeError, DataError, ModelError):
        return None
    known = corpus.inputs.tokenizer
    same = known is not None and known.model_bytes == tokenizer.model_bytes
    if not same or corpus.fingerprint != fingerprint:
        return None
    return np.bincount(corpus.train.source.values, minlength=tokenizer.vocab_size)
