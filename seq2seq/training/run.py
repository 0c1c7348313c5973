"""One training run from settings to an exported and tested model.

The stages: settle what the run is, prepare the corpus, build or restore, train, choose the
weights, test, export. Each leaves the run directory so that the same command can go on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seq2seq.model.backend import choose_device, quiet_tensorflow

quiet_tensorflow()

from seq2seq.inference.length_scores import LengthScore, length_table  # noqa: E402
from seq2seq.model.weights import assign_weights  # noqa: E402
from seq2seq.rules import HIGHER_IS_BETTER  # noqa: E402
from seq2seq.settings import Settings  # noqa: E402
from seq2seq.training.checkpoint import CheckpointDirectory  # noqa: E402
from seq2seq.training.curves import draw_curves  # noqa: E402
from seq2seq.training.export import Choice, averaged_weights, choose_steps  # noqa: E402
from seq2seq.training.interruption import Interruption  # noqa: E402
from seq2seq.training.loop import (  # noqa: E402
    Parts,
    TrainingLoop,
    dropout_seed,
    end_reason,
)
from seq2seq.training.memory import (  # noqa: E402
    available_bytes,
    check_memory,
    estimated_bytes,
)
from seq2seq.training.metrics_log import MetricsLog, read_metrics  # noqa: E402
from seq2seq.training.optimizer import Optimizer  # noqa: E402
from seq2seq.training.progress import Progress  # noqa: E402
from seq2seq.training.report import Report, clock, make_report, scores_text  # noqa: E402
from seq2seq.training.run_directory import (  # noqa: E402
    RESULT,
    locked,
    provenance,
    replace_text,
    settle_corpus,
    settle_settings,
)
from seq2seq.training.step import TrainStep  # noqa: E402
from seq2seq.training.task import Task  # noqa: E402
from seq2seq.training.tasks import make_task  # noqa: E402

_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run came to.

    Attributes:
        run_directory, export: where it lies.
        ended: why training ended.
        steps, epochs, tokens, seconds: how far it went; `tokens` are the answers learned (of a
            translation, target tokens), and `seconds` the whole time used, validation included.
        exported_steps: checkpoints whose average was exported.
        metrics: scores of the exported weights (`valid_bleu`, `test_bleu`, ...).
        unit: what `tokens` counts.
    """

    run_directory: str
    export: str
    ended: str
    steps: int
    epochs: int
    tokens: float
    seconds: float
    exported_steps: list[int]
    metrics: dict[str, Any]
    unit: str = "tokens"

    def summary(self) -> list[str]:
        """A few lines for a person."""
        lines = [
            f"{self.ended}: {self.steps:,} steps, {self.epochs} epochs, {clock(self.seconds)}, "
            f"{self.tokens / max(1e-9, self.seconds):,.0f} {self.unit}/s over the whole run",
        ]
        for split in ("valid", "test"):
            scores = scores_text(self.metrics, split)
            if scores:
                lines.append(f"{split}: {scores}")
        by_length = [LengthScore(**each) for each in self.metrics.get("test_by_length", ())]
        if by_length:
            name = "mae" if "test_mae" in self.metrics else "accuracy"
            lines += length_table(name, by_length)
        lines.append(f"run: {self.run_directory}")
        lines.append(f"model: {self.export}")
        return lines


def train(
    settings: Settings, run_directory: Path | None = None, *, report: Report | None = None
) -> TrainingResult:
    """Train, or go on with the run in `run_directory`, to an exported model.

    Args:
        settings: of the run.
        run_directory: by default `<runs>/<name>`.
        report: is told what happens; by default stderr.

    Raises:
        UserError: of the kind that says what went wrong; see `seq2seq.errors`.
    """
    directory = run_directory or Path(settings.runs) / settings.name
    report = report or make_report()
    try:
        with locked(directory):
            return _Run(settings, directory, report).result()
    finally:
        report.close()


class _Run:
    """The stages of a run and what they hand on."""

    def __init__(self, settings: Settings, directory: Path, report: Report) -> None:
        self._settings, self._directory, self._report = settings, directory, report
        self._checkpoints = CheckpointDirectory(directory / "checkpoints")
        self._begun = bool(self._checkpoints.steps())
        settle_settings(directory, settings, begun=self._begun)

    def result(self) -> TrainingResult:
        """Do what is left to do."""
        finished = self._finished()
        if finished is not None:
            self._report.note("this run is finished; nothing is left to do")
            return finished
        training = self._settings.training
        self._device = choose_device(training.device, deterministic=training.deterministic)
        self._task = self._prepared_task()
        loop = self._restored_loop()
        self._announce(loop.progress)
        with Interruption() as interruption:
            loop.run(interruption)
        self._report.close()
        return self._finish(loop.progress)

    def _finished(self) -> TrainingResult | None:
        """What an earlier process came to, unless the limits have been raised since."""
        path = self._directory / RESULT
        state = self._checkpoints.latest_state() if path.exists() else None
        if state is None:
            return None
        progress = Progress.from_mapping(state)
        if end_reason(self._settings.training, progress, seconds=progress.seconds) is None:
            path.unlink()
            return None
        return TrainingResult(**json.loads(path.read_text(encoding="utf-8")))

    def _prepared_task(self) -> Task:
        """The corpus of the run, its model and all that belongs to them."""
        task = make_task(self._settings, self._report.preparing)
        settle_corpus(self._directory, task.fingerprint, begun=self._begun)
        task.keep_inputs(self._directory)
        for line in task.notes:
            self._report.note(line)
        return task

    def _restored_loop(self) -> TrainingLoop:
        """Optimizer and loop, as the newest checkpoint left them."""
        settings, task = self._settings, self._task
        optimizer = Optimizer(settings.optimizer, task.model.trainable_variables)
        self._step = TrainStep(
            task.objective,
            optimizer,
            clip_norm=settings.optimizer.clip_norm,
            loss_scaling=settings.training.precision == "float16",
        )
        progress = self._restore(optimizer)
        self._metrics = MetricsLog(self._directory, length=progress.metrics_bytes)
        parts = Parts(
            task=task,
            step=self._step,
            optimizer=optimizer,
            checkpoints=self._checkpoints,
            metrics=self._metrics,
            report=self._report,
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

    def _announce(self, progress: Progress) -> None:
        """Say and record what the run is, and try its largest batch before the first step."""
        settings, report = self._settings, self._report
        parameters = sum(v.shape.num_elements() for v in self._task.model.trainable_variables)
        report.note(
            f"{settings.name}: {parameters / 1e6:.1f} M parameters, {self._device}, "
            f"{settings.training.precision}"
        )
        self._metrics.write(
            "run",
            {
                "from_step": progress.step,
                "parameters": parameters,
                "device": self._device,
                **provenance(),
            },
        )
        data = self._task.epoch_data(progress.epoch)
        need = estimated_bytes(
            data.plan,
            settings.model,
            parameters=parameters,
            vocab_size=self._task.vocabulary,
        )
        if self._device.startswith("CPU"):
            check_memory(need, available_bytes(), data.plan)
        batch, description = data.largest()
        self._step.gradient_norm(batch, dropout_seed(settings.seed, 0, 0))
        report.note(
            f"epoch of {len(data.plan):,} batches, padding {data.plan.padding:.1%}; largest batch "
            f"{description} fits"
        )
        if progress.step:
            report.note(f"going on from step {progress.step:,}")

    def _finish(self, progress: Progress) -> TrainingResult:
        """Choose the weights, test them, export, and mark the run as finished."""
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
        draw_curves(read_metrics(self._directory / "metrics.jsonl"), self._directory / "curves.png")
        replace_text(self._directory / RESULT, json.dumps(asdict(result), indent=1))
        return result

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
