"""ONNX graphs of a translation model, built from its sizes; they run without TensorFlow.

`encoder` reads a batch of sources once. `step_with_output` advances every open hypothesis by one
token and computes the log-probabilities of the next tokens and which are best;
`step_with_shortlist` does the same for the tokens on a shortlist alone. `seq2seq.search` searches
with these graphs. In ONNX files for other programs `step_with_output` is split into two graphs,
`step` and `output`. docs/exported_model.md lists names and shapes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import Graph, GraphBuilder
from seq2seq.export.onnx.encoder_nodes import (
    EncoderInputs,
    Steps,
    decoder_states,
    encoder_nodes,
    numbers_below,
)
from seq2seq.export.onnx.front_end import front_end, front_end_weights
from seq2seq.export.onnx.messages import Kind
from seq2seq.export.onnx.output import output_layer, short_output_layer
from seq2seq.export.onnx.parameters import Numbers, Parameter, Weight, merged, trained
from seq2seq.export.onnx.recurrence import HIDDEN_BOUND, LSTMWeights, recurrent_step, with_residual
from seq2seq.export.onnx.step_masks import live_steps, step_counts
from seq2seq.text.tokenizer import PAD

_MASKED = -1e9
_ROOT = "translation/"  # prefix of the weights' paths


class Sizes(NamedTuple):
    """Sizes of the inputs and outputs of a translation model.

    Attributes:
        source, target: number of tokens of each vocabulary; `source` is 0 for features.
        shared: true if both sides use the same embedding.
        features: number of features of a step; 0 if the model reads text.
    """

    source: int
    target: int
    shared: bool
    features: int = 0


class TranslationGraphs:
    """Builder of the graphs of a translation model."""

    def __init__(self, settings: ModelSettings, sizes: Sizes, *, quantized: bool = False) -> None:
        """Build the graphs of a model of these sizes.

        Args:
            settings: sizes and options of the model.
            sizes: sizes of the inputs and outputs.
            quantized: true if products are in 8-bit integers, see
                `seq2seq.export.onnx.quantization`.
        """
        self._settings, self._sizes, self._quantized = settings, sizes, quantized
        self.encoder = self._encoder()
        self.step_with_output = self._step_with_output()

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters of all graphs together."""
        return merged([self.encoder.parameters, self.step_with_output.parameters])

    def _encoder(self) -> Graph:
        """Build the encoder: a source → `keys`, `values`, `mask`, and first states."""
        settings, build = self._settings, self._builder("encoder")
        features = self._sizes.features
        if features:
            sequence, features, lengths, is_token = self._features_in_time(build)
        else:
            sequence, is_token = self._embedded(build)
            lengths = step_counts(build, is_token)

        live = build.node("Transpose", is_token, perm=[1, 0])
        steps = Steps(lengths, build.node("Unsqueeze", live, build.constant(np.array([2]))))
        inputs = EncoderInputs(sequence, features or settings.embedding_dim, steps)
        encoded = encoder_nodes(settings).add(build, settings, inputs, root=_ROOT)

        if settings.attention != "none":
            outputs = build.node("Transpose", encoded.sequence, perm=[1, 0, 2])
            _attention_memory(build, settings, outputs, encoded.bound)
            masked = build.node("Cast", build.node("Not", is_token), to=Kind.FLOAT)
            mask = build.node("Mul", masked, build.constant(np.float32(_MASKED)))
            mask = build.node("Unsqueeze", mask, build.constant(np.array([1])))
            build.output("mask", mask, Kind.FLOAT, "rows", 1, _read_length(settings))
        states = decoder_states(build, settings, encoded, steps, root=_ROOT)
        for number, (hidden, cell) in enumerate(states):
            shape = ("rows", settings.units)
            build.output(f"hidden_{number}", hidden, Kind.FLOAT, *shape)
            build.output(f"cell_{number}", cell, Kind.FLOAT, *shape)
        return build.graph(self._description)

    def _embedded(self, build: GraphBuilder) -> tuple[str, str]:
        """Return the embedded `source_ids` `[time, rows, dim]`, and the mask `[rows, source_len]`.

        Recurrent operators take the time dimension first.
        """
        ids = build.input("source_ids", Kind.INT32, "rows", "source_len")
        is_token = build.node("Not", build.node("Equal", ids, build.constant(np.int32(PAD))))
        side = _source_side(self._sizes)
        table = _table(side, self._sizes.source, self._settings)
        return build.rows_of(side, table, build.node("Transpose", ids, perm=[1, 0])), is_token

    def _features_in_time(self, build: GraphBuilder) -> tuple[str, int, str, str]:
        """Return values, width and lengths for the encoder (see `Shortened`), and the mask.

        The values are `[time, rows, width]`, and the mask is `[rows, time]`.
        """
        shape = ("rows", "source_len", self._sizes.features)
        values = build.input("source_features", Kind.FLOAT, *shape)
        mask = build.input("source_mask", Kind.BOOL, "rows", "source_len")
        read = front_end(
            build,
            self._settings,
            values,
            step_counts(build, mask),
            root=_ROOT,
            features=self._sizes.features,
        )
        if read.values != values:
            mask = live_steps(build, read.values, read.lengths)
        sequence = build.exact(build.node("Transpose", read.values, perm=[1, 0, 2]))
        return sequence, read.width, read.lengths, mask

    def _step_with_output(self) -> Graph:
        """Build a step and the output layer after it.

        A call of ONNX Runtime takes as long as a dozen small operators, so that two graphs would
        be slower.
        """
        build = self._builder("step")
        features = _step(build, self._settings, self._sizes.target)
        self._add_output(build, features)
        return build.graph(self._description)

    def step_with_shortlist(self) -> Graph:
        """Build a step and the output layer over shortlists after it."""
        build = self._builder("short_step")
        features = _step(build, self._settings, self._sizes.target)
        top = build.input("top", Kind.INT64, 1)
        short_output_layer(build, features, dim=self._settings.embedding_dim, top=top)
        return build.graph(self._description)

    def step(self) -> Graph:
        """Build a step alone: `tokens` and states → `features` of the next token, new states."""
        build, dim = self._builder("step"), self._settings.embedding_dim
        features = _step(build, self._settings, self._sizes.target)
        build.output("features", features, Kind.FLOAT, "rows", "open", dim)
        return build.graph(self._description)

    def output(self) -> Graph:
        """Build a graph of the output layer alone."""
        build = self._builder("output")
        self._add_output(build, self._features(build))
        return build.graph(self._description)

    def _add_output(self, build: GraphBuilder, features: str) -> None:
        side = "target_embedding" if self._settings.tie_embeddings else "output"
        bias = trained(f"{_ROOT}output/bias", self._sizes.target)
        top = build.input("top", Kind.INT64, 1)
        table = _table(side, self._sizes.target, self._settings)
        output_layer(build, features, table, bias, top=top)

    def _features(self, build: GraphBuilder) -> str:
        dim = self._settings.embedding_dim
        return build.input("features", Kind.FLOAT, "rows", "open", dim)

    def _builder(self, name: str) -> GraphBuilder:
        return GraphBuilder(name, quantized=self._quantized)

    @property
    def _description(self) -> dict[str, str]:
        return {
            "precision": "int8" if self._quantized else "float32",
            "decoder_layers": str(self._settings.decoder_layers),
            "attention": self._settings.attention,
        }


def _attention_memory(
    build: GraphBuilder, settings: ModelSettings, outputs: str, bound: float | None
) -> None:
    """Compute `keys`, for the attention scores, and `values`, of which a step adds a weighted sum.

    The attentional vector is `tanh(W [output; context] + b)`. The half of W that multiplies the
    context is applied to the values here, once for each sentence instead of once for each step.
    """
    units, length = settings.units, _read_length(settings)
    keys = build.dense("keys", outputs, trained(f"{_ROOT}keys/kernel", units, units), bound=bound)
    combine = trained(f"{_ROOT}decoder/combine/kernel", 2 * units, units)
    values = build.dense("values", outputs, combine.rows(units, 2 * units), bound=bound)
    key_shape: tuple[int | str, ...] = (length, units)
    if settings.attention == "luong":
        keys = build.node("Transpose", keys, perm=[0, 2, 1])
        key_shape = (units, length)
    build.output("keys", keys, Kind.FLOAT, "rows", *key_shape)
    build.output("values", values, Kind.FLOAT, "rows", length, units)


def _read_length(settings: ModelSettings) -> str:
    """Return the name of the time dimension that the encoder reads; a front end shortens it."""
    return "source_len" if settings.front_end == "none" else "read_len"


def _step(build: GraphBuilder, settings: ModelSettings, vocab_size: int) -> str:
    """Add the decoder step; return the features of the next token, `[rows, open, dim]`."""
    units = settings.units
    tokens = build.input("tokens", Kind.INT32, "rows", "open")
    origins = build.input("origins", Kind.INT64, "hypotheses")
    table = _table("target_embedding", vocab_size, settings)
    sequence = build.rows_of("target_embedding", table, build.shaped(tokens, -1))
    bound: float | None = None
    for number in range(settings.decoder_layers):
        before = [
            build.input(f"{part}_{number}", Kind.FLOAT, "before", units)
            for part in ("hidden", "cell")
        ]
        hidden, cell = (build.node("Gather", state, origins, axis=0) for state in before)
        width = units if number else settings.embedding_dim
        lstm = LSTMWeights.of(f"{_ROOT}decoder/layer_{number}", width, units)
        hidden, cell = recurrent_step(
            build, f"decoder/{number}", sequence, (hidden, cell), lstm, bound=bound
        )
        build.output(f"new_hidden_{number}", hidden, Kind.FLOAT, "hypotheses", units)
        build.output(f"new_cell_{number}", cell, Kind.FLOAT, "hypotheses", units)
        if number == 0:
            # A tanh, or the LSTM's output unchanged.
            sequence, bound = _attend(build, settings, hidden, tokens), HIDDEN_BOUND
        else:
            sequence, bound = with_residual(
                build, sequence, bound, hidden, residual=settings.residual
            )
    narrowed = build.dense(
        "narrow",
        sequence,
        trained(f"{_ROOT}output/narrow/kernel", units, settings.embedding_dim),
        trained(f"{_ROOT}output/narrow/bias", settings.embedding_dim),
        bound=bound,
    )
    return _by_sentence(build, narrowed, tokens)


def _attend(build: GraphBuilder, settings: ModelSettings, output: str, tokens: str) -> str:
    """Return the attentional vectors of `output` `[hypotheses, units]`."""
    if settings.attention == "none":
        return output
    units = settings.units
    luong = settings.attention == "luong"
    key_shape = (units, "source_len") if luong else ("source_len", units)
    keys = build.input("keys", Kind.FLOAT, "rows", *key_shape)
    values = build.input("values", Kind.FLOAT, "rows", "source_len", units)
    mask = build.input("mask", Kind.FLOAT, "rows", 1, "source_len")
    if luong:
        scores = build.node("MatMul", _by_sentence(build, output, tokens), keys)
    else:
        scores = _additive_scores(build, units, output, tokens, keys)
    attention = build.node("Softmax", build.node("Add", scores, mask), axis=-1)
    build.output("attention", attention, Kind.FLOAT, "rows", "open", "source_len")
    context = build.shaped(build.node("MatMul", attention, values), -1, units)
    own = build.dense(
        "combine",
        output,
        trained(f"{_ROOT}decoder/combine/kernel", 2 * units, units).rows(0, units),
        trained(f"{_ROOT}decoder/combine/bias", units),
        bound=HIDDEN_BOUND,
    )
    return build.node("Tanh", build.node("Add", own, context))


def _additive_scores(build: GraphBuilder, units: int, output: str, tokens: str, keys: str) -> str:
    """Return the scores `v . tanh(W query + b + key)`, `[rows, open, source_len]`."""
    query = build.dense(
        "query",
        output,
        trained(f"{_ROOT}decoder/attention/query/kernel", units, units),
        trained(f"{_ROOT}decoder/attention/query/bias", units),
        bound=HIDDEN_BOUND,
    )
    query = build.node(
        "Unsqueeze", _by_sentence(build, query, tokens), build.constant(np.array([2]))
    )
    keys = build.node("Unsqueeze", keys, build.constant(np.array([1])))
    mixed = build.node("Tanh", build.node("Add", query, keys))
    kernel = trained(f"{_ROOT}decoder/attention/score/kernel", units, 1)
    score = build.weight("score/kernel", kernel)
    return build.node("Squeeze", build.node("MatMul", mixed, score), build.constant(np.array([3])))


def _by_sentence(build: GraphBuilder, value: str, tokens: str) -> str:
    """Reshape `value` `[hypotheses, width]` to `[rows, open, width]`, like `tokens`."""
    rest = build.constant(np.array([-1]))
    shape = build.node("Concat", build.node("Shape", tokens), rest, axis=0)
    return build.node("Reshape", value, shape)


def trained_weights(
    settings: ModelSettings, sizes: Sizes, numbers: Numbers
) -> dict[str, NDArray[np.float32]]:
    """Return the trained weights, by path in the model, from the numbers of its float32 graphs."""
    units, vocab = settings.units, sizes.target
    found = {"target_embedding/embeddings": numbers["target_embedding/table"]}
    if sizes.source and not sizes.shared:
        found["source_embedding/embeddings"] = numbers["source_embedding/table"]
    found |= front_end_weights(settings, numbers)
    found |= encoder_nodes(settings).trained_weights(settings, numbers)
    found |= numbers_below("bridge/", numbers)
    for number in range(settings.decoder_layers):
        width = units if number else settings.embedding_dim
        cell, kernel = f"decoder/layer_{number}/lstm/lstm_cell", numbers[f"decoder/{number}/kernel"]
        found[f"{cell}/kernel"] = kernel[:width]
        found[f"{cell}/recurrent_kernel"] = kernel[width:]
        found[f"{cell}/bias"] = numbers[f"decoder/{number}/bias"]
    if settings.attention != "none":
        halves = [numbers["combine/kernel"], numbers["values/kernel"]]
        found["keys/kernel"] = numbers["keys/kernel"]
        found["decoder/combine/kernel"] = np.concatenate(halves)
        found["decoder/combine/bias"] = numbers["combine/bias"]
    if settings.attention == "bahdanau":
        found["decoder/attention/query/kernel"] = numbers["query/kernel"]
        found["decoder/attention/query/bias"] = numbers["query/bias"]
        found["decoder/attention/score/kernel"] = numbers["score/kernel"]
    found["output/narrow/kernel"] = numbers["narrow/kernel"]
    found["output/narrow/bias"] = numbers["narrow/bias"]
    found["output/bias"] = numbers["output/bias"][:vocab]
    if not settings.tie_embeddings:
        found["output/table"] = numbers["output/kernel"].T[:vocab]
    return {f"{_ROOT}{name}": np.ascontiguousarray(array) for name, array in found.items()}


def _source_side(sizes: Sizes) -> str:
    return "target_embedding" if sizes.shared else "source_embedding"


def _table(side: str, vocab_size: int, settings: ModelSettings) -> Weight:
    """Return the vectors of a vocabulary, `[vocab_size, embedding_dim]`."""
    name = "table" if side == "output" else "embeddings"
    return trained(f"{_ROOT}{side}/{name}", vocab_size, settings.embedding_dim)
