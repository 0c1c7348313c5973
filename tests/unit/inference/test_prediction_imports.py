"""Classes and numbers are predicted without TensorFlow and at once, on any number of threads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.export.exported_label_model import read_label_model
from seq2seq.inference.predictor import Predictor

BLOCKED = ("tensorflow", "tensorflow_text", "keras", "ray", "onnx", "hydra", "matplotlib", "yaml")
LINES = ['{"source": [[0.5, 1.0], [2.0, -1.0]]}', '{"source": []}', '{"source": [[1.0, 1.0]]}']


@pytest.fixture(scope="module")
def model(
    write_small_label_model: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    directory = tmp_path_factory.mktemp("label") / "model"
    return write_small_label_model(directory, bidirectional=False, pooling="mean")


def without_tensorflow(code: str, text: str = "") -> str:
    """What a process prints that can import nothing heavy."""
    blocked = f"import sys; sys.modules.update(dict.fromkeys({BLOCKED!r}))\n"
    done = subprocess.run(
        [sys.executable, "-c", blocked + code], input=text, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(*arguments: str) -> str:
    return f"from seq2seq.commands.main import main\nsys.exit(main({arguments!r}))"


def test_predict_needs_no_tensorflow(model: Path) -> None:
    arguments = ("predict", "--model", str(model), "--format", "jsonl")
    text = "".join(f"{line}\n" for line in LINES)
    lines = without_tensorflow(command(*arguments), text).splitlines()
    assert ["label" in json.loads(line) for line in lines] == [True, False, True]
    steps = without_tensorflow(command(*arguments, "--stream"), "0.5 1.0\n2.0 -1.0\n").splitlines()
    first, last = (json.loads(line)["probabilities"] for line in (lines[0], steps[-1]))
    assert last == pytest.approx(first, abs=1e-5)


def test_evaluate_needs_no_tensorflow(model: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    records = [{"source": [[0.5, 1.0]], "target": "yes"}, {"source": [[2, 1]], "target": "no"}]
    data.write_text("".join(json.dumps(one) + "\n" for one in records))
    arguments = ("evaluate", "--model", str(model), "--source", str(data), "--json")
    assert json.loads(without_tensorflow(command(*arguments)))["sequences"] == 2


def test_python_needs_no_tensorflow(model: Path) -> None:
    code = (
        "from seq2seq import Predictor\n"
        f"print(Predictor.load({str(model)!r}).predict([[[1.0, 2.0]]])[0].answers[0].label)"
    )
    assert without_tensorflow(code) in ("yes\n", "no\n")


def test_threads_change_no_output(model: Path) -> None:
    draw = np.random.default_rng(0)
    sequences = [draw.normal(size=(length, 2)) for length in draw.integers(1, 30, 50)]
    one, four = (Predictor.load(model, threads=count) for count in (1, 4))
    for alone, side_by_side in zip(
        one.outputs(sequences, batch_steps=40), four.outputs(sequences, batch_steps=40), strict=True
    ):
        np.testing.assert_array_equal(alone, side_by_side)


def test_damaged_weights_are_an_error_and_no_prediction(model: Path) -> None:
    inference_model = read_label_model(model)
    numbers = {name: np.full_like(array, 3e38) for name, array in inference_model.numbers.items()}
    with pytest.raises(ModelError, match="not finite numbers; its weights are damaged"):
        Predictor(replace(inference_model, numbers=numbers)).predict([[[1.0, 2.0]]])
