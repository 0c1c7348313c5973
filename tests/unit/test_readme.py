"""The README says what was measured and names what exists."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.commands.main import COMMANDS


@pytest.fixture
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def test_the_figures_are_those_of_the_run(readme: str, repository: Path) -> None:
    path = repository / "docs" / "multi30k" / "figures.py"
    spec = importlib.util.spec_from_file_location("figures", path)
    assert spec is not None and spec.loader is not None
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    assert figures.table() in readme


def test_every_command_and_path_it_names_exists(readme: str, repository: Path) -> None:
    for command in re.findall(r"^seq2seq (\w+)", readme, flags=re.MULTILINE):
        assert command in COMMANDS, command
    for path in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (repository / path).exists(), path


def five_steps(rng: np.random.Generator) -> dict[str, Any]:
    """Three sequences of numbers, padded with zeros to five steps."""
    import keras

    three = [[1, 2, 3], [4, 5, 6, 7, 8], [9, 10]]
    layers = [keras.layers.Masking(0.0), keras.layers.LSTM(64), keras.layers.Dense(1)]
    return {
        "fixed": keras.Sequential([keras.Input((5, 1)), *layers]),
        "padding": 0.0,
        "sequences": [np.array(each, np.float32)[:, np.newaxis] for each in three],
        "targets": np.array([10.0, 20.0, 30.0]),
    }


def two_features(rng: np.random.Generator) -> dict[str, Any]:
    """A thousand sequences of 1 to 9 steps of two features, around 0 or around 1."""
    import keras

    classes = rng.integers(0, 2, 1000)
    dense = keras.layers.Dense(1, activation="sigmoid")
    layers = [keras.layers.Masking(-10.0), keras.layers.LSTM(3), dense]
    return {
        "fixed": keras.Sequential([keras.Input((None, 2)), *layers]),
        "padding": -10.0,
        "sequences": [rng.normal(mean, 1.0, (rng.integers(1, 10), 2)) for mean in classes],
        "targets": classes[:, np.newaxis],
    }


def sixty_prices(rng: np.random.Generator) -> dict[str, Any]:
    """Sequences of prices for a model of windows of 60 days."""
    import keras

    layers = [keras.layers.LSTM(4), keras.layers.Dense(1)]
    return {
        "fixed": keras.Sequential([keras.Input((60, 1)), *layers]),
        "padding": -1.0,
        "sequences": [rng.random((length, 1)) for length in (20, 60, 61, 150, 3)],
        "targets": rng.random(5),
    }


@pytest.mark.parametrize(
    ("example", "parts"), [(five_steps, 3), (two_features, 1000), (sixty_prices, 1 + 1 + 2 + 4 + 1)]
)
def test_a_converted_model_goes_on_learning(
    readme: str, example: Callable[[np.random.Generator], dict[str, Any]], parts: int
) -> None:
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    names = example(np.random.default_rng(0))
    blocks = re.findall(r"```python\n(.+?)```", readme, flags=re.DOTALL)
    (block,) = (block for block in blocks if "bucketed_batches" in block)
    assert len(block.splitlines()) <= 10
    exec(block, names)
    assert len(names["batches"].parts.rows) == parts
    losses = names["model"].history.history["loss"]
    assert losses[-1] < losses[0]
    assert names["predictions"].shape == (1, 1)
    features = names["sequences"][0].shape[1]
    assert names["model"](np.full((2, 75, features), 0.5, np.float32)).shape == (2, 1)
