"""Writer of the metrics of a run to `metrics.jsonl` and TensorBoard."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import tensorflow as tf

from seq2seq.training.reporting.metrics_file import METRICS, RecordKind

_NOT_CURVES = {"kind", "step", "epoch"}


class Metrics(Protocol):
    """Sink for the metrics of a run."""

    @property
    def length(self) -> int:
        """Return the number of bytes written, which a checkpoint stores."""

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """Append one record."""


class NoMetrics:
    """Sink that discards all records, for a process that does not write the run directory."""

    length = 0

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """See `Metrics`."""


class MetricsLog:
    """Sink that appends records to `metrics.jsonl`, one JSON object per line, and to TensorBoard.

    A resumed run first truncates the file to the length stored in the checkpoint, so that no step
    appears twice.
    """

    def __init__(self, run_directory: Path, *, length: int) -> None:
        self._path = run_directory / METRICS
        self._path.touch()
        os.truncate(self._path, min(length, self._path.stat().st_size))
        self._writer = tf.summary.create_file_writer(str(run_directory / "tensorboard"))

    @property
    def length(self) -> int:
        """Return the number of bytes written, which a checkpoint stores."""
        return self._path.stat().st_size

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """Append one record; if it has a `step`, its numbers are also written to TensorBoard."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **record}, ensure_ascii=False) + "\n")
        if "step" not in record:
            return
        with self._writer.as_default(step=int(record["step"])):
            for name, value in record.items():
                if name not in _NOT_CURVES and isinstance(value, int | float):
                    tf.summary.scalar(f"{kind}/{name}", float(value))
        self._writer.flush()
