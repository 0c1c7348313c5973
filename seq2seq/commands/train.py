"""`seq2seq train`: a Hydra application around `seq2seq.training.run.train`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seq2seq.commands.application import Job, run_application
from seq2seq.config import recipe
from seq2seq.config.schema import Settings
from seq2seq.errors import UserError
from seq2seq.storage.working_directory import working_directory
from seq2seq.training.reporting.terminal import scores_text

if TYPE_CHECKING:
    from seq2seq.training.result import TrainingResult

_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class JobOutcome:
    """Result of one job of a multirun; `error` is None if it succeeded."""

    number: int
    overrides: tuple[str, ...]
    result: TrainingResult | None = None
    error: str | None = None


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq train`."""
    outcomes: list[JobOutcome] = []

    def run(job: Job) -> None:
        if job.number is not None:
            outcomes.append(_run_job(job.recipe, number=job.number, overrides=job.overrides))
        else:
            print("\n".join(_train(recipe.settings_from_plain(job.recipe)).summary()))

    try:
        run_application(run, argv, command="train")
    finally:
        for outcome in outcomes:
            print(describe(outcome))
    return 1 if any(outcome.error for outcome in outcomes) else 0


def describe(outcome: JobOutcome) -> str:
    """Return the job's line of the table at the end of a multirun."""
    job = f"job {outcome.number} ({' '.join(outcome.overrides)})"
    if outcome.result is None:
        return f"{job} failed: {outcome.error}"
    metrics = outcome.result.metrics
    scores = [
        f"{split} {text}" for split in ("valid", "test") if (text := scores_text(metrics, split))
    ]
    return ", ".join([f"{job} done", *scores, outcome.result.run_directory])


def _run_job(plain: dict[str, Any], *, number: int, overrides: Sequence[str]) -> JobOutcome:
    """Run one job of a multirun in its own directory; its failure does not stop the others."""
    _LOG.info("job %d: %s", number, " ".join(overrides))
    try:
        settings = recipe.settings_from_plain(plain)
        result = _train(settings, str(number))
    except (UserError, OSError) as error:
        message = " ".join(str(error).split())
        _LOG.error("job %d failed: %s", number, message)
        return JobOutcome(number, tuple(overrides), error=message)
    return JobOutcome(number, tuple(overrides), result=result)


def _train(settings: Settings, *within: str) -> TrainingResult:
    """Train in `<runs>/<name>/<within>`, a directory or a URL."""
    with working_directory(settings, *within) as location:
        # TensorFlow is loaded only here: an error in a recipe is reported at once.
        from seq2seq.distributed.training import train

        result = train(location.settings, location.directory, saved=location.saved)
    return replace(result, run_directory=location.shown, export=f"{location.shown}/export")
