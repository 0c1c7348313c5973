"""The textbook example: two classes of sequences of two features, N(0, 1) or N(1, 1), of lengths
1 to 9, padded with -10. With the padding named, a model comes within two points of what the best
decision reaches; without, it takes the padding for data."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Predictor, load_settings, train
from seq2seq.training.reporting.terminal import LineReport

LENGTHS = np.arange(1, 10)
PADDING = -10.0
RECIPE = [
    "task=classification",
    "data=sequences",
    "data.train.source=train.npz",
    "data.test.source=test.npz",
    "model.units=16",
    "model.bidirectional=false",
    "model.dropout=0",
    "batching.max_tokens=300",
    "optimizer.learning_rate=1e-2",
    "optimizer.schedule=cosine",
    "training.max_epochs=3",
    "training.patience=0",
]


def bayes_rate() -> float:
    """Accuracy of the best decision: the mean of the 2 x length values against one half."""
    rates = [0.5 * (1.0 + math.erf(math.sqrt(2 * n) / 2 / math.sqrt(2))) for n in LENGTHS]
    return float(np.mean(rates))


def draw(count: int, seed: int) -> tuple[list[Any], Any]:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    sequences = [
        random.normal(label, 1.0, (random.choice(LENGTHS), 2)).astype(np.float32)
        for label in labels
    ]
    return sequences, labels


def padded(sequences: list[Any], *, width: int, pre: bool = False) -> Any:
    array = np.full((len(sequences), width, 2), PADDING, np.float32)
    for row, steps in enumerate(sequences):
        array[row, slice(-len(steps), None) if pre else slice(len(steps))] = steps
    return array


def learn(directory: Path, name: str, *overrides: str) -> Any:
    settings = load_settings(
        [
            *RECIPE,
            f"name={name}",
            f"runs={directory}/runs",
            f"data.directory={directory}",
            *overrides,
        ]
    )
    return train(settings, report=LineReport())


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("textbook")
    for name, count, seed in (("train", 1000, 1), ("test", 10_000, 2)):
        sequences, labels = draw(count, seed)
        values = padded(sequences, width=9)
        np.savez(directory / f"{name}.npz", values=values, labels=labels)
        whole = np.full(count, 9)
        np.savez(directory / f"{name}-blind.npz", values=values, labels=labels, lengths=whole)
    return directory


def test_with_its_padding_named_a_model_comes_near_the_best_decision(directory: Path) -> None:
    assert bayes_rate() == pytest.approx(0.916, abs=0.001)
    result = learn(directory, "masked", f"data.features.padding_value={PADDING}")
    accuracy = result.metrics["test_accuracy"]
    assert accuracy > bayes_rate() - 0.02
    predictor = Predictor.load(result.export)
    sequences, _ = draw(60, 3)
    wanted = [p.answers[0].probabilities for p in predictor.predict(sequences)]
    for width, pre in ((9, False), (9, True), (14, False), (40, True)):
        given = given_padded(predictor, padded(sequences, width=width, pre=pre), directory)
        for one, other in zip(wanted, given, strict=True):
            assert one == pytest.approx(other, abs=1e-6)


def given_padded(predictor: Predictor, values: Any, directory: Path) -> list[Any]:
    """The answers to a padded file, read as `predict` reads it."""
    from seq2seq.data.readers.npz import read_npz
    from seq2seq.data.sequences.item import Form

    np.savez(directory / "given.npz", values=values)
    items = read_npz(directory / "given.npz", Form(padding_value=PADDING))
    contents = [item.content for item in items if item.content is not None]
    return [answer.answers[0].probabilities for answer in predictor.predict(contents)]


def test_without_it_the_padding_is_taken_for_data(directory: Path) -> None:
    result = learn(
        directory,
        "blind",
        "data.train.source=train-blind.npz",
        "data.test.source=test-blind.npz",
    )
    assert result.metrics["test_accuracy"] < bayes_rate() - 0.05
    sequences, _ = draw(60, 3)
    narrow, wide = (
        Predictor.load(result.export).predict(list(padded(sequences, width=width)))
        for width in (9, 14)
    )
    pairs = zip(narrow, wide, strict=True)
    assert any(one.answers[0].label != other.answers[0].label for one, other in pairs)
