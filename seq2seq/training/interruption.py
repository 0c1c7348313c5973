"""Handling of Ctrl-C and SIGTERM between two updates, instead of within one."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Protocol

from seq2seq.errors import UserError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RunInterrupted(UserError):
    """Error of a run that saved its state and stopped on a signal, with the shell's exit status."""

    def __init__(self, message: str, *, signal_number: int) -> None:
        super().__init__(message)
        self.exit_status = 128 + signal_number


class Stop(Protocol):
    """Interface of an object that a run asks, between updates, whether to stop."""

    signal_number: int | None  # number of the received signal, or None


class Interruption:
    """Context manager that records a signal; the same signal again ends the process.

    Signals can be caught only in the main thread; in other threads none is recorded.
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
