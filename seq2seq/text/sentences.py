"""Cuts a text that is too long for the model into parts that are not, losing no character."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_GAP = re.compile(r"\s+")
_SENTENCE_GAP = re.compile(r"\s+|(?<=[。！？])")
_CLOSERS = "\"'»«”’“)]"
_SENTENCE_END = ".!?…。！？"
_CLAUSE_END = ",;:、，；：–—"

Count = Callable[[str], int]


def split_long(text: str, *, max_pieces: int, count: Count) -> list[str]:
    """Parts of `text` that `count` puts at `max_pieces` or fewer each; joined they are `text`.

    Cuts between sentences, else between clauses, else words, else characters, and takes as much
    into a part as fits. White space stays at the end of a part. A single character that alone
    counts more than `max_pieces` is a part of its own.

    Raises `ValueError` if `max_pieces` is less than 1.
    """
    if max_pieces < 1:
        raise ValueError(f"max_pieces must be at least 1. Received: {max_pieces}")
    return list(_split(text, 0, max_pieces, count))


def _split(text: str, level: int, max_pieces: int, count: Count) -> Iterator[str]:
    if len(text) < 2 or count(text) <= max_pieces:
        yield text
        return
    cuts = [*_LEVELS[level](text), len(text)]  # ends of the units, rising
    begin, unit = 0, 0
    while unit < len(cuts):
        fitting = _fitting(text, begin, cuts, unit, lambda part: count(part) <= max_pieces)
        if fitting is None:  # one unit alone is too long
            yield from _split_deeper(text[begin : cuts[unit]], level, max_pieces, count)
            fitting = unit
        else:
            yield text[begin : cuts[fitting]]
        begin, unit = cuts[fitting], fitting + 1


def _split_deeper(text: str, level: int, max_pieces: int, count: Count) -> Iterator[str]:
    if level + 1 < len(_LEVELS):
        yield from _split(text, level + 1, max_pieces, count)
    else:
        yield text


def _fitting(
    text: str, begin: int, cuts: list[int], unit: int, fits: Callable[[str], bool]
) -> int | None:
    """The last unit that fits into a part from `begin`; None if not even `unit` does.

    Doubles the step, then halves it: a text of many units takes few calls of `fits`.
    """
    if not fits(text[begin : cuts[unit]]):
        return None
    good, step = unit, 1
    while good + step < len(cuts) and fits(text[begin : cuts[good + step]]):
        good += step
        step *= 2
    while step >= 1:
        if good + step < len(cuts) and fits(text[begin : cuts[good + step]]):
            good += step
        step //= 2
    return good


def _sentence_cuts(text: str) -> Iterator[int]:
    for gap in _SENTENCE_GAP.finditer(text):
        if not 0 < gap.start() <= gap.end() < len(text):
            continue
        before = text[max(0, gap.start() - 4) : gap.start()].rstrip(_CLOSERS)
        abbreviated = before.endswith(".") and (len(before) < 3 or not before[-3:-1].isalpha())
        if before.endswith(tuple(_SENTENCE_END)) and not abbreviated:
            yield gap.end()


def _clause_cuts(text: str) -> Iterator[int]:
    for gap in _GAP.finditer(text):
        if gap.start() > 0 and gap.end() < len(text) and text[gap.start() - 1] in _CLAUSE_END:
            yield gap.end()


def _word_cuts(text: str) -> Iterator[int]:
    for gap in _GAP.finditer(text):
        if gap.start() > 0 and gap.end() < len(text):
            yield gap.end()


def _character_cuts(text: str) -> Iterator[int]:
    yield from range(1, len(text))


_LEVELS = (_sentence_cuts, _clause_cuts, _word_cuts, _character_cuts)
