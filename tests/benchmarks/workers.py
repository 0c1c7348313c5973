"""What several workers cost and gain on this machine: step, all-reduce, input.

    python tests/benchmarks/workers.py [--rounds 10] [--workers 2]

Prints, for the multi30k recipe's sizes, a step on whole and on divided batches, the sum of its
gradients over processes that talk over loopback (the same collective that a run uses), how fast
batches are built and divided, and the machine's load, which belongs to every number.
docs/scaling.md reckons from these.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

VOCAB, ROWS, LENGTH = 6000, 130, 15
SEED, RATE = np.array([1, 2], np.int32), np.float32(1e-3)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=20_000)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{len(os.sched_getaffinity(0))} cores, load {load:.1f} before, {options.rounds} rounds")
    parameters = step(options.rounds)
    all_reduce(parameters, options.workers, options.rounds)
    inputs(options.pairs)
    print(f"load {os.getloadavg()[0]:.1f} after")


def median_seconds(action: Callable[[], Any], rounds: int) -> float:
    """The median of several turns, the first two not counted: they trace and warm up."""
    seconds = []
    for _ in range(rounds + 2):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[2:])


def step(rounds: int) -> int:
    """A step of one process on a batch and on the shares that 2, 4 and 8 workers would have."""
    from seq2seq.bench.training_cases import Case
    from seq2seq.bench.training_steps import make_step

    trained, parameters = make_step(Case(layers=2, vocab_size=VOCAB))
    random = np.random.default_rng(0)
    for shares in (1, 2, 4, 8):
        rows = -(-ROWS // shares)
        batch = _batch(random, rows)
        seconds = median_seconds(lambda b=batch: float(trained.update(b, SEED, RATE).loss), rounds)
        print(
            f"step of {rows:3} rows of {LENGTH} ({shares} shares): {1000 * seconds:6.0f} ms, "
            f"{rows * LENGTH / seconds:7,.0f} target tokens/s"
        )
    return parameters


def _batch(random: np.random.Generator, rows: int) -> tuple[Any, Any]:
    source, target = random.integers(4, VOCAB, (2, rows, LENGTH)).astype(np.int32)
    return source, target


def all_reduce(parameters: int, workers: int, rounds: int) -> None:
    """Sum gradients of the model over processes of this machine."""
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(workers)]
    processes = []
    for index in range(workers):
        task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
        processes.append(
            subprocess.Popen(
                [sys.executable, __file__, "sum", str(parameters), str(rounds)],
                env={**os.environ, "TF_CONFIG": json.dumps(task)},
                stdout=None if index == 0 else subprocess.DEVNULL,
            )
        )
    if any([process.wait() for process in processes]):
        sys.exit("a worker failed")


def sum_gradients(parameters: int, rounds: int) -> None:
    """What each process of `all_reduce` does."""
    from seq2seq.model.backend import quiet_tensorflow

    quiet_tensorflow()
    import tensorflow as tf

    from seq2seq.training.replicas import StrategyReplicas

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    number = strategy.cluster_resolver.task_id
    replicas = StrategyReplicas(strategy, process=number)
    count = replicas.division.shares
    for size in (3, parameters // 8, parameters):
        values = tf.ones([size])
        add = replicas.function(  # a gradient is computed by a device; an argument by none
            lambda values: replicas.sum([tf.negative(values)])[0][0],
            tf.TensorSpec([size], tf.float32),
        )
        seconds = median_seconds(lambda a=add, v=values: float(a(v)), rounds)
        print(
            f"sum of {size:11,} numbers over {count} processes: {1000 * seconds:7.1f} ms, "
            f"{4 * size / seconds / 1e6:7,.0f} MB/s",
            flush=True,
        )


def inputs(pairs: int) -> None:
    """Batches built, and plans made and divided, a second."""
    from seq2seq import load_settings
    from seq2seq.config.schema import BatchingSettings
    from seq2seq.data.batch_building import Columns, epoch_batches
    from seq2seq.data.batching import plan_epoch
    from seq2seq.data.sharing import Division, share_plan
    from seq2seq.training.run_directory import run_corpus

    with tempfile.TemporaryDirectory() as runs:
        corpus = run_corpus(
            load_settings([f"runs={runs}", f"data.max_pairs={pairs}", "data=phrasebook"])
        )
        columns = Columns(corpus.train.source, corpus.train.target)
        lengths = columns.lengths()
        started = time.perf_counter()
        plan = plan_epoch(*lengths, BatchingSettings(), seed=1, epoch=0)
        report("plan of an epoch", len(lengths[0]), "pairs", started)
        for shares in (8, 64):
            started = time.perf_counter()
            share_plan(plan, np.add(*lengths), Division(shares, range(1)))
            report(f"plan divided in {shares}", len(lengths[0]), "pairs", started)
        targets = int(lengths[1].sum())
        started = time.perf_counter()
        for _ in epoch_batches(columns, plan):
            pass
        report("batches built", targets, "target tokens", started)
        started = time.perf_counter()
        for index in range(len(plan)):
            columns.target.gather(plan.batch(index))
        report("one side read from the store", targets, "target tokens", started)
        size = sum(f.stat().st_size for f in Path(runs).rglob("*.ids"))
        print(f"store: {size / 2 / max(1, targets):.1f} bytes a target token and side")


def report(what: str, count: int, unit: str, started: float) -> None:
    seconds = time.perf_counter() - started
    print(f"{what}: {count / seconds:,.0f} {unit}/s")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["sum"]:
        sum_gradients(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
