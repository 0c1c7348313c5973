"""The data of the small models that people ask about, in files, by our own commands.

`seq2seq train`, `predict` and `evaluate` on padded arrays with targets of shape (N, 1) and on text,
as `shared/seeds/README.md` has them; the padding is named, and changes no answer.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.commands.main import main

THREE = [[1, 2, 3], [4, 5, 6, 7, 8], [9, 10]]
SMALL = [
    *("data=sequences", "model.units=16", "model.encoder_layers=1", "model.dropout=0"),
    *("optimizer.learning_rate=1e-2", "training.patience=0", "training.validate_steps=1000"),
]
Train = Callable[..., Path]


def pad(sequences: list[Any], width: int, value: float, *, side: str = "right") -> Any:
    """`[sequences, width, features]`, filled up with a value on either side."""
    arrays = [np.asarray(each, np.float64).reshape(len(each), -1) for each in sequences]
    batch = np.full((len(arrays), width, arrays[0].shape[1]), value)
    for row, steps in zip(batch, arrays, strict=True):
        row[slice(len(steps)) if side == "right" else slice(width - len(steps), None)] = steps
    return batch


def two_classes(count: int, seed: int) -> tuple[list[Any], Any]:
    """Sequences of 1 to 9 steps, half around 0 and half around 1; targets `[count, 1]`."""
    random = np.random.default_rng(seed)
    targets = random.permutation(np.repeat([0, 1], count // 2))
    sequences = [random.normal(each, 1.0, (random.integers(1, 10), 2)) for each in targets]
    return sequences, targets[:, None]


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """Runs `seq2seq train` with settings; returns the directory of the run."""

    def run(*settings: str) -> Path:
        runs = tmp_path_factory.mktemp("runs")
        assert main(["train", *SMALL, f"runs={runs}", "name=seed", *settings]) == 0
        return runs / "seed"

    return run


def lines(capsys: pytest.CaptureFixture[str], *command: str) -> list[str]:
    """What a command that went well wrote."""
    capsys.readouterr()
    assert main(list(command)) == 0
    return capsys.readouterr().out.splitlines()


def answers(
    run: Path, sequences: list[Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> list[list[str]]:
    """The lines of `predict` for sequences alone, and for them padded in four ways."""
    objects = [json.dumps({"source": np.asarray(each).tolist()}) for each in sequences]
    (folder / "alone.jsonl").write_text("".join(f"{each}\n" for each in objects))
    found = [lines(capsys, "predict", "--model", str(run), "--input", str(folder / "alone.jsonl"))]
    longest = max(map(len, sequences))
    for width in (longest, 2 * longest + 1):
        for side in ("right", "left"):
            path = folder / f"{side}{width}.npz"
            np.savez(path, values=pad(sequences, width, -10.0, side=side))
            command = ["predict", "--model", str(run), "--input", str(path)]
            found.append(lines(capsys, *command))
    return found


def test_three_sequences_of_numbers(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = np.array([[10.0], [20.0], [30.0]])
    np.savez(tmp_path / "three.npz", values=pad(THREE, 5, 0.0), labels=targets)
    run = train(
        *("task=regression", f"data.train.source={tmp_path / 'three.npz'}"),
        *("data.features.padding_value=0", "training.max_epochs=10"),
    )
    predict = ["predict", "--model", str(run), "--input"]
    found = lines(capsys, *predict, str(tmp_path / "three.npz"))
    assert len(found) == 3 and all(5 < float(line) < 35 for line in found)
    objects = [json.dumps({"source": [[float(n)] for n in each]}) + "\n" for each in THREE]
    (tmp_path / "alone.jsonl").write_text("".join(objects))
    assert lines(capsys, *predict, str(tmp_path / "alone.jsonl")) == found
    np.savez(tmp_path / "wide.npz", values=pad(THREE, 12, 0.0, side="left"))
    assert lines(capsys, *predict, str(tmp_path / "wide.npz")) == found
    scores = lines(capsys, "evaluate", "--model", str(run), "--source", str(tmp_path / "three.npz"))
    assert "sequences  3" in scores


def test_two_steps_and_a_longer_sequence(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sequences = [[[1, 1.1], [0.9, 0.95]], [[0.1, -1.0], [0.3, 0.2], [-0.4, 0.0], [1.2, 0.7]]]
    np.savez(
        tmp_path / "two.npz",
        values=pad(sequences, 4, -10.0),
        labels=np.array([["short"], ["long"]]),
    )
    run = train(
        # Of one sequence a class none can be held out.
        *("task=classification", f"data.train.source={tmp_path / 'two.npz'}"),
        "data.valid.source=${data.train.source}",
        *("data.features.padding_value=-10", "training.max_epochs=20"),
    )
    alone, *padded = answers(run, sequences, tmp_path, capsys)
    assert [line.split("\t")[0] for line in alone] == ["short", "long"]
    assert all(each == alone for each in padded)


def test_a_thousand_sequences_padded_with_minus_ten(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, count, seed in (("train", 1000, 1), ("test", 2000, 2)):
        sequences, targets = two_classes(count, seed)
        np.savez(tmp_path / f"{name}.npz", values=pad(sequences, 9, -10.0), labels=targets)
    run = train(
        *("task=classification", f"data.directory={tmp_path}", "data.train.source=train.npz"),
        *("data.features.padding_value=-10", "model.bidirectional=false"),
        *("batching.max_tokens=300", "training.max_epochs=3"),
    )
    command = ["evaluate", "--model", str(run), "--source", str(tmp_path / "test.npz"), "--json"]
    scores = json.loads("".join(lines(capsys, *command)))
    assert scores["sequences"] == 2000
    assert scores["accuracy"] > 0.89  # the best decision is right in 91.6 %
    alone, *padded = answers(run, two_classes(40, 3)[0], tmp_path, capsys)
    assert len(alone) == 40 and set(map(lambda line: line[0], alone)) == {"0", "1"}
    assert all(each == alone for each in padded)


def test_texts(
    train: Train,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A text gets the same answer alone and beside a longer one, which pads it."""
    english = ["hello", "how are you doing", "good morning my friend", "see you soon"]
    german = ["hallo", "wie geht es dir", "guten Morgen mein Freund", "bis bald"]
    rows = [f"{text}\ten\n" for text in english] + [f"{text}\tde\n" for text in german]
    (tmp_path / "texts.tsv").write_text("".join(rows * 4))
    run = train(
        *("task=classification", f"data.train.source={tmp_path / 'texts.tsv'}"),
        *("data.valid.source=${data.train.source}", "training.max_epochs=12"),
        "optimizer.learning_rate=3e-2",
    )

    def predict(*texts: str) -> list[str]:
        given = "".join(f"{text}\n" for text in texts).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        return lines(capsys, "predict", "--model", str(run))

    together = predict("hello", "good morning my friend", "wie geht es dir")
    assert [line.split("\t")[0] for line in together] == ["en", "en", "de"]
    alone = [predict(text)[0] for text in ("hello", "good morning my friend", "wie geht es dir")]
    assert alone == together
