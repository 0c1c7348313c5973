"""Shape rules of the operators that an exported graph may hold: from input to output types.

An operator is here because `light_graphs` writes it, and each rule allows only what is written
there: fewer types and attributes than ONNX does. So integers are divided by known numbers only, no
constant asks for a large tensor, and all shapes and indices are valid before anything runs.

Source: https://onnx.ai/onnx/operators/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from seq2seq.export.onnx import graph_layout as layout
from seq2seq.export.onnx.graph_demands import (
    check_last_axis,
    constant_axis,
    expect,
    expect_kind,
    expect_lengths,
    integer,
    without,
)
from seq2seq.export.onnx.graph_file import (
    BOOL,
    FLOAT,
    INT8,
    INT32,
    INT64,
    ITEM_BYTES,
    UINT8,
    Node,
)
from seq2seq.export.onnx.graph_values import (
    ONE,
    PAST_SOURCE,
    SOURCE_LEN,
    Shape,
    Size,
    Value,
    Values,
    broadcast,
    least,
    past,
    quotient,
    shown,
    up_to,
)
from seq2seq.export.onnx.protobuf import MalformedError

Rule = Callable[[Node, Values], list[Value]]

_CASTS = {BOOL: (INT32, FLOAT), INT32: (INT64,), INT8: (FLOAT,)}  # source type: target types


def apply_operator(node: Node, inputs: Values) -> list[Value]:
    """Return the outputs of a node; Scan, which holds a graph, is handled by `graph_check`.

    Raises `MalformedError` for an operator, attribute, type or shape that no exported model has.
    """
    if node.operator not in OPERATORS:
        raise MalformedError(f"the operator {node.operator} is not among those a model may use")
    operator = OPERATORS[node.operator]
    unknown = node.attributes.keys() - set(operator.attributes)
    if unknown:
        raise MalformedError(f"the attribute {min(unknown)!r} is not one that a model uses")
    if len(inputs) not in operator.inputs:
        raise MalformedError(f"it has {len(inputs)} inputs")
    return operator.rule(node, inputs)


def _same(kinds: tuple[int, ...] = (FLOAT,)) -> Rule:
    def rule(node: Node, inputs: Values) -> list[Value]:
        expect_kind(inputs[0], kinds)
        return [Value(inputs[0].kind, inputs[0].shape)]

    return rule


def _together(*kinds: int, result: int | None = None) -> Rule:
    """Return a rule for an elementwise operator on two inputs of the same type.

    The output has the type `result`, or that of the inputs if `result` is not given.
    """

    def rule(node: Node, inputs: Values) -> list[Value]:
        left, right = inputs
        expect_kind(left, kinds)
        expect_kind(right, (left.kind,))
        return [Value(result or left.kind, broadcast(left.shape, right.shape))]

    return rule


def _divided(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Div: of floats, or of integers by a constant above 0."""
    left, right = inputs
    if left.kind == FLOAT:
        return _together(FLOAT)(node, inputs)
    expect(right, INT64, ())
    number = (right.numbers or (Size(0),))[0]
    if left.kind != INT64 or not right.constant or number.factor < 1:
        raise MalformedError("it divides integers by what may be 0")
    below = None if left.below is None else quotient(left.below, number)
    return [Value(INT64, left.shape, below=below)]


def _minimum(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of Min: the requested number k, limited by the number available."""
    asked, there = inputs
    for value in inputs:
        expect(value, INT64, (ONE,))
    if asked.constant or asked.numbers is None or not there.constant or there.numbers is None:
        raise MalformedError("it does not compare what is asked for with what is there")
    most = there.numbers[0].factor
    return [Value(INT64, (ONE,), numbers=(up_to(most),), below=Size(most + 1))]


def _cast(node: Node, inputs: Values) -> list[Value]:
    to = integer(node, "to")
    if to not in _CASTS.get(inputs[0].kind, ()):
        raise MalformedError(f"it makes the type {to} of the type {inputs[0].kind}")
    below = Size(2) if inputs[0].kind == BOOL else inputs[0].below
    return [Value(to, inputs[0].shape, below=below)]


def _along_last(node: Node, inputs: Values) -> list[Value]:
    expect_kind(inputs[0], (FLOAT,))
    check_last_axis(node, inputs[0])
    return [Value(FLOAT, inputs[0].shape)]


def _largest(node: Node, inputs: Values) -> list[Value]:
    value, axis = inputs[0], constant_axis(inputs[1], len(inputs[0].shape))
    expect_kind(value, (FLOAT,))
    keep = integer(node, "keepdims")
    if keep not in (0, 1):
        raise MalformedError(f"its 'keepdims' is {keep}, neither 0 nor 1")
    return [Value(FLOAT, (*value.shape[:axis], *(ONE,) * keep, *value.shape[axis + 1 :]))]


def _counted(node: Node, inputs: Values) -> list[Value]:
    """Infer the output of ReduceSum, which counts the tokens of each row."""
    value, axis = inputs[0], constant_axis(inputs[1], len(inputs[0].shape))
    if value.kind != INT32 or value.below != Size(2) or value.shape[axis] != SOURCE_LEN:
        raise MalformedError("it counts something else than tokens")
    if integer(node, "keepdims") != 0:
        raise MalformedError("it keeps its dimension")
    return [Value(INT32, without(value, axis), below=PAST_SOURCE)]


def _where(node: Node, inputs: Values) -> list[Value]:
    condition, yes, no = inputs
    expect_kind(condition, (BOOL,))
    expect_kind(yes, (FLOAT,))
    expect_kind(no, (FLOAT,))
    return [Value(FLOAT, broadcast(condition.shape, yes.shape, no.shape))]


def _top(node: Node, inputs: Values) -> list[Value]:
    value, count = inputs
    expect_kind(value, (FLOAT, INT64))
    check_last_axis(node, value)
    if integer(node, "largest", default=1) not in (0, 1):
        raise MalformedError("it takes neither the largest nor the smallest")
    there = value.shape[-1]
    if count.kind != INT64 or count.numbers is None or count.below is None or count.constant:
        raise MalformedError("it does not take as many as are asked for")
    enough = not count.below.names and least(there) >= count.below.factor - 1
    if not enough and count.below != past(there) and count.numbers != (there,):
        raise MalformedError(f"it takes more than the {there} that are there")
    shape = (*value.shape[:-1], *count.numbers)
    return [Value(value.kind, shape, below=value.below), Value(INT64, shape, below=there)]


def _product(node: Node, inputs: Values) -> list[Value]:
    for value in inputs:
        expect_kind(value, (FLOAT,))
    return [Value(FLOAT, _product_shape(inputs[0].shape, inputs[1].shape))]


def _quantized(node: Node, inputs: Values) -> list[Value]:
    value, step, zero = inputs
    expect_kind(value, (FLOAT,))
    expect(step, FLOAT, ())
    expect(zero, UINT8, ())
    return [Value(UINT8, value.shape)]


def _integer_product(node: Node, inputs: Values) -> list[Value]:
    rows, kernel, row_step, column_steps, row_zero, *rest = inputs
    expect_kind(rows, (UINT8,))
    expect_kind(kernel, (INT8,))
    expect(row_step, FLOAT, ())
    expect(column_steps, FLOAT, kernel.shape[-1:])
    expect(row_zero, UINT8, ())
    if rest:
        expect(rest[0], INT8, ())
        expect(rest[1], FLOAT, kernel.shape[-1:])
    if len(kernel.shape) != 2:
        raise MalformedError(f"its kernel has the shape {shown(kernel.shape)}")
    return [Value(FLOAT, _product_shape(rows.shape, kernel.shape))]


def _product_shape(left: Shape, right: Shape) -> Shape:
    if min(len(left), len(right)) < 2 or left[-1] != right[-2]:
        raise MalformedError(f"there is no product of {shown(left)} and {shown(right)}")
    return (*broadcast(left[:-2], right[:-2]), left[-2], right[-1])


def _lstm(node: Node, inputs: Values) -> list[Value]:
    sequence, kernel, recurrent, bias, lengths = inputs
    for value in inputs[:4]:
        expect_kind(value, (FLOAT,))
    expect_kind(lengths, (INT32,))
    units = integer(node, "hidden_size")
    direction = node.attributes.get("direction")
    if direction not in ("forward", "bidirectional") or len(sequence.shape) != 3:
        raise MalformedError(f"its direction is {direction!r} over {shown(sequence.shape)}")
    both = Size(1 if direction == "forward" else 2)
    time, rows, features = sequence.shape
    expect_lengths(lengths, time=time)
    expected = [
        (both, Size(4 * units), features),
        (both, Size(4 * units), Size(units)),
        (both, Size(8 * units)),
        (rows,),
    ]
    if [value.shape for value in (kernel, recurrent, bias, lengths)] != expected:
        raise MalformedError(f"its weights are not those of {units} units")
    outputs, state = (time, both, rows, Size(units)), (both, rows, Size(units))
    return [Value(FLOAT, outputs), Value(FLOAT, state), Value(FLOAT, state)]


class Operator(NamedTuple):
    """Rule of an operator, the allowed numbers of inputs, and the allowed attributes."""

    rule: Rule
    inputs: tuple[int, ...]
    attributes: tuple[str, ...] = ()


OPERATORS = {
    **dict.fromkeys(("Abs", "Sigmoid", "Tanh"), Operator(_same(), (1,))),
    "Add": Operator(_together(FLOAT, INT64), (2,)),
    "Cast": Operator(_cast, (1,), ("to",)),
    "Concat": Operator(layout.concat, (2,), ("axis",)),
    "Div": Operator(_divided, (2,)),
    "Equal": Operator(_together(INT32, result=BOOL), (2,)),
    "Gather": Operator(layout.gather, (2,), ("axis",)),
    "GatherElements": Operator(layout.gather_elements, (2,), ("axis",)),
    "GatherND": Operator(layout.gather_rows, (2,), ("batch_dims",)),
    "Identity": Operator(_same(tuple(ITEM_BYTES)), (1,)),
    "LSTM": Operator(_lstm, (5,), ("hidden_size", "direction")),
    "LogSoftmax": Operator(_along_last, (1,), ("axis",)),
    "MatMul": Operator(_product, (2,)),
    "Max": Operator(_together(FLOAT), (2,)),
    "Min": Operator(_minimum, (2,)),
    "Mul": Operator(_together(FLOAT, INT64), (2,)),
    "Not": Operator(_same((BOOL,)), (1,)),
    "QuantizeLinear": Operator(_quantized, (3,)),
    "ReduceMax": Operator(_largest, (2,), ("keepdims",)),
    "ReduceSum": Operator(_counted, (2,), ("keepdims",)),
    "Reshape": Operator(layout.reshape, (2,)),
    "ReverseSequence": Operator(layout.reverse_rows, (2,)),
    "Shape": Operator(layout.shape_of, (1,)),
    "Softmax": Operator(_along_last, (1,), ("axis",)),
    "Split": Operator(layout.split, (1,), ("axis", "num_outputs")),
    "Squeeze": Operator(layout.squeeze, (2,)),
    "Sub": Operator(_together(INT64), (2,)),
    "TopK": Operator(_top, (2,), ("axis", "largest")),
    "Transpose": Operator(layout.transpose, (1,), ("perm",)),
    "Unsqueeze": Operator(layout.unsqueeze, (2,)),
    "Where": Operator(_where, (3,)),
    "com.microsoft.MatMulIntegerToFloat": Operator(_integer_product, (5, 7)),
}
