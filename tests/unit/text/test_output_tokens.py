"""Every character can be spelled in bytes, and nothing else."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from seq2seq.config.schema import TokenizerSettings
from seq2seq.text.output_tokens import (
    NEVER,
    OutputTokens,
    may_be_written,
    missing_bytes,
    transitions,
)
from seq2seq.text.tokenizer import EOS, Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

LINES = ["der Zug ist sp\u00e4t", "ein Hotel", "wo? \u27e8x\u27e9", "a\u0301 \U0001f600"] * 3


def trained(**settings: object) -> Tokenizer:
    options = TokenizerSettings(**{"vocab_size": 320, **settings})  # type: ignore[arg-type]
    return Tokenizer.from_bytes(train_tokenizer(LINES, options))


def test_all_characters_but_those_that_are_no_text_can_be_spelled_in_bytes() -> None:
    table = transitions()
    for code in range(0x80, 0x110000):
        if not 0xD800 <= code < 0xE000:
            state = 0
            for byte in chr(code).encode():
                state = int(table[state, byte]) if state >= 0 else -1
            assert (state == 0) == may_be_written(chr(code)), hex(code)


def spellings(state: int) -> int:
    following = [int(after) for after in transitions()[state, 0x80:0x100]]
    return sum(1 if after == 0 else spellings(after) for after in following if after >= 0)


def test_nothing_but_characters_can_be_spelled_in_bytes() -> None:
    assert spellings(0) == sum(may_be_written(chr(code)) for code in range(0x80, 0x110000))


def test_what_is_no_text() -> None:
    for code in range(0x3000):
        category = unicodedata.category(chr(code))
        assert may_be_written(chr(code)) == (category not in ("Cc", "Zl", "Zp"))
    assert not may_be_written("a\tb") and not may_be_written("\ufffd") and may_be_written("\u200d")


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char"])
def test_states_tell_how_many_bytes_are_missing(kind: str) -> None:
    tokenizer = trained(kind=kind)
    tokens = OutputTokens.of(tokenizer)
    for text in ("\u00e4", "\u20ac", "\U0001f601", "x\U00010ffff", "\u00e4\u20ac\u00e4"):
        encoded = text.encode()
        ids = [tokenizer.surfaces.index(bytes([byte])) for byte in encoded]
        for length in range(len(ids) + 1):
            (missing,) = missing_bytes()[tokens.states([ids[:length]])]
            written = len(encoded[:length].decode(errors="ignore").encode())
            begun = encoded[written:length]
            expected = len(text.encode()[written:].decode()[0].encode()) if begun else 0
            assert missing == max(0, expected - len(begun))
            assert tokens.within_character(np.array([ids[:length]], int))[0] == bool(begun)
            assert tokens.owed(ids[:length]) == max(0, missing - 1)


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char", "word", "symbols"])
def test_what_a_tokenizer_gives_may_be_written(kind: str) -> None:
    tokenizer = trained(kind=kind, vocab_size=60 if kind in ("word", "symbols") else 320)
    tokens = OutputTokens.of(tokenizer)
    for ids in tokenizer.encode([*LINES, "\U0001f601 x", "\u20ac5  und"]):
        if 1 in ids:
            continue  # a word that this kind does not know
        for length, token in enumerate([*ids, EOS]):
            state = int(tokens.states([ids[:length]])[0])
            assert tokens.possible[state, token], (tokenizer.token(token), ids[:length])


@pytest.mark.parametrize("kind", ["unigram", "word"])
def test_reserved_tokens_and_control_bytes_are_not_written(kind: str) -> None:
    tokenizer = trained(kind=kind, vocab_size=60 if kind == "word" else 320)
    tokens = OutputTokens.of(tokenizer)
    named = [i for i, s in enumerate(tokenizer.surfaces) if s.strip().decode(errors="ignore")]
    reserved = {i for i in named if tokenizer.token(i).strip("\u2581") in tokenizer.placeholders}
    assert reserved == {token for found in tokens.placeholders.values() for token in found}
    assert len(reserved) == (32 if kind == "word" else 16)
    assert (tokens.missing[sorted(reserved)] == NEVER).all()
    controls = [i for i, s in enumerate(tokenizer.surfaces) if (s and s[0] < 0x20) or s == b"\x7f"]
    assert len(controls) == (0 if kind == "word" else 33)
    assert not tokens.possible[:, controls].any()


def test_after_a_space_comes_a_word() -> None:
    tokenizer = trained(kind="unigram")
    tokens = OutputTokens.of(tokenizer)
    (space,) = [
        i for i, s in enumerate(tokenizer.surfaces) if s == b" " and tokens.missing[i] < NEVER
    ]
    assert tokens.ends_with_space(np.array([[space], [EOS + 200]])).tolist() == [True, False]
    for token, surface in enumerate(tokenizer.surfaces):
        if tokens.missing[token] == 0:
            may_follow = token != EOS and not surface.startswith(b" ")
            assert tokens.after_space[token] == may_follow
    assert tokens.missing[space] == 1


def test_without_all_bytes_no_character_is_spelled_in_them() -> None:
    tokens = OutputTokens.of(trained(kind="char", byte_fallback=False, vocab_size=60))
    assert (tokens.classes >= 256).all() and set(tokens.missing.tolist()) <= {0, 1, NEVER}
