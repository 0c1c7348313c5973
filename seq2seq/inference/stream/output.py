"""Output of translated lines, complete lines only and without buffering."""

from __future__ import annotations

import io
import select
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol, cast

from seq2seq.inference.stream.line_input import Position

# A write of at most this many bytes to a pipe is atomic, so a line that fits is never split.
AT_ONCE = select.PIPE_BUF


class Output(Protocol):
    """Destination of a stream of translations."""

    def write(self, lines: bytes) -> None:
        """Write complete lines."""

    def mark(self, position: Position) -> None:
        """Record that the lines written so far belong to the input lines before `position`."""

    def check(self) -> None:
        """Raise `BrokenPipeError` if the reader of the output is gone."""


class StreamOutput:
    """Output to standard output, a pipe, a device, or memory."""

    def __init__(self, stream: BinaryIO, *, name: str = "output") -> None:
        """Write to `stream`, called `name` in errors."""
        # Bypass the buffer: after an interruption it might still hold half a line.
        self._stream = cast(io.RawIOBase, getattr(stream, "raw", stream))
        self._name = name
        self._poll: select.poll | None = None
        try:
            descriptor = stream.fileno()
        except (AttributeError, io.UnsupportedOperation):
            return
        self._poll = select.poll()
        self._poll.register(descriptor, 0)  # errors are reported without a request

    def write(self, lines: bytes) -> None:
        """Write all of `lines`, waiting as long as necessary.

        Raises:
            OSError: writing fails; the error holds the output's name.
        """
        rest = memoryview(lines)
        try:
            while rest:
                count = self._stream.write(rest)
                if count is None:  # another process has made this shared pipe non-blocking
                    select.select([], [self._stream], [])
                else:
                    rest = rest[count:]
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OSError(error.errno, error.strerror, self._name) from error

    def mark(self, position: Position) -> None:
        """Do nothing: written lines cannot be taken back, so no position needs to be recorded."""

    def check(self) -> None:
        """Raise `BrokenPipeError` if the other end of the pipe is closed."""
        if self._poll and any(event & select.POLLERR for _, event in self._poll.poll(0)):
            raise BrokenPipeError


def whole_lines(lines: Iterable[bytes], *, most: int = AT_ONCE) -> Iterator[bytes]:
    """Yield the lines joined to at most `most` bytes at a time; a longer line comes alone."""
    together: list[bytes] = []
    size = 0
    for line in lines:
        if together and size + len(line) > most:
            yield b"".join(together)
            together, size = [], 0
        together.append(line)
        size += len(line)
    if together:
        yield b"".join(together)
