"""A joint vocabulary keeps the target as it was written and normalises the source."""

from __future__ import annotations

import pytest

from seq2seq.settings import TokenizerSettings
from seq2seq.text.normalization import Normalizer, renormalised
from seq2seq.text.tokenizer import Tokenizer

TARGETS = [
    "你好，你要茶吗？（好！）",  # full-width punctuation
    "می\u200cخواهم چای",  # zero-width non-joiner
    "Il a dit\u00a0: « Non\u00a0! »",  # no-break spaces
    "ﬁ ① ½ x²",  # ligature, circled digit, fraction, superscript
]


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char"])
def test_the_target_is_spelled_as_it_was_written(kind: str) -> None:
    settings = TokenizerSettings(kind=kind, vocab_size=340)
    model = Tokenizer.train(TARGETS * 3, settings.of_target())
    target = Tokenizer.from_bytes(model)
    source = Tokenizer.from_bytes(renormalised(model, settings.rule))
    assert source.tokens == target.tokens
    assert target.decode(target.encode(TARGETS)) == TARGETS
    normalised = [Normalizer(settings.rule)(text) for text in TARGETS]
    assert source.decode(source.encode(TARGETS)) == normalised == source.normalised(TARGETS)
    assert all(a != b for a, b in zip(TARGETS, normalised, strict=True))
    assert target.normalised(TARGETS) == TARGETS


def test_renormalising_is_exact_both_ways() -> None:
    settings = TokenizerSettings(vocab_size=340)
    model = Tokenizer.train(TARGETS * 3, settings.of_target())
    assert renormalised(renormalised(model, "nmt_nfkc_cf"), "identity") == model
    folded = Tokenizer.from_bytes(renormalised(model, "nmt_nfkc_cf"))
    assert folded.normalised(["Il A Dit"]) == ["il a dit"]


def test_symbols_are_never_normalised() -> None:
    assert TokenizerSettings(kind="symbols", normalization="nfkc").rule == "identity"
    assert TokenizerSettings(normalization="nfkc").rule == "nfkc"
    assert TokenizerSettings().of_target().rule == "identity"
    assert TokenizerSettings(target_normalization="nfkc").of_target().rule == "nfkc"
