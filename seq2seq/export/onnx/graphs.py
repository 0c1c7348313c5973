"""ONNX graphs of the model, built from its weights; they run without TensorFlow.

`encoder` reads a batch of sources once; `step` advances every open hypothesis by one token, and
`output` computes the probability of each next token. With a shortlist of allowed tokens, a graph
that computes over these alone replaces `output`. `seq2seq.search` searches with these graphs.
docs/exported_model.md lists names and shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seq2seq.config.schema import ModelSettings
from seq2seq.errors import ModelError
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.output import output_graph, short_output_graph
from seq2seq.export.onnx.quantization import quantized_columns
from seq2seq.export.onnx.recurrence import (
    HIDDEN_BOUND,
    LSTMWeights,
    Tokens,
    recurrent_layer,
    recurrent_step,
)
from seq2seq.export.shortlist import Lexicon, Shortlist
from seq2seq.text.tokenizer import PAD

Weights = Mapping[str, NDArray[np.float32]]

_MASKED = -1e9
_ROOT = "translation/"  # prefix of the weights' paths


class LightGraphs(NamedTuple):
    """The three ONNX files as bytes."""

    encoder: bytes
    step: bytes
    output: bytes


def build_light_graphs(
    settings: ModelSettings, weights: Weights, *, quantized: bool = False, features: int = 0
) -> LightGraphs:
    """Build the three ONNX graphs of a translation model.

    Args:
        settings: sizes and options of the model.
        weights: weights by their path in the model, as `model.weights.weight_arrays` returns them.
        quantized: true if products are in 8-bit integers, see `seq2seq.export.onnx.quantization`.
        features: number of features of a step; 0 if the model reads text.

    Raises:
        ModelError: a weight that the settings ask for is missing.
    """
    return LightGraphs(
        encoder=_encoder(settings, weights, quantized, features),
        step=_step(settings, weights, quantized),
        output=output_graph(
            _output_table(weights),
            _weight(weights, "output/bias"),
            quantized=quantized,
            description=_description(settings, quantized),
        ),
    )


def build_shortlist(
    settings: ModelSettings, weights: Weights, lexicon: Lexicon, *, quantized: bool = False
) -> Shortlist:
    """Return the last layer over the tokens that `lexicon` allows; see `build_light_graphs`."""
    table = np.ascontiguousarray(_output_table(weights).T)
    columns = quantized_columns(table) if quantized else None
    return Shortlist(
        graph=short_output_graph(
            len(table), quantized=quantized, description=_description(settings, quantized)
        ),
        lexicon=lexicon,
        table=table if columns is None else columns.integers,
        steps=None if columns is None else columns.steps,
        bias=_weight(weights, "output/bias"),
    )


def _encoder(settings: ModelSettings, weights: Weights, quantized: bool, features: int) -> bytes:
    """Build the encoder: a source → `keys`, `values`, `mask`, and first states."""
    build = GraphBuilder("encoder", quantized=quantized)
    if features:
        sequence, is_token = _steps(build, features)
    else:
        sequence, is_token = _embedded_tokens(build, weights)
    counted = build.node("Cast", is_token, to=TensorProto.INT32)
    lengths = build.node("ReduceSum", counted, build.constant(np.array([1])), keepdims=0)

    live = build.node("Transpose", is_token, perm=[1, 0])
    tokens = Tokens(lengths, build.node("Unsqueeze", live, build.constant(np.array([2]))))
    bound, states = None, []
    for number in range(settings.encoder_layers):
        directions = [_lstm(weights, f"encoder/forward_{number}")]
        if settings.bidirectional:
            directions.append(_lstm(weights, f"encoder/backward_{number}"))
        layer = recurrent_layer(build, sequence, tokens, directions, bound=bound)
        sequence, bound = _with_residual(
            build, sequence, bound, layer.outputs, residual=settings.residual and number > 0
        )
        states.append((layer.hidden, layer.cell))

    outputs = build.node("Transpose", sequence, perm=[1, 0, 2])
    if settings.attention != "none":
        _attention_memory(build, settings, weights, outputs, bound)
        masked = build.node("Cast", build.node("Not", is_token), to=TensorProto.FLOAT)
        mask = build.node("Mul", masked, build.constant(np.float32(_MASKED)))
        mask = build.node("Unsqueeze", mask, build.constant(np.array([1])))
        build.output("mask", mask, TensorProto.FLOAT, "rows", 1, "source_len")
    for number in range(settings.decoder_layers):
        # The upper layers of a decoder deeper than the encoder start from the top state.
        hidden, cell = states[min(number, len(states) - 1)]
        shape = ("rows", settings.units)
        build.output(f"hidden_{number}", hidden, TensorProto.FLOAT, *shape)
        build.output(f"cell_{number}", cell, TensorProto.FLOAT, *shape)
    return build.model(_description(settings, quantized))


def _embedded_tokens(build: GraphBuilder, weights: Weights) -> tuple[str, str]:
    """Return the embedded `source_ids` `[time, rows, dim]`, and the mask `[rows, source_len]`.

    Recurrent operators take the time dimension first.
    """
    ids = build.input("source_ids", TensorProto.INT32, "rows", "source_len")
    is_token = build.node("Not", build.node("Equal", ids, build.constant(np.int32(PAD))))
    in_time = build.node("Transpose", ids, perm=[1, 0])
    return build.rows_of(_source_table(weights), in_time), is_token


def _steps(build: GraphBuilder, features: int) -> tuple[str, str]:
    """Return `source_features` with the time dimension first, and `source_mask`."""
    values = build.input("source_features", TensorProto.FLOAT, "rows", "source_len", features)
    mask = build.input("source_mask", TensorProto.BOOL, "rows", "source_len")
    return build.node("Transpose", values, perm=[1, 0, 2]), mask


def _attention_memory(
    build: GraphBuilder,
    settings: ModelSettings,
    weights: Weights,
    outputs: str,
    bound: float | None,
) -> None:
    """Compute `keys`, for the attention scores, and `values`, whose weighted sum is the context.

    The attentional vector is `tanh(W [output; context] + b)`. The half of W that multiplies the
    context is applied to the values here, once a sentence instead of once a step.
    """
    units = settings.units
    keys = build.dense(outputs, _weight(weights, "keys/kernel"), bound=bound)
    values = build.dense(outputs, _weight(weights, "decoder/combine/kernel")[units:], bound=bound)
    key_shape: tuple[int | str, ...] = ("source_len", units)
    if settings.attention == "luong":
        keys = build.node("Transpose", keys, perm=[0, 2, 1])
        key_shape = (units, "source_len")
    build.output("keys", keys, TensorProto.FLOAT, "rows", *key_shape)
    build.output("values", values, TensorProto.FLOAT, "rows", "source_len", units)


def _step(settings: ModelSettings, weights: Weights, quantized: bool) -> bytes:
    """Build the decoder step: `tokens` and states → features of the next token and new states."""
    build = GraphBuilder("step", quantized=quantized)
    tokens = build.input("tokens", TensorProto.INT32, "rows", "open")
    origins = build.input("origins", TensorProto.INT64, "hypotheses")
    sequence, bound = build.rows_of(_target_table(weights), build.shaped(tokens, -1)), None
    for number in range(settings.decoder_layers):
        before = [
            build.input(f"{part}_{number}", TensorProto.FLOAT, "before", settings.units)
            for part in ("hidden", "cell")
        ]
        hidden, cell = (build.node("Gather", state, origins, axis=0) for state in before)
        lstm = _lstm(weights, f"decoder/layer_{number}")
        hidden, cell = recurrent_step(build, sequence, (hidden, cell), lstm, bound=bound)
        shape = ("hypotheses", settings.units)
        build.output(f"new_hidden_{number}", hidden, TensorProto.FLOAT, *shape)
        build.output(f"new_cell_{number}", cell, TensorProto.FLOAT, *shape)
        if number == 0:
            # A tanh, or the LSTM's output unchanged.
            sequence, bound = _attend(build, settings, weights, hidden, tokens), HIDDEN_BOUND
        else:
            sequence, bound = _with_residual(
                build, sequence, bound, hidden, residual=settings.residual
            )
    narrowed = build.dense(
        sequence,
        _weight(weights, "output/narrow/kernel"),
        _weight(weights, "output/narrow/bias"),
        bound=bound,
    )
    features = _by_sentence(build, narrowed, tokens)
    dim = settings.embedding_dim
    build.output("features", features, TensorProto.FLOAT, "rows", "open", dim)
    return build.model(_description(settings, quantized))


def _attend(
    build: GraphBuilder, settings: ModelSettings, weights: Weights, output: str, tokens: str
) -> str:
    """Return the attentional vectors of `output` `[hypotheses, units]`."""
    if settings.attention == "none":
        return output
    units = settings.units
    luong = settings.attention == "luong"
    key_shape = (units, "source_len") if luong else ("source_len", units)
    keys = build.input("keys", TensorProto.FLOAT, "rows", *key_shape)
    values = build.input("values", TensorProto.FLOAT, "rows", "source_len", units)
    mask = build.input("mask", TensorProto.FLOAT, "rows", 1, "source_len")
    if luong:
        scores = build.node("MatMul", _by_sentence(build, output, tokens), keys)
    else:
        scores = _additive_scores(build, weights, output, tokens, keys)
    attention = build.node("Softmax", build.node("Add", scores, mask), axis=-1)
    build.output("attention", attention, TensorProto.FLOAT, "rows", "open", "source_len")
    context = build.shaped(build.node("MatMul", attention, values), -1, units)
    own = build.dense(
        output,
        _weight(weights, "decoder/combine/kernel")[:units],
        _weight(weights, "decoder/combine/bias"),
        bound=HIDDEN_BOUND,
    )
    return build.node("Tanh", build.node("Add", own, context))


def _additive_scores(
    build: GraphBuilder, weights: Weights, output: str, tokens: str, keys: str
) -> str:
    """Return the scores `v . tanh(W query + U value)`, `[rows, open, source_len]`."""
    query = build.dense(
        output,
        _weight(weights, "decoder/attention/query/kernel"),
        _weight(weights, "decoder/attention/query/bias"),
        bound=HIDDEN_BOUND,
    )
    query = build.node(
        "Unsqueeze", _by_sentence(build, query, tokens), build.constant(np.array([2]))
    )
    keys = build.node("Unsqueeze", keys, build.constant(np.array([1])))
    mixed = build.node("Tanh", build.node("Add", query, keys))
    score = build.constant(_weight(weights, "decoder/attention/score/kernel"))
    return build.node("Squeeze", build.node("MatMul", mixed, score), build.constant(np.array([3])))


def _with_residual(
    build: GraphBuilder, sequence: str, bound: float | None, outputs: str, *, residual: bool
) -> tuple[str, float]:
    """Return the output of a layer after its residual connection, and its bound."""
    if not residual or bound is None:
        return outputs, HIDDEN_BOUND
    return build.node("Add", sequence, outputs), bound + HIDDEN_BOUND


def _by_sentence(build: GraphBuilder, value: str, tokens: str) -> str:
    """Reshape `[hypotheses, width]` to `[rows, open, width]`, as `tokens` are."""
    rest = build.constant(np.array([-1]))
    shape = build.node("Concat", build.node("Shape", tokens), rest, axis=0)
    return build.node("Reshape", value, shape)


def _description(settings: ModelSettings, quantized: bool) -> dict[str, str]:
    return {
        "precision": "int8" if quantized else "float32",
        "decoder_layers": str(settings.decoder_layers),
        "attention": settings.attention,
    }


def _lstm(weights: Weights, layer: str) -> LSTMWeights:
    cell = f"{layer}/lstm/lstm_cell"
    return LSTMWeights(
        kernel=_weight(weights, f"{cell}/kernel"),
        recurrent=_weight(weights, f"{cell}/recurrent_kernel"),
        bias=_weight(weights, f"{cell}/bias"),
    )


def _source_table(weights: Weights) -> NDArray[np.float32]:
    """Return the embeddings of the source vocabulary; those of both sides if tied."""
    name = "source_embedding/embeddings"
    return _weight(weights, name) if f"{_ROOT}{name}" in weights else _target_table(weights)


def _target_table(weights: Weights) -> NDArray[np.float32]:
    return _weight(weights, "target_embedding/embeddings")


def _output_table(weights: Weights) -> NDArray[np.float32]:
    """Return the output embeddings; those of the target if they are tied."""
    name = "output/table"
    return _weight(weights, name) if f"{_ROOT}{name}" in weights else _target_table(weights)


def _weight(weights: Weights, name: str) -> NDArray[np.float32]:
    try:
        return weights[_ROOT + name]
    except KeyError:
        raise ModelError(
            f"the weights do not fit the model: {_ROOT + name!r} is not among them; the settings "
            "and the weights come from different runs"
        ) from None
