"""Worker processes of a measurement: their handle, and their main loop.

Each form has its own process, so that threads and memory do not mix. Such a process writes a line
of JSON when it is ready, then reads a line for each task from its standard input and writes one for
each result. An `error` in such a line is a sentence for the user.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from seq2seq.errors import UserError

_NUMBERS_OF_THREADS = ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")

Handler = Callable[[Any], Any]


class Worker:
    """Handle of a worker process.

    Attributes:
        ready: value that the process wrote when it was ready.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, threads: int, **environment: str
    ) -> None:
        """Start `command` and wait until it is ready.

        Raises:
            UserError: the process ended, or reports an error.
        """
        self._name, count = name, str(threads)
        # Libraries of matrix products read their environment only once.
        counts = {f"{name}_THREADS": count for name in _NUMBERS_OF_THREADS}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **counts, **environment},
            text=True,
            start_new_session=True,  # Ctrl-C must reach the parent only
        )
        try:
            self.ready = self._read()
        except BaseException:
            self.close()
            raise

    @property
    def process(self) -> int:
        """Return the id of the process."""
        return self._process.pid

    def ask(self, task: Mapping[str, Any]) -> Any:
        """Send a task and return its result.

        Raises:
            UserError: the process has ended, or reports an error.
        """
        if self._process.stdin is None:
            raise ValueError("the process has no input")
        with contextlib.suppress(BrokenPipeError):  # if it has ended, reading will report it
            self._process.stdin.write(json.dumps(task) + "\n")
            self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        with contextlib.suppress(BrokenPipeError):  # a task may still be unsent
            self._process.communicate()

    def _read(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise UserError(
                f"the process that was to measure {self._name} ended (status "
                f"{self._process.wait()}); its own messages stand above"
            )
        reply = json.loads(line)
        if isinstance(reply, dict) and "error" in reply:
            raise UserError(f"{self._name} cannot be measured: {reply['error']}")
        return reply


class Tasks:
    """Tasks that a worker process receives, in order, and the channel for its results."""

    def __init__(self) -> None:
        """Reserve standard output for results; output of libraries goes to standard error."""
        self._results = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
        os.dup2(2, 1)

    def __iter__(self) -> Iterator[Any]:
        return map(json.loads, sys.stdin)

    def reply(self, result: Any) -> None:
        """Send the ready message, or the result of a task."""
        print(json.dumps(result), file=self._results)


def serve(start: Callable[[], tuple[Any, Handler]]) -> None:
    """Run as a worker process until standard input ends.

    Args:
        start: function that returns the ready message, and the handler of tasks.
    """
    tasks = Tasks()
    try:
        ready, handle = start()
    except UserError as error:
        tasks.reply({"error": str(error)})
        return
    tasks.reply(ready)
    for task in tasks:
        try:
            result = handle(task)
        except UserError as error:
            result = {"error": str(error)}
        tasks.reply(result)
