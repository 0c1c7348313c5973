"""Lines of text files: encodings, byte order marks, and line ends."""

from __future__ import annotations

import codecs
import io
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path

from seq2seq.data.files import open_bytes
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.lines import decode_line

Line = tuple[str, bool]  # the text, and whether its bytes were invalid

_MARKS = {  # longer marks first, because the mark of UTF-32 begins with the mark of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF8: "utf-8",
}
_HEAD = 4096  # bytes that are examined to recognise an encoding
_CHUNK = 1 << 18


def text_encoding(name: str, *, key: str = "data.encoding") -> str:
    """Return Python's name of a text encoding; `key` is the setting that named it.

    Raises:
        SettingsError: the encoding is not known.
    """
    try:
        "a".encode(name)  # an empty text would pass even if `name` is not a text encoding
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise SettingsError(
            f"{key}={name} is not known; use a name such as utf-8, latin-1 or utf-16"
        ) from error
    return "utf-8" if found == "utf-8-sig" else found  # a byte order mark is removed anyway


def ends_lines_with_one_byte(encoding: str) -> bool:
    """Return whether the byte 0x0A, and nothing else, ends a line in this encoding."""
    return "\n".encode(encoding) == b"\n"


def text_lines(
    path: Path, encoding: str, *, returns_end_lines: bool = False
) -> Generator[Line, None, None]:
    """Yield each line of a file without its line end, which is \\n or \\r\\n.

    Args:
        path: plain or compressed file.
        encoding: encoding of the file, as `text_encoding` returns it.
        returns_end_lines: true to split a file without any \\n at its carriage returns, instead
            of raising an error.

    Raises:
        DataError: the file cannot be read, is evidently in another encoding, or ends its lines with
            carriage returns alone.
    """
    with open_bytes(path) as stream:
        codec = chosen_encoding(path, stream, encoding)
        lines = _decoded(_raw_lines(stream, "\n".encode(codec)), codec)
        first, broken = next(lines, ("", None))
        if broken is None:
            return
        first = first.removeprefix("\ufeff")
        if "\r" in first:
            second = next(lines, None)
            if second is None:
                if not returns_end_lines:
                    raise _returns_alone(path)
                yield from ((part, broken) for part in first.split("\r"))
                return
            lines = chain([second], lines)
        yield first, broken
        yield from lines


def _decoded(raw_lines: Iterable[bytes], codec: str) -> Iterator[Line]:
    for raw in raw_lines:
        text, broken = decode_line(raw, codec)
        yield text.removesuffix("\r"), broken


def _raw_lines(stream: io.BufferedReader, newline: bytes) -> Iterator[bytes]:
    """Yield lines with their ends; the position of a line end is a multiple of its own length."""
    if newline == b"\n":
        yield from stream
        return
    width, rest, searched = len(newline), b"", 0
    while chunk := stream.read(_CHUNK):
        rest += chunk
        start = 0
        while (end := _aligned(rest, newline, max(start, searched))) >= 0:
            yield rest[start : end + width]
            start = end + width
        rest = rest[start:]
        searched = len(rest) - len(rest) % width
    if rest:
        yield rest


def _aligned(data: bytes, newline: bytes, start: int) -> int:
    found = data.find(newline, start)
    while found >= 0 and found % len(newline):
        found = data.find(newline, found + 1)
    return found


def chosen_encoding(path: Path, stream: io.BufferedReader, encoding: str) -> str:
    """Return `encoding` with its byte order, found from the first bytes of a file.

    Raises:
        DataError: the bytes are those of another encoding.
    """
    head = stream.peek(_HEAD)[:_HEAD]
    found = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    found = found or _encoding_by_zeros(head)
    wide = encoding.startswith(("utf-16", "utf-32"))
    if found is None and wide and _is_ascii_compatible(head):
        found = "utf-8"
    if found is None:
        return f"{encoding}-le" if encoding in ("utf-16", "utf-32") else encoding
    if found == encoding or (wide and found.startswith(f"{encoding}-")):
        return found
    raise DataError(
        f"{path} is {found.upper()} and would be read as {encoding.upper()}; set "
        f"data.encoding={found} (--encoding {found} of a command), or save it as {encoding.upper()}"
    )


def _encoding_by_zeros(head: bytes) -> str | None:
    """Return the encoding that the positions of the zero bytes in `head` indicate, or None."""
    zeros = [head[position::4].count(0) for position in range(4)]
    units = len(head) // 4
    if units >= 2 and zeros[0] * 10 <= units and min(zeros[2:]) * 2 >= units:
        return "utf-32-le"
    if units >= 2 and zeros[3] * 10 <= units and min(zeros[:2]) * 2 >= units:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    fewest = max(4, units // 10)  # spaces and line ends suffice; no other text has so many zeros
    if odd >= fewest and even * 4 <= odd:
        return "utf-16-le"
    if even >= fewest and odd * 4 <= even:
        return "utf-16-be"
    return None


def _is_ascii_compatible(head: bytes) -> bool:
    """Return whether `head` consists of lines of UTF-8 without zero bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()  # the last character may be truncated
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return b"\n" in head and b"\0" not in head


def _returns_alone(path: Path) -> DataError:
    return DataError(
        f"{path} ends its lines with carriage returns alone (CR), and a line must end with LF or "
        f"CRLF; convert it: tr '\\r' '\\n' < {path.name} > converted-{path.name}"
    )
