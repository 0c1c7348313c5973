"""Fields of settings: their default values, their limits and their marks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from typing import Any, Literal

# Marks of a setting. `free`: it may change when a run is resumed, because no result depends on it.
# `length`: free, unless the learning rate depends on the length of the run. `local`: a path or an
# installed package of this machine, which no exported model holds. `resolved`: `auto` is resolved
# once, when a run begins.
Mark = Literal["free", "length", "local", "resolved"]


def number(
    default: float | int | Literal["auto"] | None,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    marks: tuple[Mark, ...] = (),
) -> Any:
    """Return the field of a number with its limits."""
    limits = {"minimum": minimum, "maximum": maximum, "above": above, "below": below}
    known = {key: limit for key, limit in limits.items() if limit is not None}
    return field(default=default, metadata={**known, "marks": marks})


def marked(default: Any, *marks: Mark) -> Any:
    """Return the field of a setting with marks."""
    return field(default=default, metadata={"marks": marks})


def registered(default: Any, registry: Collection[str], *marks: Mark) -> Any:
    """Return the field of a setting whose values are the names in a registry."""
    return field(default=default, metadata={"registry": registry, "marks": marks})
