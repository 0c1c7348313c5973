"""`seq2seq tune` with a real Ray: a sweep killed by SIGKILL goes on and ends as it should.

Ray would listen on every interface, so each sweep runs in a network namespace that has loopback
alone.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ray_network import ISOLATED
from tiny_run import TINY

from seq2seq import load_settings

RECIPE = [
    "data=phrasebook",
    *TINY,
    "training.max_epochs=2",
    "training.validation_sentences=20",
    "training.monitor=valid_loss",
    "training.checkpoint_steps=5",
    "search.max_length_factor=1.0",
]


def isolation_works() -> bool:
    try:
        done = subprocess.run([*ISOLATED, "true"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


pytestmark = pytest.mark.skipif(
    not isolation_works(), reason="no network namespace of one's own here (unshare -rn)"
)


def start(workplace: Path, *overrides: str) -> subprocess.Popen[str]:
    command = [*ISOLATED, sys.executable, "-m", "seq2seq", "tune", *RECIPE, *overrides]
    return subprocess.Popen(
        command, cwd=workplace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(workplace: Path, *overrides: str) -> tuple[int, str, str]:
    process = start(workplace, *overrides)
    out, err = process.communicate(timeout=900)
    skip_if_too_busy(err)
    return process.returncode, out, err


def skip_if_too_busy(err: str) -> None:
    """Ray gives its own processes 15 seconds, whatever else a machine has to do."""
    if "Ray did not start" in err:
        pytest.skip("this machine has too much to do for Ray to start")


def record(sweep: Path, number: int) -> dict[str, Any]:
    path = sweep / "trials" / f"{number:03d}" / "trial.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"state": ""}
    return known


def wait_until(condition: Any, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 600
    while not condition():
        if process.poll() is not None:
            err = process.communicate()[1]
            skip_if_too_busy(err)
            pytest.fail(err)
        assert time.monotonic() < deadline
        time.sleep(0.05)


def rows(sweep: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((sweep / "trials.csv").read_text().splitlines()))


def test_a_killed_sweep_goes_on(tmp_path: Path) -> None:
    """Three trials: one of one epoch that ends, one of more that is killed, one that cannot be."""
    sweep = tmp_path / "runs" / "s"
    command = [
        *("name=s", "tune.search=grid", "tune.concurrent=1", "model.units=16,18,15"),
        *("training.max_epochs=2", "tune.scheduler=asha", "tune.grace=9"),
    ]
    first = start(tmp_path, *command)
    wait_until(lambda: record(sweep, 1).get("validations", 0) >= 1, first)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert record(sweep, 0)["state"] == "finished"
    assert record(sweep, 1)["state"] == "running"
    logs = [sweep / "trials" / f"{number:03d}" / "log.txt" for number in range(3)]
    before = logs[0].read_text()

    status, out, err = finish(tmp_path, *command)
    assert status == 0, err
    assert "trial 000 is finished; it is not run again" in err
    assert logs[0].read_text() == before and before.count("of trial 000") == 1
    assert logs[1].read_text().count("of trial 001") == 2
    assert "going on from step" in logs[1].read_text()
    table = rows(sweep)
    assert [row["state"] for row in table] == ["finished", "finished", "failed"]
    assert table[2]["reason"].startswith("model.units received 15; with model.bidirectional=true")
    assert "without a score: 1 of 3" in out
    best = min(table[:2], key=lambda row: float(row["valid_loss"]))
    settings = load_settings([f"experiment={sweep / 'best.yaml'}"])
    assert str(settings.model.units) == best["model.units"]
    assert (sweep / "export" / "manifest.json").exists()
    for name in ("parallel.png", "trials.png", "importance.csv"):
        assert (sweep / name).stat().st_size > 0
    assert not (sweep / ".ray").exists()


@pytest.mark.slow
def test_trials_that_fall_behind_are_stopped(tmp_path: Path) -> None:
    status, _, err = finish(
        tmp_path,
        *("name=s", "tune.search=tpe", "tune.scheduler=asha", "tune.reduction=2", "tune.trials=6"),
        *("optimizer.learning_rate=tag(log,interval(1e-5,1e-2))", "training.max_epochs=3"),
        *("loss=default,default", "tune.cpus=0.5"),
    )
    assert status == 0, err
    states = [row["state"] for row in rows(tmp_path / "runs" / "s")]
    assert len(states) == 6 and set(states) == {"finished", "stopped"}
    assert "behind the others (asha)" in err


@pytest.mark.slow
def test_a_population_takes_over_the_best_weights(tmp_path: Path) -> None:
    sweep = tmp_path / "runs" / "s"
    status, _, err = finish(
        tmp_path,
        *("name=s", "tune.scheduler=pbt", "tune.trials=4", "training.max_epochs=4"),
        *("optimizer.learning_rate=tag(log,interval(1e-6,1e-2))", "tune.cpus=0.5"),
    )
    assert status == 0, err
    assert all(row["state"] == "finished" for row in rows(sweep))
    logs = [path.read_text() for path in sorted(sweep.glob("trials/*/log.txt"))]
    assert any("taking over the weights of trial" in log for log in logs)
    steps = {row["steps"] for row in rows(sweep)}
    assert len(steps) == 1, "whoever took over another's weights went on from its step"


@pytest.mark.slow
def test_several_seeds_and_a_budget(tmp_path: Path) -> None:
    command = ["name=s", "tune.seeds=2", "model.attention=luong,none", "tune.search=grid"]
    status, _, err = finish(tmp_path, *command, "tune.max_epochs=3", "tune.concurrent=1")
    assert status == 0, err
    assert "tune.max_epochs=3 reached" in err
    status, out, err = finish(tmp_path, *command)
    assert status == 0, err
    table = rows(tmp_path / "runs" / "s")
    assert [row["state"] for row in table] == ["finished", "finished"]
    assert all(float(row["deviation"]) > 0 for row in table)
    assert "±" in out


@pytest.mark.slow
def test_when_all_fail_the_first_reason_is_said(tmp_path: Path) -> None:
    status, out, err = finish(tmp_path, "name=s", "model.units=15,17", "tune.search=grid")
    assert (status, out) == (1, "")
    last = err.splitlines()[-1]
    assert last.startswith("seq2seq: error: all 2 trials failed; the first: model.units received")


@pytest.mark.slow
def test_a_sweep_told_to_stop_goes_on(tmp_path: Path) -> None:
    sweep = tmp_path / "runs" / "s"
    command = ["name=s", "model.units=16,18", "tune.search=grid", "training.max_epochs=3"]
    first = start(tmp_path, *command)
    wait_until(lambda: record(sweep, 0).get("validations", 0) >= 1, first)
    os.kill(first.pid, signal.SIGTERM)
    _, err = first.communicate(timeout=300)
    assert first.returncode == 128 + signal.SIGTERM
    assert "the same command goes on" in err
    status, _, err = finish(tmp_path, *command)
    assert status == 0, err
    assert [row["state"] for row in rows(sweep)] == ["finished", "finished"]
