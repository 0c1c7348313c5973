"""Training run from settings to an exported and tested model.

Stages: check settings and earlier state, prepare the corpus, build or restore the model, train,
choose the weights, test, export. After each stage the same command can resume the run.

Call `quiet_tensorflow` before the first import of this module.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from seq2seq.config.monitors import HIGHER_IS_BETTER
from seq2seq.config.schema import Settings
from seq2seq.disk import replace_text
from seq2seq.errors import SettingsError, TrainingError
from seq2seq.model.backend import choose_device, has_gpu
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.recurrent_check import check_fast_path
from seq2seq.model.weights import assign_weights
from seq2seq.training.checkpoint import CheckpointDirectory
from seq2seq.training.interruption import Interruption, Stop
from seq2seq.training.loop import Parts, TrainingLoop, dropout_seed
from seq2seq.training.memory import available_bytes, check_memory, estimated_bytes
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.precision import with_precision
from seq2seq.training.progress import Progress
from seq2seq.training.replicas import Replicas, replicas_of_this_machine
from seq2seq.training.reporting.curves import draw_curves
from seq2seq.training.reporting.metrics import Metrics, RunFacts, open_metrics, sink_kinds
from seq2seq.training.reporting.metrics_file import read_metrics
from seq2seq.training.reporting.terminal import Report, counted, make_report, parameters_text
from seq2seq.training.result import TrainingResult
from seq2seq.training.run_directory import RESULT, check_resumed_corpus, provenance, write_settings
from seq2seq.training.run_export import Choice, averaged_weights, choose_steps
from seq2seq.training.shares import in_shares
from seq2seq.training.step import TrainStep
from seq2seq.training.stopping import unless_finished
from seq2seq.training.tasks.registry import make_task
from seq2seq.training.tasks.task import Task
from seq2seq.training.threads import threads_of_shares, with_threads

_LOG = logging.getLogger("seq2seq")


class Process(NamedTuple):
    """Contribution of one process to a run.

    Attributes:
        device: description of the device of the process.
        replicas: replicas of the process, connected with the replicas of all other processes.
        report: receiver of the events of the run.
        saved: callback after each checkpoint.
        sweep: directory of the sweep if the run is a trial, or None.
    """

    device: str
    replicas: Replicas
    report: Report
    saved: Callable[[], None] = lambda: None
    sweep: Path | None = None


def train(
    settings: Settings,
    run_directory: Path | None = None,
    *,
    report: Report | None = None,
    saved: Callable[[], None] = lambda: None,
    sweep: Path | None = None,
) -> TrainingResult:
    """Train in this process until the model is exported; resume a run that has begun.

    Args:
        settings: settings of the run with local paths only (see `with_local_paths`).
        run_directory: directory of the run, by default `<runs>/<name>`.
        report: receiver of the events of the run, by default a report to stderr.
        saved: callback after each checkpoint.
        sweep: directory of the sweep if the run is one of its trials.

    Raises:
        UserError: its subclass names the kind of error; see `seq2seq.errors`.
    """
    training = settings.training
    if training.workers != "1":
        raise SettingsError(
            f"training.workers received {training.workers}; this trains in one process: set "
            "training.workers=1, or use seq2seq.train."
        )
    directory = run_directory or Path(settings.runs) / settings.name
    report = report or make_report()

    def train_now(settings: Settings) -> TrainingResult:
        asked = settings.training.threads
        device = choose_device(
            training.device,
            deterministic=training.deterministic,
            threads=threads_of_shares(settings.batching.shares) if asked == "auto" else asked,
        )
        settings, warnings = with_threads(settings)
        for line in warnings:
            report.note(line)
        process = Process(device, replicas_of_this_machine(), report, saved, sweep)
        run = _Run(settings, directory, process)
        try:
            run.prepare()
            with Interruption() as stop:
                run.train(stop)
            return run.finish()
        finally:
            run.close()

    return unless_finished(settings, directory, report, train_now)


def train_together(settings: Settings, directory: Path, process: Process, stop: Stop) -> None:
    """Train as one of several processes; the leading process finishes the run.

    The caller that starts the processes holds the lock of `directory` and has checked the run with
    `check_resumed_run`.

    Raises:
        UserError: its subclass names the kind of error.
    """
    run = _Run(settings, directory, process)
    try:
        run.prepare()
        run.train(stop)
        if process.replicas.leads:
            run.finish()
    finally:
        run.close()
    process.replicas.agreed([0.0])  # a process that exits early would count as dead


class _Run:
    """Stages of a run and the state that they share."""

    def __init__(self, settings: Settings, directory: Path, process: Process) -> None:
        self._settings, self._directory = settings, directory
        self._device, self._replicas, self._report, self._saved, self._sweep = process
        self._metrics = Metrics()
        self._checkpoints = CheckpointDirectory(directory / "checkpoints")
        self._begun = bool(self._checkpoints.steps())

    def prepare(self) -> None:
        """Prepare corpus, model and loop in the state of the newest checkpoint."""
        sink_kinds(self._settings.training.sinks)  # a missing package ends the run at once
        with self._replicas.scope():
            self._task = self._prepared_task()
            self._loop = self._restored_loop()
        self._announce(self._loop.progress)

    def train(self, stop: Stop) -> None:
        """Train until a stopping criterion is met.

        Raises:
            RunInterrupted: a signal arrived; all state is saved.
        """
        self._loop.run(stop)
        self._report.close()

    def _prepared_task(self) -> Task:
        """Return the task of the run; the leading process stores its settings and its inputs."""
        self._settings, chosen = with_precision(self._settings)
        for line in chosen:
            self._report.note(line)
        task = make_task(self._settings, self._report.preparing, self._use_cudnn())
        self._settings = task.settings
        self._check_same("corpus", int(task.fingerprint[:12], 16))
        if not self._replicas.leads:
            return task
        check_resumed_corpus(self._directory, task.fingerprint, begun=self._begun)
        task.keep_inputs(self._directory)
        write_settings(self._directory, task.settings)
        for line in task.notes:
            self._report.note(line)
        return task

    def _use_cudnn(self) -> UseCudnn:
        """Return whether cuDNN may be used; on a GPU, check it first and report the outcome."""
        if not has_gpu():
            return "auto"
        precision = self._settings.training.computed_precision
        holds, difference, tolerance = check_fast_path(precision)
        verdict = "cuDNN is used" if holds else "cuDNN is NOT used, which is slower"
        self._report.note(
            f"{verdict}: its LSTM differs by {difference:.2%} from the plain one in {precision} "
            f"(at most {tolerance:.1%} is allowed)"
        )
        return "auto" if holds else False

    def _restored_loop(self) -> TrainingLoop:
        """Return the loop and its optimizer in the state of the newest checkpoint."""
        settings, task = self._settings, self._task
        optimizer = Optimizer(settings.optimizer, task.model.trainable_variables)
        self._step = TrainStep(
            in_shares(task.objective, settings.batching.shares),
            optimizer,
            clip_norm=settings.optimizer.clip_norm,
            loss_scaling=settings.training.loss_scaling,
            replicas=self._replicas,
        )
        progress = self._restore(optimizer)
        self._check_same("checkpoint", progress.step)
        if self._replicas.leads:
            facts = RunFacts(
                directory=self._directory,
                settings=settings,
                step=progress.step,
                metrics_bytes=progress.metrics_bytes,
                sweep=self._sweep,
            )
            self._metrics = open_metrics(facts)
        parts = Parts(
            task=task,
            step=self._step,
            optimizer=optimizer,
            checkpoints=self._checkpoints,
            metrics=self._metrics,
            report=self._report,
            replicas=self._replicas,
            saved=self._saved,
        )
        return TrainingLoop(settings, parts, progress)

    def _restore(self, optimizer: Optimizer) -> Progress:
        checkpoint = self._checkpoints.latest()
        if checkpoint is None:
            self._task.first_weights()
            return Progress()
        assign_weights(self._task.model, checkpoint.weights)
        optimizer.restore(checkpoint.optimizer)
        self._step.restore(checkpoint.optimizer)
        return Progress.from_mapping(checkpoint.state)

    def _check_same(self, what: str, number: int) -> None:
        """Raise an error if this process found another corpus or checkpoint than the first process.

        Raises:
            TrainingError: the workers do not share their files.
        """
        (first,) = self._replicas.agreed([float(number)])
        if first != number:
            raise TrainingError(
                f"the workers do not find the same {what}: {self._directory} and the files of "
                "data.* must lie on storage that all of them share"
            )

    def _announce(self, progress: Progress) -> None:
        """Report and record the run, and try its largest batch before the first step."""
        settings, report = self._settings, self._report
        parameters = sum(v.shape.num_elements() for v in self._task.model.trainable_variables)
        division = self._replicas.division
        shared = "" if division.whole else f"{division.shares} replicas, each "
        report.note(
            f"{settings.name}: {parameters_text(parameters)}, {shared}{self._device}, "
            f"{settings.training.precision}"
        )
        self._metrics.write(
            "run",
            {
                "from_step": progress.step,
                "parameters": parameters,
                "device": self._device,
                "replicas": division.shares,
                **provenance(),
            },
        )
        data = self._task.epoch_data(progress.epoch).divided(division)
        need = estimated_bytes(
            data.plan,
            settings.model,
            parameters=parameters,
            vocab_size=self._task.vocabulary,
        )
        if division.whole and self._device.startswith("CPU"):
            check_memory(need, available_bytes(), data.plan)
        batch, description = data.largest()
        accumulated = settings.training.accumulate > 1
        self._step.try_batch(batch, dropout_seed(settings.seed, 0, 0), accumulated=accumulated)
        report.note(
            f"epoch of {counted(len(data.plan), 'batch', 'batches')}, padding "
            f"{data.plan.padding:.1%}; largest batch {description} fits"
        )
        if progress.step:
            report.note(f"going on from step {progress.step:,}")

    def finish(self) -> TrainingResult:
        """Choose, test and export the weights, and mark the run as finished."""
        progress = self._loop.progress
        choice = self._choose(progress)
        weights = averaged_weights(self._checkpoints, choice.steps)
        self._report.note("testing and exporting the chosen weights")
        metrics = self._task.finish(
            weights, {"step": progress.step, **choice.scores}, self._directory
        )
        result = TrainingResult(
            run_directory=str(self._directory),
            export=str(self._directory / "export"),
            ended=progress.ended or "",
            steps=progress.step,
            epochs=progress.epoch,
            tokens=progress.tokens,
            seconds=progress.seconds,
            exported_steps=choice.steps,
            metrics=metrics,
            unit=self._task.objective.unit,
        )
        self._metrics.write("result", asdict(result))
        draw_curves(read_metrics(self._directory), self._directory / "curves.png")
        self._metrics.finish()
        replace_text(self._directory / RESULT, json.dumps(asdict(result), indent=1))
        return result

    def close(self) -> None:
        """Close the sinks of the metrics."""
        self._metrics.close()

    def _choose(self, progress: Progress) -> Choice:
        training = self._settings.training

        def validate(steps: Sequence[int]) -> dict[str, float]:
            assign_weights(self._task.model, averaged_weights(self._checkpoints, steps))
            return self._task.validator.run().scores

        return choose_steps(
            progress.best_steps(),
            validate,
            monitor=training.monitor,
            higher_is_better=HIGHER_IS_BETTER[training.monitor],
        )
