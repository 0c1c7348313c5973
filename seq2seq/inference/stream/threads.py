"""Threads of a translation stream, which may still run when the process ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

_PATIENCE = 0.5  # seconds that threads have to end after a stop


class StreamThread(threading.Thread):
    """Thread that reads, translates or writes the lines of a stream.

    It is a daemon thread, because it may wait for a line for ever.
    """

    def __init__(self, body: Callable[[], None]) -> None:
        super().__init__(target=body, daemon=True)


def any_running() -> bool:
    """Return whether threads of an abandoned translation are still running."""
    return any(isinstance(thread, StreamThread) for thread in threading.enumerate())


def join_all(threads: Sequence[StreamThread]) -> None:
    """Wait for a limited time until the stopped threads have ended."""
    until = time.monotonic() + _PATIENCE
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(0.0, until - time.monotonic()))
