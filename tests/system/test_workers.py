"""Several workers train what one process trains, whatever happens to them meanwhile.

Real Ray, real processes, in a network namespace that holds nothing but loopback.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked_process import ForkedProcess
from ray_network import Network, wait_for
from tiny_run import TINY

from seq2seq import load_settings
from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import plan_epoch
from seq2seq.data.sharing import share_rows
from seq2seq.training.run_directory import run_corpus

STEPS = 50
RAY = str(Path(sys.executable).with_name("ray"))
WORKER = "ray::RayTrainWorker"
RECIPE = [
    "data=phrasebook",
    *TINY,
    "model.dropout=0",
    "model.bidirectional=false",
    "batching.strategy=dynamic",
    "batching.max_tokens=60",
    f"training.max_steps={STEPS}",
    "training.validate_steps=25",
    "training.validation_sentences=10",
    "training.monitor=valid_loss",
    "training.log_steps=1",
    "training.checkpoint_steps=10",
    "search.max_length_factor=1.0",
]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    place = Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))
    opened = Network.open(place)
    if isinstance(opened, str):
        pytest.skip(opened)
    yield opened
    opened.close()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs lie; `one` is what a single process made."""
    place = tmp_path_factory.mktemp("one")
    directory, output, errors = place / "runs", place / "output", place / "errors"
    command = ["seq2seq", "train", *overrides(directory, "one")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}  # as the network's processes have it
    one = ForkedProcess(command, output=output, errors=errors, environment=environment)
    assert one.wait(600) == 0, errors.read_text()
    return directory


def overrides(runs: Path, name: str) -> list[str]:
    return [f"runs={runs}", f"name={name}", *RECIPE]


def train(network: Network, runs: Path, name: str, *more: str, **env: str) -> Any:
    return network.seq2seq("train", *overrides(runs, name), *more, mark=name, **env)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=600)
    return process.returncode, errors


def curve(run: Path) -> list[dict[str, Any]]:
    """The records of the updates, without what the clock says."""
    path = run / "metrics.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    records = [json.loads(line) for line in lines if line.startswith('{"kind": "train"')]
    return [
        {key: record[key] for key in ("step", "loss", "negative_log_likelihood", "gradient_norm")}
        for record in records
    ]


def weights(run: Path) -> dict[str, Any]:
    with np.load(run / "checkpoints" / f"step-{STEPS:08d}" / "weights.npz") as arrays:
        return dict(arrays)


def reached(run: Path, step: int) -> Any:
    return lambda: len(curve(run)) >= step


def assert_same_training(run: Path, other: Path) -> None:
    """Losses and weights are equal up to rounding, and no step stands there twice or is missing."""
    ours, theirs = curve(run), curve(other)
    assert [record["step"] for record in ours] == list(range(1, STEPS + 1))
    for name in ours[0]:
        np.testing.assert_allclose(
            [record[name] for record in ours], [record[name] for record in theirs], rtol=1e-4
        )
    mine, its = weights(run), weights(other)
    assert mine.keys() == its.keys()
    for name, values in mine.items():
        np.testing.assert_allclose(values, its[name], atol=2e-5, err_msg=name)
    assert (run / "export" / "manifest.json").exists()


def test_the_batches_leave_a_worker_without_rows(runs: Path) -> None:
    """Of three workers; and the tokens of two are not the same."""
    corpus = run_corpus(load_settings([f"runs={runs}", *RECIPE]))
    lengths = [column.lengths + 1 for column in (corpus.train.source, corpus.train.target)]
    plan = plan_epoch(
        *lengths, BatchingSettings(strategy="dynamic", max_tokens=60), seed=1, epoch=0
    )
    tokens = np.add(*lengths)
    batches = [tokens[plan.batch(index)].tolist() for index in range(min(STEPS, len(plan)))]
    shares = [[len(places) for places in share_rows(batch, 3)] for batch in batches]
    assert sum(0 in rows for rows in shares) > 5
    assert any(len(set(rows)) > 1 for rows in shares)


def test_two_workers_one_of_them_killed_train_what_one_process_does(
    network: Network, runs: Path
) -> None:
    process = train(network, runs, "two", "training.workers=2")
    wait_for(reached(runs / "two", 15), process)
    network.kill("two", WORKER)
    status, errors = finish(process)
    assert status == 0, errors
    assert "2 replicas" in errors and "2 begin again" in errors
    assert "going on from step" in errors
    assert_same_training(runs / "two", runs / "one")


@pytest.mark.slow
def test_three_workers_train_what_one_process_does(network: Network, runs: Path) -> None:
    status, errors = finish(train(network, runs, "three", "training.workers=3"))
    assert status == 0, errors
    assert_same_training(runs / "three", runs / "one")


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, -1])
def test_a_killed_worker_changes_no_bit(victim: int, network: Network, runs: Path) -> None:
    """Whichever it was: two workers end with the very weights that undisturbed ones have."""
    dropout = ["model.dropout=0.2", "training.workers=2"]
    if not (runs / "whole").exists():
        status, errors = finish(train(network, runs, "whole", *dropout))
        assert status == 0, errors
    name = f"killed{victim}"
    process = train(network, runs, name, *dropout)
    wait_for(reached(runs / name, 25), process)
    network.kill(name, WORKER)
    status, errors = finish(process)
    assert status == 0, errors
    assert curve(runs / name) == curve(runs / "whole")
    mine, its = weights(runs / name), weights(runs / "whole")
    assert all((mine[path] == its[path]).all() for path in its)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_saves_and_another_number_of_workers_goes_on(
    number: signal.Signals, network: Network, runs: Path
) -> None:
    name = f"told-{number.name}"
    process = train(network, runs, name, "training.workers=2")
    wait_for(reached(runs / name, 12), process)
    process.send_signal(number)
    status, errors = finish(process)
    assert status == 128 + number, errors
    assert "the same command goes on" in errors
    assert network.pids(name, WORKER) == []
    more = "training.workers=3" if number == signal.SIGINT else "training.workers=1"
    status, errors = finish(train(network, runs, name, more))
    assert status == 0, errors
    assert "going on from step" in errors
    assert_same_training(runs / name, runs / "one")


@pytest.fixture
def two_nodes(network: Network) -> Iterator[str]:
    """The address of a cluster of two nodes, each a raylet of its own with room for two."""
    port, options = "6411", ["--block", "--num-cpus=2", "--object-store-memory=80000000"]
    head = network.start(
        RAY, "start", "--head", f"--port={port}", "--include-dashboard=false", *options, mark="1"
    )
    wait_for(lambda: bool(network.pids("1", "raylet")), head)
    address = f"127.0.0.1:{port}"
    second = network.start(RAY, "start", f"--address={address}", *options, mark="2")
    wait_for(lambda: bool(network.pids("2", "raylet")), second)
    yield address
    for process in (second, head):
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["2", "1..4"])
def test_a_lost_node_is_done_without(
    workers: str, two_nodes: str, network: Network, runs: Path
) -> None:
    name = f"node{workers.replace('..', '-')}"
    process = train(network, runs, name, f"training.workers={workers}", RAY_ADDRESS=two_nodes)
    wait_for(reached(runs / name, 15), process)
    assert network.pids("2", WORKER)
    network.kill("2", "raylet")
    status, errors = finish(process)
    assert status == 0, errors
    assert "begin again" in errors
    assert_same_training(runs / name, runs / "one")


@pytest.mark.slow
def test_what_a_person_must_put_right_is_one_sentence(network: Network, runs: Path) -> None:
    wild = ["optimizer.learning_rate=1e30", "optimizer.clip_norm=0", "training.workers=2"]
    status, errors = finish(train(network, runs, "wild", *wild))
    assert status == 1
    assert errors.splitlines()[-1].startswith("seq2seq: error: the loss")
    assert "Traceback" not in errors
