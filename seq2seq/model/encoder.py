"""Encoder: a stack of unidirectional or bidirectional LSTM layers over the source."""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from seq2seq.model.dropout import drop
from seq2seq.model.recurrent import LSTMState, RecurrentLayer, UseCudnn, run_both

_DROPOUT_SITE = 100


class Encoding(NamedTuple):
    """Outputs of the encoder for a batch.

    Attributes:
        outputs: outputs of the top layer, `[batch, source_len, units]`.
        states: final state of each layer, `[batch, units]`; the two directions of a bidirectional
            layer are concatenated.
    """

    outputs: tf.Tensor
    states: tuple[LSTMState, ...]


class Encoder(keras.layers.Layer):
    """Stack of LSTM layers with dropout between them and residual connections from the second on.

    A bidirectional layer consists of two LSTMs with half the units each; see `run_both`.
    """

    def __init__(
        self,
        *,
        units: int,
        layers: int,
        bidirectional: bool,
        residual: bool,
        dropout: float,
        use_cudnn: UseCudnn,
        dtype: object,
    ) -> None:
        super().__init__(name="encoder", dtype=dtype)
        self.supports_masking = True
        self.residual, self.dropout = residual, dropout
        directions = ("forward", "backward") if bidirectional else ("forward",)
        self.stack = [
            [
                RecurrentLayer(
                    units // len(directions),
                    use_cudnn=use_cudnn,
                    name=f"{direction}_{number}",
                    dtype=dtype,
                )
                for direction in directions
            ]
            for number in range(layers)
        ]

    def call(self, inputs: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor | None = None) -> Encoding:
        """Encode `inputs` `[batch, source_len, features]`, padded on the right.

        Args:
            inputs: embedded source tokens.
            mask: flags of source tokens, `[batch, source_len] bool`, at least one token in each
                row.
            seed: seed of the dropout, `[2] int32`; None outside training.
        """
        sequence, states = inputs, []
        for number, directions in enumerate(self.stack):
            layer_input = drop(sequence, self.dropout, seed=seed, site=_DROPOUT_SITE + number)
            outputs, state = _run_directions(directions, layer_input, mask)
            sequence = sequence + outputs if self.residual and number > 0 else outputs
            states.append(state)
        return Encoding(sequence, tuple(states))


def _run_directions(
    directions: list[RecurrentLayer], inputs: tf.Tensor, mask: tf.Tensor
) -> tuple[tf.Tensor, LSTMState]:
    """Run one layer; return its outputs `[batch, source_len, units]` and its final state."""
    first, *others = directions
    if others:
        return run_both(first, others[0], inputs, mask)
    found: tuple[tf.Tensor, LSTMState] = first(inputs, mask)
    return found
