"""Progress bar of a long job, drawn with rich and removed when the job is done."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from seq2seq.commands.source import Source
from seq2seq.inference.stream.input import InputLines
from seq2seq.training.reporting.terminal import clock

_EVERY = 0.2  # seconds between two drawings


@contextmanager
def progress_bar(source: Source, lines: InputLines) -> Iterator[Callable[[int], None]]:
    """Yield a function to be called repeatedly with the number of lines done by this process.

    The function draws only if standard error is a terminal, the source is a file, and rich is
    installed. Log messages appear above the bar.
    """
    terminal = sys.stderr
    if not source.is_file or terminal is None or not terminal.isatty():
        yield lambda done: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
    except ImportError:  # a plain install has no bar
        yield lambda done: None
        return
    bar = Progress(
        BarColumn(bar_width=10),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        auto_refresh=False,
    )
    task = bar.add_task("", total=None)
    before, start, drawn = lines.count, time.monotonic(), 0.0

    def show(done: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - drawn < _EVERY:
            return
        drawn = now
        finished, total = before + done, _total(source, lines)
        text = _described(finished, total, rate=done / max(now - start, 1e-9))
        bar.update(task, completed=finished, total=total, description=text, refresh=True)

    handlers = [
        handler
        for handler in logging.getLogger("seq2seq").handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is terminal
    ]
    with bar:
        for handler in handlers:
            handler.setStream(sys.stderr)  # now that of the bar, which prints above itself
        try:
            yield show
        finally:
            for handler in handlers:
                handler.setStream(terminal)


def _described(finished: int, total: int | None, *, rate: float) -> str:
    """Return the lines done, their rate and the time left; `total` and `rate` may be unknown."""
    parts = [f"{finished:,} / {total:,} lines" if total else f"{finished:,} lines"]
    if rate:
        parts.append(f"{rate:,.0f} lines/s" if rate >= 10 else f"{rate:.1f} lines/s")
    if rate and total:
        parts.append(f"{clock((total - finished) / rate)} left")
    return "  ".join(parts)


def _total(source: Source, lines: InputLines) -> int | None:
    """Return the number of lines of the file, estimated by their mean length."""
    if source.size is None or not lines.bytes:
        return None
    return round(lines.count * max(1.0, source.size / lines.bytes))
