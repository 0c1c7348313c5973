"""Subword sampling of a whole column."""

from __future__ import annotations

import numpy as np

from seq2seq.data.sampling import resampled
from seq2seq.data.store import TokenColumn
from seq2seq.settings import TokenizerSettings
from seq2seq.text.tokenizer import Tokenizer

LINES = ["the train is late today", "where is the hotel", "we need two tickets to the museum"] * 9


def test_a_column_is_cut_anew_each_epoch_and_says_the_same() -> None:
    tokenizer = Tokenizer.from_bytes(Tokenizer.train(LINES, TokenizerSettings(vocab_size=330)))
    pieces = tokenizer.encode(LINES)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in pieces])]).astype(np.int64)
    column = TokenColumn(np.array([p for row in pieces for p in row], dtype=np.uint16), offsets)

    def cut(epoch: int) -> list[list[int]]:
        sampled = resampled(column, tokenizer, alpha=0.2, seed=1, epoch=epoch)
        return [sampled[row].tolist() for row in range(len(sampled))]

    assert cut(0) == cut(0)
    assert cut(0) != cut(1)
    assert cut(0) != pieces
    assert tokenizer.decode(cut(1)) == LINES
