"""A phrase that an output must hold, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.errors import SettingsError
from seq2seq.text.tokenizer import UNK, Tokenizer
from seq2seq.text.words import in_word

# Positions more than the phrases take, for a way round what a rule forbids at the last moment.
_SLACK = 2


@dataclass(frozen=True)
class Requirement:
    """A phrase, or several of which one will do.

    Attributes:
        alternatives: their texts, as the tokenizer normalises them.
        spellings: the ways to write one of them, in pieces.
    """

    alternatives: tuple[str, ...]
    spellings: tuple[tuple[int, ...], ...]

    @property
    def cost(self) -> int:
        """Pieces that it takes at most."""
        return max(map(len, self.spellings))


def requirement(alternatives: Sequence[str], tokenizer: Tokenizer) -> Requirement:
    """The requirement that a text holds one of these phrases.

    Raises:
        SettingsError: one is blank, or the tokenizer cannot spell it.
    """
    texts: list[str] = []
    spellings: list[tuple[int, ...]] = []
    for phrase, ids in zip(alternatives, tokenizer.encode(alternatives), strict=True):
        if not ids or UNK in ids:
            raise SettingsError(
                f"the required phrase {phrase!r} "
                + ("is blank" if not ids else "holds what this model's vocabulary cannot spell")
                + ": leave it out or give another"
            )
        texts.append(tokenizer.decode([ids])[0].strip())
        spellings.append(tuple(ids))
        # Scripts without spaces, and placeholders, may also follow without one.
        if tokenizer.surfaces[ids[0]] == b" " and not in_word(texts[-1][0]):
            spellings.append(tuple(ids[1:]))
    return Requirement(tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(spellings)))


def room_for(required: Sequence[Requirement]) -> int:
    """Positions that an output needs for these phrases beside what it would hold anyway."""
    return sum(one.cost for one in required) + _SLACK if required else 0
