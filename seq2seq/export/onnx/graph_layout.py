"""Shape rules of operators that move numbers without changing them; see `graph_operators`."""

from __future__ import annotations

from seq2seq.export.onnx.graph_demands import (
    axis_of,
    check_last_axis,
    constant_axis,
    expect_indices,
    expect_kind,
    expect_lengths,
    integer,
    without,
)
from seq2seq.export.onnx.graph_file import FLOAT, INT64, Node
from seq2seq.export.onnx.graph_values import ONE, Size, Value, Values, quotient, shown, total
from seq2seq.export.onnx.protobuf import MalformedError


def transpose(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Transpose: the dimensions in another order."""
    order = node.attributes.get("perm")
    shape = inputs[0].shape
    if not isinstance(order, tuple) or sorted(order) != list(range(len(shape))):
        raise MalformedError(f"its order {order} does not fit the shape {shown(shape)}")
    return [inputs[0]._replace(shape=tuple(shape[index] for index in order), numbers=None)]


def unsqueeze(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Unsqueeze: one more dimension of size 1."""
    shape = inputs[0].shape
    axis = constant_axis(inputs[1], len(shape) + 1)
    return [inputs[0]._replace(shape=(*shape[:axis], ONE, *shape[axis:]), numbers=None)]


def squeeze(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Squeeze: one dimension of size 1 less."""
    shape = inputs[0].shape
    axis = constant_axis(inputs[1], len(shape))
    if shape[axis] != ONE:
        raise MalformedError(f"it drops a dimension of {shown(shape)} that is not 1")
    return [Value(inputs[0].kind, without(inputs[0], axis))]


def gather(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Gather: rows, or slices along another axis, by index."""
    data, indices = inputs
    axis = axis_of(integer(node, "axis"), len(data.shape))
    expect_indices(indices, data.shape[axis])
    return [Value(data.kind, (*data.shape[:axis], *indices.shape, *data.shape[axis + 1 :]))]


def gather_rows(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of GatherND: rows of dimension 1 by index, for each entry of dimension 0."""
    data, indices = inputs
    fits = len(data.shape) == 3 == len(indices.shape) and indices.shape[2] == ONE
    if not fits or data.shape[0] != indices.shape[0] or integer(node, "batch_dims") != 1:
        raise MalformedError(f"it takes from {shown(data.shape)} by {shown(indices.shape)}")
    expect_indices(indices, data.shape[1])
    return [Value(data.kind, (*indices.shape[:2], data.shape[2]))]


def gather_elements(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of GatherElements: elements along one axis by index."""
    data, indices = inputs
    axis = axis_of(integer(node, "axis"), len(data.shape))
    if len(data.shape) != len(indices.shape) or without(data, axis) != without(indices, axis):
        raise MalformedError(f"it takes from {shown(data.shape)} by {shown(indices.shape)}")
    expect_indices(indices, data.shape[axis])
    return [Value(data.kind, indices.shape, below=data.below)]


def shape_of(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Shape: the shape itself, as integers."""
    shape = inputs[0].shape
    return [Value(INT64, (Size(len(shape)),), shape)]


def reshape(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Reshape: the same numbers in another shape."""
    value, target = inputs
    if target.kind != INT64 or target.numbers is None or len(target.shape) != 1:
        raise MalformedError("its shape is not known")
    wanted = [
        value.shape[index] if size == Size(0) and index < len(value.shape) else size
        for index, size in enumerate(target.numbers)
    ]
    rest = [index for index, size in enumerate(wanted) if size == Size(-1)]
    given = total([size for size in wanted if size != Size(-1)])
    if len(rest) == 1:
        wanted[rest[0]] = quotient(total(value.shape), given)
    if (given != total(value.shape) and not rest) or any(size.factor < 1 for size in wanted):
        raise MalformedError(f"{shown(value.shape)} does not fit into {shown(target.numbers)}")
    return [value._replace(shape=tuple(wanted), numbers=None)]


def concat(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Concat: the inputs one after the other along an axis."""
    first = inputs[0]
    axis = axis_of(integer(node, "axis"), len(first.shape))
    for value in inputs:
        same = value.kind == first.kind and len(value.shape) == len(first.shape)
        if not same or value.shape[axis].names or without(value, axis) != without(first, axis):
            raise MalformedError("it joins values that do not fit")
    joined = Size(sum(value.shape[axis].factor for value in inputs))
    known = [value.numbers for value in inputs if value.numbers is not None]
    numbers = None
    if len(first.shape) == 1 and len(known) == len(inputs):
        numbers = tuple(number for part in known for number in part)
    return [Value(first.kind, (*first.shape[:axis], joined, *first.shape[axis + 1 :]), numbers)]


def split(node: Node, inputs: Values) -> list[Value]:
    """Infer the outputs of Split: equal parts along the last axis."""
    value = inputs[0]
    count = integer(node, "num_outputs")
    check_last_axis(node, value)
    if count < 1 or count != len(node.outputs):
        raise MalformedError(f"it has {len(node.outputs)} outputs, not {count}")
    return [Value(value.kind, (*value.shape[:-1], quotient(value.shape[-1], Size(count))))] * count


def reverse_rows(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of ReverseSequence: the tokens of each row in reverse, padding unchanged."""
    value, lengths = inputs
    expect_kind(value, (FLOAT,))
    expect_kind(lengths, (INT64,))
    if len(value.shape) < 2 or lengths.shape != (value.shape[1],):
        raise MalformedError("its lengths are not those of the rows")
    expect_lengths(lengths, time=value.shape[0])
    return [Value(FLOAT, value.shape)]
