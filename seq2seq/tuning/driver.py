"""Main process of a sweep: it starts trials, receives their validations and keeps the records.

All state that must survive a kill is in the files of the sweep; none of it is in Ray's files. A
resumed sweep starts a new Ray and passes it the unfinished trials, which resume from their
checkpoints.

`Tuner.restore` cannot replace the records. It reads the last snapshot of Ray's state: pickled
objects, which may be many seconds old. Measured with Ray 2.60.0: a sweep had four trials with eight
reports each, and a checkpoint with each report. SIGKILL killed it at the fourth report of the third
trial. Then `Tuner.restore` ran the fourth trial, and after it the third trial from its beginning.
"""

from __future__ import annotations

import fcntl
import math
import os
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from seq2seq.disk import locked
from seq2seq.errors import TrainingError
from seq2seq.training.interruption import Interruption, RunInterrupted
from seq2seq.training.reporting.metrics_file import read_validations
from seq2seq.training.reporting.terminal import counted
from seq2seq.tuning.display import SweepDisplay
from seq2seq.tuning.ray_session import ray_session
from seq2seq.tuning.results import SweepResult, conclude
from seq2seq.tuning.sweep import Sweep
from seq2seq.tuning.trial import TrialPlan, run_trial
from seq2seq.tuning.trial_records import (
    Trial,
    TrialRecords,
    run_directories,
)

_STORAGE = ".ray"  # files of Tune, needed only by trials that exchange weights
_KEPT_FOR_OTHERS = 4  # checkpoints per trial; with fewer, one may be removed before it is copied
_KEEP_SECONDS = 5.0
_ORPHANS_MAY_TAKE = 60.0  # seconds until orphaned trials notice that their sweep was killed


def run_sweep(sweep: Sweep, *, display: SweepDisplay) -> SweepResult:
    """Run or resume the sweep, and write its results.

    Raises:
        UserError: the directory belongs to another sweep or to a run, every trial failed, or a
            signal arrived (`RunInterrupted`); all finished work is kept.
    """
    with locked(sweep.directory):
        records = TrialRecords(sweep.directory)
        records.settle(sweep.identity())
        for line in sweep.notes():
            display.note(line)
        waiting = list(_waiting(sweep, records, display))
        budget = _Budget(sweep, records)
        try:
            if (waiting or _more_to_choose(sweep, records)) and budget.reached() is None:
                _run(sweep, records, waiting, budget=budget, display=display)
        finally:
            display.close()
        reached = budget.reached()
        if reached is not None:
            display.note(f"{reached}, with {counted(_count_done(records), 'trial')} done")
        return conclude(sweep, records, note=display.note)


def _run(
    sweep: Sweep,
    records: TrialRecords,
    waiting: list[Trial],
    *,
    budget: _Budget,
    display: SweepDisplay,
) -> None:
    _wait_for_orphans(sweep, records, display)
    storage = records.directory / _STORAGE
    shutil.rmtree(storage, ignore_errors=True)
    tune = sweep.tune
    try:
        with (  # in this order: Ray replaces the signal handlers when it starts
            ray_session(records.directory, cpus=tune.cpus, gpus=tune.gpus),
            Interruption() as interruption,
        ):
            budget.interruption = interruption
            _fit(sweep, records, waiting, storage=storage, budget=budget, display=display)
    finally:
        shutil.rmtree(storage, ignore_errors=True)
        budget.keep()
    if interruption.signal_number is not None:
        raise RunInterrupted(
            f"stopped with {_count_done(records)} of {counted(sweep.trials, 'trial')} done; the "
            "same command goes on",
            signal_number=interruption.signal_number,
        )


def _fit(
    sweep: Sweep,
    records: TrialRecords,
    waiting: list[Trial],
    *,
    storage: Path,
    budget: _Budget,
    display: SweepDisplay,
) -> None:
    """Run the trials with Tune."""
    from ray import tune

    from seq2seq.tuning.schedulers import make_scheduler
    from seq2seq.tuning.watcher import Watcher, stopper

    options = sweep.tune
    plan = _plan(sweep)
    trainable = tune.with_resources(
        partial(run_trial, plan=plan), {"cpu": options.cpus, "gpu": options.gpus}
    )
    search, space = _search(sweep, records, waiting)
    known = records.trials()
    past = {trial.number: _past_results(records, trial, sweep) for trial in known}
    config = tune.TuneConfig(
        scheduler=make_scheduler(sweep, past, done={t.number for t in known if t.done}),
        search_alg=search,
        num_samples=sweep.trials if search else 1,
        max_concurrent_trials=options.concurrent,
        trial_dirname_creator=lambda trial: str(trial.trial_id),
    )
    run = tune.RunConfig(
        name="trials",
        storage_path=str(storage),
        stop=stopper(budget.over),
        verbose=0,
        callbacks=[Watcher(sweep, records, over=budget.over, display=display)],
        checkpoint_config=tune.CheckpointConfig(num_to_keep=_KEPT_FOR_OTHERS),
    )
    tune.Tuner(trainable, param_space=space, tune_config=config, run_config=run).fit()


def _search(
    sweep: Sweep, records: TrialRecords, waiting: list[Trial]
) -> tuple[Any, dict[str, Any]]:
    """Return Tune's search algorithm and its parameter space.

    They are TPE and an empty space, or None and a grid of the waiting trials.
    """
    if sweep.tune.search == "tpe":
        from seq2seq.tuning.searcher import TreeParzenSearch

        return TreeParzenSearch(sweep, records, waiting=waiting), {}
    from ray import tune

    points = [{"number": trial.number, "values": trial.values} for trial in waiting]
    space: dict[str, Any] = tune.grid_search(points)
    return None, space


def _plan(sweep: Sweep) -> TrialPlan:
    return TrialPlan(
        directory=str(sweep.directory),
        working_directory=os.getcwd(),
        overrides=sweep.overrides,
        config_dir=sweep.config_dir,
        first_seed=sweep.settings.seed,
        seeds=sweep.tune.seeds,
        metric=sweep.metric,
        higher_is_better=sweep.higher_is_better,
        cpus=sweep.tune.cpus,
        exchanges=sweep.tune.scheduler == "pbt",
    )


class _Budget:
    """Limits of a sweep, summed over all its processes, and its stop signal."""

    def __init__(self, sweep: Sweep, records: TrialRecords) -> None:
        self._tune, self._records = sweep.tune, records
        self._before, self._began = records.seconds(), time.monotonic()
        self._kept = self._began
        self.interruption: Interruption | None = None

    def over(self) -> bool:
        """Return whether no trial may continue; called often."""
        if time.monotonic() - self._kept > _KEEP_SECONDS:  # a kill loses at most this time
            self.keep()
        interrupted = self.interruption is not None and self.interruption.signal_number is not None
        return interrupted or self.reached() is not None

    def reached(self) -> str | None:
        """Return the limit that was reached, or None."""
        minutes, epochs = self._tune.max_minutes, self._tune.max_epochs
        if minutes is not None and self._seconds() >= 60 * minutes:
            return f"tune.max_minutes={minutes:g} reached"
        if epochs is not None and sum(one.epochs for one in self._records.trials()) >= epochs:
            return f"tune.max_epochs={epochs:g} reached"
        return None

    def keep(self) -> None:
        """Store the time used."""
        self._kept = time.monotonic()
        self._records.keep_seconds(self._seconds())

    def _seconds(self) -> float:
        return self._before + time.monotonic() - self._began


def _waiting(sweep: Sweep, records: TrialRecords, display: SweepDisplay) -> Iterator[Trial]:
    """Yield the chosen trials that must still run, interrupted ones first."""
    trials = {trial.number: trial for trial in records.trials()}
    if sweep.tune.search != "tpe":
        known = [trial.values for trial in trials.values()]
        for number, values in enumerate(sweep.points):
            if number not in trials and (sweep.tune.scheduler == "pbt" or values not in known):
                trials[number] = Trial(number, values)
    for trial in sorted(trials.values(), key=lambda one: (one.state != "running", one.number)):
        if sweep.tune.retry and trial.state == "failed":
            trial = Trial(trial.number, trial.values)
        if trial.done:
            display.note(f"trial {trial.name} is {trial.state}; it is not run again")
            continue
        if trial.state == "running":
            display.note(f"trial {trial.name} goes on from where it was")
        records.write(trial)
        yield trial


def _more_to_choose(sweep: Sweep, records: TrialRecords) -> bool:
    return sweep.tune.search == "tpe" and len(records.trials()) < sweep.trials


def _count_done(records: TrialRecords) -> int:
    return sum(trial.done for trial in records.trials())


def _past_results(records: TrialRecords, trial: Trial, sweep: Sweep) -> list[dict[str, Any]]:
    """Return the results that a trial reported to the scheduler: validations of its first seed."""
    run = run_directories(records.trial_directory(trial.number), seeds=sweep.tune.seeds)[0]
    return [
        {"validations": position, sweep.metric: float(record[sweep.metric])}
        for position, record in enumerate(read_validations(run), start=1)
        if math.isfinite(float(record[sweep.metric]))
    ]


def _wait_for_orphans(sweep: Sweep, records: TrialRecords, display: SweepDisplay) -> None:
    """Wait until no process of a killed sweep works on a trial.

    Raises:
        TrainingError: such a process is still running after a minute.
    """
    deadline = time.monotonic() + _ORPHANS_MAY_TAKE
    for trial in records.trials():
        directory = records.trial_directory(trial.number)
        for run in run_directories(directory, seeds=sweep.tune.seeds):
            while (lock := run / ".lock").exists() and _held(lock):
                if time.monotonic() > deadline:
                    raise TrainingError(
                        f"another process ({lock.read_text()}) still trains in {run}; end it"
                    )
                time.sleep(0.2)


def _held(lock: Path) -> bool:
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
