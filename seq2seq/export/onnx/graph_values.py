"""Static knowledge about a value in a graph: its type, its shape, and small integers.

Sizes that differ from batch to batch have names (`rows`, `source_len`), so a shape is a list of
products such as `4 rows open`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.export.onnx.graph_file import FLOAT, INT64, Tensor
from seq2seq.export.onnx.protobuf import MalformedError

_FEW = 8  # most numbers of a constant that may be a shape or axes
_UP_TO = "up to "
_LARGEST = 2**20  # most computed numbers for each row, position and hypothesis
_LONGEST = 5  # most dimensions
_MOST_OPEN = 4  # most names in one shape: rows, open hypotheses, source positions, and requested k


class Size(NamedTuple):
    """A factor times named sizes, sorted, that are known only when the graph runs."""

    factor: int
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        number = () if self.factor == 1 and self.names else (str(self.factor),)
        return " ".join((*number, *self.names))


def past(size: Size) -> Size:
    """Return the exclusive upper bound of integers that are at most the named size `size`."""
    return Size(1, (f"{size} + 1",))


ONE = Size(1)
SOURCE_LEN = Size(1, ("source_len",))
PAST_SOURCE = past(SOURCE_LEN)  # exclusive upper bound of source lengths

Shape = tuple[Size, ...]


class Value(NamedTuple):
    """Type, shape and known contents of a value in a graph.

    Attributes:
        kind: type of the value, one of those in `graph_file`.
        shape: sizes of its dimensions.
        numbers: integers that it holds, if they are few and known.
        below: exclusive upper bound of all of its integers, none of which is negative, if known.
        constant: true if it is the same for all inputs of the graph.
    """

    kind: int
    shape: Shape
    numbers: Shape | None = None
    below: Size | None = None
    constant: bool = False


Values = Sequence[Value]


def value_of(tensor: Tensor) -> Value:
    """Return the value of a constant; raise `MalformedError` if it is not finite."""
    if tensor.kind == FLOAT and not np.isfinite(np.frombuffer(tensor.data, "<f4")).all():
        raise MalformedError("a constant holds values that are not finite")
    numbers = None
    if tensor.kind == INT64 and len(tensor.dims) <= 1 and math.prod(tensor.dims) <= _FEW:
        numbers = tuple(Size(number) for number in np.frombuffer(tensor.data, "<i8").tolist())
    return Value(tensor.kind, sizes(*tensor.dims), numbers, constant=True)


def sizes(*dims: int | str) -> Shape:
    """Return a shape from numbers and names."""
    return tuple(Size(dim) if isinstance(dim, int) else Size(1, (dim,)) for dim in dims)


def up_to(most: int) -> Size:
    """Return the size "as requested, at most `most`"; raise `MalformedError` if `most` < 1."""
    if most < 1:
        raise MalformedError(f"it takes at most {most}")
    return Size(1, (f"{_UP_TO}{most}",))


def least(size: Size) -> int:
    """Return the size if enough is requested (see `up_to`); 0 if it is not known."""
    if not size.names:
        return size.factor
    most = size.names[0].removeprefix(_UP_TO)
    return size.factor * int(most) if len(size.names) == 1 and most.isdecimal() else 0


def total(shape: Sequence[Size]) -> Size:
    """Return the number of elements of a shape."""
    names = [name for size in shape for name in size.names]
    return Size(math.prod(size.factor for size in shape), tuple(sorted(names)))


def quotient(whole: Size, part: Size) -> Size:
    """Return the size that gives `whole` when multiplied by `part`.

    Raises `MalformedError` if there is none.
    """
    left = Counter(whole.names)
    left.subtract(part.names)
    if part.factor < 1 or whole.factor % part.factor or min(left.values(), default=0) < 0:
        raise MalformedError(f"{whole} does not divide by {part}")
    return Size(whole.factor // part.factor, tuple(sorted(left.elements())))


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of an elementwise result; raise `MalformedError` if shapes do not fit."""
    width = max(len(shape) for shape in shapes)
    padded = [(ONE,) * (width - len(shape)) + shape for shape in shapes]
    result = []
    for column in zip(*padded, strict=True):
        different = {size for size in column if size != ONE}
        if len(different) > 1:
            together = " and ".join(map(shown, shapes))
            raise MalformedError(f"the shapes {together} do not go together")
        result.append(different.pop() if different else ONE)
    return tuple(result)


def shown(shape: Shape) -> str:
    """Return a shape as text."""
    return f"[{', '.join(map(str, shape))}]"


def check_size(value: Value) -> None:
    """Raise `MalformedError` if a computed value may grow beyond what a model needs."""
    whole = total(value.shape)
    twice = len(set(whole.names)) < len(whole.names)
    many = len(value.shape) > _LONGEST or len(whole.names) > _MOST_OPEN
    if whole.factor > _LARGEST or twice or many:
        raise MalformedError(f"a computed value has the shape {shown(value.shape)}")
