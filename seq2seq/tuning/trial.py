"""Execution of a trial in a process of Ray: the ordinary training function with an observer.

All state that a trial needs to resume is in its own directory, so any process can run it: the run
resumes from its checkpoint, and finished runs are not repeated.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from seq2seq.config.schema import Settings
from seq2seq.errors import TrainingError
from seq2seq.model.backend import quiet_tensorflow
from seq2seq.training.reporting.metrics import RUN_ID
from seq2seq.training.reporting.metrics_file import METRICS, read_validations
from seq2seq.training.reporting.terminal import LineReport
from seq2seq.training.run_directory import CORPUS, RESULT
from seq2seq.tuning.space import Value
from seq2seq.tuning.sweep import trial_settings
from seq2seq.tuning.trial_records import (
    Trial,
    TrialRecords,
    run_directories,
)

_ORIGIN = "origin.json"
_COPIED = ("checkpoints", METRICS, CORPUS)  # parts of the training state
_KEPT = ("trial.json", "log.txt", RUN_ID)  # parts of a trial that no other trial takes over
_THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


@dataclass(frozen=True)
class TrialPlan:
    """Settings shared by all trials of a sweep.

    Attributes:
        directory: directory of the sweep.
        working_directory: directory for relative paths.
        overrides, config_dir: overrides and directory of the recipe.
        first_seed, seeds: first seed and number of seeds of a trial.
        metric, higher_is_better: name and direction of the metric that ranks trials.
        cpus: number of CPUs of a trial.
        exchanges: True if trials copy the weights of others.
    """

    directory: str
    working_directory: str
    overrides: tuple[str, ...]
    config_dir: str | None
    first_seed: int
    seeds: int
    metric: str
    higher_is_better: bool
    cpus: float
    exchanges: bool

    def settings(self, values: dict[str, Value], *, run: int = 0) -> Settings:
        """Return the settings of run number `run` of a trial.

        Raises:
            SettingsError: the combination of the values is invalid.
        """
        return trial_settings(
            self.overrides, values, seed=self.first_seed + run, config_dir=self.config_dir
        )

    def best(self, scores: Sequence[float]) -> float:
        """Return the best of some scores, with NaN as the worst."""
        real = [score for score in scores if not math.isnan(score)] or list(scores)
        return max(real) if self.higher_is_better else min(real)


def run_trial(config: dict[str, Any], *, plan: TrialPlan) -> None:
    """Train one trial. Called by Ray Tune with the trial's `number` and `values` in `config`.

    Raises:
        Exception: any error of training; the reason is in the record of the trial.
    """
    cap_threads(plan.cpus)
    os.chdir(plan.working_directory)
    number, values = int(config["number"]), dict(config["values"])
    records = TrialRecords(Path(plan.directory))
    if plan.exchanges:
        _take_over(records, number, values)
    records.update(number, state="running", values=values)
    with _log_file(records.trial_directory(number)) as log:
        log.write(f"process {os.getpid()} of trial {number:03d}\n")
        try:
            trial = _run_seeds(records, number, plan, log=log)
        except Exception as error:  # any error: the sweep continues, and the record has the reason
            reason = failure_reason(error)
            log.write(f"failed: {reason}\n")
            records.update(number, state="failed", reason=reason)
            raise
    if not plan.exchanges:  # a finished trial needs no other weights
        _tell(trial, {plan.metric: trial.score})


def cap_threads(cpus: float) -> None:
    """Limit the threads of this process to its share of the CPUs.

    Call it before TensorFlow is imported.
    """
    for name in _THREADS:
        os.environ[name] = str(max(1, int(cpus)))


def failure_reason(error: BaseException) -> str:
    """Return the reason of a failed trial in one line."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return f"out of memory: {text[:200]}"
    return text or type(error).__name__


def _run_seeds(records: TrialRecords, number: int, plan: TrialPlan, *, log: TextIO) -> Trial:
    """Train with each seed in turn and return the record; the scheduler observes the first seed.

    Raises:
        TrainingError: a score is not a finite number.
    """
    trial = records.update(number)
    runs = run_directories(records.trial_directory(number), seeds=plan.seeds)
    metrics: list[dict[str, Any]] = []
    for position, run in enumerate(runs):
        settings = plan.settings(trial.values, run=position)
        observer = _Observer(records, number, plan, runs=runs[: position + 1], log=log)
        observer.last_epoch = settings.training.max_epochs
        result = _trained(settings, run, observer, sweep=Path(plan.directory))
        metrics.append(result["metrics"])
    scores = [float(one[plan.metric]) for one in metrics]
    if not all(math.isfinite(score) for score in scores):
        raise TrainingError(f"{plan.metric} is not a number: {scores}")
    progress = _progress(runs, plan)
    return records.update(number, state="finished", scores=scores, metrics=metrics, **progress)


def _trained(settings: Settings, run: Path, observer: _Observer, *, sweep: Path) -> dict[str, Any]:
    path = run / RESULT
    if path.exists():  # it finished before the process of the trial was killed
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return known
    quiet_tensorflow()  # its threads were limited before
    from seq2seq.training.run import train

    result = train(settings, run, report=observer, saved=observer.saved, sweep=sweep)
    return {"metrics": result.metrics}


class _Observer(LineReport):
    """Writer of a trial's log, which also sends each saved validation to Ray Tune."""

    def __init__(
        self, records: TrialRecords, number: int, plan: TrialPlan, *, runs: list[Path], log: TextIO
    ) -> None:
        super().__init__(log)
        self._records, self._number, self._plan, self._runs = records, number, plan, runs
        self._validated: dict[str, float] | None = None
        self.last_epoch: int | None = None

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Any], *, best: bool
    ) -> None:
        """See `Report`."""
        super().validated(step, scores, samples, best=best)
        self._validated = scores

    def saved(self) -> None:
        """Record and report a validation with a saved checkpoint; Tune may end the process here."""
        if self._validated is None:
            return
        scores, self._validated = self._validated, None
        progress = _progress(self._runs, self._plan)
        if len(self._runs) == 1:
            seen = [float(one[self._plan.metric]) for one in read_validations(self._runs[0])]
            progress["scores"] = [self._plan.best(seen)]
        trial = self._records.update(self._number, **progress)
        if len(self._runs) > 1:
            return  # the scheduler observes only the first seed
        if not self._plan.exchanges:
            _tell(trial, scores)
        elif self.last_epoch is None or trial.epochs < self.last_epoch:
            with _learned_state(self._runs[0], number=self._number) as state:
                _tell(trial, scores, state=state)


def _progress(runs: Sequence[Path], plan: TrialPlan) -> dict[str, Any]:
    """Return the progress of a trial, read from the files of its runs."""
    seen = [read_validations(run) for run in runs]
    last = [records[-1] for records in seen if records]
    return {
        "validations": len(seen[0]),  # unit of time of the scheduler
        "epochs": sum(record["epoch"] for record in last),
        "step": sum(record["step"] for record in last),
        "seconds": sum(record["seconds"] for record in last),
    }


def _tell(trial: Trial, scores: dict[str, Any], *, state: Path | None = None) -> None:
    """Report scores and progress of a trial to Tune."""
    from ray import tune

    numbers = {key: value for key, value in scores.items() if value is not None}
    record = {
        "number": trial.number,
        "validations": trial.validations,
        "epochs": trial.epochs,
        "step": trial.step,
        **numbers,
    }
    checkpoint = None if state is None else tune.Checkpoint.from_directory(str(state))
    tune.report(record, checkpoint=checkpoint)


@contextlib.contextmanager
def _learned_state(run: Path, *, number: int) -> Iterator[Path]:
    """Yield a directory with the training state that another trial needs, for Tune to copy."""
    with tempfile.TemporaryDirectory(prefix=".state-", dir=run) as name:
        state = Path(name)
        for part in _COPIED:
            _copy(run / part, state / part, copy=os.link)
        (state / _ORIGIN).write_text(json.dumps({"number": number}), encoding="utf-8")
        yield state


def _take_over(records: TrialRecords, number: int, values: dict[str, Value]) -> None:
    """Replace the state of this trial by that of another trial, if Tune provides one.

    The old directory is removed only when the new one is complete.
    """
    from ray import tune

    checkpoint = tune.get_checkpoint()
    if checkpoint is None:
        return
    with checkpoint.as_directory() as name:
        state = Path(name)
        origin = json.loads((state / _ORIGIN).read_text(encoding="utf-8"))["number"]
        if origin == number:
            return
        own = records.trial_directory(number)
        new = own.with_name(f".{own.name}")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        for part in _COPIED:
            _copy(state / part, new / part, copy=shutil.copyfile)
        for part in _KEPT:
            _copy(own / part, new / part, copy=shutil.copyfile)
        with (new / "log.txt").open("a", encoding="utf-8") as log:
            log.write(f"taking over the weights of trial {origin:03d}, with {values}\n")
        shutil.rmtree(own)
        new.rename(own)
    records.update(number, values=values)


def _copy(source: Path, target: Path, *, copy: Callable[..., Any]) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=copy)
    elif source.exists():
        # `metrics.jsonl` is appended to, so it is never linked.
        shutil.copyfile(source, target)


@contextlib.contextmanager
def _log_file(directory: Path) -> Iterator[TextIO]:
    """Yield the log file of the trial; warnings of the package are written to it too."""
    logger = logging.getLogger("seq2seq")
    with (directory / "log.txt").open("a", encoding="utf-8", buffering=1) as log:
        handler = logging.StreamHandler(log)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield log
        finally:
            logger.removeHandler(handler)
