"""Random inputs and weights with which two models are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from seq2seq.keras_conversion.differences import Arrays, PaddedSide
from seq2seq.keras_conversion.inputs import ModelInput

PADDING = 3  # steps


class SampleInputs:
    """Random inputs of a model, of any length, with padding on either side on request."""

    def __init__(
        self, inputs: Sequence[ModelInput], steps: int, random: np.random.Generator
    ) -> None:
        """Prepare the inputs.

        Args:
            inputs: inputs of the model, with the mask values of the new model.
            steps: number of steps for an input without a length.
            random: generator of random numbers.
        """
        self._inputs, self._steps, self._random = inputs, steps, random

    def draw(self, rows: int, more: int, *, apart: bool = False, centre: float = 0.0) -> Arrays:
        """Draw inputs, `[rows, old length + more, ...]`; nothing in them is padding.

        With `apart`, inputs without a mask, which cannot be padded, keep the old length.
        """
        arrays = []
        for each in self._inputs:
            shape = [rows, *(4 if size is None else size for size in each.shape[1:])]
            if each.is_sequence:
                added = 0 if apart and each.mask_value is None else more
                shape[1] = max((each.steps or self._steps) + added, 1)
            if each.vocabulary is not None or not each.dtype.startswith(("float", "bfloat")):
                low = 0 if each.mask_value is None else 1
                ids = self._random.integers(low, max(each.vocabulary or 2, low + 1), shape)
                arrays.append(ids.astype(each.dtype))
            else:
                arrays.append(self._random.normal(centre, size=shape).astype(np.float32))
        return arrays

    def padded(self, alone: list[Arrays], side: PaddedSide, *, apart: bool) -> Arrays:
        """Join inputs of a single row each into one batch, padded on one side.

        Args:
            alone: inputs of each row.
            side: side of the padding.
            apart: true if inputs without a mask have the same length in each row.
        """
        batch = []
        for position, each in enumerate(self._inputs):
            rows = [arrays[position][0] for arrays in alone]
            width = max(len(row) for row in rows) + PADDING
            if each.mask_value is not None:
                rows = [_pad(row, width, each.mask_value, side) for row in rows]
            elif each.is_sequence and not apart:  # the values at padding must not matter
                rows = [_pad(row, width, float(self._random.normal()), side) for row in rows]
            batch.append(np.stack(rows))
        return batch


def _pad(row: np.ndarray, width: int, value: float, side: PaddedSide) -> np.ndarray:
    extra = (0, width - len(row)) if side == "right" else (width - len(row), 0)
    return np.pad(row, [extra, *[(0, 0)] * (row.ndim - 1)], constant_values=value)


def random_weight(weight: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a random weight: scaled normal for kernels, else positive, as a variance must be."""
    if not np.issubdtype(weight.dtype, np.floating):
        return weight
    if weight.ndim < 2:
        return random.uniform(0.1, 1.0, weight.shape).astype(weight.dtype)
    scale = 1.0 / math.sqrt(math.prod(weight.shape[:-1]))
    return (scale * random.normal(size=weight.shape)).astype(weight.dtype)
