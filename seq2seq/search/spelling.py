"""What the pieces of a vocabulary spell, looked up both ways."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seq2seq.text.words import in_word, tokens

Places = NDArray[np.int64]


class Spelling:
    """The surfaces of a vocabulary's pieces, in UTF-8 (see `Tokenizer.surfaces`).

    Bytes and not characters, because a piece may be one byte of a character.
    """

    def __init__(self, surfaces: Sequence[bytes]) -> None:
        """`surfaces[id]` is what piece `id` adds to a text; empty for those that add nothing."""
        self.surfaces = tuple(surfaces)
        order = sorted((surface, number) for number, surface in enumerate(surfaces) if surface)
        self._sorted = [surface for surface, _ in order]
        self._ids = np.array([number for _, number in order], dtype=np.int64)
        self._longest = max(map(len, self._sorted), default=0)

    @cached_property
    def usual(self) -> NDArray[np.bool_]:
        """Whether nothing else spells the same as a piece, or only a byte, `[vocab_size] bool`.

        Bytes come first in a vocabulary. That of a space is written as one even where the text
        begins and the tokenizer takes spaces away.
        """
        last = {surface: number for number, surface in enumerate(self.surfaces)}
        return np.isin(np.arange(len(self.surfaces)), list(last.values()))

    @cached_property
    def closing_words(self) -> Places:
        """The pieces after which a word that came before them is complete."""
        found = (i for i, surface in enumerate(self.surfaces) if surface and closes_word(surface))
        return np.fromiter(found, np.int64)

    @cached_property
    def closes_word(self) -> NDArray[np.bool_]:
        """Tokens after which a word that came before them is complete, `[vocab_size] bool`."""
        closes = np.zeros(len(self.surfaces), np.bool_)
        closes[self.closing_words] = True
        return closes

    @cached_property
    def ends_in_word(self) -> NDArray[np.bool_]:
        """Tokens with which a text ends within a word or after one, `[vocab_size] bool`.

        A byte of a character by itself may be of a word.
        """
        last = [surface.decode(errors="replace")[-1:] for surface in self.surfaces]
        return np.array([mark == "\ufffd" or (bool(mark) and in_word(mark)) for mark in last])

    @cached_property
    def of_several_tokens(self) -> list[tuple[int, str]]:
        """The pieces that more than a word stands in, and their text without a first space."""
        texts = (surface.decode(errors="replace").lstrip() for surface in self.surfaces)
        return [(index, text) for index, text in enumerate(texts) if len(tokens(text)) > 1]

    def text(self, ids: Iterable[int]) -> bytes:
        """What these pieces spell."""
        return b"".join([self.surfaces[index] for index in ids])

    def beginning_with(self, start: bytes) -> Places:
        """The pieces whose surface begins with `start` or is it, `[count] int64`."""
        length = len(start)
        first = bisect_left(self._sorted, start)
        last = bisect_right(self._sorted, start, key=lambda surface: surface[:length])
        return self._ids[first:last]

    def beginnings_of(self, text: bytes) -> Iterator[tuple[int, Places]]:
        """The pieces that `text` begins with: their length and, of that length, their ids."""
        for length in range(1, min(self._longest, len(text)) + 1):
            start = text[:length]
            first = bisect_left(self._sorted, start)
            last = bisect_right(self._sorted, start)
            if first < last:
                yield length, self._ids[first:last]


def closes_word(following: bytes) -> bool:
    """Whether a word is complete if this follows it.

    A byte of a character by itself may be of any; it counts as closing, to be on the safe side.
    """
    character = following[:4].decode(errors="ignore")[:1]
    return not character or not in_word(character)
