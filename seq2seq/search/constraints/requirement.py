"""Requirement that an output holds a phrase, and the token sequences that spell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.errors import SettingsError
from seq2seq.text.tokenizer import UNK, Tokenizer
from seq2seq.text.words import in_word

# Positions beyond those of the phrases, for a detour around tokens that a rule forbids at the end.
_SLACK = 2


@dataclass(frozen=True)
class Requirement:
    """Phrase, or several phrases of which one is sufficient.

    Attributes:
        alternatives: texts of the phrases, as the tokenizer normalises them.
        spellings: token sequences that spell one of them.
    """

    alternatives: tuple[str, ...]
    spellings: tuple[tuple[int, ...], ...]

    @property
    def cost(self) -> int:
        """Maximum number of tokens that it takes."""
        return max(map(len, self.spellings))


def requirement(alternatives: Sequence[str], tokenizer: Tokenizer) -> Requirement:
    """Return the requirement that a text holds one of these phrases.

    Raises:
        SettingsError: a phrase is blank, or the tokenizer cannot spell it.
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
    """Return the number of additional positions that an output needs for these phrases."""
    return sum(one.cost for one in required) + _SLACK if required else 0
