"""Sentence patterns and the filling of their slots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from slots import Slot

Fill = Callable[[Random], dict[str, Slot]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pair of templates, what fills them, and how often they are drawn.

    ``clauses`` names the slots whose kinds, together with the pattern, make
    the clause combination that may be held out.
    """

    name: str
    weight: float
    english: str
    german: str
    fill: Fill
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """An English sentence, its German, and the combinations they are made of."""

    english: str
    german: str
    combos: tuple[str, ...]


def sentence(text: str) -> str:
    """Capitalise the first letter."""
    return text[0].upper() + text[1:]


def realise(pattern: Pattern, rng: Random) -> Pair:
    """Draw the slots of a pattern and write both sentences."""
    slots = pattern.fill(rng)
    english = pattern.english.format(**{name: slot.english for name, slot in slots.items()})
    german = pattern.german.format(**{name: slot.german for name, slot in slots.items()})
    combos = [combo for slot in slots.values() for combo in slot.combos]
    if pattern.clauses:
        kinds = "+".join(slots[name].kind for name in pattern.clauses)
        combos.append(f"{pattern.name}({kinds})")
    return Pair(sentence(english), sentence(german), tuple(combos))
