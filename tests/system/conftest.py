"""One short run on the phrasebook, started as a user would, which several tests look at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

# Enough to learn the frame of the language, little enough for a test.
RECIPE = [
    "data.max_pairs=9000",
    "tokenizer.vocab_size=1500",
    "model.units=128",
    "model.embedding_dim=64",
    "batching.max_tokens=1000",
    "optimizer.learning_rate=5e-3",
    "optimizer.schedule=constant",
    "training.max_epochs=5",
    "training.validation_sentences=100",
    "training.average_best=2",
]


@dataclass(frozen=True)
class ShortRun:
    directory: Path
    overrides: list[str]
    stdout: str
    stderr: str


def _seq2seq(*arguments: str, cwd: Path, text: str | bytes | None = None) -> tuple[int, str, str]:
    given = text.encode() if isinstance(text, str) else text
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq", *arguments],
        input=given,
        capture_output=True,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="session")
def seq2seq() -> Callable[..., tuple[int, str, str]]:
    """The command: its exit status, stdout and stderr."""
    return _seq2seq


@pytest.fixture(scope="session")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> ShortRun:
    """The run, from a directory that is not the checkout."""
    directory = tmp_path_factory.mktemp("short")
    overrides = ["name=short", *RECIPE]
    status, stdout, stderr = _seq2seq("train", *overrides, cwd=directory)
    assert status == 0, stderr
    return ShortRun(directory / "runs" / "short", overrides, stdout, stderr)
