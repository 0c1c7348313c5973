"""Fixed phrases that no grammar would find; every one goes to the training set.

Tables of ``English | German``. A phrase starts as it would in the middle of a sentence, and a
full stop is added where no other mark ends it.
"""

from __future__ import annotations

from lexicon.entries import rows

from . import answers, courtesy, emergencies, friends, people, reactions, scenes, times, travel

Formula = tuple[str, str]


def read_formulas(table: str) -> tuple[Formula, ...]:
    """Read a table of formulas, with the mark that ends each."""
    return tuple((_ended(english), _ended(german)) for english, german in rows(table))


def _ended(text: str) -> str:
    return text if text[-1] in ".?!" else text + "."


TABLES = {
    name: read_formulas(table)
    for module in (
        courtesy, answers, reactions, people, travel, scenes, times, emergencies, friends,
    )
    for name, table in vars(module).items()
    if name.isupper()
}  # fmt: skip
FORMULAS = tuple(formula for table in TABLES.values() for formula in table)
