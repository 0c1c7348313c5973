"""Where lines go: whole ones only, and nothing held back."""

from __future__ import annotations

import io
import select
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol, cast

from seq2seq.inference.lines_in import Position

# A pipe takes so many bytes at once or none of them, so that a line that fits is never torn.
AT_ONCE = select.PIPE_BUF


class Output(Protocol):
    """What a stream of translations is written to."""

    def write(self, lines: bytes) -> None:
        """Write whole lines."""

    def mark(self, position: Position) -> None:
        """What was written so far belongs to the lines of input before `position`."""

    def check(self) -> None:
        """Raise `BrokenPipeError` if nobody reads what is written."""


class StreamOutput:
    """Lines to standard output, a pipe, a device, or memory."""

    def __init__(self, stream: BinaryIO, *, name: str = "output") -> None:
        """Write to `stream`, called `name` in errors."""
        # Without its buffer: what is left in there when a process is interrupted is half a line.
        self._stream = cast(io.RawIOBase, getattr(stream, "raw", stream))
        self._name = name
        self._poll: select.poll | None = None
        try:
            descriptor = stream.fileno()
        except (AttributeError, io.UnsupportedOperation):
            return
        self._poll = select.poll()
        self._poll.register(descriptor, 0)  # errors are told without being asked for

    def write(self, lines: bytes) -> None:
        """Write all of `lines`, as long as that takes.

        Raises `OSError` with the output's name.
        """
        rest = memoryview(lines)
        try:
            while rest:
                count = self._stream.write(rest)
                if count is None:  # whoever shares this pipe has made it one that does not wait
                    select.select([], [self._stream], [])
                else:
                    rest = rest[count:]
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OSError(error.errno, error.strerror, self._name) from error

    def mark(self, position: Position) -> None:
        """What has gone out cannot be taken back, so there is nothing to note."""

    def check(self) -> None:
        """Raise `BrokenPipeError` if the other end of the pipe is closed."""
        if self._poll and any(event & select.POLLERR for _, event in self._poll.poll(0)):
            raise BrokenPipeError


def whole_lines(lines: Iterable[bytes], *, most: int = AT_ONCE) -> Iterator[bytes]:
    """The lines joined, at most `most` bytes at a time; a longer line comes alone."""
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
