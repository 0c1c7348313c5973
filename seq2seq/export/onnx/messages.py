"""Messages of an ONNX model as bytes: nodes, tensors, graphs and the model itself.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.protobuf import content, contents, integer, integers

# Old enough for every runtime of the last two years, new enough for the operators in use.
OPSET = 20
IR_VERSION = 9

# Domain in which ONNX Runtime has the one operator that ONNX lacks: an integer product whose result
# is scaled by columns as it is written. It takes two thirds of the time of two operators.
CONTRIBUTED = "com.microsoft"

_EXTERNAL = 1  # data location of a tensor
_ELSEWHERE = "memory"  # file name that no one opens: ONNX Runtime is given the numbers


class Kind(IntEnum):
    """Element type of a tensor."""

    FLOAT = 1
    UINT8 = 2
    INT8 = 3
    INT32 = 6
    INT64 = 7
    BOOL = 9


_KINDS = {
    np.dtype(np.float32): Kind.FLOAT,
    np.dtype(np.uint8): Kind.UINT8,
    np.dtype(np.int8): Kind.INT8,
    np.dtype(np.int32): Kind.INT32,
    np.dtype(np.int64): Kind.INT64,
    np.dtype(np.bool_): Kind.BOOL,
}


class Body(bytes):
    """Bytes of a graph, which may be an attribute of a node."""


def kind_of(dtype: np.dtype[Any]) -> Kind:
    """Return the element type for a NumPy type."""
    return _KINDS[dtype]


def node_message(
    operator: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Any]
) -> bytes:
    """Return a node; `attributes` are integers, texts, graphs and lists of integers.

    The attribute `domain` is the domain of the operator.
    """
    rest = dict(attributes)
    domain = rest.pop("domain", "")
    return b"".join(
        (
            contents(1, inputs),
            contents(2, outputs),
            content(4, operator),
            contents(5, (_attribute(name, value) for name, value in rest.items())),
            content(7, domain) if domain else b"",
        )
    )


def tensor_message(name: str, array: NDArray[Any]) -> bytes:
    """Return a tensor that holds its numbers."""
    return _tensor(name, kind_of(array.dtype), array.shape) + content(9, array.tobytes())


def external_tensor_message(name: str, kind: Kind, shape: Sequence[int]) -> bytes:
    """Return a tensor whose numbers are handed to ONNX Runtime when it loads the model."""
    place = content(1, "location") + content(2, _ELSEWHERE)
    return _tensor(name, kind, shape) + content(13, place) + integer(14, _EXTERNAL)


def value_message(name: str, kind: Kind, shape: Sequence[int | str]) -> bytes:
    """Return the declaration of an input or output; a string names an open dimension."""
    dimensions = (content(2, size) if isinstance(size, str) else integer(1, size) for size in shape)
    tensor = integer(1, kind) + content(2, contents(1, dimensions))
    return content(1, name) + content(2, content(1, tensor))


def graph_message(
    name: str,
    *,
    nodes: Iterable[bytes],
    tensors: Iterable[bytes],
    inputs: Iterable[bytes],
    outputs: Iterable[bytes],
) -> Body:
    """Return a graph from its messages."""
    return Body(
        b"".join(
            (
                contents(1, nodes),
                content(2, name),
                contents(5, tensors),
                contents(11, inputs),
                contents(12, outputs),
            )
        )
    )


def with_tensors(graph: Body, tensors: Iterable[bytes]) -> Body:
    """Return a graph with further tensors."""
    return Body(contents(5, tensors) + graph)


def model_message(graph: Body, description: Mapping[str, str]) -> bytes:
    """Return a model; `description` is stored as its metadata."""
    operators = [integer(2, OPSET), content(1, CONTRIBUTED) + integer(2, 1)]
    metadata = (content(1, key) + content(2, value) for key, value in description.items())
    return b"".join(
        (
            integer(1, IR_VERSION),
            content(2, "seq2seq"),
            content(7, graph),
            contents(8, operators),
            contents(14, metadata),
        )
    )


def _tensor(name: str, kind: Kind, shape: Sequence[int]) -> bytes:
    return integers(1, shape) + integer(2, kind) + content(8, name)


def _attribute(name: str, value: Any) -> bytes:
    if isinstance(value, Body):
        number, encoded = 5, content(6, value)
    elif isinstance(value, str):
        number, encoded = 3, content(4, value)
    elif isinstance(value, int):
        number, encoded = 2, integer(3, value)
    else:
        number, encoded = 7, integers(8, value)
    return content(1, name) + encoded + integer(20, number)
