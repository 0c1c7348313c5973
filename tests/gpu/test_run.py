"""A run learns on its device, and what it exports needs no GPU."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

RECIPE = [
    "data=phrasebook",
    "data.max_pairs=600",
    "data.test={source: null, target: null}",
    "tokenizer.vocab_size=500",
    "model.units=48",
    "model.embedding_dim=24",
    "model.dropout=0.0",
    "batching.max_tokens=300",
    "optimizer.learning_rate=0.01",
    "optimizer.schedule=constant",
    "training.max_epochs=4",
    "training.log_steps=1",
    "training.monitor=valid_loss",
    "training.validation_sentences=5",
    "export.saved_model=true",
]
SENTENCES = "the train is late\n\nwhere is the hotel?\n"
LAUNCH = [sys.executable, "-m", "seq2seq"]


class Run(NamedTuple):
    directory: Path
    device: str
    stderr: str

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Lines of `metrics.jsonl` of one kind."""
        lines = (self.directory / "metrics.jsonl").read_text().splitlines()
        return [record for record in map(json.loads, lines) if record["kind"] == kind]


ON_A_GPU = [
    pytest.param(("gpu", precision), marks=pytest.mark.gpu, id=f"gpu-{precision}")
    for precision in ("float32", "bfloat16", "float16")
]


@pytest.fixture(scope="module", params=[pytest.param(("cpu", "float32"), id="cpu"), *ON_A_GPU])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A short run, started as a user would."""
    directory = tmp_path_factory.mktemp("run")
    device, precision = request.param
    own = [f"training.device={device}", f"training.precision={precision}"]
    command = [*LAUNCH, "train", "name=short", *RECIPE, *own]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Run(directory / "runs" / "short", device, done.stderr)


def without_gpu(*command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process that sees no GPU."""
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(command, input=text, env=environment, capture_output=True, text=True)


def test_a_run_learns(run: Run) -> None:
    losses = [record["valid_loss"] for record in run.records("valid")]
    assert len(losses) == 4 and losses == sorted(losses, reverse=True)
    # In float16 the first updates may be skipped until the loss scale fits; they have no loss.
    trained = [record["loss"] for record in run.records("train") if "loss" in record]
    assert trained[-1] < 0.6 * trained[0]


def test_a_run_names_its_device_and_checks_a_gpu(run: Run) -> None:
    (record,) = run.records("run")
    assert record["device"].startswith(run.device.upper())
    checked = re.findall(r"cuDNN is used: its LSTM differs by [\d.]+%", run.stderr)
    assert len(checked) == (run.device == "gpu")


def test_an_export_translates_without_a_gpu(run: Run) -> None:
    export = str(run.directory / "export")
    done = without_gpu(*LAUNCH, "translate", "--model", export, text=SENTENCES)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert len(lines) == 4 and lines[0] and not lines[1] and lines[2]


def test_the_saved_model_loads_without_a_gpu(run: Run) -> None:
    pytest.importorskip("tensorflow_text")
    code = (
        "import sys, tensorflow as tf, tensorflow_text\n"
        "model = tf.saved_model.load(sys.argv[1])\n"
        "print(model.translate(tf.constant(['the train is late']))['translation'].shape)\n"
    )
    done = without_gpu(
        sys.executable, "-c", code, str(run.directory / "export" / "saved_model" / "1")
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "(1,)\n"
