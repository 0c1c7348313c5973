"""Lines of an input in groups as they arrive, with their count and checksum."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from seq2seq.text.lines import decode_line, iter_windows

# Enough lines for batches of similar length, few enough to see a file's translation grow.
WINDOW_LINES = 1024
WINDOW_BYTES = 1 << 20
# The first group is small, so that the first translations appear early; later groups are larger.
FIRST_LINES = 64


class Position(NamedTuple):
    """Position in an input: the number of lines before it and the SHA-256 of their bytes."""

    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """Line of input with its number from 1; `broken` is true if invalid UTF-8 was replaced."""

    number: int
    text: str
    broken: bool


class InputLines:
    """Lines of an input, to be iterated over once."""

    def __init__(self, groups: Iterable[list[bytes]]) -> None:
        """Take lines from `groups` of bytes with line ends, as `read_groups` yields them."""
        self._groups = iter(groups)
        self._sum = hashlib.sha256()
        self.count = 0  # number of lines yielded or skipped so far
        self.bytes = 0  # number of their bytes

    @property
    def position(self) -> Position:
        """Position after the lines read or skipped so far."""
        return Position(self.count, self._sum.hexdigest())

    def __iter__(self) -> Iterator[tuple[list[Line], Position]]:
        """Yield groups of lines, the first group small, each with the position after it."""
        for raw in _growing(self._groups):
            lines = [_line(number, line) for number, line in enumerate(raw, self.count + 1)]
            self._take(raw)
            yield lines, self.position

    def skip(self, position: Position, *, spool: Path | None = None) -> bool:
        """Skip to `position` if the lines of the input before it match; return whether they do.

        If they do not, nothing is skipped: the lines already read are provided again, from a
        temporary file in the directory `spool` (by default the system's), because a pipe cannot be
        rewound.
        """
        with ExitStack() as unless_needed:
            copy = unless_needed.enter_context(tempfile.TemporaryFile(dir=spool))
            rest: list[bytes] = []
            while self.count < position.lines and (group := next(self._groups, None)):
                missing = position.lines - self.count
                known, rest = group[:missing], group[missing:]
                copy.writelines(known)
                self._take(known)
            self._groups = chain([rest] if rest else [], self._groups)
            if self.position == position:
                return True
            unless_needed.pop_all()
        self.count, self.bytes, self._sum = 0, 0, hashlib.sha256()
        copy.seek(0)
        self._groups = chain(_read_and_close(cast(BinaryIO, copy)), self._groups)
        return False

    def _take(self, raw: list[bytes]) -> None:
        self.count += len(raw)
        for line in raw:
            self.bytes += len(line)
            self._sum.update(line)


def read_groups(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines of `stream` in groups of at most a window, each as soon as it has arrived."""
    return iter_windows(stream, most=WINDOW_LINES, most_bytes=WINDOW_BYTES)


def _read_and_close(stream: BinaryIO) -> Iterator[list[bytes]]:
    with stream:
        yield from read_groups(stream)


def _growing(groups: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Yield the same lines in groups that are small at first."""
    most = FIRST_LINES
    for group in groups:
        while group:
            yield group[:most]
            group = group[most:]
            most = min(2 * most, WINDOW_LINES)


def _line(number: int, raw: bytes) -> Line:
    text, broken = decode_line(raw)
    if number == 1:
        text = text.removeprefix("\ufeff")  # a byte order mark
    # As in the corpus, a carriage return before the line end is part of the line end.
    return Line(number, text.removesuffix("\r"), broken)
