"""Writer and reader of the `metrics.jsonl` of a run. Imports no heavy packages."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from seq2seq.training.reporting.metrics import RunFacts

METRICS = "metrics.jsonl"
RecordKind = Literal["run", "train", "valid", "epoch", "result"]


class JsonLines:
    """Sink that appends JSON records to `metrics.jsonl`, one per line; implements `MetricsSink`.

    A resumed run first truncates the file to the length stored in the checkpoint, so that no step
    appears twice.
    """

    def __init__(self, run: RunFacts) -> None:
        self._path = run.directory / METRICS
        self._path.touch()
        os.truncate(self._path, min(run.metrics_bytes, self._path.stat().st_size))

    @property
    def length(self) -> int:
        """Return the length of the file in bytes, which a checkpoint stores."""
        return self._path.stat().st_size

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """See `MetricsSink`."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **record}, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """See `MetricsSink`."""

    def close(self) -> None:
        """See `MetricsSink`."""


def read_metrics(run_directory: Path) -> list[dict[str, Any]]:
    """Return the records of a run in order; empty if the run has not begun.

    The last line may be incomplete if the run was killed; invalid lines are skipped.
    """
    path = run_directory / METRICS
    content = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
    records = []
    for line in content.split("\n"):
        with contextlib.suppress(json.JSONDecodeError):
            record = json.loads(line)
            if isinstance(record, dict):
                records.append(record)
    return records


def read_validations(run_directory: Path) -> list[dict[str, Any]]:
    """Return the validation records of a run in order."""
    return [record for record in read_metrics(run_directory) if record.get("kind") == "valid"]
