"""Splitting of a text into parts that a model can translate, without losing a character."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from seq2seq.text.sentence_ends import sentence_ends
from seq2seq.text.words import UNSPACED

_GAP = re.compile(r"\s+")
_ODD_SPACE = re.compile("[^\u0020\u00a0\u2009\u202f\u3000]")
# Letters of scripts without spaces between words, and their punctuation marks.
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uff65“”]")
_CLAUSE_GAP = re.compile(r"(?<=[,;:–—])\s+|(?<=[、，；：،؛])\s*")

# A sentence is split only if it is longer than this multiple of the longest training source: a
# slightly longer sentence is translated better as a whole.
_MARGIN = 1.5
# Limits for exported models, so that an untrusted one cannot require days or all of the memory.
MOST_SENTENCES = 1000
MOST_TOKENS = 5000
MOST_SIGNS, LONGEST_SIGN = 1000, 1000  # the latter in characters

Count = Callable[[str], int]


@dataclass(frozen=True)
class SourceLimits:
    """Limits for a source that is translated in one piece.

    Attributes:
        sentences: maximum number of sentences.
        longest: maximum length of a part, in tokens, when a longer sentence is split.
        split_above: length of a source, in tokens, above which it is split.
    """

    sentences: int
    longest: int
    split_above: int

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ValueError: a limit is below 1, or `longest` is above `split_above`.
        """
        if not 1 <= self.longest <= self.split_above or self.sentences < 1:
            raise ValueError(f"limits must be 1 or more, longest <= split_above. Received: {self}")


@dataclass(frozen=True)
class TrainingSources:
    """Extent of the sources that a model was trained on, and their control tags.

    Attributes:
        sentences: largest number of sentences that at least 0.5 % of the sources have.
        longest: length of the longest source in tokens.
        signs: control tags: tags that occur alone in sources and not in their targets, such as
            `<de>`.
    """

    sentences: int
    longest: int
    signs: tuple[str, ...] = ()

    def limits(self, *, max_sentences: int | None, max_length: int | None) -> SourceLimits:
        """Return the limits for new sources; a given number replaces the one from training."""
        sentences = max_sentences or self.sentences
        if max_length is not None:
            return SourceLimits(sentences, max_length, max_length)
        return SourceLimits(sentences, self.longest, int(_MARGIN * self.longest))


def split_source(text: str, limits: SourceLimits, *, tokens: int, count: Count) -> list[str]:
    """Split `text` into parts within `limits`; concatenated they give `text`.

    A text with too many sentences, or of several sentences that are too long together, is split
    after each sentence. Sentences within quotation marks or brackets are separated only if the
    quotation exceeds the limits. A sentence that is too long is split between clauses, a clause
    that is too long between words, and a word that is too long between characters; each part takes
    as many of these as fit. Sentences are never put together again. White space stays at the end of
    a part. A single character with more tokens than allowed forms a part of its own.

    Args:
        text: source text.
        limits: limits of the model.
        tokens: number of tokens of `text`.
        count: function that counts the tokens of a text.
    """
    ends = sentence_ends(text)
    if len(ends) < limits.sentences and tokens <= limits.split_above:
        return [text]
    outer = _cut(text, [end.position for end in ends if not end.quoted])
    return [part for sentence in outer for part in _split_sentence(sentence, limits, count)]


def rejoined(translations: Sequence[str], sources: Sequence[str]) -> str:
    """Join the translations of successive parts with the spacing of the source.

    There is no space between two parts in a script that puts no space between sentences. If only
    the source is in such a script, a space is added.

    Args:
        translations: translation of each part; an empty one adds nothing.
        sources: parts of the source, white space included.
    """
    text, gap = "", ""
    for position, translation in enumerate(translations):
        if translation:
            text += _spacing(gap, text, translation) + translation if text else translation
            gap = ""
        following = sources[position + 1] if position + 1 < len(sources) else ""
        gap = _gap(sources[position], following) or gap
    return text


def _gap(source: str, following: str) -> str:
    """Return the white space after a part; one space if there is none, except inside a word."""
    end = source.rstrip()
    gap = _ODD_SPACE.sub(" ", source[len(end) :])
    inside = end[-1:].isalnum() and following[:1].isalnum() and not _UNSPACED.match(end[-1:])
    return gap or ("" if inside else " ")


def _spacing(gap: str, before: str, after: str) -> str:
    return "" if gap == " " and _UNSPACED.match(before[-1]) and _UNSPACED.match(after) else gap


def _split_sentence(text: str, limits: SourceLimits, count: Count) -> Iterator[str]:
    """Yield the parts of a sentence, which may hold several sentences in quotation marks."""
    ends = sentence_ends(text)
    too_long = count(text) > limits.split_above
    if len(ends) >= limits.sentences or (ends and too_long):
        for sentence in _cut(text, [end.position for end in ends]):
            yield from _split_long(sentence, limits, count)
    elif too_long:
        yield from _packed(text, 0, limits.longest, count)
    else:
        yield text


def _split_long(text: str, limits: SourceLimits, count: Count) -> Iterator[str]:
    if count(text) > limits.split_above:
        yield from _packed(text, 0, limits.longest, count)
    else:
        yield text


def _cut(text: str, positions: Sequence[int]) -> list[str]:
    """Return the parts of `text` between ascending positions."""
    bounds = [0, *positions, len(text)]
    return [text[start:end] for start, end in itertools.pairwise(bounds)]


def _packed(text: str, level: int, longest: int, count: Count) -> Iterator[str]:
    """Yield parts of at most `longest` tokens, split at boundaries of `level` or a deeper level."""
    if len(text) < 2 or count(text) <= longest:
        yield text
        return
    cuts = [*_LEVELS[level](text), len(text)]  # ends of the units, ascending
    begin, unit = 0, 0
    while unit < len(cuts):
        fitting = _fitting(text, begin, cuts, unit, lambda part: count(part) <= longest)
        if fitting is None:  # one unit alone is too long
            yield from _packed_deeper(text[begin : cuts[unit]], level, longest, count)
            fitting = unit
        else:
            yield text[begin : cuts[fitting]]
        begin, unit = cuts[fitting], fitting + 1


def _packed_deeper(text: str, level: int, longest: int, count: Count) -> Iterator[str]:
    if level + 1 < len(_LEVELS):
        yield from _packed(text, level + 1, longest, count)
    else:
        yield text


def _fitting(
    text: str, begin: int, cuts: list[int], unit: int, fits: Callable[[str], bool]
) -> int | None:
    """Return the last unit that fits into a part that starts at `begin`; None if `unit` does not.

    The step of the search is doubled, then halved, so that a text of many units needs few calls of
    `fits`.
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


def _gaps(gap: re.Pattern[str], text: str) -> Iterator[int]:
    """Yield the ends of the gaps that have text on both sides."""
    for found in gap.finditer(text):
        if found.start() > 0 and found.end() < len(text):
            yield found.end()


def _character_cuts(text: str) -> Iterator[int]:
    yield from range(1, len(text))


_LEVELS = (partial(_gaps, _CLAUSE_GAP), partial(_gaps, _GAP), _character_cuts)  # of the cuts
