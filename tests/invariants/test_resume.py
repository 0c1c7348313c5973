"""Law 3: a killed run continues as if it had not been killed, bit for bit.

Real processes, killed by SIGKILL (which nothing can catch) between two steps, in the middle of
writing a checkpoint, before and after its rename, and inside a validation; or stopped by a
signal. What each ends with is compared, by its bytes, with a run that nobody touched. They are
forked from a process that has imported TensorFlow, which spares each the seconds of that; but the
run that most are compared with is in a Python of its own. On a GPU `training.deterministic`, which
is true by default, makes equal bytes possible.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked_process import ForkedProcess

DRIVER = Path(__file__).with_name("killed_run.py")
CLOCKS = {"seconds", "tokens_per_second", "sequences_per_second"}
# Each with how often a process passes it before it dies there; checkpoints come every third update.
PLACES = [("step", 5), ("write", 2), ("rename", 2), ("renamed", 2), ("validation", 1)]
CLASS_PLACES = [("step", 5), ("write", 2)]


def arguments(runs: Path, name: str, *kill: str) -> list[str]:
    """The command of a run on the device that the directory is named after."""
    return [str(DRIVER), str(runs), runs.name, name, *kill]


def run_untouched(runs: Path, name: str) -> str:
    """Run to the end in a new Python, as a user would; return what it wrote to stderr."""
    command = [sys.executable, *arguments(runs, name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stderr


def fork_untouched(runs: Path, name: str) -> None:
    """Run to the end in a forked process; `whole` shows that these compute what a new Python does.

    `test_a_run_killed_again_and_again_ends_the_same` compares the two.
    """
    status, errors = finish(runs, name)
    assert status == 0, errors


def start(runs: Path, name: str, *kill: str) -> ForkedProcess:
    errors = runs.with_name(f"{name}.log")
    errors.unlink(missing_ok=True)
    return ForkedProcess(arguments(runs, name, *kill), output=Path(os.devnull), errors=errors)


def ended(process: ForkedProcess) -> tuple[int, str]:
    """Its exit status and what it wrote to stderr."""
    return process.wait(300), process.errors.read_text()


def finish(runs: Path, name: str, *kill: str) -> tuple[int, str]:
    return ended(start(runs, name, *kill))


def outcome(run: Path) -> dict[str, Any]:
    """Everything a run ends with, except what the clock says."""
    arrays = {}
    for path in sorted((run / "checkpoints").glob("*/*.npz")):
        with np.load(path) as file:
            content = b"".join(name.encode() + file[name].tobytes() for name in sorted(file.files))
        arrays[str(path.relative_to(run))] = sha256(content).hexdigest()
    state = json.loads(max((run / "checkpoints").glob("*/state.json")).read_text())
    for name in ("sha256", "metrics_bytes", "seconds"):
        state.pop(name)
    for sums in ("log", "epoch_sums"):
        state[sums].pop("seconds")
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    curve = [
        {key: value for key, value in line.items() if key not in CLOCKS}
        for line in lines
        if line["kind"] in ("train", "epoch", "valid")
    ]
    return {"arrays": arrays, "state": state, "curve": curve}


@pytest.fixture(scope="module")
def runs(device_name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("runs") / device_name
    directory.with_name("whole.log").write_text(run_untouched(directory, "whole"))
    return directory


def threads_of(errors: str) -> str:
    """The number of threads that TensorFlow computed with."""
    return errors.rpartition("computed with threads: ")[2].split()[0]


def test_a_run_killed_again_and_again_ends_the_same(runs: Path) -> None:
    """Each process is killed at another place, and the next one goes on with what it left."""
    for place, count in PLACES:
        status, errors = finish(runs, "killed", place, str(count))
        assert status == -signal.SIGKILL, (place, errors)
        assert not (runs / "killed" / "export").exists()
        assert ("going on from step" in errors) == (place != PLACES[0][0]), place
    status, errors = finish(runs, "killed")
    assert status == 0, errors
    assert outcome(runs / "killed") == outcome(runs / "whole")
    # On some machines the sums of these small models are the same with any number of threads.
    assert threads_of(errors) == threads_of(runs.with_name("whole.log").read_text())
    assert not list((runs / "killed" / "checkpoints").glob(".unfinished-*"))


def test_a_run_told_to_stop_saves_and_goes_on(runs: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start(runs, "stopped")
        wait_for_an_update(process, runs / "stopped" / "metrics.jsonl")
        process.send_signal(number)
        status, errors = ended(process)
        assert status == 1, (number, errors)  # the driver has no exit statuses of its own
        assert "the same command goes on" in errors
    status, errors = finish(runs, "stopped")
    assert status == 0, errors
    assert "going on from step" in errors
    assert outcome(runs / "stopped") == outcome(runs / "whole")


def wait_for_an_update(process: ForkedProcess, metrics: Path) -> None:
    """Wait until a process that trains has written the metrics of one more update."""

    def updates() -> int:
        return metrics.read_text().count('"train"') if metrics.exists() else 0

    before, deadline = updates(), time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None and updates() <= before:
        time.sleep(0.01)


def test_a_finished_run_says_so(runs: Path) -> None:
    def files() -> dict[str, bytes]:
        names = ("metrics.jsonl", "result.json", "settings.yaml", "export/manifest.json")
        return {name: (runs / "whole" / name).read_bytes() for name in names}

    before = files()
    status, errors = finish(runs, "whole")
    assert status == 0 and "finished" in errors
    assert files() == before


def test_a_run_of_a_transformer_killed_by_sigkill_ends_the_same(runs: Path) -> None:
    fork_untouched(runs, "transformer")
    status, _ = finish(runs, "transformer-killed", "step", "5")
    assert status == -signal.SIGKILL
    status, errors = finish(runs, "transformer-killed")
    assert status == 0, errors
    assert "going on from step" in errors
    assert outcome(runs / "transformer-killed") == outcome(runs / "transformer")


@pytest.fixture(scope="module")
def class_runs(device_name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classification that nobody touched; its three classes are of unequal size."""
    directory = tmp_path_factory.mktemp("classes") / device_name
    directory.mkdir()
    random = np.random.default_rng(0)
    lengths = random.integers(1, 12, 120)
    np.savez(
        directory / "sequences.npz",
        values=random.standard_normal((lengths.sum(), 2)),
        lengths=lengths,
        labels=random.choice(3, 120, p=[0.6, 0.3, 0.1]),
    )
    fork_untouched(directory, "classes")
    return directory


def test_a_classification_killed_twice_ends_the_same(class_runs: Path) -> None:
    for place, count in CLASS_PLACES:
        status, errors = finish(class_runs, "classes-killed", place, str(count))
        assert status == -signal.SIGKILL, (place, errors)
    status, errors = finish(class_runs, "classes-killed")
    assert status == 0, errors
    assert "going on from step" in errors
    assert outcome(class_runs / "classes-killed") == outcome(class_runs / "classes")
    predictions = [
        (class_runs / run / "test_predictions.jsonl").read_text()
        for run in ("classes-killed", "classes")
    ]
    assert predictions[0] == predictions[1]
