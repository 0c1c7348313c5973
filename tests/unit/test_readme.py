"""The README says what was measured and names what exists."""

from __future__ import annotations

import importlib.util
import re
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


def test_a_converted_model_goes_on_learning(readme: str) -> None:
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(0)
    layers = [keras.Input((60, 1)), keras.layers.LSTM(4), keras.layers.Dense(1)]
    names: dict[str, Any] = {
        "fixed": keras.Sequential(layers),
        "prices": [rng.random((length, 1)) for length in (20, 60, 61, 150, 3)],
        "next_prices": rng.random(5),
    }
    blocks = re.findall(r"```python\n(.+?)```", readme, flags=re.DOTALL)
    (block,) = (block for block in blocks if "bucketed_batches" in block)
    exec(block, names)
    assert len(names["batches"].parts.rows) == 1 + 1 + 2 + 4 + 1
    losses = names["model"].history.history["loss"]
    assert losses[-1] < losses[0]
    assert names["model"](np.full((2, 75, 1), 0.5, np.float32)).shape == (2, 1)
