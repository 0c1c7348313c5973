"""A sink and an encoder of an installed package outside of this one, as the commands take them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq.commands.main import main
from seq2seq.export.exported_model import read_exported_model

PACKAGE = '''
import keras

from seq2seq.model.encoder import Encoding


class Rows:
    """Sink that appends a line for each record to `rows.txt`."""

    def __init__(self, run):
        self.path = run.directory / "rows.txt"
        self.write("made", {"step": run.step})

    def write(self, kind, record):
        with self.path.open("a") as file:
            file.write(f"{kind} {record.get('step')}\\n")

    def finish(self):
        files = sorted(path.name for path in self.path.parent.iterdir())
        self.write("finished" if {"curves.png", "export"} <= set(files) else "incomplete", {})

    def close(self):
        self.write("closed", {})


class Pointwise(keras.layers.Layer):
    """Encoder without states: each step by itself."""

    has_states = False

    def __init__(self, settings, *, use_cudnn, dtype):
        super().__init__(name="encoder", dtype=dtype)
        self.supports_masking = True
        self.dense = keras.layers.Dense(
            settings.units, activation="tanh", name="each", dtype=dtype
        )

    def call(self, inputs, mask, seed=None):
        return Encoding(self.dense(inputs), ())

    @staticmethod
    def activation_values(settings, *, rows, length):
        return 2 * rows * length * settings.units
'''
NODES = '''
from seq2seq.export.onnx.encoder_nodes import Encoded, numbers_below
from seq2seq.export.onnx.parameters import trained


class PointwiseNodes:
    """Nodes of `Pointwise`."""

    has_states = False

    @staticmethod
    def add(build, settings, inputs, *, root):
        name = "encoder/each"
        kernel = trained(f"{root}{name}/kernel", inputs.width, settings.units)
        bias = trained(f"{root}{name}/bias", settings.units)
        dense = build.dense(name, inputs.sequence, kernel, bias)
        return Encoded(build.node("Tanh", dense), bound=1.0)

    @staticmethod
    def trained_weights(settings, numbers):
        return numbers_below("encoder/", numbers)
'''


@pytest.fixture
def package(install: Callable[..., Path]) -> Path:
    """The folder of a package with a sink and two encoders, which looks installed."""
    groups = {
        "seq2seq.sinks": {"rows": "parts_of_others:Rows"},
        "seq2seq.encoders": {
            "pointwise": "parts_of_others:Pointwise",
            "without_nodes": "parts_of_others:Pointwise",
        },
        "seq2seq.encoder_nodes": {"pointwise": "nodes_of_others:PointwiseNodes"},
    }
    folder = install("parts_of_others", groups)
    for module, content in (("parts_of_others", PACKAGE), ("nodes_of_others", NODES)):
        (folder / f"{module}.py").write_text(content)
        sys.modules.pop(module, None)
    return folder


def recipe(directory: Path, *overrides: str) -> list[str]:
    rows = [([[float(n % 2), n / 40.0]] * (1 + n % 5), "ab"[n % 2]) for n in range(40)]
    text = "".join(json.dumps({"source": row, "target": label}) + "\n" for row, label in rows)
    (directory / "data.jsonl").write_text(text)
    files = ["data.train.source=data.jsonl", "data.valid.source=data.jsonl"]
    return [
        *("data=sequences", "task=classification", "name=mine", f"runs={directory}/runs"),
        *(f"data.directory={directory}", *files, "model.units=8", "model.dropout=0"),
        *("batching.max_tokens=50", "optimizer.learning_rate=2e-2", "training.patience=0"),
        *("training.max_epochs=4", "loss.label_smoothing=0", *overrides),
    ]


def test_a_run_with_a_sink_of_another_package(package: Path, tmp_path: Path) -> None:
    overrides = recipe(tmp_path, "training.sinks=[rows]")
    assert main(["train", *overrides]) == 0
    run = tmp_path / "runs" / "mine"
    rows = (run / "rows.txt").read_text().splitlines()
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    written = [f"{record['kind']} {record.get('step')}" for record in records]
    assert rows == ["made 0", *written, "finished None", "closed None"]
    assert not (run / "tensorboard").exists()

    # A resumed run tells its sinks where it goes on.
    assert main(["train", *overrides, "training.max_epochs=5"]) == 0
    last = (run / "rows.txt").read_text().splitlines()[len(rows) :]
    assert last[0] == f"made {max(r.get('step', 0) for r in records)}" and last[-1] == "closed None"


def test_an_encoder_that_could_not_be_exported_is_refused_before_training(
    package: Path, tmp_path: Path, capsys: Any
) -> None:
    assert main(["train", *recipe(tmp_path, "model.encoder=without_nodes")]) == 2
    assert capsys.readouterr().err.endswith(
        "model.encoder received without_nodes, which has no ONNX nodes, so the run could not be "
        "exported; set it to lstm, transformer, pointwise\n"
    )
    assert not (tmp_path / "runs" / "mine" / "metrics.jsonl").exists()


def run_without_tensorflow(folder: Path, command: list[str], text: str) -> str:
    code = (
        "import sys; sys.modules.update(tensorflow=None, keras=None)\n"
        "from seq2seq.commands.main import main; sys.exit(main(sys.argv[1:]))"
    )
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    return done.stdout


def test_an_encoder_of_another_package_trains_exports_and_predicts(
    package: Path, tmp_path: Path
) -> None:
    assert main(["train", *recipe(tmp_path, "model.encoder=pointwise")]) == 0
    run = tmp_path / "runs" / "mine"
    assert json.loads((run / "export" / "metrics.json").read_text())["valid_accuracy"] == 1.0
    rows = "".join(json.dumps({"source": [[n % 2, 0.5]] * (n + 1)}) + "\n" for n in range(4))
    assert main(["export", str(run), "--quantize", "int8"]) == 0
    for exported in (run / "export", run / "export-int8"):
        command = ["predict", "--model", str(exported)]
        lines = run_without_tensorflow(package, command, rows).splitlines()
        assert [line.split()[0] for line in lines] == ["a", "b", "a", "b"]


def test_an_encoder_of_another_package_translates(package: Path, tmp_path: Path) -> None:
    overrides = [
        *("data=phrasebook", "data.max_pairs=100", "tokenizer.vocab_size=400", "name=words"),
        *("model.encoder=pointwise", "model.units=16", "model.embedding_dim=8"),
        *("model.decoder_layers=2", f"runs={tmp_path}", "training.max_steps=4"),
        *("training.validation_sentences=10", "training.monitor=valid_loss"),
        *("search.max_length_factor=1.0", "data.test={source: null, target: null}"),
    ]
    assert main(["train", *overrides]) == 0
    exported = read_exported_model(tmp_path / "words" / "export")
    # What was exported gives back every weight, those of encoder and bridge among them.
    assert exported.weights["translation/encoder/each/kernel"].shape == (8, 16)
    assert exported.weights["translation/bridge/cell_1/kernel"].shape == (16, 16)
    command = ["translate", "--model", str(tmp_path / "words")]
    lines = run_without_tensorflow(package, command, "Good morning.\n\nThe train is late.\n")
    assert len(lines.splitlines()) == 3


def test_a_part_that_is_not_installed_is_refused(tmp_path: Path, capsys: Any) -> None:
    assert main(["train", *recipe(tmp_path, "training.sinks=[rows]")]) == 2
    error = capsys.readouterr().err
    assert "training.sinks received ['rows']; it must be a list of any of jsonl, " in error
    assert main(["train", *recipe(tmp_path, "model.encoder=pointwise")]) == 2
    assert (
        "model.encoder received 'pointwise'; allowed: lstm, transformer." in capsys.readouterr().err
    )
