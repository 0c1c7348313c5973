"""Training loop: updates, validations and checkpoints until a stopping criterion is met.

The next update depends only on `Progress`, the weights, the optimizer and the plan of the epoch,
which is a pure function of settings, corpus and epoch. Therefore a loop that resumes from a
checkpoint makes the same updates as a loop that was never stopped.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from seq2seq.config.monitors import BEST_SCORES, HIGHER_IS_BETTER
from seq2seq.config.schema import Settings
from seq2seq.data.batching import EpochPlan
from seq2seq.errors import TrainingError
from seq2seq.model.weights import weight_arrays
from seq2seq.training.checkpoint import CheckpointDirectory
from seq2seq.training.epoch_data import Batch
from seq2seq.training.interruption import RunInterrupted, Stop
from seq2seq.training.optimizer import Optimizer, learning_rate
from seq2seq.training.progress import Progress, Sums
from seq2seq.training.replicas import Replicas
from seq2seq.training.reporting.metrics import Metrics
from seq2seq.training.reporting.terminal import Report, Status
from seq2seq.training.step import StepResult, TrainStep
from seq2seq.training.stopping import end_reason
from seq2seq.training.tasks.task import Task, Validation

_GIVE_UP_AFTER = 50  # skipped float16 updates in a row
_UNMOVED = 3  # successive validations without a change of score before a warning


class Parts(NamedTuple):
    """Components of the training loop.

    `saved` is called when a checkpoint, which includes the last validation, has been written to
    disk. If `saved` raises an error, the run stops in a state from which it can resume.
    """

    task: Task
    step: TrainStep
    optimizer: Optimizer
    checkpoints: CheckpointDirectory
    metrics: Metrics
    report: Report
    replicas: Replicas
    saved: Callable[[], None]


class TrainingLoop:
    """Training loop that starts from `progress`; `run` returns the reason why training stopped.

    With several processes, each runs this loop. Its decisions depend only on sums over all replicas
    and on values of the leading process: its clock, its signals and its validation.
    """

    def __init__(self, settings: Settings, parts: Parts, progress: Progress) -> None:
        self._settings, self._parts, self.progress = settings, parts, progress
        self._higher_is_better = HIGHER_IS_BETTER[settings.training.monitor]
        self._clock = time.monotonic()
        self._total_steps: int | None = settings.training.max_steps
        self._skipped = 0

    def run(self, stop: Stop) -> str:
        """Train until a stopping criterion is met, and return the reason.

        Raises:
            TrainingError: the loss is not a number or has exploded.
            RunInterrupted: a signal arrived; all state is saved.
        """
        self._clock = time.monotonic()
        progress = self.progress
        progress.ended = None
        while (reason := self._end(stop)) is None:
            self._epoch(stop)
        if progress.validated_step != progress.step:
            self._validate()
        progress.ended = reason
        self._save()
        return reason

    def _epoch(self, stop: Stop) -> None:
        """Train for the rest of the current epoch, or until the run stops."""
        settings, progress = self._settings, self.progress
        data = self._parts.task.epoch_data(progress.epoch).divided(self._parts.replicas.division)
        self._plan_ahead(data.plan)
        for group in grouped(data.batches(progress.batch), settings.training.accumulate):
            self._update(group, data.plan)
            self._after_update()
            if self._end(stop, within_epoch=True) is not None:
                return
            self._step_began = time.monotonic()
        self._close_epoch(data.plan)

    def _plan_ahead(self, plan: EpochPlan) -> None:
        training = self._settings.training
        if training.max_steps is None and training.max_epochs is not None:
            updates = -(-len(plan) // training.accumulate)
            self._total_steps = updates * training.max_epochs
        self._step_began = time.monotonic()

    def _update(self, group: list[Batch], plan: EpochPlan) -> None:
        """Make one update from one or several batches, and record it."""
        settings, progress, step = self._settings, self.progress, self._parts.step
        rate = learning_rate(
            settings.optimizer,
            step=progress.step + 1,
            total_steps=self._total_steps,
            plateaus=progress.plateaus,
        )
        seeded = [
            (batch, dropout_seed(settings.seed, progress.step, number))
            for number, batch in enumerate(group)
        ]
        if settings.training.accumulate == 1:
            result = step.update(*seeded[0], np.float32(rate))
        else:
            result = step.update_accumulated(seeded, np.float32(rate))
        sums = self._checked(result)
        sums.seconds = time.monotonic() - self._step_began
        progress.step += 1
        progress.batch += len(group)
        progress.tokens += sums.tokens
        progress.log.add(sums)
        progress.epoch_sums.add(sums)
        self._show(rate, plan)

    def _checked(self, result: StepResult) -> Sums:
        """Return the sums of a valid update.

        Raises:
            TrainingError: the loss or its gradient is invalid; the last checkpoint is unchanged.
        """
        loss, count = float(result.loss), float(result.count)
        number, objective = self.progress.step + 1, self._parts.task.objective
        mean = f"{loss / count:.4g} a {objective.unit.removesuffix('s')}"
        self._skipped = 0 if bool(result.applied) else self._skipped + 1
        scaled = self._settings.training.loss_scaling
        if not bool(result.applied) and (not scaled or self._skipped > _GIVE_UP_AFTER):
            raise TrainingError(
                f"the loss or its gradient is not a number at step {number} (loss "
                f"{mean}); the last good checkpoint is kept: lower "
                "optimizer.learning_rate or optimizer.clip_norm, or set "
                "training.precision=float32, in a new run (name=...)"
            )
        if math.isfinite(loss) and loss / count > objective.limit:
            raise TrainingError(
                f"the loss exploded at step {number}: {mean}, above {objective.limit:.4g}, many "
                "times that of a model that knows nothing; the last good checkpoint is kept: "
                "lower optimizer.learning_rate in a new run (name=...)"
            )
        if not bool(result.applied):
            return Sums(gradient_norm=float(result.gradient_norm))
        return Sums(
            loss=loss,
            negative_log_likelihood=float(result.negative_log_likelihood),
            tokens=count,
            gradient_norm=float(result.gradient_norm),
        )

    def _show(self, rate: float, plan: EpochPlan) -> None:
        """Report the status; on every `log_steps`-th update also write it to the log."""
        progress = self.progress
        logged = progress.step % self._settings.training.log_steps == 0
        unit = self._parts.task.objective.unit
        record = progress.log.record(unit)
        status = Status(
            step=progress.step,
            epoch=progress.epoch,
            batch=progress.batch,
            batches=len(plan),
            loss=progress.log.mean_loss,
            learning_rate=rate,
            per_second=record[f"{unit}_per_second"],
            unit=unit,
            padding=plan.padding,
            seconds=self._seconds(),
            share=self._share(len(plan)),
        )
        self._parts.report.status(status, logged=logged)
        if logged:
            position = {"step": progress.step, "epoch": progress.epoch}
            extra = {"learning_rate": rate, "padding": plan.padding, "seconds": status.seconds}
            self._parts.metrics.write("train", {**position, **record, **extra})
            progress.log = Sums()

    def _after_update(self) -> None:
        """Validate or write a checkpoint, if the settings require it at this step."""
        training, step = self._settings.training, self.progress.step
        if training.validate_steps and step % training.validate_steps == 0:
            self._validate()
            self._save()
        elif step % training.checkpoint_steps == 0:
            self._save()

    def _close_epoch(self, plan: EpochPlan) -> None:
        progress = self.progress
        position = {"step": progress.step, "epoch": progress.epoch}
        record = progress.epoch_sums.record(self._parts.task.objective.unit)
        self._parts.metrics.write(
            "epoch",
            {**position, **record, "padding": plan.padding, "seconds": self._seconds()},
        )
        progress.epoch, progress.batch, progress.epoch_sums = progress.epoch + 1, 0, Sums()
        if not self._settings.training.validate_steps:
            self._validate()
        self._save()

    def _validate(self) -> None:
        """Validate, record the best score, and lower the learning rate on a plateau."""
        settings, progress, replicas = self._settings, self.progress, self._parts.replicas
        monitor = settings.training.monitor
        validation = self._parts.task.validator.run() if replicas.leads else Validation({}, [])
        (score,) = replicas.agreed([validation.scores.get(monitor, 0.0)])
        best = progress.judge(
            score,
            higher_is_better=self._higher_is_better,
            keep=settings.training.average_best,
        )
        self._warn_of_unmoved(monitor, score)
        if progress.plateau_stalled >= settings.optimizer.plateau_patience:
            progress.plateaus, progress.plateau_stalled = progress.plateaus + 1, 0
        progress.validated_step, progress.validation = progress.step, validation.scores
        position = {"step": progress.step, "epoch": progress.epoch}
        scores = {**validation.scores, "best": best, "seconds": self._seconds()}
        self._parts.metrics.write("valid", {**position, **scores})
        self._parts.report.validated(
            progress.step, validation.scores, validation.samples, best=best
        )

    def _warn_of_unmoved(self, monitor: str, score: float) -> None:
        """Warn if the monitored score stays the same, unless it is the best possible score."""
        best = abs(score - BEST_SCORES.get(monitor, math.inf)) < 1e-6
        if self.progress.unmoved != _UNMOVED or best:
            return
        self._parts.report.note(
            f"warning: {monitor} was {score:.4g} in {_UNMOVED + 1} validations in a row and does "
            "not tell which checkpoint is better; if it stays so, begin a new run (name=...) with "
            "another training.monitor, such as valid_loss"
        )

    def _save(self) -> None:
        """Write a checkpoint, then remove those no longer needed."""
        progress, parts = self.progress, self._parts
        progress.seconds, self._clock = self._seconds(), time.monotonic()
        if not parts.replicas.leads:
            return
        progress.metrics_bytes = parts.metrics.length
        try:
            parts.checkpoints.save(
                progress.step,
                weights=weight_arrays(parts.task.model),
                optimizer={**parts.optimizer.state(), **parts.step.state()},
                state=progress.to_mapping(),
            )
        except OSError as error:
            raise TrainingError(
                f"the checkpoint of step {progress.step} could not be written "
                f"({error.strerror or error}); those before it are kept: free some space and run "
                "the same command again"
            ) from error
        parts.checkpoints.prune(
            keep_latest=self._settings.training.keep_checkpoints,
            keep_weights=progress.best_steps(),
        )
        parts.saved()

    def _stop(self, signal_number: int) -> None:
        self._save()
        raise RunInterrupted(
            f"stopped at step {self.progress.step}, all of it saved; the same command goes on",
            signal_number=signal_number,
        )

    def _end(self, stop: Stop, *, within_epoch: bool = False) -> str | None:
        """Return the reason to stop, or None.

        Raises:
            RunInterrupted: a signal arrived; all state is saved.
        """
        seconds, signal_number = self._parts.replicas.agreed(
            [self._seconds(), float(stop.signal_number or 0)]
        )
        if signal_number:
            self._stop(int(signal_number))
        return end_reason(
            self._settings.training, self.progress, seconds=seconds, within_epoch=within_epoch
        )

    def _seconds(self) -> float:
        """Return the seconds used by the run, including the time before it was resumed."""
        return self.progress.seconds + time.monotonic() - self._clock

    def _share(self, batches: int) -> float | None:
        """Return the completed share of the run, 0.0 to 1.0; None if the run has no limit.

        With several limits, the one that will be reached first counts.
        """
        training, progress = self._settings.training, self.progress
        shares = []
        if training.max_steps is not None:
            shares.append(progress.step / training.max_steps)
        if training.max_epochs is not None:
            shares.append((progress.epoch + progress.batch / batches) / training.max_epochs)
        if training.max_minutes is not None:
            shares.append(self._seconds() / (60 * training.max_minutes))
        return min(1.0, max(shares)) if shares else None


def dropout_seed(seed: int, step: int, batch: int) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Return the dropout seed of one batch of one update, `[2] int32`."""
    state = np.random.SeedSequence([seed, step, batch]).generate_state(2)
    return state.view(np.int32)


def grouped(batches: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of `size` successive batches; the last list may be shorter."""
    iterator = iter(batches)
    while group := list(itertools.islice(iterator, size)):
        yield group
