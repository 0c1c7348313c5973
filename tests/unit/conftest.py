"""A small model with random weights, exported once: it says nonsense, always the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seq2seq.config.schema import ModelSettings, SearchSettings, Settings, TokenizerSettings
from seq2seq.text.sentences import TrainingSources
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

if TYPE_CHECKING:  # TensorFlow loads only for the tests that need it
    from seq2seq.export.exported_model import ExportedModel
    from seq2seq.inference.translator import Translator

ENGLISH = ["the train is late", "where is the hotel?", "I need two tickets", "we see a museum"]
GERMAN = ["der Zug hat Verspätung", "wo ist das Hotel?", "ich brauche zwei Karten", "ein Museum"]


@pytest.fixture(scope="session")
def hard_texts() -> list[str]:
    """What tries to break one line in, one line out."""
    return [
        *("the train", "", "   ", "the train is late", "\U0001f600 where", "w\x00here"),
        *("a\u2028b\x0cc\x85d\re", "未知の文字", "I", "\t", "the train", "?" * 30),
        *("\u27e83\u27e9 is late", "where is the hotel?"),
    ]


@pytest.fixture(scope="session")
def small_settings() -> Callable[..., Settings]:
    """Settings of a model small enough for a test; keyword arguments replace groups."""

    def make(**changes: object) -> Settings:
        values: dict[str, object] = {
            "tokenizer": TokenizerSettings(vocab_size=350, joint=False),
            "model": ModelSettings(embedding_dim=12, units=16, encoder_layers=2, decoder_layers=2),
            "search": SearchSettings(beam_size=3, max_source_length=40, batch_tokens=100),
        }
        return Settings(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def make_exported_model() -> Callable[[Settings], ExportedModel]:
    """an exported model of settings, in memory."""
    return _make_exported_model


def _make_exported_model(settings: Settings) -> ExportedModel:
    from seq2seq.export.exported_model import ExportedModel
    from seq2seq.model.translation import build_model
    from seq2seq.model.weights import initialise_weights, weight_arrays

    joint = settings.tokenizer.joint
    lines = [*ENGLISH, *GERMAN] if joint else ENGLISH
    source = Tokenizer.from_bytes(train_tokenizer(lines, settings.tokenizer))
    target = source
    if not joint:
        target = Tokenizer.from_bytes(train_tokenizer(GERMAN, settings.tokenizer.of_target()))
    model = build_model(
        settings.model,
        source_vocab=source.vocab_size,
        target_vocab=target.vocab_size,
        shared_vocabulary=joint,
    )
    initialise_weights(model, seed=1)
    # Larger than at the start of a training, so that inputs matter and outputs differ; and the
    # end symbol likelier, so that they end at different lengths.
    weights = {name: 3 * array for name, array in weight_arrays(model).items()}
    (bias,) = [name for name in weights if name.endswith("/output/bias")]
    weights[bias] = np.where(np.arange(len(weights[bias])) == 3, 2.0, 0.0).astype(np.float32)
    sources = TrainingSources(sentences=3, longest=40)
    return ExportedModel(settings, weights, source, target, sources, {"test_bleu": 12.5})


@pytest.fixture(scope="session")
def exported_model(small_settings: Callable[..., Settings]) -> ExportedModel:
    """The exported model that `exported` holds, in memory."""
    return _make_exported_model(small_settings())


@pytest.fixture(scope="session")
def exported(exported_model: ExportedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported model, the `export/` of a run directory. Not to be changed: copy it."""
    from seq2seq.export.writer import write_exported_model

    directory = tmp_path_factory.mktemp("run") / "export"
    return write_exported_model(exported_model, directory, saved_model=True)


@pytest.fixture(scope="session")
def translator(exported: Path) -> Translator:
    """The translator of the exported model."""
    from seq2seq.inference.translator import Translator

    return Translator.load(exported)
