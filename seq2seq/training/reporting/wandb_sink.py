"""Sink that sends a run to Weights & Biases; in its own module because it imports `wandb`.

The environment variables of W&B (`WANDB_PROJECT`, `WANDB_ENTITY`, `WANDB_MODE=offline`, ...) apply
as W&B documents them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import wandb

from seq2seq.config.schema import settings_to_mapping
from seq2seq.errors import TrainingError
from seq2seq.training.reporting.metrics import RunFacts, curve_points
from seq2seq.training.reporting.metrics_file import RecordKind

_PROJECT = "seq2seq"


class WeightsAndBiases:
    """Sink that sends settings, metrics, curves and the exported model; implements `MetricsSink`.

    A resumed run continues the same W&B run. It may repeat steps after its checkpoint, with equal
    values; W&B ignores a step that it already has. The trials of a sweep form one group.
    """

    def __init__(self, run: RunFacts) -> None:
        """Start or continue the W&B run.

        Raises:
            TrainingError: W&B cannot start, for example because nobody is logged in.
        """
        self._facts, self._step, self._finished = run, run.step, False
        try:
            self._run = wandb.init(
                project=os.environ.get("WANDB_PROJECT", _PROJECT),
                dir=str(run.directory),
                id=run.stable_id(),
                name=run.name,
                group=None if run.sweep is None else run.sweep.name,
                resume="allow",
                settings=wandb.Settings(console="off"),
            )
        except wandb.errors.Error as error:
            raise TrainingError(
                f"training.sinks received wandb, and W&B did not start "
                f"({' '.join(str(error).split())}); run `wandb login`, set WANDB_MODE=offline, or "
                "leave wandb out"
            ) from error
        self._run.config.update(settings_to_mapping(run.settings), allow_val_change=True)

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """See `MetricsSink`."""
        if kind == "run":
            self._run.config.update({"run": dict(record)}, allow_val_change=True)
        elif kind == "result":
            self._run.summary.update(dict(record))
        else:
            self._step = int(record["step"])
            self._run.log(curve_points(kind, record), step=self._step)

    def finish(self) -> None:
        """See `MetricsSink`."""
        directory = self._facts.directory
        self._run.log({"curves": wandb.Image(str(directory / "curves.png"))}, step=self._step)
        artifact = wandb.Artifact(_artifact_name(self._facts), type="model")
        artifact.add_dir(str(directory / "export"))
        self._run.log_artifact(artifact)
        self._finished = True

    def close(self) -> None:
        """See `MetricsSink`."""
        self._run.finish(exit_code=0 if self._finished else 1)


def _artifact_name(run: RunFacts) -> str:
    """Return the name of a run's exported model with the characters that W&B allows."""
    parts = [run.name] if run.sweep is None else [run.sweep.name, run.name]
    return re.sub(r"[^A-Za-z0-9._-]", "-", "-".join([*parts, "export"]))
