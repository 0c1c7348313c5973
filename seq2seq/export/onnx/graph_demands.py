"""Checks that a shape rule makes of a node and of the values it takes."""

from __future__ import annotations

from seq2seq.export.onnx.graph_file import INT32, INT64, Node
from seq2seq.export.onnx.graph_values import PAST_SOURCE, SOURCE_LEN, Shape, Size, Value, shown
from seq2seq.export.onnx.protobuf import MalformedError


def expect_kind(value: Value, kinds: tuple[int, ...]) -> None:
    """Raise `MalformedError` if the value has another type."""
    if value.kind not in kinds:
        raise MalformedError(f"it takes the type {value.kind}")


def expect(value: Value, kind: int, shape: Shape) -> None:
    """Raise `MalformedError` if the value has another type or shape."""
    if (value.kind, value.shape) != (kind, shape):
        raise MalformedError(f"it takes the type {value.kind} of the shape {shown(value.shape)}")


def expect_lengths(value: Value, *, time: Size) -> None:
    """Raise `MalformedError` unless the value is the lengths of sources of length `time`."""
    if value.below != PAST_SOURCE or time != SOURCE_LEN:
        raise MalformedError("its lengths are not those of the sources")


def expect_indices(indices: Value, size: Size) -> None:
    """Check that all indices are inside a dimension of this size."""
    expect_kind(indices, (INT32, INT64))
    if indices.constant and indices.numbers is not None:
        # A dimension whose size depends on the batch certainly has only its first index.
        limit = 1 if size.names else size.factor
        inside = all(0 <= number.factor < limit for number in indices.numbers)
    else:
        inside = indices.below == size
    if not inside:
        raise MalformedError(f"it takes from {size} what need not be there")


def integer(node: Node, name: str, *, default: int | None = None) -> int:
    """Return an integer attribute of a node."""
    value = node.attributes.get(name, default)
    if not isinstance(value, int):
        raise MalformedError(f"its {name!r} is missing or no whole number")
    return value


def axis_of(axis: int, rank: int) -> int:
    """Return the axis, counted from 0."""
    if not -rank <= axis < rank:
        raise MalformedError(f"its axis {axis} is not one of {rank}")
    return axis % rank


def constant_axis(value: Value, rank: int) -> int:
    """Return the one axis that a constant vector holds."""
    numbers = value.numbers or ()
    if value.kind != INT64 or len(value.shape) != 1 or len(numbers) != 1 or numbers[0].names:
        raise MalformedError("its axis is not known")
    return axis_of(numbers[0].factor, rank)


def check_last_axis(node: Node, value: Value) -> None:
    """Raise `MalformedError` if the node's axis is not the last one."""
    rank = len(value.shape)
    if axis_of(integer(node, "axis"), rank) != rank - 1:
        raise MalformedError("its axis is not the last one")


def without(value: Value, axis: int) -> Shape:
    """Return the shape of a value without one of its dimensions."""
    return value.shape[:axis] + value.shape[axis + 1 :]
