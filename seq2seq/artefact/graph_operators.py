"""What each operator that an exported graph may hold makes of its inputs' types and shapes.

An operator is here because `light_graphs` writes it, and each rule allows what is written there:
fewer types and attributes than ONNX does. So integers are never divided, no constant asks for a
large tensor, and what runs has been seen to fit.

Source: https://onnx.ai/onnx/operators/
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from seq2seq.artefact.graph_file import (
    BOOL,
    FLOAT,
    INT8,
    INT32,
    INT64,
    ITEM_BYTES,
    UINT8,
    Node,
)
from seq2seq.artefact.graph_values import (
    FLAGS,
    LENGTHS,
    ONE,
    SOURCE_LEN,
    Shape,
    Size,
    Value,
    broadcast,
    quotient,
    shown,
    total,
)
from seq2seq.protobuf import MalformedError

Values = Sequence[Value]
_CASTS = {BOOL: (INT32, FLOAT), INT32: (INT64,), INT8: (FLOAT,)}  # from: to


def apply_operator(node: Node, inputs: Values) -> list[Value]:
    """What a node gives. Scan, which holds a graph, is the business of `graph_check`.

    Raises `MalformedError` for an operator, attribute, type or shape that no exported model has.
    """
    if node.operator not in OPERATORS:
        raise MalformedError(f"the operator {node.operator} is not among those a model may use")
    operator = OPERATORS[node.operator]
    unknown = node.attributes.keys() - set(operator.attributes)
    if unknown:
        raise MalformedError(f"the attribute {min(unknown)!r} is not one that a model uses")
    if len(inputs) != operator.inputs:
        raise MalformedError(f"it has {len(inputs)} inputs, not {operator.inputs}")
    return operator.rule(node, inputs)


def _same(kinds: tuple[int, ...] = (FLOAT,)) -> Callable[[Node, Values], list[Value]]:
    def rule(node: Node, inputs: Values) -> list[Value]:
        _expect(inputs[0], kinds)
        return [Value(inputs[0].kind, inputs[0].shape)]

    return rule


def _together(kinds: tuple[int, ...], result: int) -> Callable[[Node, Values], list[Value]]:
    """Number by number, both of the same type."""

    def rule(node: Node, inputs: Values) -> list[Value]:
        for value in inputs:
            _expect(value, kinds)
        return [Value(result, broadcast(*(value.shape for value in inputs)))]

    return rule


def _cast(node: Node, inputs: Values) -> list[Value]:
    to = _integer(node, "to")
    if to not in _CASTS.get(inputs[0].kind, ()):
        raise MalformedError(f"it makes the type {to} of the type {inputs[0].kind}")
    meaning = FLAGS if inputs[0].kind == BOOL else inputs[0].meaning
    return [Value(to, inputs[0].shape, meaning=meaning)]


def _along_last(node: Node, inputs: Values) -> list[Value]:
    _expect(inputs[0], (FLOAT,))
    _last_axis(node, inputs[0])
    return [Value(FLOAT, inputs[0].shape)]


def _largest(node: Node, inputs: Values) -> list[Value]:
    value, axis = inputs[0], _constant_axis(inputs[1], len(inputs[0].shape))
    _expect(value, (FLOAT,))
    if _integer(node, "keepdims") != 1:
        raise MalformedError("it does not keep its dimension")
    return [Value(FLOAT, (*value.shape[:axis], ONE, *value.shape[axis + 1 :]))]


def _counted(node: Node, inputs: Values) -> list[Value]:
    """How many tokens a row has."""
    value, axis = inputs[0], _constant_axis(inputs[1], len(inputs[0].shape))
    if value.kind != INT32 or value.meaning != FLAGS or value.shape[axis] != SOURCE_LEN:
        raise MalformedError("it counts something else than tokens")
    if _integer(node, "keepdims") != 0:
        raise MalformedError("it keeps its dimension")
    return [Value(INT32, _without(value, axis), meaning=LENGTHS)]


def _where(node: Node, inputs: Values) -> list[Value]:
    condition, yes, no = inputs
    _expect(condition, (BOOL,))
    _expect(yes, (FLOAT,))
    _expect(no, (FLOAT,))
    return [Value(FLOAT, broadcast(condition.shape, yes.shape, no.shape))]


def _transpose(node: Node, inputs: Values) -> list[Value]:
    order = node.attributes.get("perm")
    shape = inputs[0].shape
    if not isinstance(order, tuple) or sorted(order) != list(range(len(shape))):
        raise MalformedError(f"its order {order} does not fit the shape {shown(shape)}")
    return [inputs[0]._replace(shape=tuple(shape[place] for place in order), numbers=None)]


def _unsqueeze(node: Node, inputs: Values) -> list[Value]:
    shape = inputs[0].shape
    axis = _constant_axis(inputs[1], len(shape) + 1)
    return [Value(inputs[0].kind, (*shape[:axis], ONE, *shape[axis:]))]


def _squeeze(node: Node, inputs: Values) -> list[Value]:
    shape = inputs[0].shape
    axis = _constant_axis(inputs[1], len(shape))
    if shape[axis] != ONE:
        raise MalformedError(f"it drops a dimension of {shown(shape)} that is not 1")
    return [Value(inputs[0].kind, _without(inputs[0], axis))]


def _gather(node: Node, inputs: Values) -> list[Value]:
    data, places = inputs
    _expect(places, (INT32, INT64))
    axis = _axis(_integer(node, "axis", default=0), len(data.shape))
    if places.constant:
        # Of what is as long as the batch has it, only the first is sure to be there.
        size = data.shape[axis]
        limit = 1 if size.names else size.factor
        numbers = places.numbers or (Size(-1),)
        if any(number.names or not 0 <= number.factor < limit for number in numbers):
            raise MalformedError(f"it takes from {shown(data.shape)} what is not there")
    return [Value(data.kind, (*data.shape[:axis], *places.shape, *data.shape[axis + 1 :]))]


def _shape(node: Node, inputs: Values) -> list[Value]:
    shape = inputs[0].shape
    return [Value(INT64, (Size(len(shape)),), shape)]


def _reshape(node: Node, inputs: Values) -> list[Value]:
    value, target = inputs
    if target.kind != INT64 or target.numbers is None or len(target.shape) != 1:
        raise MalformedError("its shape is not known")
    wanted = [
        value.shape[place] if size == Size(0) and place < len(value.shape) else size
        for place, size in enumerate(target.numbers)
    ]
    rest = [place for place, size in enumerate(wanted) if size == Size(-1)]
    given = total([size for size in wanted if size != Size(-1)])
    if len(rest) == 1:
        wanted[rest[0]] = quotient(total(value.shape), given)
    if (given != total(value.shape) and not rest) or any(size.factor < 1 for size in wanted):
        raise MalformedError(f"{shown(value.shape)} does not fit into {shown(target.numbers)}")
    return [value._replace(shape=tuple(wanted), numbers=None)]


def _concat(node: Node, inputs: Values) -> list[Value]:
    first = inputs[0]
    axis = _axis(_integer(node, "axis"), len(first.shape))
    for value in inputs:
        same = value.kind == first.kind and len(value.shape) == len(first.shape)
        if not same or value.shape[axis].names or _without(value, axis) != _without(first, axis):
            raise MalformedError("it joins values that do not fit")
    joined = Size(sum(value.shape[axis].factor for value in inputs))
    known = [value.numbers for value in inputs if value.numbers is not None]
    numbers = None
    if len(first.shape) == 1 and len(known) == len(inputs):
        numbers = tuple(number for part in known for number in part)
    return [Value(first.kind, (*first.shape[:axis], joined, *first.shape[axis + 1 :]), numbers)]


def _split(node: Node, inputs: Values) -> list[Value]:
    value = inputs[0]
    count = _integer(node, "num_outputs")
    _last_axis(node, value)
    if count < 1 or count != len(node.outputs):
        raise MalformedError(f"it has {len(node.outputs)} outputs, not {count}")
    return [Value(value.kind, (*value.shape[:-1], quotient(value.shape[-1], Size(count))))] * count


def _top(node: Node, inputs: Values) -> list[Value]:
    value, count = inputs
    _expect(value, (FLOAT,))
    _last_axis(node, value)
    if count.kind != INT64 or count.numbers is None or len(count.numbers) != 1 or count.constant:
        raise MalformedError("it does not take as many as are asked for")
    shape = (*value.shape[:-1], count.numbers[0])
    return [Value(FLOAT, shape), Value(INT64, shape)]


def _product(node: Node, inputs: Values) -> list[Value]:
    for value in inputs:
        _expect(value, (FLOAT,))
    return [Value(FLOAT, _product_shape(inputs[0].shape, inputs[1].shape))]


def _quantized(node: Node, inputs: Values) -> list[Value]:
    value, step, zero = inputs
    _expect(value, (FLOAT,))
    _expect_exactly(step, FLOAT, ())
    _expect_exactly(zero, UINT8, ())
    return [Value(UINT8, value.shape)]


def _integer_product(node: Node, inputs: Values) -> list[Value]:
    rows, kernel, row_step, column_steps, row_zero = inputs
    _expect(rows, (UINT8,))
    _expect(kernel, (INT8,))
    _expect_exactly(row_step, FLOAT, ())
    _expect_exactly(column_steps, FLOAT, kernel.shape[-1:])
    _expect_exactly(row_zero, UINT8, ())
    if len(kernel.shape) != 2:
        raise MalformedError(f"its kernel has the shape {shown(kernel.shape)}")
    return [Value(FLOAT, _product_shape(rows.shape, kernel.shape))]


def _product_shape(left: Shape, right: Shape) -> Shape:
    if min(len(left), len(right)) < 2 or left[-1] != right[-2]:
        raise MalformedError(f"there is no product of {shown(left)} and {shown(right)}")
    return (*broadcast(left[:-2], right[:-2]), left[-2], right[-1])


def _reversed(node: Node, inputs: Values) -> list[Value]:
    value, lengths = inputs
    _expect(value, (FLOAT,))
    _expect(lengths, (INT64,))
    if len(value.shape) < 2 or lengths.shape != (value.shape[1],):
        raise MalformedError("its lengths are not those of the rows")
    _expect_lengths(lengths, time=value.shape[0])
    return [Value(FLOAT, value.shape)]


def _lstm(node: Node, inputs: Values) -> list[Value]:
    sequence, kernel, recurrent, bias, lengths = inputs
    for value in inputs[:4]:
        _expect(value, (FLOAT,))
    _expect(lengths, (INT32,))
    units = _integer(node, "hidden_size")
    direction = node.attributes.get("direction")
    if direction not in ("forward", "bidirectional") or len(sequence.shape) != 3:
        raise MalformedError(f"its direction is {direction!r} over {shown(sequence.shape)}")
    both = Size(1 if direction == "forward" else 2)
    time, rows, features = sequence.shape
    _expect_lengths(lengths, time=time)
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


def _expect(value: Value, kinds: tuple[int, ...]) -> None:
    if value.kind not in kinds:
        raise MalformedError(f"it takes the type {value.kind}")


def _expect_exactly(value: Value, kind: int, shape: Shape) -> None:
    if (value.kind, value.shape) != (kind, shape):
        raise MalformedError(f"it takes the type {value.kind} of the shape {shown(value.shape)}")


def _expect_lengths(value: Value, *, time: Size) -> None:
    if value.meaning != LENGTHS or time != SOURCE_LEN:
        raise MalformedError("its lengths are not those of the sources")


def _integer(node: Node, name: str, *, default: int | None = None) -> int:
    value = node.attributes.get(name, default)
    if not isinstance(value, int):
        raise MalformedError(f"its {name!r} is missing or no whole number")
    return value


def _axis(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise MalformedError(f"its axis {axis} is not one of {rank}")
    return axis % rank


def _constant_axis(value: Value, rank: int) -> int:
    """The one axis that a constant vector holds."""
    numbers = value.numbers or ()
    if value.kind != INT64 or len(value.shape) != 1 or len(numbers) != 1 or numbers[0].names:
        raise MalformedError("its axis is not known")
    return _axis(numbers[0].factor, rank)


def _last_axis(node: Node, value: Value) -> None:
    rank = len(value.shape)
    if _axis(_integer(node, "axis"), rank) != rank - 1:
        raise MalformedError("its axis is not the last one")


def _without(value: Value, axis: int) -> Shape:
    return value.shape[:axis] + value.shape[axis + 1 :]


class Operator(NamedTuple):
    """How many inputs an operator takes, its rule, and the attributes it may have."""

    inputs: int
    rule: Callable[[Node, Values], list[Value]]
    attributes: tuple[str, ...] = ()


_ELEMENT = Operator(1, _same())
_ARITHMETIC = Operator(2, _together((FLOAT,), FLOAT))

OPERATORS = {
    **dict.fromkeys(("Abs", "Sigmoid", "Tanh"), _ELEMENT),
    **dict.fromkeys(("Add", "Div", "Max", "Mul"), _ARITHMETIC),
    "Cast": Operator(1, _cast, ("to",)),
    "Concat": Operator(2, _concat, ("axis",)),
    "Equal": Operator(2, _together((INT32,), BOOL)),
    "Gather": Operator(2, _gather, ("axis",)),
    "Identity": Operator(1, _same(tuple(ITEM_BYTES))),
    "LSTM": Operator(5, _lstm, ("hidden_size", "direction")),
    "LogSoftmax": Operator(1, _along_last, ("axis",)),
    "MatMul": Operator(2, _product),
    "Not": Operator(1, _same((BOOL,))),
    "QuantizeLinear": Operator(3, _quantized),
    "ReduceMax": Operator(2, _largest, ("keepdims",)),
    "ReduceSum": Operator(2, _counted, ("keepdims",)),
    "Reshape": Operator(2, _reshape),
    "ReverseSequence": Operator(2, _reversed),
    "Shape": Operator(1, _shape),
    "Softmax": Operator(1, _along_last, ("axis",)),
    "Split": Operator(1, _split, ("axis", "num_outputs")),
    "Squeeze": Operator(2, _squeeze),
    "TopK": Operator(2, _top, ("axis",)),
    "Transpose": Operator(1, _transpose, ("perm",)),
    "Unsqueeze": Operator(2, _unsqueeze),
    "Where": Operator(3, _where),
    "com.microsoft.MatMulIntegerToFloat": Operator(5, _integer_product),
}
