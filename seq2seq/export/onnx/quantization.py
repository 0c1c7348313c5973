"""Quantization of float32 to 8-bit integers: a step for each kernel column and each input row.

The steps of a kernel's columns are fixed when the model is exported. The rows that are multiplied
by the kernel share a step that is known beforehand (an LSTM's output lies between -1 and 1), or
each row has its own step, from its largest magnitude. In both cases the result of a row does not
depend on the other rows of the batch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# A row's values lie in [-127, 127] steps around 128, as unsigned integers.
ROW_STEPS, ROW_ZERO = 127, 128
# Columns use 7 of the 8 bits: processors without VNNI add two products in 16 bits, and 255 x 64 x 2
# is the largest sum that fits. With 127 they would silently saturate.
COLUMN_STEPS = 63


class QuantizedColumns(NamedTuple):
    """A quantized kernel: `integers * steps` approximates it.

    Attributes:
        integers: quantized weights, `[features, width] int8`.
        steps: quantization step of each column, `[width] float32`.
    """

    integers: NDArray[np.int8]
    steps: NDArray[np.float32]


def quantized_columns(kernel: NDArray[Any]) -> QuantizedColumns:
    """Quantize `kernel` `[features, width]`; a column's step comes from its largest magnitude."""
    integers, steps = _in_steps(kernel, axis=0, most=COLUMN_STEPS)
    return QuantizedColumns(integers.astype(np.int8), steps)


class QuantizedRows(NamedTuple):
    """A quantized table: `(integers - 128) * steps[:, None]` approximates it.

    Attributes:
        integers: quantized rows, `[rows, width] uint8`, around `ROW_ZERO`.
        steps: quantization step of each row, `[rows] float32`.
    """

    integers: NDArray[np.uint8]
    steps: NDArray[np.float32]


def quantized_rows(table: NDArray[Any]) -> QuantizedRows:
    """Quantize `table` `[rows, width]`, each row with a step that fits its largest magnitude."""
    integers, steps = _in_steps(table, axis=1, most=ROW_STEPS)
    return QuantizedRows((integers + ROW_ZERO).astype(np.uint8), steps)


def _in_steps(
    values: NDArray[Any], *, axis: int, most: int
) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Return the values as whole numbers of steps, and the sizes of the steps.

    The largest magnitude along `axis` becomes `most` steps.
    """
    largest = np.abs(values).max(axis=axis, keepdims=True)
    steps = np.maximum(largest, 1e-30).astype(np.float32) / np.float32(most)
    return np.clip(np.rint(values / steps), -most, most), steps.squeeze(axis)
