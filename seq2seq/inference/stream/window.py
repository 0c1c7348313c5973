"""Window of the input: its lines, their answers, and the chunks of texts to translate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.inference.stream.line_cache import Answer, AnswerCache
from seq2seq.inference.stream.line_input import Line, Position

# A chunk is one call of the translator: enough sentences for a batch, about a second of work.
CHUNK_TEXTS = 64
CHUNK_CHARACTERS = 16_384
# Smaller chunks are not worth a separate call, even if another thread is idle.
SMALLEST_CHUNK = 8


@dataclass
class Window:
    """Lines that are written together.

    Attributes:
        lines, answers: input lines and one answer for each; equal lines share it.
        end: position in the input after the last line.
        missing: number of chunks that are not translated yet.
        repeated: number of lines that needed no translation of their own.
    """

    lines: Sequence[Line]
    answers: Sequence[Answer]
    end: Position
    missing: int
    repeated: int


@dataclass(frozen=True)
class Chunk:
    """Texts of similar length that are translated in one call, with the answers to fill."""

    window: Window
    texts: list[str]
    answers: list[Answer]

    def where(self) -> str:
        """Return a description of the lines of these texts."""
        texts = set(self.texts)
        numbers = [line.number for line in self.window.lines if line.text in texts]
        shown = ", ".join(map(str, numbers[:5]))
        if len(numbers) > 5:
            return f"one of lines {shown} and {len(numbers) - 5} more up to {max(numbers)}"
        return f"line {shown}" if len(numbers) == 1 else f"one of lines {shown}"


def open_window(
    lines: Sequence[Line], end: Position, *, cache: AnswerCache, threads: int
) -> tuple[Window, list[Chunk]]:
    """Return the window of these lines, and the texts without an answer in chunks.

    An answer in `cache` may be incomplete, but then it belongs to an earlier window, so it is
    complete when windows are written in order.
    """
    fresh: dict[str, Answer] = {}
    answers = []
    for line in lines:
        answer = fresh.get(line.text) or cache.get(line.text)
        if answer is None:
            answer = fresh[line.text] = Answer()
            cache.add(line.text, answer)
        answers.append(answer)
    cuts = _cut(list(fresh), threads=threads)
    window = Window(lines, answers, end, len(cuts), len(lines) - len(fresh))
    return window, [Chunk(window, texts, [fresh[text] for text in texts]) for texts in cuts]


def _cut(texts: list[str], *, threads: int) -> list[list[str]]:
    """Return the texts, longest first, in chunks of similar work."""
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
