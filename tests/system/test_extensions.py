"""Parts of an installed package outside of this one, as the commands take them."""

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
import numpy as np

from seq2seq.data.sequences.cleaning import cleaned
from seq2seq.data.sequences.item import Item, Reader
from seq2seq.model.encoder import Encoding


def read_steps(path, form):
    """Yield the items of lines such as `rising: 1 2 3`."""
    for number, line in enumerate(path.read_text(form.encoding).splitlines(), start=1):
        label, colon, numbers = line.partition(":")
        try:
            values = np.array(numbers.split(), np.float32)[:, np.newaxis]
        except ValueError:
            yield Item(number, error="not a list of numbers")
            continue
        yield cleaned(number, values, label, form)


def read_arrows(path, form):
    """Yield the items of lines such as `two => zwei`."""
    for number, line in enumerate(path.read_text(form.encoding).splitlines(), start=1):
        source, arrow, target = line.partition(" => ")
        yield Item(number, source, target) if arrow else Item(number, error="no arrow")


STEPS = Reader(read_steps, (".steps",), features=True)
ARROWS = Reader(read_arrows, (".arrows",))


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
        "seq2seq.readers": {
            "steps": "parts_of_others:STEPS",
            "arrows": "parts_of_others:ARROWS",
            "broken": "no_such_package:READER",
        },
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
        *("training.max_epochs=4", "loss.label_smoothing=0", "batching.shares=1", *overrides),
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
        *("training.validation_sentences=10", "training.monitor=valid_loss", "batching.shares=1"),
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


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    rows = [range(n % 5, n % 5 + 3 + n % 4) for n in range(60)]
    lines = [("rising", row) if n % 2 else ("falling", row[::-1]) for n, row in enumerate(rows)]
    text = "".join(f"{label}: {' '.join(map(str, row))}\n" for label, row in lines)
    (tmp_path / "data.steps").write_text(text + "rising: no numbers\n")
    return tmp_path / "data.steps"


def test_a_reader_of_another_package_reads_for_training_and_prediction(
    package: Path, steps: Path, tmp_path: Path, capsys: Any
) -> None:
    files = ["data.train.source=data.steps", "data.valid.source=data.steps"]
    assert main(["train", *recipe(tmp_path, *files, "data.format=steps")]) == 0
    assert "data.steps: 1 (line 61) dropped: not a list of numbers" in capsys.readouterr().err
    model = tmp_path / "runs" / "mine"
    assert main(["predict", "--model", str(model), "--input", str(steps)]) == 0
    output = capsys.readouterr()
    assert "line 61" in output.err and "not a list of numbers" in output.err
    predictions = output.out.splitlines()
    assert len(predictions) == 61 and predictions[60] == ""
    assert {line.split("\t")[0] for line in predictions[:60]} <= {"rising", "falling"}

    # The exported model needs no reader: it is loaded where the package is not installed.
    exported = json.loads((model / "export" / "settings.json").read_text())
    assert exported["data"]["format"] == "auto"


def test_a_reader_of_another_package_reads_pairs_of_texts(
    package: Path, tmp_path: Path, capsys: Any
) -> None:
    lines = [f"number {n} => Zahl {n}" for n in range(50)]
    lines[6:8] = ["no pair", "empty => "]
    (tmp_path / "data.arrows").write_text("\n".join(lines) + "\n")
    files = ["data.train.source=data.arrows", "data.valid.source=data.arrows"]
    location = [f"data.directory={tmp_path}", f"runs={tmp_path}/runs"]
    small = ["tokenizer.vocab_size=300", "tokenizer.placeholders=0"]
    assert main(["inspect", *files, *location, *small]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("train: 48 pairs of 50 lines, 2 dropped; source ")
    assert any("data.arrows: 1 pair (line 7) dropped: no arrow" in line for line in lines)
    assert any("data.arrows: 1 pair (line 8) dropped: no target" in line for line in lines)


def test_a_reader_that_cannot_be_loaded_is_refused(
    package: Path, tmp_path: Path, capsys: Any
) -> None:
    assert main(["train", *recipe(tmp_path, "data.format=broken")]) in (1, 2)
    assert capsys.readouterr().err.endswith(
        "the reader of the format broken cannot be loaded (No module named 'no_such_package'); "
        "install what it needs, or give files of another format\n"
    )


def test_a_part_that_is_not_installed_is_refused(tmp_path: Path, capsys: Any) -> None:
    assert main(["train", *recipe(tmp_path, "training.sinks=[rows]")]) == 2
    error = capsys.readouterr().err
    assert "training.sinks received ['rows']; it must be a list of any of jsonl, " in error
    assert main(["train", *recipe(tmp_path, "model.encoder=pointwise")]) == 2
    error = capsys.readouterr().err
    assert "model.encoder received 'pointwise'; allowed: lstm, transformer." in error
    assert main(["train", *recipe(tmp_path, "data.format=steps")]) == 2
    assert "data.format received 'steps'; allowed: auto, text, tsv, " in capsys.readouterr().err
