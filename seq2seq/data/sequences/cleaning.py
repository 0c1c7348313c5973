"""Numbers as they were meant: foreign padding cut off, missing values filled, the rest refused.

A number that is 0.0 or negative is data. Only a value that the user names is padding, and only
where whole steps at either end hold nothing else; from here on lengths say where a sequence ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Form, Item, Label, Values

MISSING = math.nan  # how a reader hands on what is not there


def cleaned(place: int, steps: NDArray[np.float32], label: Label | None, form: Form) -> Item:
    """An item of `steps` `[time, features]`, or one with a fault.

    Args:
        place: of the item.
        steps: as read, NaN where a value is missing.
        label: of the item; where it has one for each step, those of padding are cut off too.
        form: names the padding value and the rule for missing values.
    """
    kept = _without_padding(steps, form.padding_value)
    if kept.start >= kept.stop:
        what = "holds no step"
        if len(steps):
            what = f"holds nothing but padding ({form.padding_value:g})"
        return Item(place, fault=what)
    if form.per_step and isinstance(label, list) and len(label) == len(steps):
        label = label[kept]
    values = np.array(steps[kept], np.float32)
    fault = _infinite(values) or _fill(values, form.missing)
    return Item(place, fault=fault) if fault else Item(place, values, label)


def from_rows(rows: Sequence[Sequence[float]]) -> tuple[NDArray[np.float32], str | None]:
    """Steps as an array `[time, features]`, or what is wrong with them: a ragged row."""
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            fault = f"step {number} has {len(row)} values and step 1 has {width}"
            return np.zeros((0, 0), np.float32), fault
    if rows and not width:
        return np.zeros((0, 0), np.float32), "its steps hold no values"
    return np.array(rows, np.float32).reshape(len(rows), width), None


def _without_padding(steps: NDArray[np.float32], padding: float | None) -> slice:
    """Where the real steps stand: from the first to the last that is not all padding."""
    if padding is None or not len(steps):
        return slice(0, len(steps))
    same = np.isnan(steps) if math.isnan(padding) else steps == np.float32(padding)
    real = np.flatnonzero(~same.all(axis=1))
    return slice(int(real[0]), int(real[-1]) + 1) if len(real) else slice(0, 0)


def _infinite(values: Values) -> str | None:
    step, feature = np.nonzero(np.isinf(values))
    if not len(step):
        return None
    return f"not a finite number at step {step[0] + 1}, feature {feature[0] + 1}"


def _fill(values: Values, rule: str) -> str | None:
    """Fill what is missing in place, feature by feature; the fault if that cannot be."""
    holes = np.isnan(values)
    if not holes.any():
        return None
    if rule == "error":
        step, feature = np.argwhere(holes)[0] + 1
        return f"a missing value (NaN or ?) at step {step}, feature {feature}"
    for feature in range(values.shape[1]):
        column, known = values[:, feature], np.flatnonzero(~holes[:, feature])
        if rule == "zero":
            column[holes[:, feature]] = 0.0
        elif not len(known):
            return f"feature {feature + 1} has no value at all"
        elif rule == "mean":
            column[holes[:, feature]] = column[known].mean(dtype=np.float64)
        else:
            _from_neighbours(column, known, previous=rule == "previous")
    return None


def _from_neighbours(
    column: NDArray[np.float32], known: NDArray[np.intp], *, previous: bool
) -> None:
    """Fill from the known values beside; those before the first take the first."""
    places = np.arange(len(column))
    if previous:
        before = np.maximum(np.searchsorted(known, places, side="right") - 1, 0)
        column[:] = column[known[before]]
    else:
        column[:] = np.interp(places, known, column[known])
