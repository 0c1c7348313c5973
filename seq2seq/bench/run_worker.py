"""A process that trains a whole run, a requested number of updates at a time."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from seq2seq.bench.worker_process import Tasks
from seq2seq.config.schema import settings_from_mapping
from seq2seq.errors import UserError
from seq2seq.model.backend import quiet_tensorflow
from seq2seq.training.reporting.terminal import LineReport, Status


class _Pausing(LineReport):
    """Report of a run that makes the requested number of updates, then waits for the next task."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._results = tasks
        self._tasks: Iterator[Any] = iter(tasks)
        self._left = 0

    def begin(self) -> None:
        """Wait for the first task; its time includes all work before the first update."""
        self._results.reply("ready")
        self._await_task()

    def status(self, status: Status, *, logged: bool) -> None:
        """Count an update; see `Report`."""
        super().status(status, logged=logged)
        self._left -= 1
        if not self._left:
            self._results.reply({"seconds": time.perf_counter() - self._started})
            self._await_task()

    def _await_task(self) -> None:
        task = next(self._tasks, None)
        if task is None:
            sys.exit()  # the measurement has ended
        self._left, self._started = task["steps"], time.perf_counter()


def main(argv: Sequence[str]) -> None:
    """Train with the settings in the file `argv[0]` until standard input ends."""
    quiet_tensorflow()
    from seq2seq.training.run import train

    tasks = Tasks()
    report = _Pausing(tasks)
    report.begin()
    try:
        train(settings_from_mapping(json.loads(Path(argv[0]).read_text("utf-8"))), report=report)
    except UserError as error:
        tasks.reply({"error": str(error)})


if __name__ == "__main__":
    main(sys.argv[1:])
