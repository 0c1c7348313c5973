"""One short run on the phrasebook, started as a user would, which several tests look at."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from forked_process import ForkedProcess

# Enough to learn the frame of the language, little enough for a test.
RECIPE = [
    "data.max_pairs=4000",
    "tokenizer.vocab_size=1500",
    "model.units=128",
    "model.embedding_dim=64",
    "model.dropout=0",
    "batching.max_tokens=300",
    "batching.shares=1",  # each further share takes seconds to trace
    "loss.label_smoothing=0",
    "optimizer.learning_rate=5e-3",
    "optimizer.schedule=constant",
    "training.max_epochs=5",
    "training.validation_sentences=100",
    "training.average_best=2",
    "export.saved_model=true",
]


@dataclass(frozen=True)
class ShortRun:
    directory: Path
    overrides: list[str]
    stdout: str
    stderr: str


def _started(*arguments: str, cwd: Path, text: str | bytes | None = None) -> tuple[int, str, str]:
    """Run the command in a new Python."""
    given = text.encode() if isinstance(text, str) else text
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq", *arguments],
        input=given,
        capture_output=True,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def _forked(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run the command in a process that has imported TensorFlow."""
    with TemporaryDirectory() as place:
        output, errors = (Path(place) / name for name in ("output", "errors"))
        process = ForkedProcess(["seq2seq", *arguments], output=output, errors=errors, cwd=cwd)
        return process.wait(), output.read_text("utf-8"), errors.read_text("utf-8")


def _seq2seq(*arguments: str, cwd: Path, text: str | bytes | None = None) -> tuple[int, str, str]:
    if arguments[0] == "train":
        return _forked(*arguments, cwd=cwd)
    return _started(*arguments, cwd=cwd, text=text)


@pytest.fixture(scope="session")
def seq2seq() -> Callable[..., tuple[int, str, str]]:
    """The command: its exit status, stdout and stderr."""
    return _seq2seq


@pytest.fixture(scope="session")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> ShortRun:
    """The run, from a directory that is not the checkout; the workers of pytest-xdist share it."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    directory, overrides = place / "short", ["name=short", *RECIPE]
    said = {name: place / f"short-{name}" for name in ("stdout", "stderr")}
    with (place / "short-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said["stderr"].exists():
            directory.mkdir(exist_ok=True)
            status, stdout, stderr = _started("train", *overrides, cwd=directory)
            assert status == 0, stderr
            said["stdout"].write_text(stdout, "utf-8")
            said["stderr"].write_text(stderr, "utf-8")
        texts = {name: path.read_text("utf-8") for name, path in said.items()}
    return ShortRun(directory / "runs" / "short", overrides, **texts)
