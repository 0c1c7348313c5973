"""A joint vocabulary keeps the target as it was written and normalises the source."""

from __future__ import annotations

import pytest

from seq2seq.config.schema import TokenizerSettings
from seq2seq.text.normalization import IDENTITY, Normalizer
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

TARGETS = [
    "你好，你要茶吗？（好！）",  # full-width punctuation
    "می\u200cخواهم چای",  # zero-width non-joiner
    "Il a dit\u00a0: « Non\u00a0! »",  # no-break spaces
    "ﬁ ① ½ x²",  # ligature, circled digit, fraction, superscript
]


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char"])
def test_the_target_is_spelled_as_it_was_written(kind: str) -> None:
    settings = TokenizerSettings(kind=kind, vocab_size=340)
    of_source = Normalizer.of_source(settings)
    model = train_tokenizer(TARGETS * 3, settings, normalizer=Normalizer.of_target(settings))
    target = Tokenizer.from_bytes(model)
    source = Tokenizer.from_bytes(of_source.applied_to(model))
    assert source.tokens == target.tokens
    assert target.decode(target.encode(TARGETS)) == TARGETS
    normalised = list(map(of_source, TARGETS))
    assert source.decode(source.encode(TARGETS)) == normalised == source.normalised(TARGETS)
    assert all(a != b for a, b in zip(TARGETS, normalised, strict=True))
    assert target.normalised(TARGETS) == TARGETS


def test_another_normaliser_changes_nothing_else() -> None:
    settings = TokenizerSettings(vocab_size=340)
    model = train_tokenizer(TARGETS * 3, settings, normalizer=Normalizer(IDENTITY))
    folding = Normalizer("nmt_nfkc_cf").applied_to(model)
    assert Normalizer(IDENTITY).applied_to(folding) == model
    assert Tokenizer.from_bytes(folding).normalised(["Il A Dit"]) == ["il a dit"]


@pytest.mark.parametrize("kind", ["unigram", "bpe"])
def test_a_source_is_the_same_from_any_keyboard(kind: str) -> None:
    settings = TokenizerSettings(kind=kind, vocab_size=340)
    plain = 'I don\'t say "no" - never'
    tokenizer = Tokenizer.from_bytes(train_tokenizer([plain] * 3, settings))
    typed = ["I don’t say “no” – never", "I don‘t say „no“ — never", plain.replace(" ", "\u00a0 ")]
    assert len({tuple(ids) for ids in tokenizer.encode([plain, *typed])}) == 1
    single = Tokenizer.from_bytes(train_tokenizer(typed, TokenizerSettings(kind="char")))
    assert single.normalised(typed[:1]) == typed[:1]


def test_symbols_are_never_normalised() -> None:
    assert TokenizerSettings(kind="symbols", normalization="nfkc").rule == "identity"
    assert TokenizerSettings(normalization="nfkc").rule == "nfkc"
    assert TokenizerSettings().of_target().rule == "identity"
    assert TokenizerSettings(target_normalization="nfkc").of_target().rule == "nfkc"
