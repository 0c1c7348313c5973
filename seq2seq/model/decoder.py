"""Decoder: a stack of LSTM layers over the target, with attention after the first layer.

The first layer reads only the target tokens. Attention takes its output, and the result is the
input of the layers above. No layer needs the attention of the previous step, so in training each
layer runs over the whole target at once (teacher forcing). In search, `step` runs the same layers
token by token.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from seq2seq.config.choices import AttentionKind
from seq2seq.config.schema import ModelSettings
from seq2seq.model.attention import build_attention
from seq2seq.model.composite import Composite
from seq2seq.model.dropout import drop
from seq2seq.model.recurrent import ACTIVATIONS, LSTMState, RecurrentLayer, UseCudnn

_DROPOUT_SITE = 200


class Memory(NamedTuple):
    """Encoded source in the form that the decoder uses, computed once for each batch.

    Attributes:
        keys: projected encoder outputs, `[batch, source_len, units]`; None without attention.
        values: encoder outputs, `[batch, source_len, units]`.
        mask: flags of source tokens, `[batch, source_len] bool`.
    """

    keys: tf.Tensor | None
    values: tf.Tensor
    mask: tf.Tensor


class Decoded(NamedTuple):
    """Outputs of the decoder.

    Attributes:
        features: inputs of the output layer, `[batch, target_len, units]`.
        attention: attention weights, `[batch, target_len, source_len] float32`; None without
            attention.
        states: state of each layer after the last token.
    """

    features: tf.Tensor
    attention: tf.Tensor | None
    states: tuple[LSTMState, ...]


class Decoder(Composite, keras.layers.Layer):
    """Stack of LSTM layers with attention after the first and residual connections from the second.

    Source: Luong et al. 2015 for the attentional vector `tanh(W [output; context])`.
    """

    def __init__(
        self,
        *,
        units: int,
        layers: int,
        attention: AttentionKind,
        residual: bool,
        dropout: float,
        use_cudnn: UseCudnn,
        dtype: object,
    ) -> None:
        super().__init__(name="decoder", dtype=dtype)
        self.supports_masking = True
        self.residual, self.dropout = residual, dropout
        self.stack = [
            RecurrentLayer(units, use_cudnn=use_cudnn, name=f"layer_{number}", dtype=dtype)
            for number in range(layers)
        ]
        self.attention = build_attention(attention, units, dtype=dtype)
        self.combine = (
            None
            if self.attention is None
            else keras.layers.Dense(units, activation="tanh", name="combine", dtype=dtype)
        )

    def memory(self, values: tf.Tensor, mask: tf.Tensor) -> Memory:
        """Prepare encoder outputs `[batch, source_len, units]` for attention."""
        keys = None if self.attention is None else self.attention.keys(values)
        return Memory(keys, values, mask)

    def call(
        self,
        inputs: tf.Tensor,
        mask: tf.Tensor,
        memory: Memory,
        states: tuple[LSTMState, ...],
        seed: tf.Tensor | None = None,
    ) -> Decoded:
        """Decode the whole target with known previous tokens (teacher forcing).

        Args:
            inputs: embedded tokens, `[batch, target_len, features]`, padded on the right.
            mask: flags of target tokens, `[batch, target_len] bool`.
            memory: encoded source.
            states: initial state of each layer.
            seed: seed of the dropout, `[2] int32`; None outside training.
        """
        new_states = []
        sequence, weights = inputs, None
        for number, (layer, state) in enumerate(zip(self.stack, states, strict=True)):
            layer_input = drop(sequence, self.dropout, seed=seed, site=_DROPOUT_SITE + number)
            outputs, state = layer(layer_input, mask, state)
            new_states.append(state)
            if number == 0:
                sequence, weights = self._attend(outputs, memory)
            else:
                sequence = sequence + outputs if self.residual else outputs
        return Decoded(sequence, weights, tuple(new_states))

    def step(self, inputs: tf.Tensor, memory: Memory, states: tuple[LSTMState, ...]) -> Decoded:
        """Decode one token from `inputs` `[batch, features]`; the result has a target_len of 1."""
        new_states = []
        sequence, weights = inputs[:, tf.newaxis, :], None
        for number, (layer, state) in enumerate(zip(self.stack, states, strict=True)):
            output, state = layer.step(sequence[:, 0, :], state)
            new_states.append(state)
            outputs = output[:, tf.newaxis, :]
            if number == 0:
                sequence, weights = self._attend(outputs, memory)
            else:
                sequence = sequence + outputs if self.residual else outputs
        return Decoded(sequence, weights, tuple(new_states))

    @staticmethod
    def activation_values(settings: ModelSettings, *, rows: int, source: int, target: int) -> int:
        """Return the number of values that a training step keeps, for the memory estimate.

        Args:
            settings: settings of the model.
            rows: rows of the batch.
            source, target: padded lengths of its two sides.
        """
        stack = rows * target * settings.decoder_layers * settings.units * ACTIVATIONS
        scores = rows * source * target
        attention = {"none": 0, "luong": 3 * scores, "bahdanau": 3 * scores * settings.units}
        return stack + attention[settings.attention]

    def _attend(self, outputs: tf.Tensor, memory: Memory) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Return the attentional vectors of `outputs`, and the attention weights."""
        if self.attention is None or self.combine is None:
            return outputs, None
        context, weights = self.attention(outputs, memory.keys, memory.values, memory.mask)
        return self.combine(tf.concat([outputs, context], axis=-1)), weights
