"""Families of patterns, and how often a sentence of each is drawn."""

from __future__ import annotations

from compounds import COMPOUNDS
from patterns.ailing import AILING
from patterns.fragments import FRAGMENTS
from patterns.messages import PEOPLE, PLANS
from patterns.orders import ORDERS
from patterns.questions import QUESTIONS
from sentences import SENTENCES
from situations import SITUATIONS
from smalltalk import SMALLTALK
from templates import Pattern

FAMILIES: tuple[tuple[float, tuple[Pattern, ...]], ...] = (
    (17, SENTENCES), (12, COMPOUNDS), (9, SITUATIONS), (9, FRAGMENTS), (8, ORDERS),
    (9, QUESTIONS), (6, AILING), (7, PLANS), (7, PEOPLE), (16, SMALLTALK),
)  # fmt: skip
PATTERNS = tuple(pattern for _, family in FAMILIES for pattern in family)


def weights() -> list[float]:
    """Return the weight of each pattern, so that the families have their shares."""
    return [
        share * pattern.weight / sum(other.weight for other in family)
        for share, family in FAMILIES
        for pattern in family
    ]
