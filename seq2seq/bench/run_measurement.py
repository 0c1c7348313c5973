"""Measurement of whole runs next to their bare steps: the cost of the loop, and memory growth."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.bench.machine import peak_bytes, resident_bytes
from seq2seq.bench.training_batches import Batch, work, write_batches
from seq2seq.bench.training_cases import Case
from seq2seq.bench.training_corpus import Corpus
from seq2seq.bench.training_measurement import OURS, Bench, train_task
from seq2seq.bench.turns import Rules, take_turns
from seq2seq.bench.worker_process import Worker
from seq2seq.config.schema import settings_to_mapping

STEPS = 50  # updates of a turn
_RUN, _BARE = "whole run", "bare step"


class Sample(NamedTuple):
    """Figures of one turn of a form.

    Attributes:
        rate: target tokens per second.
        bytes_now, bytes_peak: resident memory after the turn; peak since the process started.
    """

    rate: float
    bytes_now: int
    bytes_peak: int


class RunTurn(NamedTuple):
    """Figures of a whole run and of its bare steps, on the same batches, in one turn.

    Attributes:
        step: number of updates made until the end of the turn.
        run, bare: figures of the whole run, and of its bare steps.
        counted: true if the times of the turn count. The first turn does not count, because it
            traces graphs. Of the later turns, only the quiet ones count; if none was quiet, all of
            them count.
    """

    step: int
    run: Sample
    bare: Sample
    counted: bool


@dataclass(frozen=True)
class MeasuredRun:
    """Measurement of one whole run."""

    case: Case
    turns: list[RunTurn]


def measure_run(
    bench: Bench, corpus: Corpus, directory: Path, *, turns: int, steps: int = STEPS
) -> MeasuredRun:
    """Train a run and its bare steps in turns.

    Validations and checkpoints are part of a run; a turn with one of them is slower.

    Args:
        bench: settings of the measurement.
        corpus: corpus and settings of the run.
        directory: directory for files.
        turns: number of turns after the first.
        steps: number of updates of a turn.

    Raises:
        UserError: the run or its bare steps fail.
    """
    batches = list(islice(corpus.batches(), (turns + 1) * steps))
    with ExitStack() as stack:
        run = _start_run(bench, corpus, directory)
        stack.callback(run.close)
        bare = bench.worker(OURS)
        stack.callback(bare.close)
        path = directory / "batches.npz"
        write_batches(path, batches)
        bare.ask(train_task(OURS, corpus.case, path))

        def trained(worker: Worker, task: dict[str, Any]) -> Callable[[], Sample]:
            turn = iter(range(turns + 1))
            return lambda: _sample(worker, task, corpus.case, _part(batches, next(turn), steps))

        taken = take_turns(
            {
                _RUN: trained(run, {"steps": steps}),
                _BARE: trained(bare, {"do": "steps", "count": steps}),
            },
            rules=Rules(repeat=turns, most=turns, limit=bench.rules.limit),
            processes=lambda: [run.process, bare.process],
        )
    counted = [False, *(turn.quiet or not taken.quiet for turn in taken.turns)]
    results = [taken.first, *(turn.results for turn in taken.turns)]
    return MeasuredRun(
        corpus.case,
        [
            RunTurn((number + 1) * steps, each[_RUN], each[_BARE], counted[number])
            for number, each in enumerate(results)
        ],
    )


def _start_run(bench: Bench, corpus: Corpus, directory: Path) -> Worker:
    settings = corpus.settings
    training = replace(
        settings.training, device=bench.device, max_epochs=None, max_steps=1_000_000_000
    )
    path = directory / "settings.json"
    path.write_text(json.dumps(settings_to_mapping(replace(settings, training=training))), "utf-8")
    command = [sys.executable, "-m", "seq2seq.bench.run_worker", str(path)]
    return Worker(_RUN, command, threads=bench.threads)


def _part(batches: list[Batch], turn: int, steps: int) -> list[Batch]:
    return batches[turn * steps : (turn + 1) * steps]


def _sample(worker: Worker, task: dict[str, Any], case: Case, batches: list[Batch]) -> Sample:
    seconds = worker.ask(task)["seconds"]
    total = seconds if isinstance(seconds, float) else sum(seconds)
    return Sample(
        rate=sum(work(case, batch) for batch in batches) / total,
        bytes_now=resident_bytes(worker.process),
        bytes_peak=peak_bytes(worker.process),
    )
