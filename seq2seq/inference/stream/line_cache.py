"""Least-recently-used cache of translated lines."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_ANSWERS = 10_000
MOST_BYTES = 4 << 20


class Answer:
    """Output content for one source text, wherever it occurs; empty until it is translated."""

    __slots__ = ("confidence", "content", "note", "parts")

    def __init__(self) -> None:
        self.content = b""
        self.note = ""
        self.parts = 1
        self.confidence: float | None = None


class AnswerCache:
    """Bounded cache of the most recently used translations; may be used from several threads.

    An entry is kept from the moment its text is handed out, so that a text is not translated twice
    while its first translation is in progress. `weigh` updates the size of an entry.
    """

    def __init__(self, *, most: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, tuple[Answer, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> Answer | None:
        """Return the entry of `text`; None if it is not in the cache."""
        with self._lock:
            if text not in self._answers:
                return None
            self._answers.move_to_end(text)
            return self._answers[text][0]

    def add(self, text: str, answer: Answer) -> None:
        """Store `answer` as the entry of `text`."""
        with self._lock:
            self._set(text, answer)

    def weigh(self, text: str) -> None:
        """Update the recorded size of the entry of `text`, if it is still in the cache."""
        with self._lock:
            if text in self._answers:
                self._set(text, self._answers[text][0])

    def _set(self, text: str, answer: Answer) -> None:
        _, weight = self._answers.pop(text, (answer, 0))
        # A character takes up to four bytes in memory; assume four for text that is not ASCII.
        now = len(answer.content) + (1 if text.isascii() else 4) * len(text)
        self._answers[text] = answer, now
        self._bytes += now - weight
        while len(self._answers) > self._most or self._bytes > self._most_bytes:
            _, (_, weight) = self._answers.popitem(last=False)
            self._bytes -= weight
