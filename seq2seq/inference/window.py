"""A window of the input: its lines, the answers they wait for, and the work that takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.inference.answers import Answer, AnswerCache
from seq2seq.inference.lines_in import Line, Position

# A chunk is one call of the translator: enough sentences for a batch, and work of about a second.
CHUNK_TEXTS = 64
CHUNK_CHARACTERS = 16_384
# Fewer are not worth a call of their own, even while another thread has nothing to do.
SMALLEST_CHUNK = 8


@dataclass
class Window:
    """Lines that are written together.

    Attributes:
        lines, answers: one answer for each line; equal lines share it.
        end: the position in the input after the last line.
        missing: chunks that are not translated yet.
        repeated: lines that needed no translation of their own.
    """

    lines: Sequence[Line]
    answers: Sequence[Answer]
    end: Position
    missing: int
    repeated: int


@dataclass(frozen=True)
class Chunk:
    """Texts of about one length that are translated in one call, and what takes their answers."""

    window: Window
    texts: list[str]
    answers: list[Answer]

    def where(self) -> str:
        """The lines these texts stand in, in words."""
        texts = set(self.texts)
        numbers = [line.number for line in self.window.lines if line.text in texts]
        shown = ", ".join(map(str, numbers[:5]))
        if len(numbers) > 5:
            return f"one of lines {shown} and {len(numbers) - 5} more up to {max(numbers)}"
        return f"line {shown}" if len(numbers) == 1 else f"one of lines {shown}"


def open_window(
    lines: Sequence[Line], end: Position, *, cache: AnswerCache, threads: int
) -> tuple[Window, list[Chunk]]:
    """The window of these lines, and the work that remains: texts without an answer, in chunks.

    An answer from `cache` may still be under way, but for a window before this one: whoever
    takes windows in order finds it there.
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
    """The texts, longest first, in parts of about as much work."""
    most = min(CHUNK_TEXTS, max(SMALLEST_CHUNK, math.ceil(len(texts) / threads)))
    chunks: list[list[str]] = []
    room = 0
    for text in sorted(texts, key=len, reverse=True):
        if not chunks or len(chunks[-1]) >= room:
            chunks.append([])
            # What is padded counts: all of a chunk are as long as its first.
            room = max(1, min(most, CHUNK_CHARACTERS // max(1, len(text))))
        chunks[-1].append(text)
    return chunks
