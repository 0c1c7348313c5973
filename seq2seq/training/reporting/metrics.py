"""Metrics of a run: the protocol of the sinks that receive them, and all sinks of one run.

The sinks are those of `training.sinks`, from the registry `seq2seq.config.registry.SINKS`.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from seq2seq.config.registry import SINKS
from seq2seq.config.schema import Settings
from seq2seq.disk import replace_text
from seq2seq.errors import SettingsError
from seq2seq.training.reporting.metrics_file import JsonLines, RecordKind

RUN_ID = "run_id.txt"
_EXTRAS = ("wandb",)  # sinks for which this package has an extra of the same name
_NOT_CURVES = {"kind", "step", "epoch"}
_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class RunFacts:
    """Facts about a run for its sinks.

    Attributes:
        directory: directory of the run.
        settings: settings of the run.
        step: step from which the run begins or resumes.
        metrics_bytes: length of `metrics.jsonl` at that step.
        sweep: directory of the sweep if the run is one of its trials, or None.
    """

    directory: Path
    settings: Settings
    step: int = 0
    metrics_bytes: int = 0
    sweep: Path | None = None

    @property
    def name(self) -> str:
        """Return the name of the run; for a trial of a sweep, its path within the sweep."""
        if self.sweep is None:
            return self.settings.name
        return self.directory.relative_to(self.sweep).as_posix()

    def stable_id(self) -> str:
        """Return an id of the run that stays the same when it resumes, on any machine."""
        path = self.directory / RUN_ID
        if not path.exists():
            replace_text(path, uuid.uuid4().hex)
        return path.read_text(encoding="utf-8").strip()


class MetricsSink(Protocol):
    """Receiver of the metrics of a run, made from its `RunFacts`.

    If a sink raises an exception, this sink is closed with a warning; the run and its other sinks
    continue.
    """

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """Receive one record: the content of one line of `metrics.jsonl`."""

    def finish(self) -> None:
        """Receive the files of the finished run: `curves.png` and `export/` in its directory."""

    def close(self) -> None:
        """Release all resources; called once, after a finished, stopped or failed run."""


class Metrics:
    """The sinks of one run: `metrics.jsonl`, which the run itself needs, and any others.

    With neither a log nor sinks, all records are discarded. This is the case in a process that does
    not write the run directory.
    """

    def __init__(
        self, log: JsonLines | None = None, sinks: Mapping[str, MetricsSink] | None = None
    ) -> None:
        self._log, self._sinks = log, dict(sinks or {})

    @property
    def length(self) -> int:
        """Return the length of `metrics.jsonl` in bytes, which a checkpoint stores."""
        return 0 if self._log is None else self._log.length

    def write(self, kind: RecordKind, record: Mapping[str, Any]) -> None:
        """Write one record to each sink."""
        if self._log is not None:
            self._log.write(kind, record)
        self._each(lambda sink: sink.write(kind, record))

    def finish(self) -> None:
        """Let each sink receive the files of the finished run."""
        self._each(lambda sink: sink.finish())

    def close(self) -> None:
        """Close each sink."""
        self._each(lambda sink: sink.close())
        self._sinks.clear()

    def _each(self, call: Callable[[MetricsSink], None]) -> None:
        for name, sink in list(self._sinks.items()):
            try:
                call(sink)
            except Exception as error:  # of a service or a package that is not ours
                del self._sinks[name]
                with contextlib.suppress(Exception):
                    sink.close()
                _LOG.warning(
                    "the sink %s failed (%s: %s) and gets nothing more; metrics.jsonl has all",
                    name,
                    type(error).__name__,
                    " ".join(str(error).split()),
                )


def open_metrics(run: RunFacts) -> Metrics:
    """Return the sinks of a run.

    Raises:
        UserError: a sink cannot start.
    """
    kinds = sink_kinds(run.settings.training.sinks)
    return Metrics(JsonLines(run), {name: kind(run) for name, kind in kinds.items()})


def sink_kinds(names: Sequence[str]) -> dict[str, Callable[[RunFacts], MetricsSink]]:
    """Return the class of each sink by name, except the sink of `metrics.jsonl`.

    Raises:
        SettingsError: a package that a sink needs is not installed.
    """
    kinds = {}
    for name in names:
        if name == "jsonl":
            continue
        try:
            kinds[name] = SINKS.load(name)
        except ModuleNotFoundError as error:
            extra = f"pip install 'seq2seq-lstm[{name}]'" if name in _EXTRAS else "install it"
            raise SettingsError(
                f"training.sinks received {name}, but the package {error.name} is not installed; "
                f"{extra}, or leave {name} out of training.sinks"
            ) from error
    return kinds


def curve_points(kind: RecordKind, record: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers of a record that has a `step`, by name of the curve (`kind/name`)."""
    return {
        f"{kind}/{name}": float(value)
        for name, value in record.items()
        if name not in _NOT_CURVES and isinstance(value, int | float)
    }
