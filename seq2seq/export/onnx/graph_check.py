"""Verification that the bytes of an ONNX file are a graph that is safe to run.

The type and shape of every value are inferred from the inputs to the outputs, which must be those
that the settings and vocabularies of the exported model require. So ONNX Runtime never gets a graph
that could make it read another file, loop without end, allocate memory without bound or fail while
it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from seq2seq.config.schema import ModelSettings
from seq2seq.errors import ModelError
from seq2seq.export.onnx.graph_file import (
    BOOL,
    FLOAT,
    INT8,
    INT32,
    INT64,
    Declared,
    Graph,
    Node,
    read_graph,
)
from seq2seq.export.onnx.graph_operators import apply_operator
from seq2seq.export.onnx.graph_values import (
    Size,
    Value,
    Values,
    check_size,
    past,
    shown,
    sizes,
    value_of,
)
from seq2seq.export.onnx.protobuf import MalformedError

_SCAN = "Scan"
_CHUNK = 64  # the vocabulary of the output is padded to a multiple of it
_HYPOTHESES = Size(1, ("open", "rows"))  # all open hypotheses of all rows
_BEFORE = Size(1, ("before",))  # hypotheses of the previous step
_TOKENS, _OWN = sizes("pieces", "own")  # tokens on the shortlists of a batch, and of one sentence

Named = dict[str, Value]


class Signature(NamedTuple):
    """Inputs and outputs of a graph, by name."""

    inputs: Named
    outputs: Named


def check_encoder(
    content: bytes,
    settings: ModelSettings,
    *,
    vocab_size: int,
    features: int = 0,
    name: str = "the encoder",
) -> None:
    """Raise `ModelError` if these bytes are not the encoder of such a model.

    Args:
        content: content of the ONNX file.
        settings: sizes and options of the model.
        vocab_size: size of the source vocabulary; 0 for a model of features.
        features: number of features of a step; 0 for a model of texts.
        name: name of the file, for the error.
    """
    rows, units = "rows", settings.units
    outputs = _memory(settings)
    for number in range(settings.decoder_layers):
        outputs[f"hidden_{number}"] = outputs[f"cell_{number}"] = _floats(rows, units)
    if features:
        inputs = {
            "source_features": _floats(rows, "source_len", features),
            "source_mask": Value(BOOL, sizes(rows, "source_len")),
        }
    else:
        inputs = {"source_ids": Value(INT32, sizes(rows, "source_len"), below=Size(vocab_size))}
    _check(content, Signature(inputs, outputs), name=name)


def check_step(
    content: bytes, settings: ModelSettings, *, vocab_size: int, name: str = "the step"
) -> None:
    """Check the decoder step as `check_encoder` does; `vocab_size` is that of the target."""
    units = settings.units
    inputs = {
        "tokens": Value(INT32, sizes("rows", "open"), below=Size(vocab_size)),
        "origins": Value(INT64, (_HYPOTHESES,), below=_BEFORE),
        **_memory(settings),
    }
    outputs = {"features": _floats("rows", "open", settings.embedding_dim)}
    if settings.attention != "none":
        outputs["attention"] = _floats("rows", "open", "source_len")
    for number in range(settings.decoder_layers):
        for part in ("hidden", "cell"):
            inputs[f"{part}_{number}"] = Value(FLOAT, (_BEFORE, Size(units)))
            outputs[f"new_{part}_{number}"] = Value(FLOAT, (_HYPOTHESES, Size(units)))
    _check(content, Signature(inputs, outputs), name=name)


def check_output(
    content: bytes, settings: ModelSettings, *, vocab_size: int, name: str = "the output"
) -> None:
    """Check the output layer as `check_encoder` does; `vocab_size` is that of the target."""
    inputs = {
        "features": _floats("rows", "open", settings.embedding_dim),
        "top": _top(Size(vocab_size + 1)),
    }
    outputs = {
        "top_log_probs": Value(FLOAT, (_HYPOTHESES, *sizes("top"))),
        "top_ids": Value(INT64, (_HYPOTHESES, *sizes("top"))),
        "end_log_probs": Value(FLOAT, (_HYPOTHESES, Size(1))),
        "log_probs": Value(FLOAT, (_HYPOTHESES, Size(-(-vocab_size // _CHUNK) * _CHUNK))),
    }
    _check(content, Signature(inputs, outputs), name=name)


def check_short_output(
    content: bytes, settings: ModelSettings, *, quantized: bool, name: str = "the short output"
) -> None:
    """Check, as `check_encoder` does, the output layer over the shortlist of each sentence."""
    dim = settings.embedding_dim
    inputs = {
        "features": _floats("rows", "open", dim),
        "table": Value(INT8 if quantized else FLOAT, sizes(dim, "pieces")),
        "places": Value(INT32, sizes("rows", "open", "own"), below=_TOKENS),
        "bias": _floats("rows", 1, "own"),
        "top": _top(past(_OWN)),
    }
    if quantized:
        inputs["steps"] = _floats("pieces")
    outputs = {
        "log_probs": _floats("rows", "open", "own"),
        "top_log_probs": _floats("rows", "open", "top"),
        "top_places": Value(INT64, sizes("rows", "open", "top"), below=_OWN),
    }
    _check(content, Signature(inputs, outputs), name=name)


def _top(below: Size) -> Value:
    """Return the input that holds k, the number of most probable tokens to return."""
    return Value(INT64, sizes(1), numbers=sizes("top"), below=below)


def _memory(settings: ModelSettings) -> Named:
    """Return the values of a batch of sources that the encoder computes and the step takes."""
    if settings.attention == "none":
        return {}
    units = settings.units
    luong = settings.attention == "luong"
    return {
        "keys": _floats("rows", *((units, "source_len") if luong else ("source_len", units))),
        "values": _floats("rows", "source_len", units),
        "mask": _floats("rows", 1, "source_len"),
    }


def _floats(*dims: int | str) -> Value:
    return Value(FLOAT, sizes(*dims))


def _check(content: bytes, signature: Signature, *, name: str) -> None:
    try:
        graph = read_graph(content)
        _check_declared(graph.inputs, signature.inputs)
        _check_declared(graph.outputs, signature.outputs)
        found = _follow(graph, signature.inputs)
        for output, value in signature.outputs.items():
            _check_same(output, found[output], value)
            if value.below is not None and found[output].below != value.below:
                raise MalformedError(f"{output!r} may contain out-of-range indices")
    except MalformedError as error:
        raise ModelError(
            f"{name} is no ONNX file of an exported model: {error}; export the model again"
        ) from error


def _check_declared(declared: Sequence[Declared], expected: Mapping[str, Value]) -> None:
    names = [value.name for value in declared]
    if sorted(names) != sorted(expected):
        odd = sorted(set(names) ^ set(expected)) or names
        raise MalformedError(f"its inputs or outputs are not those of the settings ({odd[0]!r})")
    for value in declared:
        _check_same(value.name, _declared_value(value), expected[value.name])


def _check_same(name: str, found: Value, expected: Value) -> None:
    if (found.kind, found.shape) != (expected.kind, expected.shape):
        raise MalformedError(
            f"{name!r} has the shape {shown(found.shape)} and the type {found.kind}, and must "
            f"have {shown(expected.shape)} and {expected.kind}"
        )


def _declared_value(declared: Declared) -> Value:
    shape = (
        _HYPOTHESES if dim == "hypotheses" else size
        for dim, size in zip(declared.dims, sizes(*declared.dims), strict=True)
    )
    return Value(declared.kind, tuple(shape))


def _follow(graph: Graph, given: Mapping[str, Value]) -> Named:
    """Return all values of a graph whose inputs are `given`; nodes must be in execution order."""
    values = {name: value_of(tensor) for name, tensor in graph.constants.items()}
    _add(values, given)
    for node in graph.nodes:
        try:
            _add(values, _results(node, values))
        except MalformedError as error:
            raise MalformedError(f"in {node.operator}, {error}") from error
    computed = {name for node in graph.nodes for name in node.outputs}
    if any(output.name not in computed for output in graph.outputs):
        raise MalformedError("an output is not computed")
    return values


def _results(node: Node, values: Mapping[str, Value]) -> Named:
    missing = [name for name in node.inputs if name not in values]
    if missing:
        raise MalformedError(f"{missing[0]!r} is not known")
    inputs = [values[name] for name in node.inputs]
    results = _scan(node, inputs) if node.operator == _SCAN else apply_operator(node, inputs)
    if not 1 <= len(node.outputs) <= len(results) or len(set(node.outputs)) < len(node.outputs):
        raise MalformedError(f"it cannot have the outputs {list(node.outputs[:8])}")
    constant = all(value.constant for value in inputs)
    for value in results:
        check_size(value)
    return {
        name: value._replace(constant=constant)
        for name, value in zip(node.outputs, results, strict=False)
    }


def _scan(node: Node, inputs: Values) -> list[Value]:
    """Return the outputs of a Scan: its last states, then its body's outputs at each time step."""
    body, count = node.attributes.get("body"), node.attributes.get("num_scan_inputs")
    if not isinstance(body, Graph) or not isinstance(count, int) or len(node.attributes) > 2:
        raise MalformedError("its attributes are not those that a model uses")
    states, over_time = inputs[: len(inputs) - count], inputs[len(inputs) - count :]
    times = {value.shape[:1] for value in over_time}
    fitting = 0 < count < len(inputs) == len(body.inputs)
    if not fitting or len(times) != 1 or () in times:
        raise MalformedError("its inputs do not fit its body or differ in length")
    slices = [Value(value.kind, value.shape[1:]) for value in over_time]
    results = _body_results(body, [*states, *slices])
    if len(results) < len(states):
        raise MalformedError("its body does not give all states")
    for declared, after, before in zip(body.outputs, results, states, strict=False):
        _check_same(declared.name, after, before)
    (time,) = times
    outputs = [Value(value.kind, (*time, *value.shape)) for value in results[len(states) :]]
    return [*results[: len(states)], *outputs]


def _body_results(body: Graph, given: Values) -> list[Value]:
    """Return the outputs of a Scan's body, which sees no outer values, for one step."""
    inputs = {
        declared.name: Value(value.kind, value.shape)
        for declared, value in zip(body.inputs, given, strict=True)
    }
    _check_declared(body.inputs, inputs)
    found = _follow(body, inputs)
    outputs = {declared.name: found[declared.name] for declared in body.outputs}
    _check_declared(body.outputs, outputs)
    return [outputs[declared.name] for declared in body.outputs]


def _add(values: Named, more: Mapping[str, Value]) -> None:
    twice = values.keys() & more.keys()
    if twice:
        raise MalformedError(f"two of its values are called {min(twice)!r}")
    values.update(more)
