"""Translation of a stream: one output line for each input line, in order, window by window.

Three kinds of threads pass windows of lines to each other, so that reading, translating and writing
overlap:

    reader ──> windows, in order ──────────────────────> writer
       │           ▲ entries                               │
       └──> chunks ┴─> worker, worker, ...                 └──> output

The reader takes the lines that have arrived as a window, finds the texts in it that are not in the
cache, and puts them into a queue in chunks of texts of similar length. Workers translate the chunks
in order and fill the entries. The writer takes the first window, waits until all its chunks are
translated, and writes its lines. The reader is at most `MOST_WINDOWS` ahead of the writer, so the
memory needed does not depend on the length of the input.

The calling thread stops all threads at the end of the input, at the first error in any thread, at
an interruption, or when the reader of the output is gone.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from seq2seq.errors import UserError
from seq2seq.inference.stream.input import InputLines
from seq2seq.inference.stream.output import LineFormat, Output, notes, whole_lines
from seq2seq.inference.stream.threads import StreamThread, join_all
from seq2seq.inference.stream.window import Chunk, LineCache, Window, open_window
from seq2seq.inference.translation_options import SearchOptions

if TYPE_CHECKING:
    from seq2seq.inference.translation import Translation

log = logging.getLogger("seq2seq")

# One window is being written, one translated, one waits; more would only take memory.
MOST_WINDOWS = 3

_DOUBTFUL = 0.5  # confidence below which a warning names a line
_TICK = 0.1  # seconds between two checks of the progress


class SearchesTranslations(Protocol):
    """Interface of a translator for a stream; called from several threads at once."""

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        """Return the translations of each text, at least one for each, best first."""


@dataclass(frozen=True)
class StreamOptions:
    """Options of a stream of translations.

    Attributes:
        search: options of the search.
        scores, confidence: true to add a column with them.
        min_confidence: confidence below which a line is left empty.
        name_doubtful: true to warn about lines with a confidence below 0.5.
        as_json: true to write a JSON object on each line.
        echo: true to repeat the source in the JSON object.
        threads: number of threads that translate.
    """

    search: SearchOptions = field(default_factory=SearchOptions)
    scores: bool = False
    confidence: bool = False
    min_confidence: float = 0.0
    name_doubtful: bool = False
    as_json: bool = False
    echo: bool = True
    threads: int = 1


def translate_stream(
    translator: SearchesTranslations,
    source: InputLines,
    output: Output,
    options: StreamOptions,
    *,
    watch: Callable[[int], None] = lambda done: None,
) -> int:
    """Translate `source` line by line into `output`; return the number of lines written.

    A line ends at \\n only. A last line without it counts as a line; the translation of a blank
    line is blank. A warning with the line number is logged for each line that was not translated as
    it stands, for example because it was not UTF-8 or had to be split. `watch` is called from time
    to time with the number of lines translated.

    Raises the first error of any thread; a `UserError` names the lines concerned. Only complete
    lines were written before the error. `output` has recorded the position in the input after the
    last window that was written completely.
    """
    return _Stream(translator, source, output, options).run(watch)


class _Stream:
    """State of the threads; what several of them use is changed under the lock `_changed`."""

    def __init__(
        self,
        translator: SearchesTranslations,
        source: InputLines,
        output: Output,
        options: StreamOptions,
    ) -> None:
        self._translator, self._options = translator, options
        self._source, self._output = source, output
        self._format = LineFormat(
            options.search,
            scores=options.scores,
            confidence=options.confidence,
            min_confidence=options.min_confidence,
            as_json=options.as_json,
            echo=options.echo,
        )
        self._cache = LineCache()
        self._changed = threading.Condition()
        self._chunks: deque[Chunk] = deque()
        self._windows: deque[Window] = deque()  # in order; the first one is written next
        self._all_read = False
        self._stopped = False  # threads must end
        self._error: BaseException | None = None
        self._over = threading.Event()
        self._done = 0  # lines translated
        self._written = 0

    def run(self, watch: Callable[[int], None]) -> int:
        """Start the threads, wait for their end, and return the number of lines written."""
        first = self._source.count
        reader, writer, *workers = [
            StreamThread(partial(self._guard, body))
            for body in (self._read, self._write, *[self._work] * self._options.threads)
        ]
        try:
            for thread in (reader, writer, *workers):
                thread.start()
            while not self._over.wait(_TICK):
                watch(self._done)
                self._output.check()
        finally:
            self._stop()
            join_all([writer, *workers])
        if self._error is not None:
            raise self._error
        given = self._source.count - first
        if self._written != given:
            raise RuntimeError(f"{given} lines came in and {self._written} went out")
        return self._written

    def _guard(self, body: Callable[[], None]) -> None:
        """Run the body of a thread; an error in it stops all threads."""
        try:
            body()
        except BaseException as error:
            with self._changed:
                self._error = self._error or error
            self._stop()

    def _stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._over.set()

    def _read(self) -> None:
        threads = self._options.threads
        for lines, end in self._source:
            window, chunks = open_window(lines, end, cache=self._cache, threads=threads)
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or len(self._windows) < MOST_WINDOWS)
                if self._stopped:
                    return
                self._windows.append(window)
                self._chunks.extend(chunks)
                self._changed.notify_all()
        with self._changed:
            self._all_read = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (chunk := self._next_chunk()) is not None:
            self._translate(chunk)
            with self._changed:
                chunk.window.chunks_left -= 1
                self._done += len(chunk.texts)
                self._changed.notify_all()

    def _translate(self, chunk: Chunk) -> None:
        """Translate a chunk; an error in one of its texts is reported with that text's line."""
        try:
            found = self._translator.hypotheses(chunk.texts, self._options.search)
            for text, entry, best in zip(chunk.texts, chunk.entries, found, strict=True):
                self._format.fill(entry, text, best)
                self._cache.weigh(text)
        except UserError as error:
            self._translate_alone(chunk)
            error.args = (f"{chunk.where()}: {error}",)
            raise
        except MemoryError as error:
            if len(chunk.texts) == 1:
                raise UserError(
                    f"{chunk.where()}: the memory is not enough to translate it; use fewer "
                    "threads or a smaller beam"
                ) from error
            self._translate_alone(chunk)  # takes less memory
        except Exception as error:  # a bug: re-raised with its lines
            error.add_note(f"while translating {chunk.where()}")
            raise

    def _translate_alone(self, chunk: Chunk) -> None:
        if len(chunk.texts) > 1:
            for text, entry in zip(chunk.texts, chunk.entries, strict=True):
                if not self._stopped:
                    self._translate(Chunk(chunk.window, [text], [entry]))

    def _next_chunk(self) -> Chunk | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._chunks or self._all_read)
            return self._chunks.popleft() if self._chunks and not self._stopped else None

    def _write(self) -> None:
        while (window := self._next_window()) is not None:
            filled = list(zip(window.lines, window.entries, strict=True))
            for line, entry in filled:
                for note in notes(line, entry):
                    log.warning("line %d is %s", line.number, note)
                sure = 1.0 if entry.confidence is None else entry.confidence
                if self._options.name_doubtful and sure < _DOUBTFUL:
                    log.warning("line %d is doubtful: confidence %.2f", line.number, sure)
            for block in whole_lines(self._format.line(*pair) for pair in filled):
                if self._stopped:
                    return
                self._output.write(block)
                self._written += block.count(b"\n")
            self._output.mark(window.end)
            with self._changed:
                self._windows.popleft()
                self._done += window.repeated
                self._changed.notify_all()
        self._over.set()

    def _next_window(self) -> Window | None:
        """Return the next window to write, once all of it is translated; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._windows or self._all_read)
            if self._windows:
                first = self._windows[0]
                self._changed.wait_for(lambda: self._stopped or not first.chunks_left)
            return self._windows[0] if self._windows and not self._stopped else None
