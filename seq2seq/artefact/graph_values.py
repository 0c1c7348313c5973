"""What is known of a value in a graph before it runs: its type, its shape, and small integers.

Sizes that differ from batch to batch have names (`rows`, `source_len`), so a shape is a list of
products such as `4 rows open`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.artefact.graph_file import FLOAT, INT64, Tensor
from seq2seq.protobuf import MalformedError

_FEW = 8  # numbers of a constant that may be a shape or axes
_UP_TO = "up to "
_LARGEST = 2**20  # computed numbers for each row, position and hypothesis
_LONGEST = 5  # dimensions
_MOST_OPEN = 4  # names in one shape: rows, open hypotheses, source positions, and what is asked


class Size(NamedTuple):
    """A number times sizes that are known only when the graph runs, by name, sorted."""

    factor: int
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        number = () if self.factor == 1 and self.names else (str(self.factor),)
        return " ".join((*number, *self.names))


def past(size: Size) -> Size:
    """What numbers up to a size that has a name are below."""
    return Size(1, (f"{size} + 1",))


ONE = Size(1)
SOURCE_LEN = Size(1, ("source_len",))
PAST_SOURCE = past(SOURCE_LEN)  # what the lengths of sources are below

Shape = tuple[Size, ...]


class Value(NamedTuple):
    """A value of the graph.

    Attributes:
        kind: its type, one of those in `graph_file`.
        shape: its sizes.
        numbers: the integers that it holds, where they are few and known.
        below: what all of its integers are below, none being negative, where that is known.
        constant: the same whatever the inputs of the graph.
    """

    kind: int
    shape: Shape
    numbers: Shape | None = None
    below: Size | None = None
    constant: bool = False


Values = Sequence[Value]


def value_of(tensor: Tensor) -> Value:
    """What is known of a constant. Raises `MalformedError` if it is not finite."""
    if tensor.kind == FLOAT and not np.isfinite(np.frombuffer(tensor.data, "<f4")).all():
        raise MalformedError("a constant holds values that are not finite")
    numbers = None
    if tensor.kind == INT64 and len(tensor.dims) <= 1 and math.prod(tensor.dims) <= _FEW:
        numbers = tuple(Size(number) for number in np.frombuffer(tensor.data, "<i8").tolist())
    return Value(tensor.kind, sizes(*tensor.dims), numbers, constant=True)


def sizes(*dims: int | str) -> Shape:
    """A shape from numbers and names."""
    return tuple(Size(dim) if isinstance(dim, int) else Size(1, (dim,)) for dim in dims)


def up_to(most: int) -> Size:
    """As many as are asked for, but at most `most`. Raises `MalformedError` if that is none."""
    if most < 1:
        raise MalformedError(f"it takes at most {most}")
    return Size(1, (f"{_UP_TO}{most}",))


def least(size: Size) -> int:
    """How many there are if so many are asked for; 0 if that is not known."""
    if not size.names:
        return size.factor
    most = size.names[0].removeprefix(_UP_TO)
    return size.factor * int(most) if len(size.names) == 1 and most.isdecimal() else 0


def total(shape: Sequence[Size]) -> Size:
    """How many numbers a shape holds."""
    names = [name for size in shape for name in size.names]
    return Size(math.prod(size.factor for size in shape), tuple(sorted(names)))


def quotient(whole: Size, part: Size) -> Size:
    """The size that times `part` is `whole`. Raises `MalformedError` if there is none."""
    left = Counter(whole.names)
    left.subtract(part.names)
    if part.factor < 1 or whole.factor % part.factor or min(left.values(), default=0) < 0:
        raise MalformedError(f"{whole} does not divide by {part}")
    return Size(whole.factor // part.factor, tuple(sorted(left.elements())))


def broadcast(*shapes: Shape) -> Shape:
    """The shape of what is computed number by number. Raises `MalformedError` if they differ."""
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
    """A shape as text."""
    return f"[{', '.join(map(str, shape))}]"


def check_size(value: Value) -> None:
    """Raise `MalformedError` if a computed value may grow beyond what a model needs."""
    whole = total(value.shape)
    twice = len(set(whole.names)) < len(whole.names)
    many = len(value.shape) > _LONGEST or len(whole.names) > _MOST_OPEN
    if whole.factor > _LARGEST or twice or many:
        raise MalformedError(f"a computed value has the shape {shown(value.shape)}")
