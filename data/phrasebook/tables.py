"""Patterns written as tables: ``weight | English | German | slots``.

The slots are parted by semicolons. ``n=dish drink:a two`` draws a noun of one of the classes with
one of the determiners; ``n=kaufen>dish:a:0.3`` also makes it the object of a verb of the template,
and describes three in ten with an adjective; ``t=@clock`` draws by a name of ``draws.DRAWS``.
"""

from __future__ import annotations

from draws import DRAWS
from fills import Draw, fill, thing, with_verb
from lexicon.entries import rows
from templates import Pattern

DESCRIBED = 0.15


def read_patterns(name: str, table: str) -> tuple[Pattern, ...]:
    """Read a table of patterns, numbered after a common name."""
    return tuple(
        Pattern(f"{name}-{number}", float(weight), english, german, fill(**_slots(slots)))
        for number, (weight, english, german, slots) in enumerate(rows(table), 1)
    )


def _slots(text: str) -> dict[str, Draw]:
    parts = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): _draw(spec.strip()) for name, _, spec in parts}


def _draw(spec: str) -> Draw:
    if spec.startswith("@"):
        return DRAWS[spec[1:]]
    verb, _, rest = spec.rpartition(">")
    classes, determiners, *described = rest.split(":")
    draw = thing(classes, determiners, float(described[0]) if described else DESCRIBED)
    return with_verb(verb, draw) if verb else draw
