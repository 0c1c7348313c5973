"""Ctrl-C and SIGTERM, answered between two updates instead of in the middle of one."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Protocol

from seq2seq.errors import UserError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RunInterrupted(UserError):
    """The run was told to stop and has saved where it was; the exit status is the shell's."""

    def __init__(self, message: str, *, signal_number: int) -> None:
        super().__init__(message)
        self.exit_status = 128 + signal_number


class Stop(Protocol):
    """Tells whether the run is to stop."""

    signal_number: int | None  # the signal that said so; None: go on


class Interruption:
    """Within its `with` block the first signal is noted, and a second one ends the process.

    Outside the main thread signals cannot be caught; then it notes none.
    """

    def __init__(self) -> None:
        self.signal_number: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal_number = number
        signal.signal(number, self._before[number] or signal.SIG_DFL)
