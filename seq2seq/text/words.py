"""Words of a text, and search for phrases as sequences of words.

A text is split into words (runs of letters, digits and marks), runs of white space as one space,
and single other characters; these are the tokens of this module. A phrase occurs in a text where
its tokens occur: `Haus` is found in `das Haus.` and not in `Hausboot`. In scripts without spaces
between words, each character is a token.
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
_END = ""  # marks the end of a phrase in the trie; no token is empty


@dataclass(frozen=True)
class Found:
    """Occurrence of a phrase in a text.

    Attributes:
        phrase: phrase as it was given.
        start, end: position in the text, in characters.
        recased: true if it occurs at the beginning of a sentence with a capital first letter that
            the given phrase does not have.
    """

    phrase: str
    start: int
    end: int
    recased: bool = False


class PhraseFinder:
    """Search for many phrases at once; their number has little effect on its speed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Store the phrases in a trie; blank phrases are never found."""
        self._root: dict[str, Any] = {}
        for phrase in phrases:
            node = self._root
            for token in tokens(phrase.strip()):
                node = node.setdefault(token, {})
            if node is not self._root:
                node[_END] = phrase

    def find(self, text: str) -> list[Found]:
        """Return the longest phrases in `text` from left to right, without overlaps.

        The case of letters must match, except that a phrase with a small first letter is also found
        capitalised at the beginning of a sentence.
        """
        spans = token_spans(text)
        row = tokens(text)
        found: list[Found] = []
        position = 0
        while position < len(row):
            end, phrase = self._longest(row, position)
            recased = end == position and self._may_be_recased(
                row, position, text[: spans[position][0]]
            )
            if recased:
                end, phrase = self._longest([uncapitalised(row[position]), *row[position + 1 :]], 0)
                end += position
            if end > position:
                found.append(Found(phrase, spans[position][0], spans[end - 1][1], recased))
            position = max(end, position + 1)
        return found

    def count(self, row: Sequence[str]) -> int:
        """Return the number of phrases in a list of tokens, without overlaps; case must match."""
        if self._root.keys().isdisjoint(row):
            return 0
        free = number = 0
        for position, token in enumerate(row):
            if position >= free and token in self._root:
                end, _ = self._longest(row, position)
                number += end > position
                free = max(end, position + 1)
        return number

    def _may_be_recased(self, row: Sequence[str], position: int, before: str) -> bool:
        small = uncapitalised(row[position])
        return small != row[position] and small in self._root and begins_sentence(before)

    def _longest(self, row: Sequence[str], start: int) -> tuple[int, str]:
        """Return the end of the longest phrase at `start` and the phrase; `start`, "" if none."""
        node, end, phrase = self._root, start, ""
        for here in range(start, len(row)):
            if row[here] not in node:
                break
            node = node[row[here]]
            if _END in node:
                end, phrase = here + 1, node[_END]
        return end, phrase


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, with each run of white space as one space."""
    return [" " if token.isspace() else token for token in _token().findall(text)]


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return the position of each token of a text, in characters."""
    return [match.span() for match in _token().finditer(text)]


@lru_cache(maxsize=4096)
def in_word(character: str) -> bool:
    """Return whether a character is part of a word, so that it can join letters beside it."""
    return len(_token().findall(character + "a")) == 1


def begins_sentence(before: str) -> bool:
    """Return whether a word after the text `before` is the first of a sentence."""
    for character in reversed(before):
        if character in SENTENCE_ENDS:
            return True
        if character.isalnum():
            return False
    return True


def capitalised(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """Return `text` with a small first letter."""
    return text[:1].lower() + text[1:]


@cache
def _token() -> re.Pattern[str]:
    # Python's \w has letters and digits, but not the vowel marks of Indian scripts.
    marks = "".join(c for c in map(chr, range(0x10000)) if unicodedata.category(c)[0] == "M")
    marks = re.sub(f"[{UNSPACED}]", "", marks)
    return re.compile(f"(?:[^\\W_{UNSPACED}]|[{marks}])+|\\s+|.", re.DOTALL)
