"""Sequences longer than the limit, from training to the predictions of the exported model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Predictor, load_settings, train
from seq2seq.commands.main import main
from seq2seq.training.reporting.terminal import LineReport

SMALL = [
    *("data=sequences", "data.max_length=6", "model.units=8", "model.dropout=0"),
    *("batching.max_tokens=100", "optimizer.learning_rate=2e-2", "training.max_epochs=3"),
    "training.patience=0",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with sequences of 1 to 20 steps, with classes and with numbers."""
    directory = tmp_path_factory.mktemp("long")
    rng = np.random.default_rng(0)
    for split, count in (("train", 60), ("valid", 30)):
        classes, numbers = [], []
        for _ in range(count):
            label = int(rng.integers(2))
            steps = rng.normal(label, 1.0, (rng.integers(1, 21), 2)).round(3)
            classes.append({"source": steps.tolist(), "target": "ab"[label]})
            numbers.append({"source": steps.tolist(), "target": [steps.mean(), 100 + label]})
        for name, rows in (("classes", classes), ("numbers", numbers)):
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (directory / f"{split}-{name}.jsonl").write_text(text)
    return directory


def learn(place: Path, task: str, kind: str, *overrides: str, name: str) -> Path:
    files = [f"data.{split}.source={split}-{kind}.jsonl" for split in ("train", "valid")]
    test = f"data.test.source=valid-{kind}.jsonl"
    places = [f"name={name}", f"runs={place}/runs", f"data.directory={place}", f"task={task}"]
    settings = load_settings([*SMALL, *places, *files, test, *overrides])
    return Path(train(settings, report=LineReport()).run_directory)


@pytest.mark.parametrize(
    ("task", "kind", "rule", "scores"),
    [
        ("classification", "classes", "windows", ["accuracy", "macro_f1", "loss"]),
        ("regression", "numbers", "windows", ["mae", "rmse", "r2"]),
        ("classification", "classes", "tail", ["accuracy", "macro_f1", "loss"]),
    ],
)
def test_validation_test_and_prediction_read_long_sequences_alike(
    place: Path, capsys: Any, task: str, kind: str, rule: str, scores: list[str]
) -> None:
    stride = ["data.stride=4"] if rule == "windows" else []
    run = learn(place, task, kind, f"data.long={rule}", *stride, name=f"{kind}-{rule}")
    reading = {
        "windows": "read in windows of 6, one every 4",
        "tail": "only the last 6 are read",
    }
    assert f"longer than data.max_length=6: {reading[rule]}" in capsys.readouterr().err
    metrics = json.loads((run / "result.json").read_text())["metrics"]
    for score in scores:
        assert metrics[f"test_{score}"] == pytest.approx(metrics[f"valid_{score}"], rel=1e-4)

    source = place / f"valid-{kind}.jsonl"
    rows = [np.array(json.loads(line)["source"]) for line in source.read_text().splitlines()]
    predictor = Predictor.load(run)
    found = predictor.outputs(rows)
    for row, output in zip(rows, found, strict=True):
        windows = [row]
        if len(row) > 6:
            starts = [*range(0, len(row) - 6, 4), len(row) - 6] if stride else [len(row) - 6]
            windows = [row[start : start + 6] for start in starts]
        alone = np.mean([predictor.outputs([window])[0] for window in windows], axis=0)
        np.testing.assert_allclose(output, alone, rtol=1e-5)

    capsys.readouterr()
    assert main(["predict", "--model", str(run), "--input", str(source)]) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == len(rows)
    long = [f"line {n}: " for n, row in enumerate(rows, 1) if len(row) > 6]
    warned = [line for line in shown.err.splitlines() if reading[rule] in line]
    assert len(warned) == (len(long) if rule == "tail" else 0)
    assert all(start in line for start, line in zip(long, warned, strict=False))
    assert main(["evaluate", "--model", str(run), "--source", str(source), "--json"]) == 0
    shown = capsys.readouterr()
    figures = json.loads(shown.out)
    assert figures["sequences"] == len(rows)
    for score in scores:
        assert figures[score] == pytest.approx(metrics[f"test_{score}"])
    assert shown.err.count(reading[rule]) == (len(long) if rule == "tail" else 0)


def test_by_default_long_sequences_are_not_trained_from_and_predicted_whole(
    place: Path, capsys: Any
) -> None:
    run = learn(place, "classification", "classes", name="drop")
    assert "dropped: longer than data.max_length=6 (" in capsys.readouterr().err
    steps = np.random.default_rng(1).normal(size=(15, 2))
    predictor = Predictor.load(run)
    (whole,) = predictor.outputs([steps])
    (first,) = predictor.outputs([steps[:6]])
    assert np.abs(whole - first).max() > 1e-4


def test_inspect_names_long_sequences(place: Path, capsys: Any) -> None:
    files = [f"data.{split}.source={split}-classes.jsonl" for split in ("train", "valid")]
    keys = [f"runs={place}/runs", f"data.directory={place}", "task=classification", "name=seen"]
    assert main(["inspect", *SMALL, *keys, *files, "data.long=windows"]) == 0
    shown = capsys.readouterr().out
    assert (
        " longer than data.max_length=6: read in windows of 6, one every 6; the longest has "
        in shown
    )
    assert "train: 60 sequences of 60 in " in shown
