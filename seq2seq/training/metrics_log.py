"""`metrics.jsonl` and TensorBoard: what a run measured, in the order in which it did."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import tensorflow as tf

from seq2seq.training.metrics_file import METRICS

_NOT_CURVES = {"kind", "step", "epoch"}


class Metrics(Protocol):
    """Takes what a run measures."""

    @property
    def length(self) -> int:
        """Bytes written, what a checkpoint remembers."""

    def write(self, kind: str, record: Mapping[str, Any]) -> None:
        """Append one record."""


class NoMetrics:
    """Fits `Metrics`, for a process that does not write the run directory."""

    length = 0

    def write(self, kind: str, record: Mapping[str, Any]) -> None:
        """See `Metrics`."""


class MetricsLog:
    """Appends records to `metrics.jsonl`, one JSON object a line, and to TensorBoard.

    A run that goes on from a checkpoint first cuts the file to the length that the checkpoint
    knows, so that no step stands there twice.
    """

    def __init__(self, run_directory: Path, *, length: int) -> None:
        self._path = run_directory / METRICS
        self._path.touch()
        os.truncate(self._path, min(length, self._path.stat().st_size))
        self._writer = tf.summary.create_file_writer(str(run_directory / "tensorboard"))

    @property
    def length(self) -> int:
        """Bytes written, what a checkpoint remembers."""
        return self._path.stat().st_size

    def write(self, kind: str, record: Mapping[str, Any]) -> None:
        """Append one record; its numbers become curves when it has a `step`."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **record}, ensure_ascii=False) + "\n")
        if "step" not in record:
            return
        with self._writer.as_default(step=int(record["step"])):
            for name, value in record.items():
                if name not in _NOT_CURVES and isinstance(value, int | float):
                    tf.summary.scalar(f"{kind}/{name}", float(value))
        self._writer.flush()
