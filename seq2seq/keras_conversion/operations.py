"""Search for the old length in the operations of a functional model.

If a layer depends on the number of steps, Keras raises an error when the model is created without a
length. An operation such as `x[:, -1]` or `ops.mean(x, axis=1)` may have the old length as a plain
number among its arguments, and would return wrong results at other lengths without an error.
Therefore the arguments of each operation are compared with the shapes of its inputs, in which an
axis without a size is time.
"""

from __future__ import annotations

import contextlib
import math
import os
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.layers import every_layer, operations_of

# Operations whose numbers are counts of steps, or positions among them, on their axis.
_COUNTING = {
    *("Take", "TakeAlongAxis", "Slice", "SliceUpdate", "Split", "ArraySplit", "Unstack", "Roll"),
    *("Reshape", "Tile", "Repeat", "BroadcastTo", "Pad"),
}
# Operations whose numbers are values, or are combined with the values of a sequence.
_OF_VALUES = {
    *("Add", "Subtract", "Maximum", "Minimum", "Clip", "Where", "Equal", "NotEqual", "Greater"),
    *("GreaterEqual", "Less", "LessEqual", "Power", "OneHot"),
}
_SCALING = {"Multiply", "Divide", "TrueDivide", "FloorDivide"}  # a mean written as a sum
_AXES = {"axis", "axis1", "axis2", "axes", "source", "destination", "subscripts", "dtype", "name"}
_ALL = slice(None)
_SMALL = 4  # a length up to which a number in code is more likely an exponent or an axis


def refuse_lengths(model: Any, lengths: set[int]) -> None:
    """Reject an operation that may hold the old length as a number.

    Args:
        model: model without a length.
        lengths: old lengths of its inputs.

    Raises:
        ConversionError: there is such an operation.
    """
    for layer in every_layer(model):
        number = _number_in_code(layer, lengths) if type(layer).__name__ == "Lambda" else None
        if number is not None:
            raise _refusal(f"Layer {layer.name!r} (Lambda)", f"{number:g} in its code")
    for operation in operations_of(model):
        for node in operation._inbound_nodes:
            found = _number_of_steps(operation, node, lengths)
            if found is not None:
                number, shown = found
                raise _refusal(f"Operation {operation.name!r} ({shown})", f"{number:g}")


def _refusal(title: str, number: str) -> ConversionError:
    return ConversionError(
        f"{title} holds the number {number}, which may stand for the old length and would be wrong "
        "at another; count steps from the end, as x[:, -1] does, or use a layer of keras.layers, "
        "such as GlobalAveragePooling1D, in its place."
    )


def _number_of_steps(operation: Any, node: Any, lengths: set[int]) -> tuple[float, str] | None:
    """Return a number in an operation's call that may be a count of steps, and the call's text."""
    kind = type(operation).__name__
    shape = node.input_tensors[0].shape
    if kind == "GetItem":
        key = node.arguments.args[1]
        number = _position(key, shape, lengths)
        return None if number is None else (number, f"GetItem, x[{_written(key)}]")
    if kind in _OF_VALUES:
        return None
    settings = operation.get_config()
    if kind in _COUNTING and not _has_time(node.input_tensors):
        suspects: list[float] = sorted(lengths & set(node.outputs[0].shape[1:]) - set(shape[1:]))
    elif kind in _COUNTING:
        numbers = _numbers_beside_axes(_on_time(settings, shape), node.arguments)
        suspects = [number for number in numbers if _may_count(number, settings, shape)]
    else:
        wrong = {*lengths, *(1 / length for length in lengths if kind in _SCALING)} - {1}
        numbers = _numbers_beside_axes(settings, node.arguments)
        suspects = [number for number in numbers if number in wrong]
    return (suspects[0], kind) if suspects else None


def _number_in_code(layer: Any, lengths: set[int]) -> float | None:
    """Return the old length, or its last position, if the function of a Lambda refers to it."""
    function = layer.function
    of_keras = os.path.join("keras", "src")
    if not isinstance(function, types.FunctionType) or of_keras in function.__code__.co_filename:
        return None
    values = [*_constants(function.__code__), *_enclosed(function)]
    values += [function.__defaults__, function.__kwdefaults__, layer.arguments]
    wrong = lengths | {length - 1 for length in lengths if length > _SMALL}
    return next((number for number in _numbers(values) if number > 1 and number in wrong), None)


def _constants(code: types.CodeType) -> Iterator[Any]:
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            yield from _constants(value)
        else:
            yield value


def _enclosed(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # a name that is not bound yet
            yield cell.cell_contents


def _position(key: Any, shape: tuple[int | None, ...], lengths: set[int]) -> int | None:
    """Return an index in `key` that counts steps from the beginning, or None.

    Indices up to 1 are ignored, unless they are the last position at an old length.
    """
    parts = list(key) if isinstance(key, tuple | list) else [key]
    for position in [position for position, part in enumerate(parts) if part is Ellipsis]:
        used = sum(part is not None and part is not Ellipsis for part in parts)
        parts[position : position + 1] = [_ALL] * (len(shape) - used)
    sizes = iter(shape)
    for axis, part in enumerate(parts):
        size = None if part is None else next(sizes)
        if part is None or size is not None or axis == 0:
            continue
        bounds = (part.start, part.stop) if isinstance(part, slice) else (part,)
        last = {length - 1 for length in lengths if length > 1}
        for bound in bounds:
            if isinstance(bound, int) and (bound > 1 or bound in last):
                return bound
    return None


def _has_time(tensors: list[Any]) -> bool:
    return any(None in tensor.shape[1:] for tensor in tensors)


def _on_time(settings: dict[str, Any], shape: tuple[int | None, ...]) -> dict[str, Any]:
    """Return settings without the values of `Tile` and `Pad` for axes that are not time."""
    kept = dict(settings)
    for name in ("repeats", "pad_width"):
        value = settings.get(name)
        if isinstance(value, list | tuple) and len(value) == len(shape) and "axis" not in settings:
            kept[name] = [each for each, size in zip(value, shape, strict=True) if size is None]
    return kept


def _may_count(number: float, settings: dict[str, Any], shape: tuple[int | None, ...]) -> bool:
    """Return whether a number may count steps.

    It does not if it is the size of another axis, or if the operation works on another axis.
    """
    axis = settings.get("axis")
    if isinstance(axis, int) and -len(shape) <= axis < len(shape) and shape[axis] is not None:
        return False
    return abs(number) > 1 and number not in shape


def _numbers_beside_axes(settings: dict[str, Any], arguments: Any) -> list[float]:
    given = [*arguments.args, *(v for k, v in arguments.kwargs.items() if k not in _AXES)]
    return list(_numbers([*given, *(v for k, v in settings.items() if k not in _AXES)]))


def _numbers(value: Any) -> Iterator[float]:
    """Yield the plain numbers in nested arguments, and those in integer or one-element arrays."""
    import keras

    if isinstance(value, bool | str | keras.KerasTensor) or value is None:
        return
    if isinstance(value, int | float):
        if math.isfinite(value):
            yield value
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each)
    elif keras.ops.is_tensor(value) or isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.size == 1 or np.issubdtype(array.dtype, np.integer):
            yield from _numbers(array.ravel().tolist())


def _written(key: Any) -> str:
    """Return an index as Python writes it."""
    if isinstance(key, tuple | list):
        return ", ".join(_written(part) for part in key)
    if isinstance(key, slice):
        bounds = (key.start, key.stop, key.step)
        start, stop, step = ("" if each is None else str(each) for each in bounds)
        return f"{start}:{stop}" + (f":{step}" if step else "")
    return "..." if key is Ellipsis else str(key)
