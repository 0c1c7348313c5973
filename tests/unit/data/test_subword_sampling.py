"""Subword sampling of a whole column."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from seq2seq.config.schema import TokenizerSettings
from seq2seq.data.store import Column
from seq2seq.data.subword_sampling import WordCutter, resampled
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

LINES = ["the train is late today", "where is the hotel", "we need two tickets to the museum"] * 9


def test_a_column_is_cut_anew_each_epoch_and_says_the_same() -> None:
    tokenizer = Tokenizer.from_bytes(train_tokenizer(LINES, TokenizerSettings(vocab_size=330)))
    tokens = tokenizer.encode(LINES)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in tokens])]).astype(np.int64)
    column = Column(np.array([p for row in tokens for p in row], dtype=np.uint16), offsets)

    def cut(epoch: int) -> list[list[int]]:
        sampled = resampled(column, tokenizer, alpha=0.2, seed=1, epoch=epoch)
        return [sampled[row].tolist() for row in range(len(sampled))]

    assert cut(0) == cut(0)
    assert cut(0) != cut(1)
    assert cut(0) != tokens
    assert tokenizer.decode(cut(1)) == LINES


def test_probabilities_are_those_of_the_model_smoothed() -> None:
    tokenizer = Tokenizer.from_bytes(train_tokenizer(LINES, TokenizerSettings(vocab_size=330)))
    (word,) = tokenizer.encode(["museum"])
    cuts = tokenizer.cuts(word, most=64)
    shares = np.exp([0.5 * score for _, score in cuts])
    shares /= shares.sum()
    cutter = WordCutter(tokenizer, alpha=0.5)
    draws = [cutter.draw(tuple(word), chance) for chance in (np.arange(20_000) + 0.5) / 20_000]
    for (cut, _), share in zip(cuts, shares, strict=True):
        assert abs(draws.count(cut) / 20_000 - share) < 1e-3


def test_the_draw_is_the_same_in_another_process(tmp_path: Path) -> None:
    model = tmp_path / "m.model"
    model.write_bytes(train_tokenizer(LINES, TokenizerSettings(vocab_size=330)))
    code = (
        "import sys, numpy as np\n"
        "from seq2seq.data.subword_sampling import WordCutter\n"
        "from seq2seq.text.tokenizer import Tokenizer\n"
        "t = Tokenizer.load(sys.argv[1])\n"
        "c = WordCutter(t, alpha=0.2)\n"
        "word = tuple(t.encode(['tickets'])[0])\n"
        "print([c.draw(word, x) for x in np.random.default_rng(1).random(50)])\n"
    )
    command = [sys.executable, "-c", code, str(model)]
    first, second = (subprocess.run(command, capture_output=True, check=True) for _ in range(2))
    assert first.stdout == second.stdout and len(set(first.stdout.split(b"], ["))) > 1
