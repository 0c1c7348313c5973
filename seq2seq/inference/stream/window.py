"""Window of the input: its lines, cached translations, and the chunks of texts to translate."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.inference.stream.input import Line, Position

MOST_LINES = 10_000
MOST_BYTES = 4 << 20


class CacheEntry:
    """Output content for one source text, wherever it occurs; empty until it is translated."""

    __slots__ = ("confidence", "content", "note", "parts")

    def __init__(self) -> None:
        self.content = b""
        self.note = ""
        self.parts = 1
        self.confidence: float | None = None


class LineCache:
    """Bounded cache of the most recently used translations; may be used from several threads.

    An entry is added before its text is translated, so that a text is not translated twice while
    its first translation is in progress. `weigh` updates the size of an entry.
    """

    def __init__(self, *, most: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._entries: OrderedDict[str, tuple[CacheEntry, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> CacheEntry | None:
        """Return the entry of `text`; None if it is not in the cache."""
        with self._lock:
            if text not in self._entries:
                return None
            self._entries.move_to_end(text)
            return self._entries[text][0]

    def add(self, text: str, entry: CacheEntry) -> None:
        """Store `entry` as the entry of `text`."""
        with self._lock:
            self._set(text, entry)

    def weigh(self, text: str) -> None:
        """Update the recorded size of the entry of `text`, if it is still in the cache."""
        with self._lock:
            if text in self._entries:
                self._set(text, self._entries[text][0])

    def _set(self, text: str, entry: CacheEntry) -> None:
        _, weight = self._entries.pop(text, (entry, 0))
        # A character takes up to four bytes in memory; assume four for text that is not ASCII.
        now = len(entry.content) + (1 if text.isascii() else 4) * len(text)
        self._entries[text] = entry, now
        self._bytes += now - weight
        while len(self._entries) > self._most or self._bytes > self._most_bytes:
            _, (_, weight) = self._entries.popitem(last=False)
            self._bytes -= weight


# A chunk is one call of the translator: enough sentences for a batch, about a second of work.
CHUNK_TEXTS = 64
CHUNK_CHARACTERS = 16_384
# Smaller chunks are not worth a separate call, even if another thread is idle.
SMALLEST_CHUNK = 8


@dataclass
class Window:
    """Lines that are written together.

    Attributes:
        lines, entries: input lines, and one cache entry for each line; equal lines share an entry.
        end: position in the input after the last line.
        chunks_left: number of chunks that are not translated yet.
        repeated: number of lines that needed no translation of their own.
    """

    lines: Sequence[Line]
    entries: Sequence[CacheEntry]
    end: Position
    chunks_left: int
    repeated: int


@dataclass(frozen=True)
class Chunk:
    """Texts of similar length that are translated in one call, with the entries to fill."""

    window: Window
    texts: list[str]
    entries: list[CacheEntry]

    def where(self) -> str:
        """Return a description of the lines of these texts."""
        texts = set(self.texts)
        numbers = [line.number for line in self.window.lines if line.text in texts]
        shown = ", ".join(map(str, numbers[:5]))
        if len(numbers) > 5:
            return f"one of lines {shown} and {len(numbers) - 5} more up to {max(numbers)}"
        return f"line {shown}" if len(numbers) == 1 else f"one of lines {shown}"


def open_window(
    lines: Sequence[Line], end: Position, *, cache: LineCache, threads: int
) -> tuple[Window, list[Chunk]]:
    """Return the window of these lines, and chunks of the texts that have no entry yet.

    An entry from `cache` may still be incomplete. It then belongs to an earlier window; windows are
    written in order, so the entry is complete when this window is written.
    """
    fresh: dict[str, CacheEntry] = {}
    entries = []
    for line in lines:
        entry = fresh.get(line.text) or cache.get(line.text)
        if entry is None:
            entry = fresh[line.text] = CacheEntry()
            cache.add(line.text, entry)
        entries.append(entry)
    cuts = _cut(list(fresh), threads=threads)
    window = Window(lines, entries, end, len(cuts), len(lines) - len(fresh))
    return window, [Chunk(window, texts, [fresh[text] for text in texts]) for texts in cuts]


def _cut(texts: list[str], *, threads: int) -> list[list[str]]:
    """Return the texts, longest first, divided into chunks that take about equally long."""
    most = min(CHUNK_TEXTS, max(SMALLEST_CHUNK, math.ceil(len(texts) / threads)))
    chunks: list[list[str]] = []
    room = 0
    for text in sorted(texts, key=len, reverse=True):
        if not chunks or len(chunks[-1]) >= room:
            chunks.append([])
            # Padding counts: all texts of a chunk take as much room as its first.
            room = max(1, min(most, CHUNK_CHARACTERS // max(1, len(text))))
        chunks[-1].append(text)
    return chunks
