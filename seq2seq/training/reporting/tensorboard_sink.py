"""Sink that writes TensorBoard files; in its own module because it imports TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from seq2seq.training.reporting.metrics import RunFacts, curve_points
from seq2seq.training.reporting.metrics_file import RecordKind


class TensorBoard:
    """Sink that writes the numbers of each record that has a `step`; implements `MetricsSink`."""

    def __init__(self, run: RunFacts) -> None:
        self._writer = tf.summary.create_file_writer(str(run.directory / "tensorboard"))

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """See `MetricsSink`."""
        if "step" not in record:
            return
        with self._writer.as_default(step=int(record["step"])):
            for name, value in curve_points(kind, record).items():
                tf.summary.scalar(name, value)
        self._writer.flush()

    def finish(self) -> None:
        """See `MetricsSink`."""

    def close(self) -> None:
        """See `MetricsSink`."""
        self._writer.close()
