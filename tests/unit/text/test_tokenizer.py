"""Pieces: fixed ids, nothing unknown, no line breaks, the same bytes and draws every time."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import TokenizerSettings
from seq2seq.errors import DataError, ModelError, SettingsError
from seq2seq.text.tokenizer import BOS, EOS, PAD, UNK, Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

NOUNS = ["Hund", "Zug", "Bahnhof", "Hotel", "Koffer", "Museum", "Fahrrad", "Platz"]
VERBS = ["finden", "suchen", "nehmen", "sehen", "brauchen", "kaufen", "verlieren"]
LINES = [
    f"Wir {verb} {number} {noun}, aber nicht den {other}."
    for number, verb in enumerate(VERBS)
    for noun in NOUNS
    for other in NOUNS
]
FREQUENT = ["is", "what", "a", "cat"]
KINDS = {"unigram": 320, "bpe": 320, "char": 320, "word": 320, "symbols": 320}


def settings(kind: str = "unigram", **changes: object) -> TokenizerSettings:
    return TokenizerSettings(**{"kind": kind, "vocab_size": KINDS[kind], **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=list(KINDS))
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return Tokenizer.from_bytes(train_tokenizer(LINES, settings(request.param)))


@pytest.fixture(scope="module")
def unigram() -> Tokenizer:
    return Tokenizer.from_bytes(train_tokenizer(LINES, settings()))


@pytest.mark.parametrize("kind", list(KINDS))
def test_same_text_same_bytes_and_silence(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert train_tokenizer(LINES, settings(kind)) == train_tokenizer(iter(LINES), settings(kind))
    assert capfd.readouterr() == ("", "")


def test_ids_are_fixed_and_text_survives(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token(i) for i in range(4)] == ["<pad>", "<unk>", "<s>", "</s>"]
    encoded = tokenizer.encode(LINES[:20])
    assert tokenizer.decode(encoded) == LINES[:20]
    assert not {PAD, UNK, BOS, EOS} & {i for row in encoded for i in row}
    assert tokenizer.decode([[BOS, *encoded[0], EOS, PAD, PAD]]) == [LINES[0]]


def test_placeholders_are_reserved_and_never_cut(tokenizer: Tokenizer) -> None:
    assert tokenizer.placeholders == tuple(f"\u27e8{i}\u27e9" for i in range(16))
    text = "Wir nehmen \u27e815\u27e9"
    (ids,) = tokenizer.encode([text])
    assert tokenizer.decode([ids]) == [text]
    assert any(tokenizer.token(i).removeprefix("\u2581") == "\u27e815\u27e9" for i in ids)


def test_no_placeholders_when_none_are_asked_for() -> None:
    model = train_tokenizer(LINES, settings(placeholders=0))
    assert Tokenizer.from_bytes(model).placeholders == ()


@given(text=st.text())
def test_any_text_encodes_and_decodes_to_one_line(unigram: Tokenizer, text: str) -> None:
    (ids,) = unigram.encode([text])
    assert UNK not in ids  # byte fallback
    (again,) = unigram.decode([ids])
    assert len(again.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wir \U0001f600", "Wir \U0001f600"),
        ("Wir\x00Hund", "Wir\x00Hund"),
        ("", ""),
        ("   ", ""),
        ("Wir\nHund", "Wir Hund"),
    ],
)
def test_odd_text(unigram: Tokenizer, text: str, expected: str) -> None:
    assert unigram.decode(unigram.encode([text])) == [expected]


def test_lone_surrogates_and_very_long_text() -> None:
    model = train_tokenizer([*LINES, "a" * 100_000], settings("bpe", normalization="identity"))
    tokenizer = Tokenizer.from_bytes(model)
    assert tokenizer.decode(tokenizer.encode(["a\ud800b"])) == ["a\ufffdb"]
    assert tokenizer.decode(tokenizer.encode(["a" * 100_000])) == ["a" * 100_000]


@given(st.lists(st.integers(0, 319), max_size=12))
def test_whatever_the_model_emits_is_one_line(unigram: Tokenizer, ids: list[int]) -> None:
    newline = next(i for i in range(unigram.vocab_size) if unigram.token(i) == "<0x0A>")
    row = [newline, *(i % unigram.vocab_size for i in ids), newline]
    (text,) = unigram.decode([row])
    assert len(text.splitlines()) == 1
    assert "\n" not in text


def test_the_ways_to_cut_a_word_come_best_first(unigram: Tokenizer) -> None:
    (ids,) = unigram.encode(["station"])
    cuts = unigram.cuts(ids, most=8)
    assert cuts[0][0] == ids and 1 < len(cuts) <= 8
    scores = [score for _, score in cuts]
    assert scores == sorted(scores, reverse=True)
    assert all(unigram.decode([cut]) == ["station"] for cut, _ in cuts)


@pytest.mark.parametrize("kind", ["bpe", "char", "word", "symbols"])
def test_other_kinds_have_one_way_to_cut(kind: str) -> None:
    tokenizer = Tokenizer.from_bytes(train_tokenizer(LINES, settings(kind)))
    (ids,) = tokenizer.encode(LINES[:1])
    assert [cut for cut, _ in tokenizer.cuts(ids, most=8)] == [ids]


def test_words_are_whole_and_rare_ones_unknown() -> None:
    lines = ["What is a Cat", "what is the cat", "what is a dog"]
    folded = settings("word", vocab_size=8, placeholders=0, normalization="nmt_nfkc_cf")
    tokenizer = Tokenizer.from_bytes(train_tokenizer(lines, folded))
    assert [tokenizer.token(i) for i in range(4, 8)] == [f"\u2581{w}" for w in FREQUENT]
    assert tokenizer.encode(["IS a \u732b what"]) == [[4, 6, UNK, 5]]


def test_symbols_stand_as_they_are() -> None:
    lines = ["AH0 B-X \ufb01 \u00b2", "x\u00a0y \ufb01 " + "z" * 2000]
    tokenizer = Tokenizer.from_bytes(train_tokenizer(lines, settings("symbols")))
    encoded = tokenizer.encode(lines)
    assert [len(row) for row in encoded] == [4, 3]
    assert tokenizer.decode(encoded) == lines
    (ids,) = tokenizer.encode(["AH0 never B-X"])
    assert ids[1] == UNK
    assert tokenizer.decode([ids]) == ["AH0 \u2047 B-X"]


def test_every_symbol_needs_an_id() -> None:
    with pytest.raises(SettingsError, match="holds 136 different symbols"):
        train_tokenizer([" ".join(map(str, range(100)))], settings("symbols", vocab_size=90))


def test_small_corpus_shrinks_the_vocabulary_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "seq2seq"):
        model = train_tokenizer(["ein Wort", "zwei Worte"], settings(vocab_size=4000))
    assert Tokenizer.from_bytes(model).vocab_size < 400
    assert "too small for tokenizer.vocab_size=4000" in caplog.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vocab_size": 20}, "276 tokens are reserved"),
        ({"kind": "char", "vocab_size": 20}, "276 tokens are reserved"),
        ({"vocab_size": 280}, r"give it at least \d+, or lower tokenizer.character_coverage"),
    ],
)
def test_a_vocabulary_without_room(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        train_tokenizer(LINES, TokenizerSettings(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_no_text(lines: list[str]) -> None:
    with pytest.raises(DataError, match="no text"):
        train_tokenizer(lines, settings())


def test_what_reading_raises_comes_through() -> None:
    def broken() -> Iterator[str]:
        yield "Wir"
        raise DataError("line 2 is broken")

    with pytest.raises(DataError, match=r"^line 2 is broken$"):
        train_tokenizer(broken(), settings())


def test_lines_that_sentencepiece_would_skip_are_learned_from() -> None:
    lines = ["Wort\tq", "\u2585w", "x\0y", "z " * 40_000, "\ud800 Wort"]
    tokenizer = Tokenizer.from_bytes(train_tokenizer(lines, settings()))
    tokens = {tokenizer.token(i) for i in range(tokenizer.vocab_size)}
    assert set("qwxyz") <= {token.removeprefix("\u2581") for token in tokens}


def test_training_lines_are_drawn_by_seed() -> None:
    few = settings(training_lines=40)
    models = {seed: train_tokenizer(LINES, few, seed=seed) for seed in (1, 2)}
    assert models[1] != models[2]
    assert models[1] == train_tokenizer(LINES, few, seed=1)


def test_load(tmp_path: Path, unigram: Tokenizer) -> None:
    path = tmp_path / "source.model"
    path.write_bytes(unigram.model_bytes)
    assert Tokenizer.load(path).encode(LINES) == unigram.encode(LINES)
    with pytest.raises(ModelError, match=r"cannot read the tokenizer .*missing"):
        Tokenizer.load(tmp_path / "missing")
    for wrong in (b"", b"junk" * 50, unigram.model_bytes[:1000]):
        path.write_bytes(wrong)
        with pytest.raises(ModelError, match=r"source\.model is not a SentencePiece model"):
            Tokenizer.load(path)


def test_other_ids_are_refused() -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=model, vocab_size=50, minloglevel=2
    )
    with pytest.raises(ModelError, match="pad -1 unk 0 bos 1 eos 2, but only pad 0 unk 1"):
        Tokenizer.from_bytes(model.getvalue())
