"""Nouns with every inflected form.

Columns: English singular | English plural | gender | German singular: nominative, accusative,
dative and genitive, or nominative and genitive, or one form for all | German plural: nominative
(also accusative and genitive) and dative, or the nominative alone where the dative follows |
semantic classes.  A star after the gender marks English plurals that German sees as one thing
(``glasses``).
"""

from __future__ import annotations

from .compounds import COMPOUND_NOUNS
from .entries import read_nouns
from .food import FOOD
from .goods import GOODS
from .people import PEOPLE
from .places import PLACES

TABLES = (FOOD, GOODS, PLACES, PEOPLE, COMPOUND_NOUNS)
NOUNS = tuple(noun for table in TABLES for noun in read_nouns(table))
