"""Differences between the outputs of models, which are lists of float64 arrays."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

Arrays = list[np.ndarray]
PaddedSide = Literal["right", "left"]


def as_arrays(outputs: Any) -> Arrays:
    """Return the outputs of a model, a tensor or any structure of them."""
    import keras

    flat = [keras.ops.convert_to_numpy(each) for each in keras.tree.flatten(outputs)]
    return [each.astype(np.float64) for each in flat]


def compare(expected: Arrays, outputs: Arrays) -> tuple[float, float]:
    """Return the difference that is largest relative to its output, and that output's magnitude."""
    largest, size = 0.0, 1.0
    for one, other in zip(expected, outputs, strict=True):
        finite = np.isfinite(one)
        if one.shape != other.shape or not np.array_equal(finite, np.isfinite(other)):
            return math.inf, 1.0
        difference = float(np.abs(one[finite] - other[finite]).max(initial=0.0))
        scale = max(float(np.abs(one[finite]).max(initial=0.0)), 1e-3)
        if difference / scale >= largest / size:
            largest, size = difference, scale
    return largest, size


def real_parts(padded: Arrays, row: int, alone: Arrays, side: PaddedSide) -> Arrays:
    """Return the outputs for one row of a padded batch, without those for its padding."""
    parts = []
    for whole, own in zip(padded, alone, strict=True):
        part = whole[row : row + 1]
        for axis in range(1, min(part.ndim, own.ndim)):
            size, grown = own.shape[axis], part.shape[axis]
            if grown > size:
                start = 0 if side == "right" else grown - size
                part = part.take(range(start, start + size), axis=axis)
        parts.append(part)
    return parts
