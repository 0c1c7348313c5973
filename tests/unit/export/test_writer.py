"""What is written is what was given; in 8-bit integers it is small and close to it."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from seq2seq.commands.main import main
from seq2seq.errors import ModelError
from seq2seq.evaluation.export_cost import quantization_cost
from seq2seq.export.exported_model import ExportedModel, read_exported_model, read_inference_model
from seq2seq.export.writer import write_exported_model
from seq2seq.inference.translator import Translator

TEXTS = ["the train is late", "where is the hotel?", "I need two tickets", "we see"]


@pytest.fixture(scope="module")
def quantized(exported_model: ExportedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("quantized") / "export-int8"
    return write_exported_model(exported_model, directory, quantized=True)


def test_what_is_loaded_is_what_was_in_memory(
    exported_model: ExportedModel, exported: Path
) -> None:
    before, after = Translator.from_exported_model(exported_model), Translator.load(exported)
    assert after.hypotheses(TEXTS, n_best=2) == before.hypotheses(TEXTS, n_best=2)


def test_integers_are_a_quarter_and_for_translation_alone(quantized: Path, exported: Path) -> None:
    names = {path.name for path in quantized.iterdir()}
    assert names == {
        *("manifest.json", "settings.json", "metrics.json", "weights.npz"),
        *("source.model", "target.model", "sources.json"),
    }
    assert read_inference_model(quantized).precision == "int8"
    assert read_inference_model(exported).precision == "float32"
    with pytest.raises(ModelError, match="weights in int8"):
        read_exported_model(quantized)


def test_integers_do_not_depend_on_the_batch(quantized: Path) -> None:
    translator = Translator.load(quantized)
    together = translator.hypotheses(TEXTS * 3, n_best=3)
    for text, found in zip(TEXTS, together, strict=False):
        (alone,) = translator.hypotheses([text], n_best=3)
        assert [one.text for one in alone] == [one.text for one in found]
        assert [one.score for one in alone] == pytest.approx([one.score for one in found], abs=1e-5)


def test_what_integers_cost_is_measured(exported_model: ExportedModel, tmp_path: Path) -> None:
    exact = Translator.from_exported_model(exported_model).translate(TEXTS)
    predictions = tmp_path / "test_predictions.jsonl"
    records = [
        {"source": text, "reference": output, "output": output}
        for text, output in zip(TEXTS, exact, strict=True)
    ]
    predictions.write_text("".join(json.dumps(record) + "\n" for record in records))
    metrics = quantization_cost(exported_model, predictions)
    cost = metrics["quantization"]
    assert cost["sentences"] == len(TEXTS)
    assert cost["float32_test_chrf"] == pytest.approx(100)
    assert metrics["test_bleu"] - cost["float32_test_bleu"] == cost["bleu_difference"]
    close = Translator.from_exported_model(exported_model, quantized=True).translate(TEXTS)
    same = sum(a == b for a, b in zip(exact, close, strict=True))
    assert cost["same_translations"] == same
    assert quantization_cost(exported_model, tmp_path / "missing") == {}


def test_inspect_shows_what_integers_cost(
    exported_model: ExportedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    cost = {"test_bleu": 30.1, "quantization": {"bleu_difference": -0.125, "sentences": 4}}
    directory = write_exported_model(
        replace(exported_model, metrics=cost), tmp_path / "export", quantized=True
    )
    assert main(["inspect", str(directory)]) == 0
    shown = capsys.readouterr().out
    assert "int8" in shown
    assert "bleu_difference" in shown and "-0.125" in shown


def test_without_tensorflow_text_only_the_saved_model_is_left_out(
    exported_model: ExportedModel,
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    monkeypatch.delitem(sys.modules, "seq2seq.export.saved_model", raising=False)
    with caplog.at_level(logging.WARNING, "seq2seq"):
        found = write_exported_model(exported_model, tmp_path / "export", saved_model=True)
    (message,) = caplog.messages
    assert "saved_model" in message and "install tensorflow-text" in message
    names = {path.name for path in exported.iterdir()}
    assert {path.name for path in found.iterdir()} == names - {"saved_model"}
    read_exported_model(found)
    assert Translator.load(found).translate(TEXTS) == Translator.load(exported).translate(TEXTS)

    source, reference = tmp_path / "source", tmp_path / "reference"
    source.write_text("\n".join(TEXTS) + "\n")
    reference.write_text("\n".join(Translator.load(exported).translate(TEXTS)) + "\n")
    output = tmp_path / "output"
    model = ["--model", str(found)]
    assert main(["translate", *model, "--input", str(source), "--output", str(output)]) == 0
    assert output.read_text() == reference.read_text()
    assert main(["evaluate", *model, "--source", str(source), "--target", str(reference)]) == 0
    assert main(["inspect", str(found)]) == 0
