"""Detection of the positions between sentences of a text, for many languages.

A mark that may end a sentence (`.`, `?`, `。`, `।`) is examined together with the words beside it:
a full stop also ends abbreviations, initials and ordinal numbers. In ambiguous cases (`in the U.S.
Army`, `in the U.S. They left`), a list of words that often begin a sentence decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from seq2seq.text.abbreviations import (
    BEFORE_NUMBER,
    BEFORE_ORDINAL,
    DAYS,
    EITHER,
    MONTHS,
    SMALL_TITLES,
    STARTERS,
    TITLES,
    WITHIN,
)
from seq2seq.text.words import UNSPACED

_SPACED_MARKS = ".!?…‽؟۔։"  # followed by white space
_UNSPACED_MARKS = "。！？｡．।॥።፧፨။។៕༎"  # mostly not followed by white space
_CLOSERS = "\"'»«”’)\\]」』）〉》"
_OPENERS = "\"'«»„“‚‘([「『（〈《¿¡"
_END = re.compile(
    rf"(?P<mark>[{_SPACED_MARKS}{_UNSPACED_MARKS}\u037e;]+)"
    rf"(?P<closers>(?:[{_CLOSERS}]|“(?=\s|$))*)(?P<gap>\s*)"  # “ closes in German, opens in Chinese
)
# Almost all lines have a mark only at their end, so they need no further analysis.
_SEVERAL = re.compile(rf"[{_SPACED_MARKS}{_UNSPACED_MARKS}\u037e;][{_CLOSERS}]*\s*[^\s{_CLOSERS}]")
_APART = re.compile(r"»\s*")
_PAIRS = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "（": "）"}
_BEFORE = re.compile(r"[^\s\"'«»„“‚‘(\[「『（¿¡]{1,40}$")  # the word before a mark
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")

_ROMAN = re.compile(r"(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})")
# Continuation of a Japanese or Chinese sentence after a quotation.
_AFTER_QUOTATION = re.compile(r"[とっのはがをにもで]|[^。！？]{0,4}[说說道问問喊叫答曰笑]")


class SentenceEnd(NamedTuple):
    """Position at which a text may be split between sentences.

    Attributes:
        position: index of the first character of the next sentence.
        quoted: true if the position is inside quotation marks or brackets.
    """

    position: int
    quoted: bool


def sentence_ends(text: str) -> list[SentenceEnd]:
    """Return the positions in `text` between two sentences, in ascending order.

    The end of the text is not included. White space belongs to the sentence before it.
    """
    return list(_Reading(text).ends()) if _SEVERAL.search(text) else []


def count_sentences(text: str) -> int:
    """Return the number of sentences of `text`; 1 for text without any sentence end."""
    return len(sentence_ends(text)) + 1


@dataclass(frozen=True)
class _Reading:
    """Text with the properties of the whole text that the rules need."""

    text: str

    def ends(self) -> Iterator[SentenceEnd]:
        """Yield the positions between two sentences."""
        last = 0
        for match in _END.finditer(self.text):
            end = self._after_guillemet(match)
            if last < match.start() and end < len(self.text) and self._ends(match, end, last):
                yield SentenceEnd(end, self._is_quoted(end))
                last = end

    def _after_guillemet(self, match: re.Match[str]) -> int:
        """Return the end of the match, or of a guillemet after a space (`« Non ! » Puis`)."""
        found = _APART.match(self.text, match.end()) if match["gap"] else None
        return found.end() if found and self._is_quoted(match.end()) else match.end()

    def _ends(self, match: re.Match[str], end: int, last: int) -> bool:
        text, mark, closers = self.text, match["mark"], match["closers"]
        before, after = text[match.start() - 1], text[end]
        apart = end > match.end("closers") and text[end - 1].isspace()
        if mark[-1] in _UNSPACED_MARKS:
            if before.isdigit() and after.isdigit() and not apart:
                return False
            return not closers or apart or not _AFTER_QUOTATION.match(text, end)
        if set(mark) <= {";", "\u037e"}:  # Greek question marks
            return apart and "\u0370" <= before <= "\u03ff" and self._next_letter(end).isupper()
        if ";" in mark:
            return False
        if not apart:
            unspaced = _UNSPACED_LETTER.match(before) and _UNSPACED_LETTER.match(after)
            asked = mark[-1] in "!?؟" and after.isupper() and before.islower()
            return bool(unspaced or asked) and not closers
        small = self._next_letter(end).islower()
        if set(mark) & set("!?؟‽"):  # `"Stop!" he cried.`, but `really? no way`
            return not small or (end == match.end() and not closers)
        if mark != ".":  # dots that may also mean a pause
            return not small or mark in "۔։"
        if small and not (self._informal and not closers):
            return False
        return not self._is_abbreviation(match.start(), end, last)

    def _is_abbreviation(self, stop: int, end: int, last: int) -> bool:
        """Return whether the full stop at `stop` is part of a word and does not end a sentence."""
        found = _BEFORE.search(self.text, max(last, stop - 41), stop)
        if found is None:
            return False
        word, following = found.group(), self._next_word(end)
        small, starts = word.lower(), following.lower() in STARTERS
        if small in (SMALL_TITLES if self._informal else TITLES) and (
            word[0].isupper() or self._informal
        ):
            return not (small in EITHER and starts)
        if small in WITHIN and (small == word or not self._word_before(found.start(), last)):
            return True
        if (small in BEFORE_NUMBER or small.endswith("str")) and self.text[end].isdigit():
            return True
        if word[-1].isdigit() or _ROMAN.fullmatch(word):
            return self._is_ordinal(word, found.start(), end, last)
        if len(word) == 1 and word.isalpha() and not _UNSPACED_LETTER.match(word):
            alone = word == "I" and self._word_before(found.start(), last).islower()
            return not starts and not alone
        if small in EITHER or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
            timed = small in ("a.m", "p.m") and following.lower() not in DAYS
            return not starts and not timed
        return False

    def _is_ordinal(self, word: str, start: int, end: int, last: int) -> bool:
        """Return whether a number with a full stop is an ordinal, list number or part of a date."""
        before = self._word_before(start, last)
        if not before:
            return True
        if self._next_word(end).lower() in MONTHS:
            return True
        english = re.search(r"\b[Ii]\s+am\s+$", self.text[max(0, start - 9) : start])
        year = len(word) > 3 and word.isdigit()
        return before.lower() in BEFORE_ORDINAL and not year and not english

    def _word_before(self, position: int, last: int) -> str:
        """Return the word before `position` in the sentence that begins at `last`; "" if none."""
        words = self.text[max(last, position - 41) : position].split()
        return words[-1].strip(_OPENERS + _CLOSERS) if words else ""

    def _next_word(self, position: int) -> str:
        found = _WORD.match(self.text, position + len(self._opening(position)))
        return found.group() if found else ""

    def _next_letter(self, position: int) -> str:
        index = position + len(self._opening(position))
        return self.text[index : index + 1]

    def _opening(self, position: int) -> str:
        following = self.text[position : position + 8]
        return following[: len(following) - len(following.lstrip(_OPENERS))]

    def _is_quoted(self, position: int) -> bool:
        index = bisect_left(self._quotations, (position,))
        return index > 0 and any(
            end >= position for _, end in self._quotations[max(0, index - 8) : index]
        )

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        """Positions of matching quotation marks and brackets, ordered by the opening mark."""
        waiting: list[tuple[str, int]] = []
        found: list[tuple[int, int]] = []
        for match in re.finditer('[()\\[\\]“”„«»「」『』（）"]', self.text):
            character = match.group()
            matches = [n for n, (closer, _) in enumerate(waiting[-8:]) if closer == character]
            if matches:
                number = len(waiting) - len(waiting[-8:]) + matches[-1]
                found.append((waiting[number][1], match.start()))
                del waiting[number:]
            elif character == '"':
                waiting.append(('"', match.start()))
            elif character in _PAIRS:
                waiting.append((_PAIRS[character], match.start()))
        return sorted(found)

    @cached_property
    def _informal(self) -> bool:
        """True if capital letters are not used: only the first word and the word I may have one."""
        _, *words = _WORD.findall(self.text) or [""]
        return not any(word[0].isupper() and word[:2] not in ("I", "I'", "I’") for word in words)
