"""Formats for other programs give what the predictor and the translator give; anyone adds one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, Settings, TaskSettings, TrainingSettings
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.exportable import Exportable
from seq2seq.export.exported_label_model import ExportedLabelModel
from seq2seq.export.exported_model import ExportedModel, find_exported_model, read_inference_model
from seq2seq.export.exporters.exporter import ExportOptions
from seq2seq.export.exporters.registry import register_exporter, write_export
from seq2seq.export.manifest import read_manifest
from seq2seq.inference.linear_chain import LinearChain
from seq2seq.inference.predictor import Predictor
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

CLASSES = ("a", "ä", "c")
SECONDS = Scale((1.7e9, 0.0), (5.0, 2.0), "float64")
NUMBERS = Scale((10.0, -3.0, 0.0), (2.0, 0.5, 1.0))


def label_model(
    task: str = "classification",
    *,
    text: bool = False,
    per_step: bool = False,
    several: bool = False,
    scale: Scale = SECONDS,
    crf: bool = False,
) -> ExportedLabelModel:
    settings = Settings(
        task=TaskSettings(task, per_step=per_step, several_labels=several),
        model=ModelSettings(embedding_dim=6, units=8, head="crf" if crf else "softmax"),
        training=TrainingSettings(monitor="valid_loss"),
    )
    inputs = Inputs(scale=scale)
    if text:
        trained = train_tokenizer(["the train is late", "a hotel"], settings.tokenizer)
        inputs = Inputs(tokenizer=Tokenizer.from_bytes(trained), words=per_step)
    schema = TargetSchema(task, per_step, several, CLASSES, (1, 1, 1))
    if task == "regression":
        schema = TargetSchema(task, per_step, several, scale=NUMBERS)
    vocab = inputs.tokenizer.vocab_size if inputs.tokenizer else 0
    head = Head(3, per_step, "last")
    model = build_label_model(settings.model, head, vocab=vocab, features=inputs.features)
    initialise_weights(model, seed=4)
    weights = {name: 3 * array for name, array in weight_arrays(model).items()}
    random = np.random.default_rng(6)
    weights |= {
        name: random.standard_normal(array.shape).astype(np.float32)
        for name, array in weights.items()
        if name.startswith("crf/")
    }
    return ExportedLabelModel(settings, weights, inputs, schema)


def sequences() -> list[Any]:
    draw = np.random.default_rng(3)
    return [1.7e9 * np.array([1, 0]) + draw.normal(size=(length, 2)) for length in (5, 1, 9)]


def served(directory: Path) -> Any:
    loaded = tf.saved_model.load(str(directory / "1"))
    serve = loaded.signatures["serving_default"]
    serve.keep = loaded  # the signature holds its variables weakly
    return serve


def padded(steps: list[Any], kind: Any) -> dict[str, Any]:
    lengths = [len(one) for one in steps]
    features = np.full([len(steps), max(lengths) + 2, 2], 7e8)
    for row, one in zip(features, steps, strict=True):
        row[: len(one)] = one
    return {"features": tf.constant(features, kind), "lengths": tf.constant(lengths, tf.int32)}


@pytest.mark.parametrize("task", ["one", "several", "numbers", "steps", "crf"])
def test_a_saved_model_of_features_gives_what_the_predictor_gives(
    task: str, tmp_path: Path
) -> None:
    model = label_model(
        "regression" if task == "numbers" else "classification",
        per_step=task in ("steps", "crf"),
        several=task == "several",
        crf=task == "crf",
    )
    directory = write_export(model, tmp_path / "mine", "saved_model", ExportOptions())
    found = served(directory)(**padded(sequences(), tf.float64))
    predictor = Predictor.from_exported_model(model)
    expected = predictor.outputs(predictor.contents(sequences()))
    name = "values" if task == "numbers" else "probabilities"
    for row, outputs in zip(found[name].numpy(), expected, strict=True):
        shown = row[: len(outputs)] if task in ("steps", "crf") else row[np.newaxis]
        np.testing.assert_allclose(shown, outputs, rtol=1e-4, atol=1e-5)
        assert task not in ("steps", "crf") or not row[len(outputs) :].any()
    if task == "crf":
        labels = [[one.label for one in each.answers] for each in predictor.predict(sequences())]
        for row, wanted in zip(found["label"].numpy().tolist(), labels, strict=True):
            assert [label.decode() for label in row if label] == wanted
    if task == "one":
        labels = [one.answers[0].label for one in predictor.predict(sequences())]
        assert [label.decode() for label in found["label"].numpy()] == labels
    names = {"one": {"label"}, "steps": {"label", "lengths"}, "crf": {"label", "lengths"}}
    names = names.get(task, set())
    assert found.keys() == names | {name}


def test_a_saved_model_of_texts_gives_what_the_predictor_gives(tmp_path: Path) -> None:
    model = label_model(text=True)
    serve = served(write_export(model, tmp_path / "mine", "saved_model", ExportOptions()))
    texts = ["the train", "", "  ", "a hotel is late"]
    found = serve(text=tf.constant(texts))
    expected = Predictor.from_exported_model(model).predict(texts)
    labels = [one.answers[0].label if one.answers else "" for one in expected]
    assert [label.decode() for label in found["label"].numpy()] == labels
    assert not found["probabilities"].numpy()[1:3].any()
    wanted = list((expected[3].answers[0].probabilities or {}).values())
    np.testing.assert_allclose(found["probabilities"].numpy()[3], wanted, atol=1e-5)
    assert serve(text=tf.constant([], tf.string))["label"].shape == (0,)


@pytest.mark.parametrize("crf", [False, True])
def test_a_saved_model_of_words_gives_what_the_predictor_gives(crf: bool, tmp_path: Path) -> None:
    model = label_model(text=True, per_step=True, crf=crf)
    serve = served(write_export(model, tmp_path / "mine", "saved_model", ExportOptions()))
    texts = ["the train 火车 火车", "", " \u3000", "\u00ad a\u00a0hotel ﷺ\x1fis ", "late"]
    found = serve(text=tf.constant(texts))
    expected = Predictor.from_exported_model(model).predict(texts)
    assert found["lengths"].numpy().tolist() == [len(text.split()) for text in texts]
    for row, one in enumerate(expected):
        count = len(one.answers)
        shown = found["label"].numpy()[row]
        assert [label.decode() for label in shown[:count]] == [each.label for each in one.answers]
        assert not any(shown[count:])
        shares = found["probabilities"].numpy()[row]
        wanted = [list((each.probabilities or {}).values()) for each in one.answers]
        np.testing.assert_allclose(shares[:count], np.reshape(wanted, (-1, 3)), atol=1e-5)
        assert not shares[count:].any()
    assert serve(text=tf.constant([], tf.string))["label"].shape[0] == 0
    assert serve(text=tf.constant([""]))["lengths"].numpy().tolist() == [0]


def test_a_saved_model_lies_in_a_version_directory_beside_its_classes(tmp_path: Path) -> None:
    directory = write_export(label_model(), tmp_path / "mine", "saved_model", ExportOptions())
    assert (directory / "1" / "saved_model.pb").is_file()
    assert json.loads((directory / "answers.json").read_text())["classes"] == [*CLASSES]
    listed = json.loads((directory / "manifest.json").read_text())
    assert listed["format"] == "saved_model" and "1/saved_model.pb" in listed["files"]
    with pytest.raises(ModelError, match="in the format 'saved_model' for other programs"):
        Predictor.load(directory)


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
def test_onnx_files_of_classes_give_what_the_predictor_gives(
    quantized: bool, tmp_path: Path
) -> None:
    model = label_model(scale=Scale.none(2))
    options = ExportOptions(quantized=quantized)
    directory = write_export(model, tmp_path / "mine", "onnx", options)
    session = onnxruntime.InferenceSession(
        directory / "model.onnx", providers=["CPUExecutionProvider"]
    )
    steps = np.random.default_rng(0).normal(size=(2, 4, 2)).astype(np.float32)
    feeds = {"features": steps, "lengths": np.array([4, 2], np.int32)}
    (outputs,) = session.run(["outputs"], feeds)
    shares = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    predictor = Predictor.from_exported_model(model, quantized=quantized)
    expected = predictor.outputs([steps[0], steps[1, :2]])
    np.testing.assert_allclose(shares, np.concatenate(expected), atol=1e-6)
    if not quantized:
        onnx.checker.check_model(str(directory / "model.onnx"), full_check=True)


def test_an_onnx_file_of_a_crf_holds_its_potentials(tmp_path: Path) -> None:
    model = label_model(scale=Scale.none(2), per_step=True, crf=True)
    directory = write_export(model, tmp_path / "mine", "onnx", ExportOptions(quantized=True))
    session = onnxruntime.InferenceSession(
        directory / "model.onnx", providers=["CPUExecutionProvider"]
    )
    steps = np.random.default_rng(0).normal(size=(1, 4, 2)).astype(np.float32)
    feeds = {"features": steps, "lengths": np.array([4], np.int32)}
    names = ["transitions", "start", "end", "outputs"]
    *potentials, outputs = session.run(names, feeds)
    for name, array in zip(names, potentials, strict=False):
        assert array.tobytes() == model.weights[f"crf/{name}"].tobytes()
    chain = LinearChain(*(each.astype(np.float64) for each in potentials))
    (expected,) = Predictor.from_exported_model(model, quantized=True).decoded([steps[0]])
    (found,) = chain.decode([outputs[0]])
    assert expected.classes is not None and found.path.tolist() == expected.classes.tolist()


class NamesExporter:
    """Exporter of another package: the names and shapes of the numbers."""

    def refusal(self, *, quantized: bool, shortlist: bool) -> str | None:
        return "names have no integers; leave --quantize out" if quantized else None

    def write(self, model: Exportable, directory: Path, options: ExportOptions) -> None:
        lines = [f"{name} {array.shape}" for name, array in model.for_inference().numbers.items()]
        (directory / "names.txt").write_text("\n".join(lines))


def test_another_package_adds_a_format(
    exported_model: ExportedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = "seq2seq.export.exporters.registry._EXPORTERS"
    monkeypatch.setattr(registry, {})
    register_exporter("names", NamesExporter())
    for _ in range(2):  # the second one replaces the first
        directory = write_export(exported_model, tmp_path / "names", "names", ExportOptions())
    assert "decoder/0/kernel (28, 64)" in (directory / "names.txt").read_text()
    assert json.loads((directory / "manifest.json").read_text())["format"] == "names"
    with pytest.raises(SettingsError, match="--format names: names have no integers"):
        write_export(exported_model, tmp_path / "x", "names", ExportOptions(quantized=True))
    with pytest.raises(SettingsError, match="--format received 'onnx'; it must be one of names"):
        write_export(exported_model, tmp_path / "x", "onnx", ExportOptions())
    with pytest.raises(ValueError, match="'names' already"):
        register_exporter("names", NamesExporter())
    assert not (tmp_path / "x").exists()


def test_what_seq2seq_reads_is_one_of_the_formats(
    exported_model: ExportedModel, tmp_path: Path
) -> None:
    options = ExportOptions(quantized=True)
    directory = write_export(exported_model, tmp_path / "own", "seq2seq", options)
    assert read_inference_model(find_exported_model(directory)).precision == "int8"
    assert read_manifest(directory).files.keys() >= {"weights.npz", "settings.json"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"counts": [1]}, "does not describe targets"),
        ({"classes": ["no", 3]}, "does not describe targets"),
        ({"classes": ["no", "no"]}, "does not describe targets"),
        ({"task": "regression"}, "does not describe targets"),
        ({"classes": ["a", "b", "c"], "counts": [1, 1, 1]}, r"weights\.npz does not fit"),
        ({"scale": {"mean": [1.0], "deviation": [0.0]}}, "does not describe targets"),
        ({"scale": 3}, "describes no targets"),
    ],
)
def test_targets_of_another_model_are_refused(
    write_small_label_model: Callable[..., Path],
    tmp_path: Path,
    changed: dict[str, Any],
    message: str,
) -> None:
    directory = write_small_label_model(tmp_path / "model")
    path = directory / "answers.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    manifest = json.loads((directory / "manifest.json").read_text())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["files"]["answers.json"] = {"bytes": path.stat().st_size, "sha256": digest}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=message):
        Predictor.load(directory)
