"""Subword regularisation: another segmentation of the corpus into tokens in every epoch.

SentencePiece can sample by itself, but its random numbers differ between processes even if the seed
is the same (seen with 0.2.3), and a resumed run must compute the same tokens again. Therefore
SentencePiece gives the segmentations of each word, and NumPy makes the random choice.

Source: Kudo 2018, "Subword regularization: improving neural network translation models with
multiple subword candidates".
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.store import Column
from seq2seq.text.tokenizer import Tokenizer

_MOST = 64  # segmentations of a word

Word = tuple[int, ...]


class WordCutter:
    """Sampler of word segmentations with the probabilities `p(cut) ** alpha`, normalised.

    Tokens never cross a space, so sampling each word separately samples from all segmentations of
    the sentence; the segmentations of a word are computed once.
    """

    def __init__(self, tokenizer: Tokenizer, *, alpha: float) -> None:
        self._tokenizer, self._alpha = tokenizer, alpha
        self._known: dict[Word, tuple[list[list[int]], list[float]]] = {}

    def draw(self, word: Word, chance: float) -> list[int]:
        """Return the segmentation of `word` that `chance`, uniform in [0, 1), selects."""
        ways = self._known.get(word)
        if ways is None:
            ways = self._known[word] = self._ways(word)
        cuts, sums = ways
        return cuts[min(bisect(sums, chance), len(cuts) - 1)]

    def _ways(self, word: Word) -> tuple[list[list[int]], list[float]]:
        """Return the segmentations of a word, and the cumulative sums of their probabilities."""
        found = self._tokenizer.cuts(word, most=_MOST)
        scores = self._alpha * np.array([score for _, score in found])
        shares = np.exp(scores - scores.max())
        return [cut for cut, _ in found], np.cumsum(shares / shares.sum()).tolist()


def resampled(
    column: Column, tokenizer: Tokenizer, *, alpha: float, seed: int, epoch: int
) -> Column:
    """Return the column segmented anew; the result depends only on the arguments.

    A whole epoch is segmented before its batches are planned, so that plans and token budgets use
    the lengths that training will see.

    Args:
        column: token ids as the tokenizer encodes them without sampling.
        tokenizer: tokenizer of the column.
        alpha: smoothing of the probabilities, above 0; smaller values give more variation.
        seed, epoch: seed of the run, and number of the epoch.
    """
    random = np.random.default_rng([seed, epoch, 0x5B0D])
    cutter = WordCutter(tokenizer, alpha=alpha)
    begins = np.array([tokenizer.starts_word(token) for token in range(tokenizer.vocab_size)])
    rows: list[NDArray[np.uint32]] = []
    for row in range(len(column)):
        words = list(_words(column[row], begins))
        chances = random.random(len(words)).tolist()
        cuts = (cutter.draw(word, chance) for word, chance in zip(words, chances, strict=True))
        rows.append(np.array([token for cut in cuts for token in cut], dtype=np.uint32))
    lengths = [len(row) for row in rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Column(np.concatenate(rows), offsets)


def _words(tokens: NDArray[np.uint32], begins: NDArray[np.bool_]) -> Iterator[Word]:
    """Yield the words of a row, each as its token ids."""
    starts = np.flatnonzero(begins[tokens]).tolist()
    ids = tokens.tolist()
    edges = [0, *(start for start in starts if start > 0), len(ids)]
    for start, end in pairwise(edges):
        if start < end:
            yield tuple(ids[start:end])
