"""Joining of two ONNX files into one graph, without the `onnx` package.

A basic install does not have that package. A call of ONNX Runtime takes as long as a dozen small
operators, so a decoder step and the last layer after it run in one call.
"""

from __future__ import annotations

from collections.abc import Iterator

from seq2seq.export.onnx.protobuf import Field, fields

# Numbers of fields, as `graph_file` describes them.
_GRAPH = 7  # fields of a model
_NODE, _INITIALIZER, _INPUT, _OUTPUT = 1, 5, 11, 12  # fields of a graph
_NODE_NAMES = (1, 2)  # inputs and outputs of a node
_TENSOR_NAMES = (8,)
_VALUE_NAME = 1

# Prefix of the inner values of the second graph, which may have names of the first.
_PREFIX = b"second/"


def joined_graph(first: bytes, second: bytes) -> bytes:
    """Return an ONNX file that runs `first` and then `second` on the outputs of `first`.

    An input of `second` named as an output of `first` takes that output. All other inputs and
    all outputs keep their names. Both files must have passed `graph_check`, and `second` may hold
    no graph within its graph.
    """
    graph, other = (_graph_of(model) for model in (first, second))
    rest = [one.encoded() for one in fields(memoryview(first)) if one.number != _GRAPH]
    joined = b"".join([graph, *(one.encoded() for one in _continuing(graph, other))])
    return b"".join([*rest, Field.of_bytes(_GRAPH, joined).encoded()])


def _continuing(graph: memoryview, other: memoryview) -> Iterator[Field]:
    """Yield the fields of the graph `other` as they must follow those of `graph`."""
    given = set(_declared(graph, _OUTPUT))
    # An optional input that a node does not use has the empty name.
    kept = {b"", *_declared(other, _INPUT), *_declared(other, _OUTPUT)}
    for one in fields(other):
        if one.number == _NODE:
            yield _renamed(one, _NODE_NAMES, kept)
        elif one.number == _INITIALIZER:
            yield _renamed(one, _TENSOR_NAMES, kept)
        elif one.number == _OUTPUT or (one.number == _INPUT and _name(one) not in given):
            yield one


def _graph_of(model: bytes) -> memoryview:
    """Return the bytes of the graph in an ONNX file."""
    [graph] = [one.value for one in fields(memoryview(model)) if one.number == _GRAPH]
    return memoryview(graph)


def _declared(graph: memoryview, kind: int) -> list[bytes]:
    """Return the names of the inputs or outputs of a graph."""
    return [_name(one) for one in fields(graph) if one.number == kind]


def _name(declared: Field) -> bytes:
    """Return the name of an input or output."""
    [name] = [one.value for one in fields(declared.value) if one.number == _VALUE_NAME]
    return bytes(name)


def _renamed(message: Field, names: tuple[int, ...], kept: set[bytes]) -> Field:
    """Return a node or tensor with a prefix before each of its names that is not in `kept`."""
    content = b"".join(
        one._replace(value=_PREFIX + one.value).encoded()
        if one.number in names and bytes(one.value) not in kept
        else one.encoded()
        for one in fields(message.value)
    )
    return message._replace(value=content)
