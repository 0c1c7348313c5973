"""Bytes to lines and back. A line ends at \\n and nowhere else: not at \\r, U+2028 or a form feed.

One line in is one line out, so nothing here ever joins, drops or splits one.
"""

from __future__ import annotations

import io
import json
import math
import re
import select
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

READ_BYTES = 65_536

# What str.splitlines, editors or terminals take for the end of a line.
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# Python and some readers take these for the end of a line, and JSON would leave them as they are.
_BREAKS_IN_JSON = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_line(raw: bytes, encoding: str = "utf-8") -> tuple[str, bool]:
    """Return the text of a line without its \\n, and whether invalid bytes became U+FFFD."""
    try:
        return raw.decode(encoding).removesuffix("\n"), False
    except UnicodeError:
        return raw.decode(encoding, errors="replace").removesuffix("\n"), True


def iter_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of `stream` with their \\n, each as soon as it has arrived.

    Bytes after the last \\n are a line too.
    """
    for window in iter_windows(stream, most=1):
        yield from window


def iter_windows(
    stream: BinaryIO, *, most: int, most_bytes: int | None = None
) -> Iterator[list[bytes]]:
    """The lines of `stream` in groups: what has arrived when nothing more is ready, `most` at most.

    A file comes in groups of `most`, or fewer once they hold `most_bytes`; of a terminal or a slow
    pipe each line comes at once. Reading goes through `read1`: a plain `read` waits for a full
    buffer while the pipe holds whole lines.
    """
    lines: list[bytes] = []
    rest: list[bytes] = []  # of the line whose end has not come yet
    for chunk in _chunks(stream):
        first, *others = chunk.split(b"\n")
        rest.append(first)
        for piece in others:
            lines.append(b"".join(rest) + b"\n")
            rest = [piece]
        whole = len(lines) - len(lines) % most
        for start in range(0, whole, most):
            yield lines[start : start + most]
        lines = lines[whole:]
        if lines and (not _ready(stream) or sum(map(len, lines)) >= (most_bytes or math.inf)):
            yield lines
            lines = []
    last = b"".join(rest)
    if last:
        lines.append(last)
    if lines:
        yield lines


def one_line(text: str) -> str:
    """`text` with every character that anyone takes for a line's end made a space."""
    return _BREAKS.sub(" ", text)


def json_text(record: Any) -> str:
    """Return `record` as JSON in which nobody finds the end of a line."""
    return json.dumps(record, ensure_ascii=False).translate(_BREAKS_IN_JSON)


def well_formed(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot hold, made U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """What one reading gives, again and again until the end."""
    read: Callable[[int], bytes | None] = getattr(stream, "read1", stream.read)
    while (chunk := read(READ_BYTES)) != b"":
        if chunk is None:  # whoever shares this pipe has made it one that does not wait
            select.select([stream], [], [])
        else:
            yield chunk


def _ready(stream: BinaryIO) -> bool:
    """Whether reading would not wait. What is in memory or a file never makes one wait."""
    try:
        descriptor = stream.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return True
    return bool(select.select([descriptor], [], [], 0)[0])
