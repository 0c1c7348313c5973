"""Cleaning of sequences of numbers: padding, missing values, and numbers that are not finite.

The number 0.0 is data. Padding is a value that the user names, and only in steps at the start or
end of a sequence that hold nothing else. After cleaning, lengths define where a sequence ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import MissingNumbers
from seq2seq.data.sequences.item import Form, Item, Label, Values

MISSING = math.nan  # a reader's value for a missing number
MISSING_WORDS = {"", "?", "nan", "na", "n/a", "#n/a", "<na>", "null", "none"}  # in lower case
LARGEST = float(np.finfo(np.float32).max)


def cleaned(position: int, steps: Values, label: Label | None, form: Form) -> Item:
    """Return an item of `steps` `[time, features]`, or one with an error.

    Args:
        position: position of the item in its file.
        steps: values as read, NaN where one is missing; their precision is kept.
        label: label of the item; if each step has a label, the labels of padding are removed too.
        form: padding value and rule for missing values.
    """
    kept = _without_padding(steps, form.padding_value)
    if kept.start >= kept.stop:
        what = "holds no step"
        if len(steps):
            what = f"holds nothing but padding ({form.padding_value:g})"
        return Item(position, error=what)
    if form.per_step and isinstance(label, list) and len(label) == len(steps):
        label = label[kept]
    values = np.array(steps[kept])
    error = _infinite(values) or _fill(values, form.missing)
    return Item(position, error=error) if error else Item(position, values, label)


def from_rows(rows: Sequence[Sequence[float]]) -> tuple[Values, str | None]:
    """Return rows as an array `[time, features] float64`, and the error in them or None."""
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            error = f"step {number} has {len(row)} values and step 1 has {width}"
            return np.zeros((0, 0)), error
    if rows and not width:
        return np.zeros((0, 0)), "its steps hold no values"
    return np.array(rows, np.float64).reshape(len(rows), width), None


def number_of(text: str) -> float:
    """Return the number that `text` spells.

    Raises:
        ValueError: `text` is not a number; `1_000`, which Python accepts, is rejected too.
    """
    if "_" in text:
        raise ValueError(text)
    return float(text)


def _without_padding(steps: Values, padding: float | None) -> slice:
    """Return the range of the real steps: from the first to the last that is not all padding."""
    if padding is None or not len(steps):
        return slice(0, len(steps))
    with np.errstate(over="ignore"):
        # A value that was rounded to float32 before, such as -0.1, has other digits than the
        # setting.
        rounded = steps.astype(np.float32)
    same = np.isnan(rounded) if math.isnan(padding) else rounded == np.float32(padding)
    real = np.flatnonzero(~same.all(axis=1))
    return slice(int(real[0]), int(real[-1]) + 1) if len(real) else slice(0, 0)


def _infinite(values: Values) -> str | None:
    step, feature = np.nonzero(np.abs(values) > LARGEST)
    if not len(step):
        return None
    what = f"at step {step[0] + 1}, feature {feature[0] + 1}"
    if np.isinf(values[step[0], feature[0]]):
        return f"not a finite number {what}"
    return f"a number beyond {LARGEST:.3g} {what}"


def _fill(values: Values, rule: MissingNumbers) -> str | None:
    """Fill missing values in place, feature by feature; return the error if that is impossible."""
    holes = np.isnan(values)
    if not holes.any():
        return None
    if rule == "error":
        return _missing(holes)
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


def _missing(holes: NDArray[np.bool_]) -> str:
    """Return the error for missing values, with the setting that helps."""
    step, feature = np.argwhere(holes)[0] + 1
    error = (
        f"a missing value (NaN or ?) at step {step}, feature {feature}, which "
        "data.features.missing=previous (or zero, linear, mean) fills"
    )
    if holes[-1].all():
        error += "; if the missing steps at its end are padding, data.features.padding_value=nan"
    return error


def _from_neighbours(column: NDArray[Any], known: NDArray[np.intp], *, previous: bool) -> None:
    """Fill missing values from known neighbours; those before the first known value take it."""
    positions = np.arange(len(column))
    if previous:
        before = np.maximum(np.searchsorted(known, positions, side="right") - 1, 0)
        column[:] = column[known[before]]
    else:
        column[:] = np.interp(positions, known, column[known])
