"""Progress bar of a long job: a line on the terminal that is erased when the job is done."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from seq2seq.commands.source import Source
from seq2seq.inference.stream.input import InputLines

_ERASE = "\r\x1b[K"
_EVERY = 0.2  # seconds between two drawings


@contextmanager
def progress_bar(source: Source, lines: InputLines) -> Iterator[Callable[[int], None]]:
    """Yield a function to be called repeatedly with the number of lines done.

    It draws only if standard error is a terminal and the source a file. Log messages appear above
    the bar.
    """
    terminal = sys.stderr
    if not source.is_file or terminal is None or not terminal.isatty():
        yield lambda done: None
        return
    bar = _Bar(terminal, source, lines)
    handlers = [
        handler
        for handler in logging.getLogger("seq2seq").handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is terminal
    ]
    for handler in handlers:
        handler.setStream(cast(TextIO, bar))
    try:
        yield bar.show
    finally:
        bar.erase()
        for handler in handlers:
            handler.setStream(terminal)


class _Bar:
    """The progress bar; log handlers write to it as a stream, and messages appear above the bar."""

    def __init__(self, terminal: TextIO, source: Source, lines: InputLines) -> None:
        self._terminal = terminal
        self._source, self._lines = source, lines
        self._before = lines.count  # lines done by an earlier process
        self._start = time.monotonic()
        self._drawn_at = 0.0
        self._text = ""
        self._drawing = threading.Lock()

    def show(self, done: int) -> None:
        """Draw the bar for `done` lines completed by this process."""
        now = time.monotonic()
        if now - self._drawn_at >= _EVERY:
            self._drawn_at = now
            with self._drawing:
                self._text = self._described(done, now - self._start)[: self._columns() - 1]
                self._put(_ERASE + self._text)

    def erase(self) -> None:
        """Erase the bar."""
        with self._drawing:
            self._text = ""
            self._put(_ERASE)

    def write(self, message: str) -> None:
        """Write a log message, whole lines, above the bar."""
        with self._drawing:
            self._put(_ERASE + message + self._text)

    def flush(self) -> None:
        """Do nothing, because nothing is buffered."""

    def _put(self, text: str) -> None:
        with contextlib.suppress(OSError):  # a closed terminal must not end the job
            self._terminal.write(text)
            self._terminal.flush()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._terminal.fileno()).columns or 80
        except OSError:
            return 80

    def _described(self, done: int, seconds: float) -> str:
        finished = self._before + done
        total = self._total()
        parts = [f"{finished:,} / {total:,} lines" if total else f"{finished:,} lines"]
        rate = done / max(seconds, 1e-9)
        if done:
            parts.append(f"{rate:,.0f} lines/s" if rate >= 10 else f"{rate:.1f} lines/s")
        if done and total:
            parts.append(f"{_clock(max(0.0, total - finished) / rate)} left")
        return "  ".join(parts)

    def _total(self) -> int:
        """Return the number of lines of the file, estimated by their mean length, or 0."""
        if self._source.size is None or not self._lines.bytes:
            return 0
        return round(self._lines.count * max(1.0, self._source.size / self._lines.bytes))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
