"""Typing noise: random changes of sources, so that a model learns to read typed text too.

Typed text is not like a corpus: people leave out capitals and punctuation, and swap letters. Each
training source is changed with small probabilities, anew in every epoch, before the epoch's batches
are planned. The change is a function of (seed, epoch, row), so a resumed run computes it again.

Sources: Belinkov & Bisk 2018, "Synthetic and natural noise both break neural machine translation";
Karpukhin et al. 2019, "Training on synthetic noise improves robustness to natural noise in machine
translation".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields, replace

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import TokenizerKind
from seq2seq.config.data_schema import DataSettings, NoiseSettings
from seq2seq.data.store import Column
from seq2seq.text.spans import find_spans
from seq2seq.text.tokenizer import Tokenizer

# Neighbouring keys on the most common Latin keyboards.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: row[max(0, position - 1) : position] + row[position + 1 : position + 2]
    for row in _ROWS
    for position, key in enumerate(row)
}
_WORD = re.compile(r"[^\W\d_]{3,}")  # a typo in a shorter word makes another word of it
_SWAPPED_ONLY = 3  # letters of a word in which any typo except a swap would do so
_FINAL_MARK = re.compile(r"[.!?…。！？]+(?=\s*$)")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_QUOTES = str.maketrans({"'": "’", '"': "“", "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"'})
_TYPO_DRAWS = 4  # random numbers of one typo: word, letter, kind, neighbour
_TYPO_KINDS = 4
_THREADS = 2
_ROWS_AT_ONCE = 20_000

_NAMES = tuple(field.name for field in fields(NoiseSettings))
_DEFAULT = NoiseSettings(
    lower=0.1,
    capitals=0.03,
    no_final_mark=0.1,
    no_accents=0.03,
    quotes=0.03,
    spaces=0.01,
    typo=0.05,
)

Chances = NDArray[np.float64]
Change = Callable[[str], str]


def probabilities(settings: NoiseSettings, *, kind: TokenizerKind) -> NoiseSettings:
    """Return the settings with each null replaced by the default for this kind of tokenizer."""
    default = _DEFAULT if kind in ("unigram", "bpe") else NoiseSettings(*(0.0 for _ in _NAMES))
    given = {name: getattr(settings, name) for name in _NAMES}
    return replace(default, **{name: value for name, value in given.items() if value is not None})


def typing_noise(
    data: DataSettings, *, kind: TokenizerKind, placeholders: Sequence[str] = ()
) -> TypingNoise:
    """Return the noise of a corpus for a kind of tokenizer."""
    settings = probabilities(data.noise, kind=kind)
    return TypingNoise(settings, carried=data.carry, placeholders=placeholders)


class TypingNoise:
    """Random typing noise, with a probability for each kind of it.

    Attributes:
        active: true if any probability is above 0.
    """

    def __init__(
        self, settings: NoiseSettings, *, carried: Sequence[str], placeholders: Sequence[str]
    ) -> None:
        """Take the probability of each kind of noise.

        Args:
            settings: probabilities, none of them null (see `probabilities`).
            carried: kinds of spans that stay unchanged (`data.carry`).
            placeholders: tokens that stay unchanged.
        """
        self._probabilities = np.array(astuple(settings), np.float64)
        self._carried, self._placeholders = tuple(carried), tuple(placeholders)
        self.active = bool(self._probabilities.any())

    def draws(self, rows: int, *, seed: int, epoch: int) -> Chances:
        """Return the random numbers of an epoch, `[rows, kinds + 4] float64` in [0, 1)."""
        rng = np.random.default_rng([seed, epoch, 0x7E57])
        return rng.random((rows, len(self._probabilities) + _TYPO_DRAWS))

    def chosen(self, draws: Chances) -> NDArray[np.int64]:
        """Return the numbers of the rows that are changed, in ascending order."""
        return np.flatnonzero((draws[:, :-_TYPO_DRAWS] < self._probabilities).any(axis=1))

    def apply(self, text: str, draws: Chances) -> str:
        """Return `text` changed according to its random numbers `[kinds + 4]`."""
        (lower, capitals, no_final, no_accents, quotes, spaces, typo) = (
            draws[:-_TYPO_DRAWS] < self._probabilities
        ).tolist()
        segments = self._segments(text)
        if typo:
            segments = _with_typo(segments, draws[-_TYPO_DRAWS:].tolist())
        if no_accents:
            segments = _changed(segments, _without_accents)
        if quotes:
            segments = _changed(segments, _other_quotes)
        if spaces:
            segments = _changed(segments, lambda part: part.replace(" ", "  "))
        if lower:
            segments = _changed(segments, str.lower)
        elif capitals:
            segments = _changed(segments, str.upper)
        if no_final and segments[-1][1]:
            segments[-1] = (_FINAL_MARK.sub("", segments[-1][0]), True)
        return "".join(part for part, _ in segments)

    def drawn(self, text: str, rng: np.random.Generator) -> str:
        """Return `text`, changed or not according to the next random numbers of `rng`."""
        draws = rng.random(len(self._probabilities) + _TYPO_DRAWS)
        changed = (draws[:-_TYPO_DRAWS] < self._probabilities).any()
        return self.apply(text, draws) if changed else text

    def _segments(self, text: str) -> list[tuple[str, bool]]:
        """Return the parts of `text`, and whether each may be changed."""
        parts: list[tuple[str, bool]] = []
        end = 0
        for span in find_spans(text, self._carried, literal=self._placeholders):
            parts += [(text[end : span.start], True), (text[span.start : span.end], False)]
            end = span.end
        return [*parts, (text[end:], True)]


def noised(
    column: Column,
    tokenizer: Tokenizer,
    data: DataSettings,
    *,
    kind: TokenizerKind,
    seed: int,
    epoch: int,
) -> Column:
    """Return the column with some rows changed; the result depends only on the arguments.

    A row that would be longer than `data.max_length` tokens stays unchanged.

    Args:
        column: token ids of the sources.
        tokenizer: tokenizer of the sources.
        data: settings of the corpus.
        kind: kind of the tokenizer.
        seed, epoch: seed of the run, and number of the epoch.
    """
    noise = typing_noise(data, kind=kind, placeholders=tokenizer.placeholders)
    if not noise.active:
        return column
    draws = noise.draws(len(column), seed=seed, epoch=epoch)
    new: dict[int, list[int]] = {}
    rows = noise.chosen(draws).tolist()
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        chosen = rows[start : start + _ROWS_AT_ONCE]
        texts = tokenizer.decode([column[row].tolist() for row in chosen])
        changed = [noise.apply(text, draws[row]) for row, text in zip(chosen, texts, strict=True)]
        encoded = tokenizer.encode(changed, threads=_THREADS)
        # A text of punctuation alone would become empty: it stays unchanged.
        fitting = zip(chosen, encoded, strict=True)
        new |= {row: ids for row, ids in fitting if 0 < len(ids) <= data.max_length}
    return column.with_rows(new)


def _changed(segments: list[tuple[str, bool]], change: Change) -> list[tuple[str, bool]]:
    return [(change(part) if free else part, free) for part, free in segments]


def _with_typo(segments: list[tuple[str, bool]], draws: list[float]) -> list[tuple[str, bool]]:
    """Return the segments with a typing error in one word of at least three letters."""
    words = [
        (position, word)
        for position, (part, free) in enumerate(segments)
        if free
        for word in _WORD.finditer(part)
    ]
    if not words:
        return segments
    position, word = words[int(draws[0] * len(words))]
    part = segments[position][0]
    typed = part[: word.start()] + _mistyped(word.group(), draws[1:]) + part[word.end() :]
    return [*segments[:position], (typed, True), *segments[position + 1 :]]


def _mistyped(word: str, draws: list[float]) -> str:
    """Return the word with two letters swapped, or one doubled, lost, or replaced by a nearby key.

    The first letter stays unchanged, because people look at it.
    """
    if len(word) <= _SWAPPED_ONLY:
        return word[0] + word[:0:-1]
    position = 1 + int(draws[0] * (len(word) - 1))
    before, letter, after = word[:position], word[position], word[position + 1 :]
    kind = int(draws[1] * _TYPO_KINDS)
    if kind == 0 and after:
        return before + after[0] + letter + after[1:]
    if kind == 1:
        return before + letter + letter + after
    neighbours = _NEIGHBOURS.get(letter.lower(), "")
    if kind == 2 and neighbours:
        key = neighbours[int(draws[2] * len(neighbours))]
        return before + (key.upper() if letter.isupper() else key) + after
    return before + after


def _without_accents(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(mark for mark in split if not "\u0300" <= mark <= "\u036f")
    )


def _other_quotes(text: str) -> str:
    """Return the text without apostrophes in words (`dont`); if it has none, with other quotes."""
    dropped = _APOSTROPHE.sub("", text)
    return dropped if dropped != text else text.translate(_QUOTES)
