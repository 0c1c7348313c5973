"""Encoder: a stack of unidirectional or bidirectional LSTM layers over the source."""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from seq2seq.model.dropout import drop
from seq2seq.model.padding import reverse_tokens, token_lengths
from seq2seq.model.recurrent import LSTMState, RecurrentLayer, UseCudnn

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

    A bidirectional layer consists of two LSTMs with half the units each; the second reads each
    row's tokens in reverse, with the padding left on the right. (Keras' `Bidirectional` would
    reverse the padding too, and loses `use_cudnn` when it copies its layer: keras#20588.)

    Source: Schuster & Paliwal 1997, "Bidirectional recurrent neural networks".
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
        lengths = token_lengths(mask)
        sequence, states = inputs, []
        for number, directions in enumerate(self.stack):
            layer_input = drop(sequence, self.dropout, seed=seed, site=_DROPOUT_SITE + number)
            outputs, state = _run_directions(directions, layer_input, mask, lengths)
            sequence = sequence + outputs if self.residual and number > 0 else outputs
            states.append(state)
        return Encoding(sequence, tuple(states))


def _run_directions(
    directions: list[RecurrentLayer], inputs: tf.Tensor, mask: tf.Tensor, lengths: tf.Tensor
) -> tuple[tf.Tensor, LSTMState]:
    """Run one layer; return its outputs `[batch, source_len, units]` and its final state."""
    outputs, state = directions[0](inputs, mask)
    if len(directions) == 1:
        return outputs, state
    reversed_outputs, backward = directions[1](reverse_tokens(inputs, lengths), mask)
    outputs = tf.concat([outputs, reverse_tokens(reversed_outputs, lengths)], axis=-1)
    hidden = tf.concat([state.hidden, backward.hidden], axis=-1)
    cell = tf.concat([state.cell, backward.cell], axis=-1)
    return outputs, LSTMState(hidden, cell)
