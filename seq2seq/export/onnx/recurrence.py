"""ONNX graphs of LSTM layers: over whole padded sequences, and one step at a time.

In float32 a layer is ONNX's own LSTM operator. In integers it is a Scan over time, because the
quantized LSTM of ONNX Runtime has one scale for the whole batch, so that the result of a sentence
would depend on the other sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seq2seq.export.onnx.builder import GraphBuilder

# Keras orders the gates as input, forget, candidate, output; ONNX as input, output, forget,
# candidate.
_ONNX_ORDER = (0, 3, 1, 2)

HIDDEN_BOUND = 1.0  # an LSTM's output is a sigmoid times a tanh


class LSTMWeights(NamedTuple):
    """Weights of one LSTM, gates in Keras' order.

    Attributes:
        kernel: weights of the inputs, `[features, 4 * units]`.
        recurrent: weights of the hidden state, `[units, 4 * units]`.
        bias: bias of the gates, `[4 * units]`.
    """

    kernel: NDArray[np.float32]
    recurrent: NDArray[np.float32]
    bias: NDArray[np.float32]


class Tokens(NamedTuple):
    """Positions of the tokens in a padded batch.

    Attributes:
        lengths: number of tokens of each row, `[rows] int32`.
        live: mask of the positions that hold a token, `[time, rows, 1] bool`.
    """

    lengths: str
    live: str


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
    sequence: str,
    tokens: Tokens,
    directions: Sequence[LSTMWeights],
    *,
    bound: float | None,
) -> Layer:
    """Add one LSTM forwards and, if two are given, a second one backwards.

    Args:
        build: builder of the graph.
        sequence: inputs of the layer, `[time, rows, features]`, padded at the end.
        tokens: positions of the tokens.
        directions: weights of one or two LSTMs.
        bound: largest magnitude of `sequence`, as `GraphBuilder.dense` takes it.
    """
    if build.quantized:
        return _scanned(build, sequence, tokens, directions, bound)
    units = directions[0].recurrent.shape[0]
    outputs, hidden, cell = build.nodes(
        "LSTM",
        sequence,
        build.constant(np.stack([_gates_first(lstm.kernel) for lstm in directions])),
        build.constant(np.stack([_gates_first(lstm.recurrent) for lstm in directions])),
        build.constant(np.stack([_both_biases(lstm.bias) for lstm in directions])),
        tokens.lengths,
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
    inputs: str,
    state: tuple[str, str],
    lstm: LSTMWeights,
    *,
    bound: float | None,
) -> tuple[str, str]:
    """Compute one step: `inputs` `[rows, features]` and `(hidden, cell)` → new `(hidden, cell)`.

    `bound` is the largest magnitude of `inputs`, as `GraphBuilder.dense` takes it.
    """
    hidden, cell = state
    if bound == HIDDEN_BOUND or not build.quantized:
        both = build.node("Concat", inputs, hidden, axis=-1)
        kernel = np.concatenate([lstm.kernel, lstm.recurrent])
        mixed = build.dense(both, kernel, lstm.bias, bound=bound)
    else:
        mixed = build.node(
            "Add",
            build.dense(inputs, lstm.kernel, bound=bound),
            build.dense(hidden, lstm.recurrent, lstm.bias, bound=HIDDEN_BOUND),
        )
    return _gated(build, mixed, cell)


def _gated(build: GraphBuilder, mixed: str, cell: str) -> tuple[str, str]:
    """Return the new state of an LSTM from the inputs of its gates `[rows, 4 * units]`."""
    admit, forget, candidate, emit = build.nodes("Split", mixed, count=4, axis=-1, num_outputs=4)
    kept = build.node("Mul", build.node("Sigmoid", forget), cell)
    added = build.node("Mul", build.node("Sigmoid", admit), build.node("Tanh", candidate))
    cell = build.node("Add", kept, added)
    return build.node("Mul", build.node("Sigmoid", emit), build.node("Tanh", cell)), cell


def _scanned(
    build: GraphBuilder,
    sequence: str,
    tokens: Tokens,
    directions: Sequence[LSTMWeights],
    bound: float | None,
) -> Layer:
    """Add the layer as a Scan over time, all directions in one."""
    count, units = len(directions), directions[0].recurrent.shape[0]
    lengths = build.node("Cast", tokens.lengths, to=TensorProto.INT64)
    # The products with the inputs need no state, so all of them are computed at once.
    inputs = [build.dense(sequence, lstm.kernel, lstm.bias, bound=bound) for lstm in directions]
    if count == 2:
        inputs[1] = build.node("ReverseSequence", inputs[1], lengths)
    first = build.node("Gather", tokens.live, build.constant(np.array(0)), axis=0)
    first = build.node("Cast", first, to=TensorProto.FLOAT)
    zeros = build.node("Mul", first, build.constant(np.zeros([1, units], np.float32)))
    found = build.nodes(
        "Scan",
        *[zeros] * (2 * count),
        tokens.live,
        *inputs,
        count=3 * count,
        body=_scan_body(build, directions).graph(),
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


def _scan_body(build: GraphBuilder, directions: Sequence[LSTMWeights]) -> GraphBuilder:
    """Return the Scan's body, one time step; a row past its last token keeps its state."""
    body = GraphBuilder("in_time", quantized=True, prefix=f"{build.fresh('in_time')}_")
    units = directions[0].recurrent.shape[0]
    real = TensorProto.FLOAT
    states = [
        [body.input(f"{body.prefix}{part}_{index}", real, "rows", units) for part in ("h", "c")]
        for index in range(len(directions))
    ]
    live = body.input(f"{body.prefix}live", TensorProto.BOOL, "rows", 1)
    inputs = [
        body.input(f"{body.prefix}x_{index}", real, "rows", 4 * units)
        for index in range(len(directions))
    ]
    outputs = []
    for index, (lstm, (hidden, cell)) in enumerate(zip(directions, states, strict=True)):
        recurrent = body.dense(hidden, lstm.recurrent, bound=HIDDEN_BOUND)
        mixed = body.node("Add", inputs[index], recurrent)
        new_hidden, new_cell = _gated(body, mixed, cell)
        for part, new, old in (("h", new_hidden, hidden), ("c", new_cell, cell)):
            kept = body.node("Where", live, new, old)
            body.output(f"{body.prefix}new_{part}_{index}", kept, real, "rows", units)
        outputs.append(new_hidden)
    for index, output in enumerate(outputs):
        body.output(f"{body.prefix}y_{index}", output, real, "rows", units)
    return body


def _gates_first(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert `[features, 4 * units]` in Keras' order to `[4 * units, features]` in ONNX's."""
    return _in_onnx_order(kernel).T


def _both_biases(bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the bias followed by zeros for the second bias, which ONNX has and Keras has not."""
    return np.concatenate([_in_onnx_order(bias), np.zeros_like(bias)])


def _in_onnx_order(gates: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = np.split(gates, 4, axis=-1)
    return np.concatenate([parts[index] for index in _ONNX_ORDER], axis=-1)
