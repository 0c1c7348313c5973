"""Words and what stands between them, and phrases found in a text as words.

A text is a row of tokens: words (letters, digits and marks that follow each other), runs of
white space as one space, and every other character by itself. A phrase stands in a text where
its tokens do, so `Haus` is found in `das Haus.` and not in `Hausboot`. Scripts that put no space
between words have a token a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

# Scripts without spaces, as a class of a regular expression: Thai, Lao, Tibetan, Burmese, Khmer,
# Japanese and Chinese.
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
SENTENCE_ENDS = frozenset(".!?…。！？")
_END = ""  # no token is empty: in a trie it marks that a phrase ends here


@dataclass(frozen=True)
class Found:
    """A phrase in a text.

    Attributes:
        phrase: as it was given.
        start, end: where it stands, in characters.
        recased: it stands at the beginning of a sentence with a capital first letter, which it
            was not given with.
    """

    phrase: str
    start: int
    end: int
    recased: bool = False


class PhraseFinder:
    """Looks for many phrases at once; how many there are hardly matters."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Blank phrases are found nowhere."""
        self._root: dict[str, Any] = {}
        for phrase in phrases:
            node = self._root
            for token in tokens(phrase.strip()):
                node = node.setdefault(token, {})
            if node is not self._root:
                node[_END] = phrase

    def find(self, text: str) -> list[Found]:
        """The phrases in `text` from left to right, at each place the longest, none in another.

        Letters count as they are, but at the beginning of a sentence a phrase that begins with a
        small letter is also found with a capital one.
        """
        spans = token_spans(text)
        row = tokens(text)
        found: list[Found] = []
        place = 0
        while place < len(row):
            end, phrase = self._longest(row, place)
            recased = end == place and self._may_be_recased(row, place, text[: spans[place][0]])
            if recased:
                end, phrase = self._longest([uncapitalised(row[place]), *row[place + 1 :]], 0)
                end += place
            if end > place:
                found.append(Found(phrase, spans[place][0], spans[end - 1][1], recased))
            place = max(end, place + 1)
        return found

    def count(self, row: Sequence[str]) -> int:
        """How many stand in a row of tokens, none in another, letters as they are."""
        if self._root.keys().isdisjoint(row):
            return 0
        free = number = 0
        for place, token in enumerate(row):
            if place >= free and token in self._root:
                end, _ = self._longest(row, place)
                number += end > place
                free = max(end, place + 1)
        return number

    def _may_be_recased(self, row: Sequence[str], place: int, before: str) -> bool:
        small = uncapitalised(row[place])
        return small != row[place] and small in self._root and begins_sentence(before)

    def _longest(self, row: Sequence[str], place: int) -> tuple[int, str]:
        """Where the longest phrase from `place` on ends, and which it is; `place` for none."""
        node, end, phrase = self._root, place, ""
        for here in range(place, len(row)):
            if row[here] not in node:
                break
            node = node[row[here]]
            if _END in node:
                end, phrase = here + 1, node[_END]
        return end, phrase


def tokens(text: str) -> list[str]:
    """The tokens of a text, white space as one space."""
    return [" " if token.isspace() else token for token in _token().findall(text)]


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return where each token of a text stands, in characters."""
    return [match.span() for match in _token().finditer(text)]


@lru_cache(maxsize=4096)
def in_word(character: str) -> bool:
    """Whether a character is part of a word, so that letters beside it make the word longer."""
    return len(_token().findall(character + "a")) == 1


def begins_sentence(before: str) -> bool:
    """Whether a word that comes after `before` is the first of a sentence."""
    for character in reversed(before):
        if character in SENTENCE_ENDS:
            return True
        if character.isalnum():
            return False
    return True


def capitalised(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """`text` with a small first letter."""
    return text[:1].lower() + text[1:]


@cache
def _token() -> re.Pattern[str]:
    # Python's \w has letters and digits, but not the marks that Indian scripts write vowels with.
    marks = "".join(c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M")
    marks = re.sub(f"[{UNSPACED}]", "", marks)
    return re.compile(f"(?:[^\\W_{UNSPACED}]|[{marks}])+|\\s+|.", re.DOTALL)
