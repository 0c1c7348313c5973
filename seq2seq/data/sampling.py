"""Subword regularisation: a corpus cut into other pieces in every epoch.

SentencePiece can sample by itself, but its random numbers differ from process to process
whatever its seed (seen with 0.2.3), and a run that was killed must find the same pieces again.
So the ways to cut each word come from SentencePiece and the draw among them from NumPy.

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

_MOST = 64  # ways to cut a word

Word = tuple[int, ...]


class WordCutter:
    """Draws a way to cut a word, each with a probability of `p(cut) ** alpha`, normalised.

    Pieces never cross a space, so cutting each word by itself draws from all ways to cut the
    sentence; a word's ways are looked up once.
    """

    def __init__(self, tokenizer: Tokenizer, *, alpha: float) -> None:
        self._tokenizer, self._alpha = tokenizer, alpha
        self._known: dict[Word, tuple[list[list[int]], list[float]]] = {}

    def draw(self, word: Word, chance: float) -> list[int]:
        """The cut of `word` that `chance`, evenly drawn from [0, 1), picks."""
        ways = self._known.get(word)
        if ways is None:
            ways = self._known[word] = self._ways(word)
        cuts, sums = ways
        return cuts[min(bisect(sums, chance), len(cuts) - 1)]

    def _ways(self, word: Word) -> tuple[list[list[int]], list[float]]:
        """Cuts, and the running sums of their probabilities."""
        found = self._tokenizer.cuts(word, most=_MOST)
        scores = self._alpha * np.array([score for _, score in found])
        shares = np.exp(scores - scores.max())
        return [cut for cut, _ in found], np.cumsum(shares / shares.sum()).tolist()


def resampled(
    column: Column, tokenizer: Tokenizer, *, alpha: float, seed: int, epoch: int
) -> Column:
    """The column cut anew, a pure function of (column, alpha, seed, epoch).

    A whole epoch is cut before its batches are planned, so that plans and token budgets know
    the lengths that are trained on.

    Args:
        column: pieces as the tokenizer cuts them without sampling.
        tokenizer: the one that cut them.
        alpha: smoothing of the probabilities, above 0; smaller is wilder.
        seed, epoch: of the run.
    """
    random = np.random.default_rng([seed, epoch, 0x5B0D])
    cutter = WordCutter(tokenizer, alpha=alpha)
    begins = np.array([tokenizer.starts_word(piece) for piece in range(tokenizer.vocab_size)])
    rows: list[NDArray[np.uint32]] = []
    for row in range(len(column)):
        words = list(_words(column[row], begins))
        chances = random.random(len(words)).tolist()
        cuts = (cutter.draw(word, chance) for word, chance in zip(words, chances, strict=True))
        rows.append(np.array([piece for cut in cuts for piece in cut], dtype=np.uint32))
    lengths = [len(row) for row in rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Column(np.concatenate(rows), offsets)


def _words(pieces: NDArray[np.uint32], begins: NDArray[np.bool_]) -> Iterator[Word]:
    """The words of a row, each as its pieces."""
    starts = np.flatnonzero(begins[pieces]).tolist()
    ids = pieces.tolist()
    edges = [0, *(start for start in starts if start > 0), len(ids)]
    for start, end in pairwise(edges):
        if start < end:
            yield tuple(ids[start:end])
