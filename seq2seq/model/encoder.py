"""Encoders of the source: their protocol, and a stack of LSTM layers, in one direction or two.

`model.encoder` names an entry of the registry `seq2seq.config.registry.ENCODERS`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import keras
import tensorflow as tf

from seq2seq.config.registry import ENCODERS
from seq2seq.config.schema import ModelSettings
from seq2seq.model.composite import Composite
from seq2seq.model.dropout import drop
from seq2seq.model.recurrent import (
    ACTIVATIONS,
    LSTMState,
    RecurrentLayer,
    UseCudnn,
    run_both,
)

_DROPOUT_SITE = 100


class Encoding(NamedTuple):
    """Outputs of the encoder for a batch.

    Attributes:
        outputs: outputs of the top layer, `[batch, source_len, units]`.
        states: final state of each layer, `[batch, units]`; the two directions of a bidirectional
            layer are concatenated. Empty for an encoder that has no states (see `bridge.Bridge`).
    """

    outputs: tf.Tensor
    states: tuple[LSTMState, ...]


class Encoder(Protocol):
    """Keras layer that reads a batch, made by `kind(settings, use_cudnn=..., dtype=...)`.

    Its name is `encoder`, and its layers have names too, because weights have these names in files.
    Its `supports_masking` is true. A layer whose initial weights are not Glorot's values has a
    method `first_values` (see `weights.initialise_weights`). The encoder's nodes in ONNX graphs are
    described by `seq2seq.export.onnx.encoder_nodes.EncoderNodes`.

    Attributes:
        has_states: true if its encodings hold the states of its layers.
    """

    has_states: bool

    def __call__(
        self, inputs: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor | None = None
    ) -> Encoding:
        """Encode `inputs` `[batch, source_len, features]`, padded on the right.

        Padding must not change the outputs of other steps, and may hold any values.

        Args:
            inputs: embedded source tokens, or features.
            mask: flags of source tokens, `[batch, source_len] bool`, at least one in each row.
            seed: seed of the dropout, `[2] int32`; None outside training.
        """

    @staticmethod
    def activation_values(settings: ModelSettings, *, rows: int, length: int) -> int:
        """Return the number of values that a training step keeps, for the memory estimate.

        Args:
            settings: settings of the model.
            rows: rows of the batch.
            length: padded length of its sources.
        """


def build_encoder(settings: ModelSettings, *, use_cudnn: UseCudnn, dtype: object) -> Encoder:
    """Return the encoder that `settings.encoder` names."""
    found: Encoder = ENCODERS.load(settings.encoder)(settings, use_cudnn=use_cudnn, dtype=dtype)
    return found


class LSTMEncoder(Composite, keras.layers.Layer):
    """Stack of LSTM layers with dropout between them and residual connections from the second on.

    A bidirectional layer consists of two LSTMs with half the units each; see `run_both`. It
    implements `Encoder`.
    """

    has_states = True

    def __init__(self, settings: ModelSettings, *, use_cudnn: UseCudnn, dtype: object) -> None:
        super().__init__(name="encoder", dtype=dtype)
        self.supports_masking = True
        self.residual, self.dropout = settings.residual, settings.dropout
        directions = ("forward", "backward") if settings.bidirectional else ("forward",)
        self.stack = [
            [
                RecurrentLayer(
                    settings.units // len(directions),
                    use_cudnn=use_cudnn,
                    name=f"{direction}_{number}",
                    dtype=dtype,
                )
                for direction in directions
            ]
            for number in range(settings.encoder_layers)
        ]

    def call(self, inputs: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor | None = None) -> Encoding:
        """See `Encoder`."""
        sequence, states = inputs, []
        for number, directions in enumerate(self.stack):
            layer_input = drop(sequence, self.dropout, seed=seed, site=_DROPOUT_SITE + number)
            outputs, state = _run_directions(directions, layer_input, mask)
            sequence = sequence + outputs if self.residual and number > 0 else outputs
            states.append(state)
        return Encoding(sequence, tuple(states))

    @staticmethod
    def activation_values(settings: ModelSettings, *, rows: int, length: int) -> int:
        """See `Encoder`."""
        return rows * length * settings.encoder_layers * settings.units * ACTIVATIONS


def _run_directions(
    directions: list[RecurrentLayer], inputs: tf.Tensor, mask: tf.Tensor
) -> tuple[tf.Tensor, LSTMState]:
    """Run one layer; return its outputs `[batch, source_len, units]` and its final state."""
    first, *others = directions
    if others:
        return run_both(first, others[0], inputs, mask)
    found: tuple[tf.Tensor, LSTMState] = first(inputs, mask)
    return found
