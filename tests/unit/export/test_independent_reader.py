"""What docs/exported_model.md says is enough to translate: a reader without code of ours agrees."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.config.schema import ModelSettings, Settings, TokenizerSettings
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.writer import write_exported_model

READER = Path(__file__).with_name("independent_reader.py")
TEXTS = ["the train is late", "", "where is the hotel?", "I", "we see a museum " * 3, "未知"]
# Both kinds of attention and none, of vocabularies, of encoders; a decoder deeper than the encoder.
MODELS = {
    "luong": Settings(
        tokenizer=TokenizerSettings(vocab_size=350, joint=False),
        model=ModelSettings(embedding_dim=12, units=16, encoder_layers=2, decoder_layers=2),
    ),
    "bahdanau": Settings(
        tokenizer=TokenizerSettings(vocab_size=350, kind="bpe"),
        model=ModelSettings(
            embedding_dim=12, units=16, decoder_layers=2, attention="bahdanau", bidirectional=False
        ),
    ),
    "none": Settings(
        tokenizer=TokenizerSettings(vocab_size=350),
        model=ModelSettings(embedding_dim=12, units=16, attention="none", tie_embeddings=False),
    ),
}


@pytest.fixture(scope="module", params=MODELS)
def exported_model(
    make_exported_model: Callable[[Settings], ExportedModel], request: pytest.FixtureRequest
) -> ExportedModel:
    return make_exported_model(MODELS[request.param])


def lines_of(command: list[str], texts: list[str]) -> list[str]:
    text = "".join(f"{line}\n" for line in texts)
    done = subprocess.run(
        [sys.executable, *command], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode().removesuffix("\n").split("\n")


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
def test_a_reader_of_its_own_translates_the_same(
    exported_model: ExportedModel, tmp_path: Path, quantized: bool
) -> None:
    directory = write_exported_model(exported_model, tmp_path / "model", quantized=quantized)
    read = [str(READER), str(directory)]
    translate = ["-m", "seq2seq", "translate", "--beam", "1", "--model", str(directory)]
    expected = lines_of(translate, TEXTS)
    assert len(set(expected)) > 3  # what the text is matters
    assert lines_of(read, TEXTS) == expected
    assert [lines_of(read, [text])[0] for text in TEXTS[2:4]] == expected[2:4]


def test_it_is_short_and_uses_no_code_of_ours() -> None:
    source = READER.read_text(encoding="utf-8")
    names = set(re.findall(r"^(?:import|from) (\w+)", source, flags=re.MULTILINE))
    standard = {"codecs", "json", "pathlib", "re", "sys"}
    assert names == standard | {"numpy", "sentencepiece"}
    assert len(source.splitlines()) <= 170
