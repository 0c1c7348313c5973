"""Medians of repeated measurements, and their spread."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Spread(NamedTuple):
    """Median of several figures, and their extremes."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the extremes of at least one figure."""
    return Spread(median(values), min(values), max(values))


def ratios(slower: Sequence[float], faster: Sequence[float]) -> Spread:
    """Return the speed-up of `faster` over `slower`, both given as the seconds of each turn."""
    return spread([one / other for one, other in zip(slower, faster, strict=True)])


def shown(figures: Spread, digits: int = 1) -> str:
    """Return `median (least-most)` as text."""
    middle, least, most = (f"{figure:,.{digits}f}" for figure in figures)
    return f"{middle} ({least}-{most})"
