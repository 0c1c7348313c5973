"""Layers of the encoder in ONNX graphs, for models of all tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.parameters import Numbers
from seq2seq.export.onnx.recurrence import (
    HIDDEN_BOUND,
    LSTMWeights,
    Steps,
    keras_weights,
    recurrent_layer,
)


class Stack(NamedTuple):
    """Values that the encoder computes.

    Attributes:
        sequence: outputs of the top layer, `[time, rows, units]`.
        bound: largest magnitude of `sequence`.
        states: hidden and cell state of each layer, `[rows, units]`.
    """

    sequence: str
    bound: float | None
    states: list[tuple[str, str]]


def encoder_stack(
    build: GraphBuilder,
    settings: ModelSettings,
    sequence: str,
    steps: Steps,
    *,
    root: str,
    features: int | None = None,
    first: Sequence[tuple[str, str]] | None = None,
) -> Stack:
    """Add the layers of the encoder.

    Args:
        build: builder of the graph.
        settings: sizes and options of the model.
        sequence: inputs of the first layer, `[time, rows, features]`.
        steps: positions of the steps.
        root: prefix of the paths of the weights.
        features: width of `sequence`; by default that of the embedding.
        first: states of the layers before the first step; zeros by default.
    """
    bound: float | None = None
    states = []
    sides = ("forward", "backward") if settings.bidirectional else ("forward",)
    for number in range(settings.encoder_layers):
        width = settings.units if number else features or settings.embedding_dim
        directions = [
            LSTMWeights.of(f"{root}encoder/{side}_{number}", width, settings.units // len(sides))
            for side in sides
        ]
        layer = recurrent_layer(
            build,
            f"encoder/{number}",
            sequence,
            steps,
            directions,
            bound=bound,
            first=None if first is None else first[number],
        )
        sequence, bound = with_residual(
            build, sequence, bound, layer.outputs, residual=settings.residual and number > 0
        )
        states.append((layer.hidden, layer.cell))
    return Stack(sequence, bound, states)


def with_residual(
    build: GraphBuilder, sequence: str, bound: float | None, outputs: str, *, residual: bool
) -> tuple[str, float]:
    """Return the output of a layer after its residual connection, and its bound."""
    if not residual or bound is None:
        return outputs, HIDDEN_BOUND
    return build.node("Add", sequence, outputs), bound + HIDDEN_BOUND


def encoder_weights(settings: ModelSettings, numbers: Numbers) -> dict[str, NDArray[np.float32]]:
    """Return the trained weights of the encoder, without the prefix of their paths."""
    sides = ("forward", "backward") if settings.bidirectional else ("forward",)
    found = {}
    for number in range(settings.encoder_layers):
        for direction, side in enumerate(sides):
            cell = f"encoder/{side}_{number}/lstm/lstm_cell"
            weights = keras_weights(numbers, f"encoder/{number}", direction)
            for part, array in zip(("kernel", "recurrent_kernel", "bias"), weights, strict=True):
                found[f"{cell}/{part}"] = array
    return found
