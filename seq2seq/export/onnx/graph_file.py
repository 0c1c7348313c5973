"""Reader of ONNX files as plain values, which trusts none of their bytes.

It accepts only what `GraphBuilder` writes: a graph of nodes whose attributes are integers, texts or
a graph, and dense tensors that contain their own data. Everything else in ONNX (functions, data in
other files, sparse tensors, training information, operators of other domains) is rejected by name.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, for the numbers of the fields.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from seq2seq.export.onnx.protobuf import Described, Kind, MalformedError, Message, MessageReader

FLOAT, UINT8, INT8, INT32, INT64, BOOL = 1, 2, 3, 6, 7, 9
ITEM_BYTES = {FLOAT: 4, UINT8: 1, INT8: 1, INT32: 4, INT64: 8, BOOL: 1}

_OPSETS = {"": 20, "com.microsoft": 1}  # as in `graph_builder`
_DEPTH = 2  # a graph, and the bodies of its Scans
_MOST_FIELDS = 100_000  # limit for a whole file; a model of 64 layers has half of it
_NAME_BYTES = 200

_MODEL = {
    1: Described("ir_version", Kind.INTEGER),
    2: Described("producer_name", Kind.IGNORED),
    7: Described("graph", Kind.BYTES),
    8: Described("opset_import", Kind.MANY_BYTES),
    14: Described("metadata_props", Kind.IGNORED),
    20: Described("training information", Kind.FORBIDDEN),
    25: Described("functions", Kind.FORBIDDEN),
}
_OPSET = {1: Described("domain", Kind.BYTES), 2: Described("version", Kind.INTEGER)}
_GRAPH = {
    1: Described("node", Kind.MANY_BYTES),
    2: Described("name", Kind.IGNORED),
    5: Described("initializer", Kind.MANY_BYTES),
    11: Described("input", Kind.MANY_BYTES),
    12: Described("output", Kind.MANY_BYTES),
    13: Described("shapes of inner values", Kind.FORBIDDEN),
    15: Described("a sparse tensor", Kind.FORBIDDEN),
}
_NODE = {
    1: Described("input", Kind.MANY_BYTES),
    2: Described("output", Kind.MANY_BYTES),
    3: Described("name", Kind.IGNORED),
    4: Described("op_type", Kind.BYTES),
    5: Described("attribute", Kind.MANY_BYTES),
    7: Described("domain", Kind.BYTES),
}
_ATTRIBUTE = {
    1: Described("name", Kind.BYTES),
    3: Described("i", Kind.INTEGER),
    4: Described("s", Kind.BYTES),
    5: Described("a tensor as attribute", Kind.FORBIDDEN),
    6: Described("g", Kind.BYTES),
    8: Described("ints", Kind.INTEGERS),
    10: Described("tensors as attribute", Kind.FORBIDDEN),
    11: Described("graphs as attribute", Kind.FORBIDDEN),
    20: Described("type", Kind.INTEGER),
    22: Described("a sparse tensor as attribute", Kind.FORBIDDEN),
    23: Described("sparse tensors as attribute", Kind.FORBIDDEN),
}
_TENSOR = {
    1: Described("dims", Kind.INTEGERS),
    2: Described("data_type", Kind.INTEGER),
    8: Described("name", Kind.BYTES),
    9: Described("raw_data", Kind.BYTES),
    13: Described("data in another file", Kind.FORBIDDEN),
    14: Described("data_location", Kind.INTEGER),
    **{
        number: Described("data that is not raw", Kind.FORBIDDEN) for number in (4, 5, 6, 7, 10, 11)
    },
}
_VALUE = {1: Described("name", Kind.BYTES), 2: Described("type", Kind.BYTES)}
_TYPE = {1: Described("tensor_type", Kind.BYTES)}
_TENSOR_TYPE = {1: Described("elem_type", Kind.INTEGER), 2: Described("shape", Kind.BYTES)}
_SHAPE = {1: Described("dim", Kind.MANY_BYTES)}
_DIMENSION = {1: Described("dim_value", Kind.INTEGER), 2: Described("dim_param", Kind.BYTES)}

# Number in `type`, and the field that it promises.
_ATTRIBUTE_FIELDS = {2: "i", 3: "s", 5: "g", 7: "ints"}

_NOTHING = memoryview(b"")


@dataclass(frozen=True)
class Tensor:
    """A constant; `data` holds its `dims` numbers of type `kind`, as bytes of the file."""

    kind: int
    dims: tuple[int, ...]
    data: memoryview


@dataclass(frozen=True)
class Declared:
    """Declaration of an input or output of a graph; a dynamic dimension has a name."""

    name: str
    kind: int
    dims: tuple[int | str, ...]


AttributeValue: TypeAlias = "int | tuple[int, ...] | str | Graph"


@dataclass(frozen=True)
class Node:
    """An operator, the names of its inputs and outputs, and its attributes.

    The name of an operator that is not ONNX's own begins with its domain: `com.microsoft.Gelu`.
    """

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, AttributeValue]


@dataclass(frozen=True)
class Graph:
    """A graph: nodes in the order of the file, constants by name, inputs and outputs."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, Tensor]
    inputs: tuple[Declared, ...]
    outputs: tuple[Declared, ...]


def read_graph(content: bytes) -> Graph:
    """Return the graph of an ONNX file.

    Raises `MalformedError` for anything that no exported model holds (see the module).
    """
    reader = MessageReader(most_fields=_MOST_FIELDS)
    model = reader.read(memoryview(content), _MODEL)
    for opset in model["opset_import"]:
        _check_opset(reader.read(opset, _OPSET))
    if "graph" not in model:
        raise MalformedError("it holds no graph")
    return _graph(reader, model["graph"], depth=1)


def _check_opset(opset: Message) -> None:
    domain, version = _domain(opset), opset.get("version")
    if _OPSETS.get(domain, 0) != version:
        raise MalformedError(f"it uses operators {domain!r} of version {version}")


def _graph(reader: MessageReader, content: memoryview, *, depth: int) -> Graph:
    if depth > _DEPTH:
        raise MalformedError(f"it holds graphs within graphs more than {_DEPTH} deep")
    graph = reader.read(content, _GRAPH)
    tensors = [reader.read(tensor, _TENSOR) for tensor in graph["initializer"]]
    constants = {_text(tensor, "name"): _tensor(tensor) for tensor in tensors}
    if len(constants) != len(tensors):
        raise MalformedError("two of its constants have the same name")
    return Graph(
        nodes=tuple(_node(reader, node, depth=depth) for node in graph["node"]),
        constants=constants,
        inputs=tuple(_declared(reader, value) for value in graph["input"]),
        outputs=tuple(_declared(reader, value) for value in graph["output"]),
    )


def _node(reader: MessageReader, content: memoryview, *, depth: int) -> Node:
    node = reader.read(content, _NODE)
    domain, operator = _domain(node), _text(node, "op_type")
    attributes = [_attribute(reader, attribute, depth=depth) for attribute in node["attribute"]]
    if len(dict(attributes)) != len(attributes):
        raise MalformedError("a node has an attribute twice")
    return Node(
        operator=f"{domain}.{operator}" if domain else operator,
        inputs=tuple(_decoded(name, "input") for name in node["input"]),
        outputs=tuple(_decoded(name, "output") for name in node["output"]),
        attributes=dict(attributes),
    )


def _attribute(
    reader: MessageReader, content: memoryview, *, depth: int
) -> tuple[str, AttributeValue]:
    attribute = reader.read(content, _ATTRIBUTE)
    name = _text(attribute, "name")
    field = _ATTRIBUTE_FIELDS.get(attribute.get("type", 0))
    filled = {part for part, value in attribute.items() if value != []} - {"name", "type"}
    if field is None or filled != {field}:
        raise MalformedError(f"the attribute {name!r} does not hold what it says")
    if field == "g":
        return name, _graph(reader, attribute["g"], depth=depth + 1)
    if field == "s":
        return name, _text(attribute, "s")
    return name, attribute["i"] if field == "i" else tuple(attribute["ints"])


def _tensor(tensor: Message) -> Tensor:
    kind, dims = tensor.get("data_type", 0), tuple(tensor["dims"])
    data = tensor.get("raw_data", _NOTHING)
    if tensor.get("data_location", 0) != 0:
        raise MalformedError("it holds a tensor whose data lies in another file")
    if kind not in ITEM_BYTES:
        raise MalformedError(f"it holds a tensor of the type {kind}")
    if len(dims) > 4 or any(size < 1 for size in dims):
        raise MalformedError(f"it holds a tensor of the shape {list(dims[:8])}")
    if math.prod(dims) * ITEM_BYTES[kind] != len(data):
        raise MalformedError(
            f"it holds a tensor of the shape {list(dims)} with {len(data)} bytes of data"
        )
    return Tensor(kind, dims, data)


def _declared(reader: MessageReader, content: memoryview) -> Declared:
    value = reader.read(content, _VALUE)
    tensor_type = reader.read(value.get("type", _NOTHING), _TYPE)
    tensor = reader.read(tensor_type.get("tensor_type", _NOTHING), _TENSOR_TYPE)
    shape = reader.read(tensor.get("shape", _NOTHING), _SHAPE)
    dims = [reader.read(dim, _DIMENSION) for dim in shape["dim"]]
    if any(len(dim) != 1 for dim in dims):
        raise MalformedError("an input or output has a dimension that is neither size nor name")
    return Declared(
        name=_text(value, "name"),
        kind=tensor.get("elem_type", 0),
        dims=tuple(
            dim["dim_value"] if "dim_value" in dim else _text(dim, "dim_param") for dim in dims
        ),
    )


def _domain(message: Message) -> str:
    """Return the domain of an operator or operator set; it is empty for ONNX's own operators."""
    return _text(message, "domain") if len(message.get("domain", b"")) > 0 else ""


def _text(message: Message, name: str) -> str:
    return _decoded(message.get(name, _NOTHING), name)


def _decoded(content: memoryview, name: str) -> str:
    try:
        text = bytes(content[: _NAME_BYTES + 1]).decode("ascii")
    except UnicodeDecodeError:
        text = ""
    if not (0 < len(text) <= _NAME_BYTES and text.isprintable()):
        raise MalformedError(f"{name!r} is not a name")
    return text
