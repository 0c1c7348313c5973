"""The sentences of the set of typed messages, which training must not contain."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST_SHARED = 4
# Short and full forms count as the same sentence.
FULL_FORMS = (
    (r"\bcan't\b", "cannot"), (r"\bwon't\b", "will not"), (r"n't\b", " not"), (r"'m\b", " am"),
    (r"'re\b", " are"), (r"'ll\b", " will"), (r"'ve\b", " have"), (r"'d\b", " would"),
    (r"\blet's\b", "let us"), (r"'s\b", " is"),
)  # fmt: skip


def comparable(sentence: str) -> str:
    """Return the words of a sentence in full form, without case and punctuation."""
    text = sentence.casefold().replace("’", "'")
    for short, full in FULL_FORMS:
        text = re.sub(short, full, text)
    return " ".join(re.findall(r"[\w'€-]+", text))


class TypedSentences:
    """Sentences of more than four words of the typed messages, single and joined."""

    def __init__(self, messages: set[str]) -> None:
        parts = (part for text in messages for part in (text, *re.split(r"(?<=[.!?]) ", text)))
        longer = (part for part in parts if len(part.split()) > LONGEST_SHARED)
        self._sentences = {comparable(part) for part in longer}

    @staticmethod
    def read(path: Path) -> TypedSentences:
        """Read the messages, the first cell of each line."""
        lines = path.read_text("utf-8").splitlines()
        return TypedSentences({line.split("\t")[0] for line in lines})

    def holds(self, english: str) -> bool:
        """Return whether a sentence is one of them."""
        return comparable(english) in self._sentences
