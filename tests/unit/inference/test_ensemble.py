"""Models that write together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.config.schema import Settings, TokenizerSettings
from seq2seq.errors import ModelError
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.writer import write_exported_model
from seq2seq.inference.translator import Translator

TEXTS = ["the train is late", "", "where is the hotel?", "I"]


@pytest.fixture(scope="module")
def other(exported_model: ExportedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model with its weights a little changed."""
    random = np.random.default_rng(4)
    weights = {
        name: array + random.normal(0, 0.1, array.shape).astype(np.float32)
        for name, array in exported_model.weights.items()
    }
    directory = tmp_path_factory.mktemp("other") / "export"
    return write_exported_model(replace(exported_model, weights=weights), directory)


def test_a_model_with_itself_says_what_it_says_alone(
    exported: Path, translator: Translator, tmp_path: Path
) -> None:
    copy = shutil.copytree(exported, tmp_path / "copy")
    together = Translator.load(exported, copy)
    for beam_size in (1, 3):
        alone = translator.hypotheses(TEXTS, beam_size=beam_size, alignments=True)
        both = together.hypotheses(TEXTS, beam_size=beam_size, alignments=True)
        for one, two in zip(alone, both, strict=True):
            assert (one[0].text, one[0].alignment) == (two[0].text, two[0].alignment)
            assert one[0].score == pytest.approx(two[0].score, abs=1e-4)


def test_the_mean_of_their_probabilities_decides(exported: Path, other: Path) -> None:
    together = Translator.load(exported, other)
    alone = [Translator.load(exported), Translator.load(other)]
    ids = np.array([[7, 8, 3]], np.int32)
    tokens, origins = np.array([[2]], np.int32), np.arange(1)
    probabilities = []
    for translator in (together, *alone):
        memory, state = translator.model.encode(ids)
        step = translator.model.step(memory, state, tokens, origins, top=None, attention=False)
        assert step.log_probs is not None
        probabilities.append(np.exp(step.log_probs))
    mean, first, second = probabilities
    np.testing.assert_allclose(mean, (first + second) / 2, atol=1e-6)
    assert np.abs(first - second).max() > 1e-3


def test_order_and_batch_do_not_matter(exported: Path, other: Path) -> None:
    one, two = Translator.load(exported, other), Translator.load(other, exported)
    together = one.translate(TEXTS)
    assert together == two.translate(TEXTS)
    assert together == [one.translate([text])[0] for text in TEXTS]


def test_tokenizers_must_be_the_same(
    exported: Path,
    small_settings: Callable[..., Settings],
    make_exported_model: Callable[[Settings], ExportedModel],
    tmp_path: Path,
) -> None:
    strange = make_exported_model(small_settings(tokenizer=TokenizerSettings(vocab_size=340)))
    directory = write_exported_model(strange, tmp_path / "export")
    with pytest.raises(ModelError, match="has other tokenizers than"):
        Translator.load(exported, directory)
