"""ONNX nodes of the LSTM encoder, `seq2seq.model.encoder.LSTMEncoder`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.encoder_nodes import Encoded, EncoderInputs
from seq2seq.export.onnx.parameters import Numbers
from seq2seq.export.onnx.recurrence import (
    LSTMWeights,
    keras_weights,
    recurrent_layer,
    with_residual,
)


class LSTMNodes:
    """Stack of LSTM layers. It implements `EncoderNodes`."""

    has_states = True

    @staticmethod
    def add(
        build: GraphBuilder, settings: ModelSettings, inputs: EncoderInputs, *, root: str
    ) -> Encoded:
        """See `EncoderNodes`."""
        bound: float | None = None
        sequence, states = inputs.sequence, []
        sides = _sides(settings)
        for number in range(settings.encoder_layers):
            width, units = settings.units if number else inputs.width, settings.units // len(sides)
            directions = [
                LSTMWeights.of(f"{root}encoder/{side}_{number}", width, units) for side in sides
            ]
            layer = recurrent_layer(
                build,
                f"encoder/{number}",
                sequence,
                inputs.steps,
                directions,
                bound=bound,
                first=None if inputs.first is None else inputs.first[number],
            )
            sequence, bound = with_residual(
                build, sequence, bound, layer.outputs, residual=settings.residual and number > 0
            )
            states.append((layer.hidden, layer.cell))
        return Encoded(sequence, bound, states)

    @staticmethod
    def trained_weights(
        settings: ModelSettings, numbers: Numbers
    ) -> dict[str, NDArray[np.float32]]:
        """See `EncoderNodes`."""
        found = {}
        for number in range(settings.encoder_layers):
            for direction, side in enumerate(_sides(settings)):
                cell = f"encoder/{side}_{number}/lstm/lstm_cell"
                kernel, recurrent, bias = keras_weights(numbers, f"encoder/{number}", direction)
                found[f"{cell}/kernel"], found[f"{cell}/recurrent_kernel"] = kernel, recurrent
                found[f"{cell}/bias"] = bias
        return found


def _sides(settings: ModelSettings) -> tuple[str, ...]:
    return ("forward", "backward") if settings.bidirectional else ("forward",)
