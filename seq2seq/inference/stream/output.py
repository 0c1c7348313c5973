"""Output of a stream: translated lines in their formats, complete lines only, unbuffered."""

from __future__ import annotations

import io
import json
import select
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from seq2seq.inference.stream.input import Line, Position
from seq2seq.inference.stream.window import CacheEntry
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.text.lines import json_text

if TYPE_CHECKING:
    from seq2seq.inference.translation import Translation


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
    """Yield the lines in blocks of at most `most` bytes; a longer line is a block of its own."""
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


_BROKEN = "not UTF-8: the bytes that are not were read as U+FFFD"
_UTF_16 = "not UTF-8 but UTF-16: convert the input, as `iconv -f UTF-16 -t UTF-8` does"
_RETURNS = "one line: its carriage returns end none; end lines with a newline"


class LineFormat:
    """Formatter of translations as lines.

    A text line holds the alternatives, best first, each followed by the requested extras:
    confidence, score, log-probabilities of the tokens, alignment. Columns are separated by tabs. If
    there is more than one column, every line has the same number of columns; the columns of blank
    lines and of missing alternatives are empty. A JSON line holds one object.
    """

    def __init__(
        self,
        search: SearchOptions,
        *,
        scores: bool = False,
        confidence: bool = False,
        min_confidence: float = 0.0,
        as_json: bool = False,
        echo: bool = True,
    ) -> None:
        """Set the format.

        Args:
            search: options of the search.
            scores, confidence: true to add a column with them.
            min_confidence: confidence below which a translation is left empty.
            as_json: true to write a JSON object on each line.
            echo: true to repeat the source in the JSON object.
        """
        self._search, self._echo = search, echo
        self._scores, self._confidence = scores, confidence
        self._min_confidence = min_confidence
        self._as_json = as_json
        extras = confidence + scores + search.token_scores + search.alignments
        self._columns = search.n_best * (1 + extras)

    def fill(self, entry: CacheEntry, text: str, alternatives: Sequence[Translation]) -> None:
        """Store the output content of `text` in `entry`."""
        best = alternatives[0]
        entry.parts, entry.note, entry.confidence = best.parts, best.note, best.confidence
        if best.error:
            entry.note, text = f"not translated: {best.error}", ""
        if best.confidence is not None and best.confidence < self._min_confidence:
            alternatives = [replace(one, text="") for one in alternatives]
            left = f"left empty: confidence {best.confidence:.2f} is below {self._min_confidence:g}"
            entry.note = "; ".join(filter(None, [best.note, left]))
        show = self._json_content if self._as_json else self._text_content
        entry.content = show(text, alternatives).encode("utf-8")

    def line(self, line: Line, entry: CacheEntry) -> bytes:
        """Return the output line for an input line, with its line end."""
        if not self._as_json:
            return entry.content + b"\n"
        ending = json.dumps({"notes": notes(line, entry)})[1:].encode("ascii")
        return b'{"line": %d, %b, %b\n' % (line.number, entry.content, ending)

    def _text_content(self, text: str, alternatives: Sequence[Translation]) -> str:
        if self._columns == 1:
            return alternatives[0].text if text.strip() else ""
        columns: list[str] = []
        for translation in alternatives if text.strip() else ():
            columns.append(translation.text.replace("\t", " "))
            if self._confidence:
                columns.append("" if translation.confidence is None else _shown(translation))
            if self._scores:
                columns.append(f"{translation.score:.4f}")
            if self._search.token_scores:
                columns.append(" ".join(f"{one:.4f}" for one in translation.token_log_probs))
            if self._search.alignments:
                columns.append(" ".join(f"{a}-{b}" for a, b in translation.alignment or ()))
        return "\t".join(columns + [""] * (self._columns - len(columns)))

    def _json_content(self, text: str, alternatives: Sequence[Translation]) -> str:
        """Return the members of the object that do not depend on the line number."""
        source = {"source": text} if self._echo else {}
        via = {"via": alternatives[0].via} if alternatives[0].via else {}
        record: dict[str, Any] = {**source, **via, **self._members(alternatives[0])}
        if self._search.n_best > 1:
            record["alternatives"] = [self._members(other) for other in alternatives]
        if self._search.alignments:
            record["source_tokens"] = list(alternatives[0].source_tokens)
        return json_text(record)[1:-1]

    def _members(self, translation: Translation) -> dict[str, Any]:
        members: dict[str, Any] = {
            "translation": translation.text,
            "score": translation.score,
            "log_prob": translation.log_prob,
            "confidence": translation.confidence,
        }
        if self._search.alignments:
            members["alignment"] = [list(link) for link in translation.alignment or ()]
        if self._search.token_scores:
            members["token_log_probs"] = list(translation.token_log_probs)
        if self._search.alignments or self._search.token_scores:
            members["tokens"] = list(translation.tokens)
        return members


def _shown(translation: Translation) -> str:
    return f"{translation.confidence:.4f}"


def notes(line: Line, entry: CacheEntry) -> list[str]:
    """Return the remarks for the user on this line of output."""
    # The byte order mark of UTF-16 is invalid UTF-8, and every other byte of Latin text is zero.
    utf_16 = line.number == 1 and line.text.startswith("\ufffd\ufffd") and "\0" in line.text
    split = f"translated in {entry.parts} parts: more sentences or longer than in training"
    found = (
        (_UTF_16 if utf_16 else _BROKEN, line.broken),
        (_RETURNS, "\r" in line.text),
        (split, entry.parts > 1),
        (entry.note, bool(entry.note)),
    )
    return [note for note, holds in found if holds]
