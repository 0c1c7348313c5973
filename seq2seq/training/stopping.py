"""Stopping criteria of a run, and the check for a finished run. Imports no heavy packages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from seq2seq.config.schema import Settings, TrainingSettings
from seq2seq.disk import locked
from seq2seq.errors import DataError, ModelError, SettingsError
from seq2seq.training.checkpoint import CheckpointDirectory
from seq2seq.training.progress import Progress
from seq2seq.training.reporting.metrics_file import METRICS
from seq2seq.training.reporting.terminal import Report
from seq2seq.training.result import TrainingResult, read_result
from seq2seq.training.run_directory import RESULT, check_resumed_settings


def unless_finished(
    settings: Settings,
    directory: Path,
    report: Report,
    train: Callable[[Settings], TrainingResult],
) -> TrainingResult:
    """Return the stored result of a finished run, or train the run and return its result.

    If a new run is rejected because of its settings or files, and has written no record yet, its
    directory is removed. The local copy of a run at a URL stays.

    Args:
        settings: settings as given by the user.
        directory: directory of the run, locked during the call.
        report: receiver of messages, closed at the end.
        train: function that trains the run; its settings contain the values that the run chose
            earlier.

    Raises:
        TrainingError: another process works on the run, or the run began with other settings.
    """
    new = not directory.exists()
    try:
        with locked(directory):
            try:
                settings, result = check_resumed_run(settings, directory, report)
                return result or train(settings)
            except (DataError, ModelError, SettingsError):
                if new and not _has_records(directory):
                    shutil.rmtree(directory, ignore_errors=True)
                raise
    finally:
        report.close()


def _has_records(directory: Path) -> bool:
    """Return whether a run has a checkpoint, or a line of metrics."""
    metrics = directory / METRICS
    logged = metrics.exists() and metrics.stat().st_size > 0
    return logged or bool(CheckpointDirectory(directory / "checkpoints").steps())


def check_resumed_run(
    settings: Settings, directory: Path, report: Report
) -> tuple[Settings, TrainingResult | None]:
    """Return the settings with which the run in `directory` resumes, and its stored result.

    If a limit was raised after the run finished, the stored result is removed.

    Returns:
        settings, and the result if the run is finished and no limit was raised since.

    Raises:
        TrainingError: a key that affects results differs from the settings of the run.
    """
    checkpoints = CheckpointDirectory(directory / "checkpoints")
    settings = check_resumed_settings(directory, settings, begun=bool(checkpoints.steps()))
    path = directory / RESULT
    state = checkpoints.latest_state() if path.exists() else None
    if state is None:
        return settings, None
    progress = Progress.from_mapping(state)
    if end_reason(settings.training, progress, seconds=progress.seconds) is None:
        path.unlink()
        return settings, None
    report.note("this run is finished; nothing is left to do")
    return settings, read_result(directory)


def end_reason(
    training: TrainingSettings, progress: Progress, *, seconds: float, within_epoch: bool = False
) -> str | None:
    """Return the reason why the run must stop, or None.

    Args:
        training: settings with the limits of the run.
        progress: progress of the run.
        seconds: time used so far.
        within_epoch: True during an epoch; `max_epochs` is then not checked.
    """
    if training.max_steps is not None and progress.step >= training.max_steps:
        return f"training.max_steps={training.max_steps} reached"
    if training.max_minutes is not None and seconds >= training.max_minutes * 60:
        return f"training.max_minutes={training.max_minutes:g} reached"
    if training.patience and progress.stalled >= training.patience:
        return f"{training.monitor} has not improved in {progress.stalled} validations"
    if within_epoch or training.max_epochs is None or progress.epoch < training.max_epochs:
        return None
    return f"training.max_epochs={training.max_epochs} reached"
