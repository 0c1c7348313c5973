"""ONNX graphs of LSTM layers: over whole padded sequences, and one step at a time.

In float32 a layer is ONNX's own LSTM operator. In integers it is a Scan over time, because the
quantized LSTM of ONNX Runtime has one scale for the whole batch, so that the result of a sentence
would depend on the other sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.encoder_nodes import Steps
from seq2seq.export.onnx.messages import Body, Kind
from seq2seq.export.onnx.parameters import Weight, trained

# Keras orders the gates as input, forget, candidate, output; ONNX as input, output, forget,
# candidate.
_ONNX_ORDER = (0, 3, 1, 2)
_KERAS_ORDER = (0, 2, 3, 1)  # inverse of `_ONNX_ORDER`
_SIDES = ("forward", "backward")

HIDDEN_BOUND = 1.0  # an LSTM's output is a sigmoid times a tanh


class LSTMWeights(NamedTuple):
    """Weights of one LSTM, gates in Keras' order.

    Attributes:
        kernel: weights of the inputs, `[features, 4 * units]`.
        recurrent: weights of the hidden state, `[units, 4 * units]`.
        bias: bias of the gates, `[4 * units]`.
    """

    kernel: Weight
    recurrent: Weight
    bias: Weight

    @property
    def units(self) -> int:
        """Return the number of units."""
        return self.recurrent.shape[0]

    @staticmethod
    def of(layer: str, features: int, units: int) -> LSTMWeights:
        """Return the trained weights of the layer with this path in the model."""
        cell = f"{layer}/lstm/lstm_cell"
        return LSTMWeights(
            trained(f"{cell}/kernel", features, 4 * units),
            trained(f"{cell}/recurrent_kernel", units, 4 * units),
            trained(f"{cell}/bias", 4 * units),
        )


class Layer(NamedTuple):
    """Values that a recurrent layer computes.

    Attributes:
        outputs: outputs of each time step, `[time, rows, units]`, both directions concatenated.
        hidden, cell: states after each row's last token, `[rows, units]`, concatenated likewise.
    """

    outputs: str
    hidden: str
    cell: str


def recurrent_layer(
    build: GraphBuilder,
    name: str,
    sequence: str,
    steps: Steps,
    directions: Sequence[LSTMWeights],
    *,
    bound: float | None,
    first: tuple[str, str] | None = None,
) -> Layer:
    """Add an LSTM that reads forwards and, if two are given, a second one that reads backwards.

    Args:
        build: builder of the graph.
        name: name of the layer; the names of its parameters begin with it.
        sequence: inputs of the layer, `[time, rows, features]`, padded at the end.
        steps: positions of the steps.
        directions: weights of one or two LSTMs.
        bound: largest magnitude of `sequence`, as `GraphBuilder.dense` takes it.
        first: hidden and cell state before the first step of one LSTM, each `[rows, units]`; zeros
            by default.
    """
    if build.quantized:
        return _scanned(build, name, sequence, steps, directions, bound, first)
    units = directions[0].units
    optional: list[str] = []
    if first is not None:
        optional = [build.node("Unsqueeze", one, build.constant(np.array([0]))) for one in first]
    outputs, hidden, cell = build.nodes(
        "LSTM",
        sequence,
        build.weight(f"{name}/kernel", _kernels([one.kernel for one in directions])),
        build.weight(f"{name}/recurrent", _kernels([one.recurrent for one in directions])),
        build.weight(f"{name}/bias", _biases([one.bias for one in directions])),
        steps.lengths,
        *optional,
        count=3,
        hidden_size=units,
        direction="forward" if len(directions) == 1 else "bidirectional",
    )
    width = units * len(directions)
    outputs = build.shaped(build.node("Transpose", outputs, perm=[0, 2, 1, 3]), 0, 0, width)
    hidden, cell = (
        build.shaped(build.node("Transpose", state, perm=[1, 0, 2]), 0, width)
        for state in (hidden, cell)
    )
    return Layer(outputs, hidden, cell)


def recurrent_step(
    build: GraphBuilder,
    name: str,
    inputs: str,
    state: tuple[str, str],
    lstm: LSTMWeights,
    *,
    bound: float | None,
) -> tuple[str, str]:
    """Compute one step: `inputs` `[rows, features]` and `(hidden, cell)` → new `(hidden, cell)`.

    Args:
        build: builder of the graph.
        name: name of the layer; the names of its parameters begin with it.
        inputs: inputs of the step.
        state: state before the step, each part `[rows, units]`.
        lstm: weights of the layer.
        bound: largest magnitude of `inputs`, as `GraphBuilder.dense` takes it.
    """
    hidden, cell = state
    if bound == HIDDEN_BOUND or not build.quantized:
        both = build.node("Concat", inputs, hidden, axis=-1)
        mixed = build.dense(name, both, lstm.kernel.above(lstm.recurrent), lstm.bias, bound=bound)
    else:
        mixed = build.node(
            "Add",
            build.dense(f"{name}/input", inputs, lstm.kernel, bound=bound),
            build.dense(f"{name}/state", hidden, lstm.recurrent, lstm.bias, bound=HIDDEN_BOUND),
        )
    return _gated(build, mixed, cell)


def with_residual(
    build: GraphBuilder, sequence: str, bound: float | None, outputs: str, *, residual: bool
) -> tuple[str, float]:
    """Return the output of a layer after its residual connection, and its bound."""
    if not residual or bound is None:
        return outputs, HIDDEN_BOUND
    return build.node("Add", sequence, outputs), bound + HIDDEN_BOUND


def _gated(build: GraphBuilder, mixed: str, cell: str) -> tuple[str, str]:
    """Return the new state of an LSTM from the inputs of its gates `[rows, 4 * units]`."""
    admit, forget, candidate, emit = build.nodes("Split", mixed, count=4, axis=-1, num_outputs=4)
    kept = build.node("Mul", build.node("Sigmoid", forget), cell)
    added = build.node("Mul", build.node("Sigmoid", admit), build.node("Tanh", candidate))
    cell = build.node("Add", kept, added)
    return build.node("Mul", build.node("Sigmoid", emit), build.node("Tanh", cell)), cell


def _scanned(
    build: GraphBuilder,
    name: str,
    sequence: str,
    steps: Steps,
    directions: Sequence[LSTMWeights],
    bound: float | None,
    first: tuple[str, str] | None,
) -> Layer:
    """Add the layer as one Scan over time that covers all directions."""
    count, units = len(directions), directions[0].units
    lengths = build.node("Cast", steps.lengths, to=Kind.INT64)
    # The products with the inputs need no state, so all of them are computed at once.
    inputs = [
        build.dense(f"{name}/{side}/input", sequence, lstm.kernel, lstm.bias, bound=bound)
        for side, lstm in zip(_SIDES, directions, strict=False)
    ]
    if count == 2:
        inputs[1] = build.node("ReverseSequence", inputs[1], lengths)
    before = first
    if before is None:
        start = build.node("Gather", steps.live, build.constant(np.array(0)), axis=0)
        start = build.node("Cast", start, to=Kind.FLOAT)
        zeros = build.node("Mul", start, build.constant(np.zeros([1, units], np.float32)))
        before = (zeros, zeros)
    found = build.nodes(
        "Scan",
        *(before * count),
        steps.live,
        *inputs,
        count=3 * count,
        body=_scan_body(build, name, directions),
        num_scan_inputs=1 + count,
    )
    states, outputs = found[: 2 * count], found[2 * count :]
    if count == 1:
        return Layer(outputs[0], states[0], states[1])
    backward = build.node("ReverseSequence", outputs[1], lengths)
    return Layer(
        build.node("Concat", outputs[0], backward, axis=-1),
        build.node("Concat", states[0], states[2], axis=-1),
        build.node("Concat", states[1], states[3], axis=-1),
    )


def _scan_body(build: GraphBuilder, name: str, directions: Sequence[LSTMWeights]) -> Body:
    """Return the Scan's body, one time step; a row past its last step keeps its state."""
    body = GraphBuilder("in_time", quantized=True, outer=build)
    units = directions[0].units
    states = [
        [
            body.input(f"{body.prefix}{part}_{index}", Kind.FLOAT, "rows", units)
            for part in ("h", "c")
        ]
        for index in range(len(directions))
    ]
    live = body.input(f"{body.prefix}live", Kind.BOOL, "rows", 1)
    inputs = [
        body.input(f"{body.prefix}x_{index}", Kind.FLOAT, "rows", 4 * units)
        for index in range(len(directions))
    ]
    outputs = []
    for index, (lstm, (hidden, cell)) in enumerate(zip(directions, states, strict=True)):
        layer = f"{name}/{_SIDES[index]}/state"
        recurrent = body.dense(layer, hidden, lstm.recurrent, bound=HIDDEN_BOUND)
        mixed = body.node("Add", inputs[index], recurrent)
        new_hidden, new_cell = _gated(body, mixed, cell)
        for part, new, old in (("h", new_hidden, hidden), ("c", new_cell, cell)):
            kept = body.node("Where", live, new, old)
            body.output(f"{body.prefix}new_{part}_{index}", kept, Kind.FLOAT, "rows", units)
        outputs.append(new_hidden)
    for index, output in enumerate(outputs):
        body.output(f"{body.prefix}y_{index}", output, Kind.FLOAT, "rows", units)
    return body.body()


def _kernels(kernels: Sequence[Weight]) -> Weight:
    """Return the weights as `[directions, 4 * units, features]`, with the gates in ONNX's order."""
    return Weight(
        (len(kernels), *kernels[0].shape[::-1]),
        lambda weights: np.stack(
            [_in_order(one.compute(weights), _ONNX_ORDER).T for one in kernels]
        ),
    )


def _biases(biases: Sequence[Weight]) -> Weight:
    """Return the biases `[directions, 8 * units]`; the second, which Keras lacks, is zeros."""

    def both(bias: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([_in_order(bias, _ONNX_ORDER), np.zeros_like(bias)])

    return Weight(
        (len(biases), 2 * biases[0].shape[0]),
        lambda weights: np.stack([both(one.compute(weights)) for one in biases]),
    )


def keras_weights(
    numbers: Mapping[str, NDArray[np.float32]], name: str, direction: int
) -> tuple[NDArray[np.float32], ...]:
    """Return kernel, recurrent kernel and bias of a direction of `recurrent_layer` in float32."""
    bias, *kernels = (
        numbers[f"{name}/{part}"][direction] for part in ("bias", "kernel", "recurrent")
    )
    return (
        *(_in_order(kernel.T, _KERAS_ORDER) for kernel in kernels),
        _in_order(bias[: len(bias) // 2], _KERAS_ORDER),
    )


def _in_order(gates: NDArray[np.float32], order: Sequence[int]) -> NDArray[np.float32]:
    parts = np.split(gates, 4, axis=-1)
    return np.concatenate([parts[index] for index in order], axis=-1)
