"""Output tokens: the tokens that may occur in an output, and in which order.

An output is text: whole UTF-8 characters, no control characters, no two spaces in a row. A
vocabulary with byte tokens could also spell part of a character, and every vocabulary has reserved
tokens. The rules are a state transition table that both searches read: `search.written_text` in
NumPy and `model.graph_search` as a graph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.text.tokenizer import BOS, EOS, PAD, UNK, Tokenizer

# Control characters, line and paragraph separators, surrogates, the replacement character and
# non-characters.
_NO_TEXT = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd-\uffff]")

# Classes of tokens: each byte of multi-byte characters is a class of its own, by its value.
_TEXT, _END, _NEVER = 256, 257, 258
_SPACE_FIRST, _SPACE_LAST, _SPACE_BOTH = 259, 260, 261
_CLASSES = 262

# States of an output: after text, after a space, or within a character. The states of the last
# kind are identified by the bytes so far. After the first three prefixes, any one, two or three
# continuation bytes may follow. After the others, some bytes may not follow, because the encoding
# would be overlong, a surrogate, beyond Unicode or a forbidden character.
_AFTER_TEXT, _AFTER_SPACE = 0, 1
_PREFIXES = (
    *(b"\xc3", b"\xe1", b"\xf1"),
    *(b"\xc2", b"\xe0", b"\xe2", b"\xe2\x80", b"\xed", b"\xef", b"\xef\xbf", b"\xf0", b"\xf4"),
)
_NOT_ALLOWED = -1

NEVER = 1 << 20  # value of `missing` for a token that no output holds: more than any output length
LONGEST_CHARACTER = 4  # bytes


@dataclass(frozen=True, eq=False)
class OutputTokens:
    """Tokens of a vocabulary with the rules for their use in outputs.

    Attributes:
        classes: class of each token, `[vocab_size] int32`.
        missing: number of tokens that must follow each token before the end, `[vocab_size] int32`:
            the other bytes of its character, or text after a space; `NEVER` for a token that cannot
            follow a complete character, and for a placeholder.
        placeholders: ids of the tokens that spell each placeholder.
    """

    classes: NDArray[np.int32]
    missing: NDArray[np.int32]
    placeholders: Mapping[str, tuple[int, ...]]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(tokenizer: Tokenizer) -> OutputTokens:
        """Return the output tokens of a tokenizer."""
        names = frozenset(name.encode() for name in tokenizer.placeholders)
        surfaces = tokenizer.surfaces
        placeholders: dict[str, tuple[int, ...]] = dict.fromkeys(tokenizer.placeholders, ())
        for token, surface in enumerate(surfaces):
            if surface.strip() in names:
                placeholders[surface.strip().decode()] += (token,)
        reserved = frozenset(token for tokens in placeholders.values() for token in tokens)
        single, double = tokenizer.encode(["a b", "a  b"])
        classes = [
            _class_of(token, surface, spaces=single == double)
            for token, surface in enumerate(surfaces)
        ]
        for token in [token for token, surface in enumerate(surfaces) if surface == b" "][:-1]:
            classes[token] = _NEVER  # byte token that no text needs; the last one is U+2581
        return OutputTokens._from_classes(classes, reserved, placeholders)

    @staticmethod
    @lru_cache(maxsize=4)
    def of_ids(vocab_size: int) -> OutputTokens:
        """Return the output tokens of a vocabulary of which only the size is known."""
        classes = [_TEXT] * vocab_size
        classes[: EOS + 1] = [_NEVER, _NEVER, _NEVER, _END]
        return OutputTokens._from_classes(classes, frozenset(), {})

    @staticmethod
    def _from_classes(
        classes: list[int], reserved: frozenset[int], placeholders: Mapping[str, tuple[int, ...]]
    ) -> OutputTokens:
        missing = np.array([_missing_after(one) for one in classes], np.int32)
        if not set(range(0x80, 0xC0)) <= set(classes):  # some characters could not be completed
            missing[np.array(classes) < _TEXT] = NEVER
        missing[sorted(reserved)] = NEVER
        return OutputTokens(np.array(classes, np.int32), missing, placeholders)

    @property
    def vocab_size(self) -> int:
        """Number of tokens."""
        return len(self.classes)

    @cached_property
    def reserved(self) -> NDArray[np.bool_]:
        """Flags of placeholders, `[vocab_size] bool`."""
        reserved = np.zeros(self.vocab_size, np.bool_)
        for tokens in self.placeholders.values():
            reserved[list(tokens)] = True
        return reserved

    @cached_property
    def possible(self) -> NDArray[np.bool_]:
        """Flags of allowed tokens in each state, placeholders included, `[states, vocab] bool`."""
        possible: NDArray[np.bool_] = transitions()[:, self.classes] != _NOT_ALLOWED
        possible[: _AFTER_SPACE + 1] &= (self.missing < NEVER) | self.reserved
        return possible

    @property
    def after_space(self) -> NDArray[np.bool_]:
        """Flags of tokens that may follow a space, `[vocab_size] bool`."""
        following: NDArray[np.bool_] = self.possible[_AFTER_SPACE]
        return following

    @cached_property
    def never(self) -> NDArray[np.int64]:
        """Ids of the tokens that cannot follow a complete character, placeholders included."""
        return np.flatnonzero(self.missing >= NEVER)

    @cached_property
    def most_missing(self) -> int:
        """Return the largest number in `missing`, except `NEVER`."""
        return int(self.missing[self.missing < NEVER].max(initial=0))

    @cached_property
    def _spaces(self) -> NDArray[np.bool_]:
        return np.isin(self.classes, (_SPACE_LAST, _SPACE_BOTH))

    def ends_with_space(self, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return whether outputs `[..., length]` end with a space; then no space may follow."""
        return np.asarray(self._spaces[ids[..., -1:]].any(axis=-1))

    def within_character(self, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return whether outputs `[..., length]` end within a character."""
        if not (self.classes[ids[..., -1:]] < _TEXT).any():  # the usual case, and faster
            return np.zeros(ids.shape[:-1], np.bool_)
        return missing_bytes()[self.states(ids)] > 0

    def owed(self, ids: Sequence[int]) -> int:
        """Return the number of bytes that the last character of an output still needs, minus one.

        The next token is one of these bytes; the result counts only the bytes after that token.
        """
        if not ids or self.classes[ids[-1]] >= _TEXT:
            return 0
        return max(0, int(missing_bytes()[self.states(ids)]) - 1)

    def states(self, ids: ArrayLike) -> NDArray[np.int32]:
        """Return the states of outputs `[..., length]`, with shape `[...]`."""
        last = self.classes[np.asarray(ids, np.int64)[..., 1 - LONGEST_CHARACTER :]]
        states = np.zeros(last.shape[:-1], np.int32)
        for position in range(last.shape[-1]):
            following = transitions()[states, last[..., position]]
            # The last tokens may begin within a character, which then also ends among them.
            states = np.where(following == _NOT_ALLOWED, _AFTER_TEXT, following)
        return states


@lru_cache(maxsize=1)
def transitions() -> NDArray[np.int32]:
    """Return the next state for each state and token class, -1 for forbidden transitions.

    The table is `[states, classes] int32`; an output begins in state 0.
    """
    table = np.full([2 + len(_PREFIXES), _CLASSES], _NOT_ALLOWED, np.int32)
    for state, prefix in enumerate((b"", b"", *_PREFIXES)):
        for byte in range(0x80, 0x100):
            table[state, byte] = _state_after(prefix + bytes([byte]))
    table[_AFTER_TEXT, [_TEXT, _END, _SPACE_FIRST]] = _AFTER_TEXT
    table[_AFTER_TEXT, [_SPACE_LAST, _SPACE_BOTH]] = _AFTER_SPACE
    table[_AFTER_SPACE, _TEXT] = _AFTER_TEXT
    table[_AFTER_SPACE, _SPACE_LAST] = _AFTER_SPACE
    return table


@lru_cache(maxsize=1)
def missing_bytes() -> NDArray[np.int32]:
    """Return the number of bytes that an output lacks in each state, `[states] int32`."""
    missing = [_length_of(prefix[0]) - len(prefix) for prefix in _PREFIXES]
    return np.array([0, 0, *missing], np.int32)


def may_be_written(text: str) -> bool:
    """Return whether an output may hold every character of `text`."""
    return not _NO_TEXT.search(text)


def _class_of(token: int, surface: bytes, *, spaces: bool) -> int:
    """Return the class of a token; `spaces` is true if two spaces in a row are forbidden."""
    if token in (PAD, UNK, BOS):
        return _NEVER
    if token == EOS:
        return _END
    if len(surface) == 1 and surface[0] >= 0x80:
        return surface[0]
    if not may_be_written(surface.decode(errors="replace")) or (spaces and b"  " in surface):
        return _NEVER
    if not spaces or not surface:
        return _TEXT
    if surface.endswith(b" "):
        return _SPACE_BOTH if surface.startswith(b" ") else _SPACE_LAST
    return _SPACE_FIRST if surface.startswith(b" ") else _TEXT


def _missing_after(token_class: int) -> int:
    """Return the number of tokens that must follow a token of a class, or `NEVER`.

    `NEVER` is for a class that cannot follow a complete character.
    """
    if transitions()[_AFTER_TEXT, token_class] == _NOT_ALLOWED:
        return NEVER
    if token_class < _TEXT:
        return _length_of(token_class) - 1
    return int(token_class in (_SPACE_LAST, _SPACE_BOTH))


def _state_after(encoded: bytes) -> int:
    """Return the state of an output that ends with the first bytes of a character."""
    missing = _length_of(encoded[0]) - len(encoded)
    if (
        missing < 0
        or encoded[0] < 0xC0
        or not any(_is_utf8(encoded + end * missing) for end in (b"\x80", b"\xbf"))
    ):
        return _NOT_ALLOWED
    if not missing:
        return _AFTER_TEXT if may_be_written(encoded.decode()) else _NOT_ALLOWED
    known = encoded if encoded in _PREFIXES else (b"\xc3", b"\xe1", b"\xf1")[missing - 1]
    return 2 + _PREFIXES.index(known)


def _is_utf8(encoded: bytes) -> bool:
    try:
        encoded.decode()
    except UnicodeDecodeError:
        return False
    return True


def _length_of(first: int) -> int:
    """Return the number of bytes of a character, given its first byte."""
    return 4 if first >= 0xF0 else 3 if first >= 0xE0 else 2 if first >= 0xC0 else 1
