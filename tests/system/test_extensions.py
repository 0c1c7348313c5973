"""A sink and an encoder of an installed package outside of this one, as the commands take them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq.commands.main import main

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
    def activation_values(settings, positions):
        return 2 * positions * settings.units
'''


@pytest.fixture
def package(install: Callable[..., Path]) -> None:
    groups = {
        "seq2seq.sinks": {"rows": "parts_of_others:Rows"},
        "seq2seq.encoders": {"pointwise": "parts_of_others:Pointwise"},
    }
    folder = install("parts_of_others", groups)
    (folder / "parts_of_others.py").write_text(PACKAGE)
    sys.modules.pop("parts_of_others", None)


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


def test_a_run_with_a_sink_of_another_package(package: None, tmp_path: Path) -> None:
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
    package: None, tmp_path: Path, capsys: Any
) -> None:
    assert main(["train", *recipe(tmp_path, "model.encoder=pointwise")]) == 2
    assert capsys.readouterr().err.endswith(
        "model.encoder received pointwise, which has no ONNX nodes, so the run could not be "
        "exported; set it to lstm\n"
    )
    assert not (tmp_path / "runs" / "mine" / "metrics.jsonl").exists()


def test_a_part_that_is_not_installed_is_refused(tmp_path: Path, capsys: Any) -> None:
    assert main(["train", *recipe(tmp_path, "training.sinks=[rows]")]) == 2
    error = capsys.readouterr().err
    assert "training.sinks received ['rows']; it must be a list of any of jsonl, " in error
    assert main(["train", *recipe(tmp_path, "model.encoder=pointwise")]) == 2
    assert "model.encoder received 'pointwise'; allowed: lstm." in capsys.readouterr().err
