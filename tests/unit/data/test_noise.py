"""Typing noise: the same for (seed, epoch, row), never on the target or inside what is copied."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.data_schema import DataSettings, NoiseSettings
from seq2seq.config.schema import TokenizerSettings
from seq2seq.data.noise import TypingNoise, noised, probabilities
from seq2seq.data.store import Column
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

OFF = NoiseSettings(*(0.0 for _ in fields(NoiseSettings)))
TEXTS = [
    f"Where is Élodie's {noun}, please? I don't see it at www.example.org/A?b=C."
    for noun in ("station", "Hotel", "museum", "ticket", "luggage", "Café")
] * 20


def noise(**chances: float) -> TypingNoise:
    settings = replace(OFF, **chances)
    return TypingNoise(settings, carried=("url",), placeholders=("\u27e80\u27e9",))


def change(text: str, *, seed: int = 0, **chances: float) -> str:
    return noise(**chances).drawn(text, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    settings = TokenizerSettings(vocab_size=400)
    return Tokenizer.from_bytes(train_tokenizer(TEXTS, settings))


@pytest.fixture(scope="module")
def column(tokenizer: Tokenizer) -> Column:
    rows = tokenizer.encode(TEXTS)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return Column(np.array([i for row in rows for i in row], np.uint16), offsets)


@pytest.mark.parametrize(
    ("kind", "text", "changed"),
    [
        ("lower", "Where is the Café?", "where is the café?"),
        ("capitals", "Where is the Café?", "WHERE IS THE CAFÉ?"),
        ("no_final_mark", "Where is it?! ", "Where is it "),
        ("no_final_mark", "It is 3.5 km.", "It is 3.5 km"),
        ("no_accents", "Où est l'hôtel à Ñu?", "Ou est l'hotel a Nu?"),
        ("quotes", "I don't see 'it'", "I dont see 'it'"),
        ("quotes", 'He said "no"', "He said “no“"),
        ("spaces", "a b c", "a  b  c"),
        ("lower", "See www.Example.org/A Now", "see www.Example.org/A now"),
        ("capitals", "see \u27e80\u27e9 now", "SEE \u27e80\u27e9 NOW"),
    ],
)
def test_each_kind_does_what_its_name_says(kind: str, text: str, changed: str) -> None:
    assert change(text, **{kind: 1.0}) == changed
    assert change(text) == text


def test_a_typo_is_one_slip_in_one_word() -> None:
    text = "the Station is www.station.example here"
    typed = {change(text, seed=seed, typo=1.0) for seed in range(300)}
    assert len(typed) > 20 and text in typed | {text}
    for one in typed:
        words = one.split(" ")
        assert (words[2], words[3]) == ("is", "www.station.example")
        assert words[0] in ("the", "teh")  # swapped only: another slip makes another word
        assert (words[1][0], words[4][0]) == ("S", "h")
        assert abs(len(one) - len(text)) <= 1
    assert change("a bc d7e", typo=1.0) == "a bc d7e"


@given(st.text(max_size=40), st.integers(0, 2**32))
def test_any_text_stays_a_text(text: str, seed: int) -> None:
    everything = {field.name: 0.5 for field in fields(NoiseSettings)}
    assert isinstance(change(text, seed=seed, **everything), str)


def test_it_is_a_function_of_seed_epoch_and_row(column: Column, tokenizer: Tokenizer) -> None:
    data = DataSettings(noise=replace(OFF, lower=0.3, typo=0.5))

    def rows(seed: int, epoch: int) -> list[list[int]]:
        found = noised(column, tokenizer, data, kind="unigram", seed=seed, epoch=epoch)
        return [found[row].tolist() for row in range(len(found))]

    first = rows(1, 0)
    assert first == rows(1, 0)
    assert first != rows(1, 1) and first != rows(2, 0)
    before = [column[row].tolist() for row in range(len(column))]
    share = np.mean([a != b for a, b in zip(first, before, strict=True)])
    assert 0.5 < share < 0.8  # 1 - 0.7 * 0.5
    assert len(first) == len(before) and all(first)


def test_a_row_that_would_be_too_long_stays(column: Column, tokenizer: Tokenizer) -> None:
    data = DataSettings(noise=replace(OFF, capitals=1.0), max_length=int(column.lengths.max()))
    found = noised(column, tokenizer, data, kind="unigram", seed=1, epoch=0)
    assert found.lengths.max() <= data.max_length
    loose = replace(data, max_length=1000)
    assert noised(column, tokenizer, loose, kind="unigram", seed=1, epoch=0).lengths.max() > 30


@pytest.mark.parametrize("kind", ["char", "symbols", "word"])
def test_it_is_off_by_default_for_other_tokenizers(
    column: Column, tokenizer: Tokenizer, kind: str
) -> None:
    assert probabilities(NoiseSettings(), kind=kind) == OFF
    assert noised(column, tokenizer, DataSettings(), kind=kind, seed=1, epoch=0) is column
    assert probabilities(NoiseSettings(typo=0.2), kind=kind).typo == 0.2
    assert probabilities(NoiseSettings(lower=0.0), kind="bpe").lower == 0.0
    assert probabilities(NoiseSettings(), kind="unigram").lower == 0.1
