"""Subword regularisation: a corpus cut into other pieces in every epoch.

Source: Kudo 2018, "Subword regularization"; Provilkov et al. 2020, "BPE-dropout".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.store import TokenColumn
from seq2seq.text.tokenizer import Tokenizer

_ROWS = 20_000  # cut at a time


def resampled(
    column: TokenColumn, tokenizer: Tokenizer, *, alpha: float, seed: int, epoch: int
) -> TokenColumn:
    """The column cut anew, a pure function of (column, alpha, seed, epoch).

    A whole epoch is cut before its batches are planned, so that plans and token budgets know
    the lengths that are trained on.

    Args:
        column: pieces as the tokenizer cuts them without sampling.
        tokenizer: the one that cut them.
        alpha: strength of the sampling, above 0.
        seed, epoch: of the run.
    """
    parts: list[NDArray[np.int64]] = []
    flat: list[NDArray[np.uint32]] = []
    for number, texts in enumerate(_texts(column, tokenizer)):
        state = np.random.SeedSequence([seed, epoch, number]).generate_state(1)[0]
        rows = tokenizer.sample(texts, alpha=alpha, seed=int(state) % (2**31))
        parts.append(np.array([len(row) for row in rows], dtype=np.int64))
        flat.append(np.array([piece for row in rows for piece in row], dtype=np.uint32))
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(parts))]).astype(np.int64)
    return TokenColumn(np.concatenate(flat), offsets)


def _texts(column: TokenColumn, tokenizer: Tokenizer) -> Iterator[list[str]]:
    for start in range(0, len(column), _ROWS):
        rows = range(start, min(start + _ROWS, len(column)))
        yield tokenizer.decode([column[row].tolist() for row in rows])
