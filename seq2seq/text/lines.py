"""Conversion of bytes to lines and back; only \\n ends a line, not \\r, U+2028 or a form feed.

Each input line gives one output line: nothing here joins, drops or splits lines.
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

# Characters that str.splitlines, editors or terminals treat as line breaks.
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# Python and some readers treat these as line breaks, and JSON does not escape them.
_BREAKS_IN_JSON = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_line(raw: bytes, encoding: str = "utf-8") -> tuple[str, bool]:
    """Return the text of a line without its \\n, and whether invalid bytes became U+FFFD."""
    try:
        return raw.decode(encoding).removesuffix("\n"), False
    except UnicodeError:
        return raw.decode(encoding, errors="replace").removesuffix("\n"), True


def iter_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of `stream` with their \\n, each as soon as it has arrived.

    Bytes after the last \\n are a line too.
    """
    for window in iter_windows(stream, most=1):
        yield from window


def iter_windows(
    stream: BinaryIO, *, most: int, most_bytes: int | None = None
) -> Iterator[list[bytes]]:
    """Yield the lines of `stream` in groups of at most `most`, without waiting to fill a group.

    Lines of a file come in groups of `most`, or in smaller groups that reach `most_bytes`. Lines of
    a terminal or a slow pipe come at once: `byte_chunks` does not wait for a full buffer while
    complete lines are already in the pipe.
    """
    lines: list[bytes] = []
    rest: list[bytes] = []  # parts of the incomplete last line
    for chunk in byte_chunks(stream):
        first, *others = chunk.split(b"\n")
        rest.append(first)
        for part in others:
            lines.append(b"".join(rest) + b"\n")
            rest = [part]
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
    """Return `text` with every character that may count as a line break replaced by a space."""
    return _BREAKS.sub(" ", text)


def json_text(record: Any) -> str:
    """Return `record` as JSON without any character that may count as a line break."""
    return json.dumps(record, ensure_ascii=False).translate(_BREAKS_IN_JSON)


def well_formed(text: str) -> str:
    """Return `text` with lone surrogates, which UTF-8 cannot encode, replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def byte_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes that have arrived at each read, until the end of a stream."""
    read: Callable[[int], bytes | None] = getattr(stream, "read1", stream.read)
    while (chunk := read(READ_BYTES)) != b"":
        if chunk is None:  # another process has made this shared pipe non-blocking
            select.select([stream], [], [])
        else:
            yield chunk


def _ready(stream: BinaryIO) -> bool:
    """Return whether reading would not block; memory and files never block."""
    try:
        descriptor = stream.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return True
    return bool(select.select([descriptor], [], [], 0)[0])
