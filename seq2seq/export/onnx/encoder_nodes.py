"""ONNX nodes of encoders: their protocol, and the bridge from an encoder to a decoder.

`model.encoder` is a name in the registry `seq2seq.config.registry.ENCODER_NODES`. The nodes are
built when an exported model is loaded; therefore a module that describes them imports no
TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.registry import ENCODER_NODES
from seq2seq.config.schema import ModelSettings
from seq2seq.errors import ModelError
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.messages import Kind
from seq2seq.export.onnx.parameters import Numbers, trained

State = tuple[str, str]  # hidden and cell state, each `[rows, units]`


class Steps(NamedTuple):
    """Positions of the steps of sequences, such as tokens, in a padded batch.

    Attributes:
        lengths: number of steps of each row, `[rows] int32`.
        live: mask of the positions that hold a step, `[time, rows, 1] bool`.
    """

    lengths: str
    live: str


class EncoderInputs(NamedTuple):
    """Inputs of an encoder.

    Attributes:
        sequence: embedded tokens or features, `[time, rows, width]`, padded at the end with any
            values; it may only be used in `GraphBuilder.dense`.
        width: width of a step.
        steps: positions of the steps.
        first: states of the layers before the first step, for an encoder that has states; None for
            zeros.
    """

    sequence: str
    width: int
    steps: Steps
    first: Sequence[State] | None = None


class Encoded(NamedTuple):
    """Values that an encoder computes.

    Attributes:
        sequence: outputs of the top layer, `[time, rows, units]`.
        bound: largest magnitude of `sequence`, if it is known by construction.
        states: states of each layer after the last step; empty for an encoder that has no states.
    """

    sequence: str
    bound: float | None
    states: Sequence[State] = ()


class EncoderNodes(Protocol):
    """Description of the ONNX nodes of an encoder, which compute the same as its Keras layer.

    Attributes:
        has_states: true if the encoder has states (see `seq2seq.model.encoder.Encoder`). With
            states, an encoder that is not bidirectional can read a sequence step by step.
    """

    has_states: bool

    @staticmethod
    def add(
        build: GraphBuilder, settings: ModelSettings, inputs: EncoderInputs, *, root: str
    ) -> Encoded:
        """Add the nodes to a graph.

        Args:
            build: builder of the graph.
            settings: sizes and options of the model.
            inputs: inputs of the encoder.
            root: first part of the paths of the weights, before `encoder/`.
        """

    @staticmethod
    def trained_weights(
        settings: ModelSettings, numbers: Numbers
    ) -> dict[str, NDArray[np.float32]]:
        """Return the trained weights by path in the Keras layer; each path begins with `encoder/`.

        Args:
            settings: sizes and options of the model.
            numbers: numbers of the float32 graph. If the name of each parameter is the path of a
                weight, a call of `numbers_below` is enough.
        """


def encoder_nodes(settings: ModelSettings) -> EncoderNodes:
    """Return the nodes of the encoder that `settings.encoder` names.

    Raises:
        ModelError: no installed package has them.
    """
    if settings.encoder not in ENCODER_NODES:
        raise ModelError(
            f"the model has the encoder {settings.encoder}, whose ONNX nodes no installed package "
            "describes; install the package that it comes from"
        )
    found: EncoderNodes = ENCODER_NODES.load(settings.encoder)
    return found


def numbers_below(prefix: str, numbers: Numbers) -> dict[str, NDArray[np.float32]]:
    """Return the numbers whose names begin with `prefix`."""
    return {name: array for name, array in numbers.items() if name.startswith(prefix)}


def decoder_states(
    build: GraphBuilder, settings: ModelSettings, encoded: Encoded, steps: Steps, *, root: str
) -> list[State]:
    """Add the bridge (see `seq2seq.model.bridge.Bridge`); return the state of each decoder layer.

    Args:
        build: builder of the graph.
        settings: sizes and options of the model.
        encoded: values of the encoder.
        steps: positions of the steps.
        root: first part of the paths of the weights, before `bridge/`.
    """
    layers = range(settings.decoder_layers)
    if encoded.states:
        # The upper layers of a decoder deeper than the encoder start from the top state.
        return [encoded.states[min(number, len(encoded.states) - 1)] for number in layers]
    summary = mean_step(build, encoded.sequence, steps)

    def projected(name: str) -> str:
        kernel = trained(f"{root}{name}/kernel", settings.units, settings.units)
        bias = trained(f"{root}{name}/bias", settings.units)
        return build.node("Tanh", build.dense(name, summary, kernel, bias, bound=encoded.bound))

    return [
        (projected(f"bridge/hidden_{number}"), projected(f"bridge/cell_{number}"))
        for number in layers
    ]


def mean_step(build: GraphBuilder, sequence: str, steps: Steps) -> str:
    """Return the mean `[rows, units]` of the steps of `sequence` `[time, rows, units]`."""
    kept = build.node("Where", steps.live, sequence, build.constant(np.float32(0.0)))
    total = build.node("ReduceSum", kept, build.constant(np.array([0])), keepdims=0)
    count = build.node("Cast", steps.lengths, to=Kind.FLOAT)
    return build.node("Div", total, build.node("Unsqueeze", count, build.constant(np.array([1]))))


def last_step(build: GraphBuilder, sequence: str, steps: Steps) -> str:
    """Return the last step `[rows, units]` of each row of `sequence` `[time, rows, units]`."""
    lengths = build.node("Cast", steps.lengths, to=Kind.INT64)
    index = build.node("Sub", lengths, build.constant(np.array(1)))
    index = build.node("Unsqueeze", index, build.constant(np.array([1])))
    by_row = build.node("Transpose", sequence, perm=[1, 0, 2])
    return build.node("GatherND", by_row, index, batch_dims=1)
