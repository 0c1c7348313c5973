"""Damage of all kinds to one file of an exported model, drawn by a seed, checksums mended."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

MANIFEST = "manifest.json"
# How often each is damaged.
FILES = {
    "encoder.onnx": 6,
    "step.onnx": 6,
    "output.onnx": 3,
    "short_output.onnx": 3,
    "shortlist.npz": 3,
    "source.model": 3,
    "target.model": 1,
    "settings.json": 2,
    "metrics.json": 1,
    "weights.npz": 2,
    MANIFEST: 2,
}
ODD_NUMBERS = [0, 1, -1, 2, 3, 4, 7, 8, 2**31 - 1, 2**31, -(2**31), 2**62, -(2**63), 2**63 - 1]
ODD_VALUES: list[Any] = [
    *ODD_NUMBERS,
    *(
        None,
        True,
        [],
        {},
        "",
        "x",
        "../x",
        "/etc/passwd",
        "a\x00b",
        "\ud800",
        "\x1b[31m",
        "9" * 9000,
    ),
    *(0.0, -1.5, 1e308, float("nan"), float("inf"), 10**400, [[[[1]]]], {"a": {"b": 1}}),
]
Change = Callable[[random.Random, Any], None]


def damage(directory: Path, seed: int) -> str:
    """Damage a file in `directory`; returns what was done."""
    draw = random.Random(seed)
    there = {name: often for name, often in FILES.items() if (directory / name).exists()}
    name = draw.choices(list(there), list(there.values()))[0]
    path = directory / name
    ways = {".json": _damaged_json, ".onnx": _damaged_graph}
    way = ways.get(path.suffix, _damaged_bytes)
    if draw.random() < 0.4:
        way = _damaged_bytes
    how, content = way(draw, path.read_bytes())
    path.write_bytes(content)
    if name != MANIFEST:
        mend(directory, name)
    return f"{name}: {how}"


def mend(directory: Path, name: str) -> None:
    """Make the manifest say of a file what it is now."""
    content = (directory / name).read_bytes()
    manifest = json.loads((directory / MANIFEST).read_text())
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"bytes": len(content), "sha256": digest}
    (directory / MANIFEST).write_text(json.dumps(manifest))


def _damaged_bytes(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    damaged = bytearray(content)
    how = draw.choice(["flip", "set", "delete", "insert", "zero", "copy", "truncate"])
    for _ in range(draw.choice([1, 1, 2, 10, 100])):
        start = draw.randrange(len(damaged) + 1)
        if draw.random() < 0.3:  # where a file says what it is
            start = min(start, draw.randrange(200))
        end = min(len(damaged), start + draw.choice([1, 1, 2, 8, 100, 5000]))
        if how == "flip" and start < end:
            damaged[start] ^= 1 << draw.randrange(8)
        elif how == "set" and start < end:
            damaged[start] = draw.randrange(256)
        elif how == "delete":
            del damaged[start:end]
        elif how == "insert":
            damaged[start:start] = draw.randbytes(end - start)
        elif how == "zero":
            damaged[start:end] = bytes(end - start)
        elif how == "copy":
            other = draw.randrange(len(damaged) + 1)
            damaged[start:end] = damaged[other : other + end - start]
        elif how == "truncate":
            del damaged[start:]
            break
    return how, bytes(damaged)


def _damaged_json(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    whole = json.loads(content)
    for _ in range(draw.choice([1, 1, 3])):
        group: Any = whole
        while True:
            keys = list(group) if isinstance(group, dict) else list(range(len(group)))
            if not keys:
                break
            key = draw.choice(keys)
            if not isinstance(group[key], dict | list) or draw.random() < 0.2:
                break
            group = group[key]
        if not keys:
            continue
        if draw.random() < 0.15:
            del group[key]
        elif draw.random() < 0.1 and isinstance(group, dict):
            group[str(draw.choice(ODD_VALUES))[:300]] = group.pop(key)
        else:
            group[key] = deepcopy(draw.choice(ODD_VALUES))
    text = json.dumps(whole)
    if draw.random() < 0.05:
        text = "[" * 200_000
    return f"other JSON {text[:200]!r}", text.encode("utf-8", "surrogatepass")


def _damaged_graph(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    model = onnx.load_from_string(content)
    graph = model.graph
    bodies = [a.g for node in graph.node for a in node.attribute if a.HasField("g")]
    told = []
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        change = draw.choice(CHANGES)
        told.append(change.__name__.strip("_"))
        change(draw, draw.choice([graph, graph, *bodies]))
    if draw.random() < 0.05:
        told.append("model")
        _change_model(draw, model)
    return ", ".join(told), model.SerializeToString()


def _change_model(draw: random.Random, model: Any) -> None:
    what = draw.randrange(5)
    if what == 0:
        model.opset_import[0].version = draw.choice([0, 1, 11, 13, 17, 18, 19, 21, 23, 99])
    elif what == 1:
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    elif what == 2:
        model.ir_version = draw.choice([0, 3, 7, 8, 10, 99, 2**62])
    elif what == 3:
        model.functions.append(helper.make_function("", "f", ["x"], ["x"], [], model.opset_import))
    else:
        model.training_info.add()


def _array(tensor: Any) -> np.ndarray[Any, Any]:
    """The numbers of a tensor, whatever has been done to it."""
    kinds = {1: "f4", 2: "u1", 3: "i1", 6: "i4", 7: "i8", 9: "?"}
    kind = np.dtype(kinds.get(tensor.data_type, "u1"))
    whole = len(tensor.raw_data) // kind.itemsize * kind.itemsize
    return np.frombuffer(tensor.raw_data[:whole], kind).copy()


def _change_number(draw: random.Random, graph: Any) -> None:
    """Of a small constant: a shape, an axis, an index, a zero."""
    small = [t for t in graph.initializer if len(t.raw_data) <= 64]
    if small:
        tensor = draw.choice(small)
        array = _array(tensor)
        with np.errstate(all="ignore"):
            odd = np.array(draw.choice([*ODD_NUMBERS, 0.5, -1e38])).astype(array.dtype)
        if len(array):
            array[draw.randrange(len(array))] = odd
        tensor.raw_data = array.tobytes()


def _change_weights(draw: random.Random, graph: Any) -> None:
    if not graph.initializer:
        return
    tensor = draw.choice(graph.initializer)
    array = _array(tensor)
    odd = [0, 1, -1, 127, 1e-45, 1e4, 1e9, 3e38, np.nan, np.inf, -np.inf]
    with np.errstate(all="ignore"):
        value = np.array(draw.choice(odd)).astype(array.dtype)
    array[np.random.default_rng(draw.randrange(2**31)).random(len(array)) < draw.random()] = value
    tensor.raw_data = array.tobytes()


def _change_dims(draw: random.Random, graph: Any) -> None:
    if not graph.initializer:
        return
    tensor = draw.choice(graph.initializer)
    dims = list(tensor.dims)
    what = draw.randrange(5)
    if what == 0:
        draw.shuffle(dims)
    elif what == 1 and dims:
        dims[draw.randrange(len(dims))] = draw.choice(ODD_NUMBERS)
    elif what == 2:
        dims.append(draw.choice([1, 1, *ODD_NUMBERS]))
    elif what == 3 and len(dims) > 1:
        dims = [dims[0] * dims[1], *dims[2:]]
    elif dims and tensor.raw_data and dims[0] > 1 and len(tensor.raw_data) % dims[0] == 0:
        # Fewer rows, with the data that belongs to them.
        rows = draw.randrange(1, dims[0])
        tensor.raw_data = tensor.raw_data[: len(tensor.raw_data) // dims[0] * rows]
        dims[0] = rows
    del tensor.dims[:]
    tensor.dims.extend(dims)


def _change_type(draw: random.Random, graph: Any) -> None:
    if not graph.initializer:
        return
    tensor = draw.choice(graph.initializer)
    if draw.random() < 0.5:
        tensor.data_type = draw.choice([*range(0, 18), 99])
        return
    kind = draw.choice(["f4", "f8", "i1", "u1", "i4", "i8", "f2", "?"])
    with np.errstate(all="ignore"):
        array = _array(tensor).astype(kind)
    other = numpy_helper.from_array(array, tensor.name)
    tensor.data_type, tensor.raw_data = other.data_type, other.raw_data


def _change_storage(draw: random.Random, graph: Any) -> None:
    if not graph.initializer:
        return
    tensor = draw.choice(graph.initializer)
    if draw.random() < 0.5:
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=draw.choice(["/etc/passwd", "../x", "x"]))
        tensor.ClearField("raw_data")
    elif draw.random() < 0.5:
        tensor.string_data.append(b"x")
    else:
        graph.sparse_initializer.add()


def _change_operator(draw: random.Random, graph: Any) -> None:
    others = ["Loop", "If", "ConstantOfShape", "Expand", "Range", "Sub", "Mod", "Tile", "Pow", "x"]
    node = draw.choice(graph.node)
    node.op_type = draw.choice([*others, *[other.op_type for other in graph.node]])
    if draw.random() < 0.1:
        node.domain = draw.choice(["com.microsoft", "ai.onnx.ml", "ai.onnx", "x"])


def _change_attribute(draw: random.Random, graph: Any) -> None:
    with_attributes = [node for node in graph.node if node.attribute]
    if not with_attributes:
        return
    node = draw.choice(with_attributes)
    attribute = draw.choice(node.attribute)
    what = draw.randrange(4)
    if what == 0 and attribute.ints:
        attribute.ints[draw.randrange(len(attribute.ints))] = draw.choice([*range(-4, 5), 2**62])
    elif what <= 1:
        attribute.i = draw.choice([*range(-3, 14), *ODD_NUMBERS])
    elif what == 2:
        node.attribute.remove(attribute)
    else:
        name = draw.choice(["axis", "allowzero", "batch_axis", "time_axis", "layout", "clip"])
        node.attribute.append(helper.make_attribute(name, draw.choice(ODD_NUMBERS)))


def _change_wires(draw: random.Random, graph: Any) -> None:
    values = [t.name for t in graph.initializer] + [v.name for v in graph.input]
    values += [name for node in graph.node for name in node.output]
    node = draw.choice(graph.node)
    if draw.random() < 0.2:
        node.output[draw.randrange(len(node.output))] = draw.choice(values)
    elif draw.random() < 0.2:
        node.input.append(draw.choice(values))
    elif node.input:
        node.input[draw.randrange(len(node.input))] = draw.choice([*values, ""])


def _change_nodes(draw: random.Random, graph: Any) -> None:
    place, other = (draw.randrange(len(graph.node)) for _ in range(2))
    what = draw.randrange(4)
    if what == 0:
        del graph.node[place]
    elif what == 1:
        graph.node.append(graph.node[place])
    elif what == 2:
        kept = onnx.NodeProto.FromString(graph.node[place].SerializeToString())
        graph.node[place].CopyFrom(graph.node[other])
        graph.node[other].CopyFrom(kept)
    else:
        node = graph.node[place]
        body = helper.make_graph([node], "deep", [], [])
        node.attribute.append(helper.make_attribute("body", body))


def _change_signature(draw: random.Random, graph: Any) -> None:
    values = draw.choice([graph.input, graph.output])
    if not values:
        return
    value = draw.choice(values)
    tensor = value.type.tensor_type
    what = draw.randrange(5)
    if what == 0:
        tensor.elem_type = draw.choice([*range(0, 18), 99])
    elif what == 1 and tensor.shape.dim:
        draw.choice(tensor.shape.dim).dim_value = draw.choice(ODD_NUMBERS)
    elif what == 2:
        values.remove(value)
    elif what == 3:
        value.name = draw.choice(["x", *[other.name for other in values]])
    else:
        tensor.shape.dim.add().dim_param = draw.choice(["rows", "open", "x"])


CHANGES: list[Change] = [
    _change_number,
    _change_number,
    _change_weights,
    _change_weights,
    _change_dims,
    _change_type,
    _change_storage,
    _change_operator,
    _change_attribute,
    _change_wires,
    _change_nodes,
    _change_signature,
]
