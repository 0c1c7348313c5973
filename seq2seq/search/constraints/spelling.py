"""Text of the tokens of a vocabulary, with lookup in both directions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seq2seq.text.words import in_word, tokens

Positions = NDArray[np.int64]


class Spelling:
    """Surfaces of a vocabulary's tokens, in UTF-8 (see `Tokenizer.surfaces`).

    Surfaces are bytes, not characters, because a token may be one byte of a character.
    """

    def __init__(self, surfaces: Sequence[bytes]) -> None:
        """Prepare the lookup; `surfaces[id]` is the text that token `id` adds, empty for none."""
        self.surfaces = tuple(surfaces)
        order = sorted((surface, number) for number, surface in enumerate(surfaces) if surface)
        self._sorted = [surface for surface, _ in order]
        self._ids = np.array([number for _, number in order], dtype=np.int64)
        self._longest = max(map(len, self._sorted), default=0)

    @cached_property
    def usual(self) -> NDArray[np.bool_]:
        """Flags of the last token of each surface, `[vocab_size] bool`.

        If a byte token and another token have the same surface, the byte token has the smaller id,
        so its flag is false. The token of a space is used even at the beginning of a text, where
        the tokenizer removes spaces.
        """
        last = {surface: number for number, surface in enumerate(self.surfaces)}
        return np.isin(np.arange(len(self.surfaces)), list(last.values()))

    @cached_property
    def closing_words(self) -> Positions:
        """Tokens after which a preceding word is complete."""
        found = (i for i, surface in enumerate(self.surfaces) if surface and closes_word(surface))
        return np.fromiter(found, np.int64)

    @cached_property
    def closes_word(self) -> NDArray[np.bool_]:
        """Flags of tokens after which a preceding word is complete, `[vocab_size] bool`."""
        closes = np.zeros(len(self.surfaces), np.bool_)
        closes[self.closing_words] = True
        return closes

    @cached_property
    def ends_in_word(self) -> NDArray[np.bool_]:
        """Flags of tokens whose last character is part of a word, `[vocab_size] bool`.

        A single byte of a character counts as part of a word.
        """
        last = [surface.decode(errors="replace")[-1:] for surface in self.surfaces]
        return np.array([mark == "\ufffd" or (bool(mark) and in_word(mark)) for mark in last])

    @cached_property
    def of_several_tokens(self) -> list[tuple[int, str]]:
        """Vocabulary tokens that hold more than one word, with their text without leading space."""
        texts = (surface.decode(errors="replace").lstrip() for surface in self.surfaces)
        return [(index, text) for index, text in enumerate(texts) if len(tokens(text)) > 1]

    def text(self, ids: Iterable[int]) -> bytes:
        """Return the text of these tokens."""
        return b"".join([self.surfaces[index] for index in ids])

    def beginning_with(self, start: bytes) -> Positions:
        """Return the tokens whose surface begins with `start` or equals it, `[count] int64`."""
        length = len(start)
        first = bisect_left(self._sorted, start)
        last = bisect_right(self._sorted, start, key=lambda surface: surface[:length])
        return self._ids[first:last]

    def beginnings_of(self, text: bytes) -> Iterator[tuple[int, Positions]]:
        """Yield the tokens that `text` begins with, grouped by their length in bytes."""
        for length in range(1, min(self._longest, len(text)) + 1):
            start = text[:length]
            first = bisect_left(self._sorted, start)
            last = bisect_right(self._sorted, start)
            if first < last:
                yield length, self._ids[first:last]


def closes_word(following: bytes) -> bool:
    """Return whether a word is complete if `following` comes after it.

    If `following` begins with an incomplete character, the word counts as complete, as a
    precaution.
    """
    character = following[:4].decode(errors="ignore")[:1]
    return not character or not in_word(character)
