"""Removal of tags from a text before translation, and their insertion into its translation.

A model translates `<b>Hello</b>` in the same way as `Hello`. The tags are then inserted into the
translation in their original order. Each is placed at the beginning or end of the words that
translate the source words beside the tag.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seq2seq.text.tags import is_closing, is_void, partners
from seq2seq.text.words import in_word, token_spans

# Cost of an element that has text in the source and none in the translation, in words.
_EMPTY = 2.0
# Score of a word in a segment other than its own, if both have the same enclosing elements.
_SAME_ELEMENTS = 0.8
_PLACEHOLDER = re.compile("\u27e8[0-9]+\u27e9")

Span = tuple[int, int]


@dataclass(frozen=True)
class Run:
    """Tags with only white space between them.

    Attributes:
        position: position in the text without tags, in characters.
        tags: tags in order.
        spaces: white space before the first tag, between the tags and after the last.
    """

    position: int
    tags: tuple[str, ...]
    spaces: tuple[str, ...]

    @property
    def separates(self) -> bool:
        """True if words on the two sides are separate words even without white space."""
        ends = [is_closing(tag) for tag in self.tags]
        return any(map(is_void, self.tags)) or (any(ends) and not all(ends))

    @property
    def text(self) -> str:
        """Tags as they were written, with the white space around them."""
        pairs = zip(self.tags, self.spaces[1:], strict=True)
        return self.spaces[0] + "".join(tag + space for tag, space in pairs)

    def between(self, gap: str) -> str:
        """Return the tags between two words of a translation with the white space `gap`."""
        if any(map(is_void, self.tags)) or (gap and (any(self.spaces) or self.separates)):
            return self.text
        closing, others = self.halves()
        tags = ["".join(tag for run in half for tag in run.tags) for half in (closing, others)]
        return tags[0] + gap + tags[1]

    @property
    def replacement(self) -> str:
        """Text in place of the tags, if there are words on both sides."""
        return " " if any(self.spaces) or self.separates else ""

    def halves(self) -> tuple[list[Run], list[Run]]:
        """Return a run of the leading tags that end an element, and a run of the rest.

        Each of the two is a list of one run; it is empty if there are no such tags. The white space
        around the tags is left out.
        """
        opening = (position for position, tag in enumerate(self.tags) if not is_closing(tag))
        first = next(opening, len(self.tags))
        halves = []
        for start, end in ((0, first), (first, len(self.tags))):
            spaces = ("", *self.spaces[start + 1 : end], "")
            halves.append([Run(self.position, self.tags[start:end], spaces)] if start < end else [])
        return halves[0], halves[1]

    def followed_by(self, other: Run) -> Run:
        """Return both runs as one, for runs without words between them."""
        spaces = (*self.spaces[:-1], "", *other.spaces[1:])
        return Run(self.position, self.tags + other.tags, spaces)


@dataclass(frozen=True)
class Markup:
    """Tags of a text; empty if it has none.

    Attributes:
        text: text without the tags.
        runs: runs of tags.
        tokens: position of each source token in `text`, in characters.
        spaced: function that corrects the white space beside placeholders in a translation.
    """

    text: str = ""
    runs: tuple[Run, ...] = ()
    tokens: tuple[Span, ...] = ()
    spaced: Callable[[str], str] = str

    def __bool__(self) -> bool:
        return bool(self.runs)

    def put_into(self, text: str, tokens: Sequence[Span], source_positions: Sequence[int]) -> str:
        """Return a translation with the tags inserted.

        Args:
            text: translation without tags.
            tokens: position of each of its tokens in `text`, in characters.
            source_positions: index of the most attended source token of each token; empty if not
                known.
        """
        if not source_positions:  # assume that both texts advance evenly
            source_positions = [
                position * len(self.tokens) // len(tokens) for position in range(len(tokens))
            ]
        words = _words(text)
        scores = self._scores(text, words, tokens, source_positions)
        bounds = _bounds(scores, [in_word(text[start]) for start, _ in words], self._costs())
        spaced = self.spaced(text)
        return self._assembled(spaced, _words(spaced), bounds)

    def _scores(
        self,
        text: str,
        words: Sequence[Span],
        tokens: Sequence[Span],
        source_positions: Sequence[int],
    ) -> list[list[float]]:
        """Return for each segment between runs how well each word of a translation fits there."""
        origins = [self._segment(position) for position in source_positions]
        elements = self._elements
        near = [
            [1.0 if a == b else _likeness(one, other) for b, other in enumerate(elements)]
            for a, one in enumerate(elements)
        ]
        scores: list[list[float]] = [[] for _ in near]
        for start, end in words:
            votes = Counter(
                origin
                for (a, b), origin in zip(tokens, origins, strict=True)
                if max(a, start) < min(b, end)
            )
            if not in_word(text[start]):
                marks = self._same_marks(text[start:end])
                votes = marks & votes or marks or votes
            total = max(1, votes.total())
            for segment, likeness in enumerate(near):
                fit = sum(count * likeness[origin] for origin, count in votes.items())
                scores[segment].append(fit / total)
        return scores

    def _segment(self, token: int) -> int:
        """Return the number of runs before a source token."""
        start, end = self.tokens[token] if 0 <= token < len(self.tokens) else (0, 0)
        return sum(run.position <= max(start, end - 1) for run in self.runs)

    def _same_marks(self, mark: str) -> Counter[int]:
        """Return the number of occurrences of a punctuation mark in each segment."""
        counts = [text.count(mark) for text in self._texts]
        return Counter({number: count for number, count in enumerate(counts) if count})

    def _costs(self) -> list[float | None]:
        """Return, for each segment, its cost without words; None if it must be without words."""
        filled = [bool(text.strip()) for text in self._texts]
        elements = self._elements
        written = {one for one, is_filled in zip(elements, filled, strict=True) if is_filled}
        return [
            None if one not in written else _EMPTY if one and _has_word(text) else 0.0
            for one, text in zip(elements, self._texts, strict=True)
        ]

    @property
    def _texts(self) -> list[str]:
        """Texts between the runs."""
        bounds = [0, *(run.position for run in self.runs), len(self.text)]
        return [self.text[start:end] for start, end in pairwise(bounds)]

    @property
    def _elements(self) -> list[tuple[int, ...]]:
        """Enclosing elements of each segment, outermost first."""
        tags = [tag for run in self.runs for tag in run.tags]
        other, position = partners(tags), 0
        open_: tuple[int, ...] = ()
        elements: list[tuple[int, ...]] = [()]
        for run in self.runs:
            for _ in run.tags:
                partner = other[position]
                if partner is not None and partner > position:
                    open_ = (*open_, position)
                elif partner is not None:
                    open_ = tuple(one for one in open_ if one != partner)
                position += 1
            elements.append(open_)
        return elements

    def _assembled(self, text: str, words: Sequence[Span], bounds: Sequence[int]) -> str:
        """Return `text` with each run inserted after its number of words, given in `bounds`."""
        runs: dict[int, Run] = {}
        for bound, run in zip(bounds, self.runs, strict=True):
            runs[bound] = runs[bound].followed_by(run) if bound in runs else run
        parts: list[str] = []
        end = 0
        for number, (start, following) in enumerate([*words, (len(text), len(text))]):
            gap = text[end:start]
            if number in runs:
                run = runs[number]
                inside = 0 < number < len(words)
                gap = run.between(gap) if inside else gap + run.text
            parts += [gap, text[start:following]]
            end = following
        return "".join(parts).strip()


def _words(text: str) -> list[Span]:
    """Return the positions of words, placeholders and punctuation marks."""
    found = [match.span() for match in _PLACEHOLDER.finditer(text)]
    inside = {position for start, end in found for position in range(start, end)}
    for start, end in token_spans(text):
        if start not in inside and not text[start].isspace():
            found.append((start, end))
    return sorted(found)


def _has_word(text: str) -> bool:
    return any(in_word(text[start]) for start, _ in _words(text))


def _likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the similarity of two segments by their enclosing elements; less than 1."""
    if one == other:
        return _SAME_ELEMENTS
    shared = sum(a == b for a, b in zip(one, other, strict=False))
    return 0.5 * shared / max(len(one), len(other))


def _bounds(
    scores: Sequence[Sequence[float]], are_words: Sequence[bool], costs: Sequence[float | None]
) -> list[int]:
    """Return the number of units before each run, such that the total score is highest.

    Args:
        scores: score of each unit, a word or a punctuation mark, in each segment.
        are_words: flags of the units that are words.
        costs: cost of a segment without words; None if it must have no unit.
    """
    best = [0.0, *[-math.inf] * len(are_words)]  # by number of units in the segments before
    starts: list[list[int]] = []
    for score, cost in zip(scores, costs, strict=True):
        best, here = _with_segment(best, score, are_words, cost)
        starts.append(here)
    bounds = [len(are_words)]
    for here in reversed(starts):
        bounds.append(here[bounds[-1]])
    return bounds[-2:0:-1]


def _with_segment(
    before: Sequence[float], score: Sequence[float], are_words: Sequence[bool], cost: float | None
) -> tuple[list[float], list[int]]:
    """Return, for each number of units, the best score with one more segment, and its start."""
    if cost is None:
        return list(before), list(range(len(before)))
    best, starts, total = [], [], 0.0
    nothing = (-math.inf, 0)
    with_word, without = nothing, nothing  # best starts of the segment so far
    for units, so_far in enumerate(before):
        if units:
            total += score[units - 1]
            if are_words[units - 1]:
                with_word, without = max(with_word, without), nothing
        without = max(without, (so_far - total, units))
        value, start = max(with_word, (without[0] - cost, without[1]))
        best.append(value + total)
        starts.append(start)
    return best, starts
