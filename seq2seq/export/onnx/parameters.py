"""Parameters of graphs: names, types, shapes, and their computation from trained weights.

A graph is built from sizes alone and only declares which numbers it needs. An export computes
these numbers from the trained weights; a reader compares a file with the declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ModelError
from seq2seq.export.onnx.messages import Kind, kind_of

Array = NDArray[Any]
Weights = Mapping[str, NDArray[np.float32]]  # by path in the trained model
Numbers = Mapping[str, Array]  # by name of the parameter
Compute = Callable[[Weights], Array]

_DTYPES = {Kind.FLOAT: np.float32, Kind.INT8: np.int8, Kind.UINT8: np.uint8}


class Weight(NamedTuple):
    """A matrix or vector that is a trained weight, or is computed from trained weights.

    Attributes:
        shape: shape of the weight.
        compute: function that returns it from the trained weights, float32.
    """

    shape: tuple[int, ...]
    compute: Compute

    def rows(self, start: int, stop: int) -> Weight:
        """Return the weight's rows from `start` to `stop`."""
        return Weight(
            (stop - start, *self.shape[1:]), lambda weights: self.compute(weights)[start:stop]
        )

    def transposed(self) -> Weight:
        """Return the transposed matrix."""
        return Weight(self.shape[::-1], lambda weights: self.compute(weights).T)

    def padded(self, count: int, value: float) -> Weight:
        """Return the weight with `count` more rows that hold `value`."""
        shape = (self.shape[0] + count, *self.shape[1:])
        widths = [(0, count), *[(0, 0)] * (len(shape) - 1)]
        return Weight(
            shape,
            lambda weights: np.pad(self.compute(weights), widths, constant_values=value),
        )

    def above(self, other: Weight) -> Weight:
        """Return a weight with the rows of this one, then those of the other."""
        shape = (self.shape[0] + other.shape[0], *self.shape[1:])
        return Weight(
            shape,
            lambda weights: np.concatenate([self.compute(weights), other.compute(weights)]),
        )


def trained(path: str, *shape: int) -> Weight:
    """Return the description of a trained weight, by its path in the model.

    Computing it raises `ModelError` if the weight is missing or has another shape.
    """

    def compute(weights: Weights) -> Array:
        found = weights.get(path)
        if found is None:
            raise ModelError(
                f"the weights do not fit the model: {path!r} is not among them; the settings and "
                "the weights come from different runs"
            )
        if found.shape != shape:
            raise ModelError(
                f"the weights do not fit the model: {path!r} has shape {list(found.shape)} and "
                f"the settings ask for {list(shape)}"
            )
        return found

    return Weight(shape, compute)


@dataclass(frozen=True)
class Parameter:
    """Numbers that a graph needs.

    Attributes:
        kind: element type.
        shape: shape of the numbers.
        compute: function that returns the numbers from the trained weights.
    """

    kind: Kind
    shape: tuple[int, ...]
    compute: Compute


Parameters = Mapping[str, Parameter]


def computed_numbers(parameters: Parameters, weights: Weights) -> dict[str, Array]:
    """Return the numbers of all parameters from the trained weights.

    Raises:
        ModelError: a trained weight is missing or has another shape.
    """
    return {
        name: np.ascontiguousarray(one.compute(weights), _DTYPES[one.kind])
        for name, one in sorted(parameters.items())
    }


def number_error(numbers: Numbers, parameters: Parameters) -> str | None:
    """Return a description of the first difference between numbers and declarations, or None."""
    if numbers.keys() != parameters.keys():
        odd = sorted(numbers.keys() ^ parameters.keys())[0]
        where = "the settings ask for" if odd in parameters else "only the file holds"
        return f"{where} {odd[:80]!r}"
    for name, parameter in parameters.items():
        array = numbers[name]
        if kind_of(array.dtype) is not parameter.kind or array.shape != parameter.shape:
            return (
                f"{name!r} is {array.dtype} of the shape {list(array.shape)}, and the settings "
                f"ask for {np.dtype(_DTYPES[parameter.kind])} of {list(parameter.shape)}"
            )
    return None


def merged(groups: Sequence[Parameters]) -> dict[str, Parameter]:
    """Return the parameters of several graphs, which may share some."""
    return {name: one for group in groups for name, one in group.items()}
