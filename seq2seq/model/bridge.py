"""Bridge from an encoder to a decoder: the states from which the decoder starts."""

from __future__ import annotations

import keras
import tensorflow as tf

from seq2seq.model.composite import Composite
from seq2seq.model.encoder import Encoding
from seq2seq.model.pooling import mean_step
from seq2seq.model.recurrent import LSTMState


class Bridge(Composite, keras.layers.Layer):
    """Layer that computes the initial states of the decoder's layers from an encoding.

    If the encoder has states, they are used unchanged; in a decoder deeper than the encoder, the
    upper layers start from the encoder's top state. If the encoder has no states, the mean of its
    outputs is projected to each state; the bridge has weights only in this case.

    Source: Bahdanau et al. 2015 for the projection `tanh(W h)`.
    """

    def __init__(self, *, units: int, layers: int, has_states: bool, dtype: object) -> None:
        super().__init__(name="bridge", dtype=dtype)
        self.supports_masking = True
        self.depth = layers
        self.projections = [
            keras.layers.Dense(units, activation="tanh", name=f"{part}_{number}", dtype=dtype)
            for number in range(0 if has_states else layers)
            for part in LSTMState._fields
        ]

    def call(self, encoding: Encoding, mask: tf.Tensor) -> tuple[LSTMState, ...]:
        """Return the initial state of each layer of the decoder, `[batch, units]`.

        Args:
            encoding: encoded batch.
            mask: flags of source tokens, `[batch, source_len] bool`.
        """
        if not self.projections:
            last = len(encoding.states) - 1
            return tuple(encoding.states[min(number, last)] for number in range(self.depth))
        summary = mean_step(encoding.outputs, mask)
        parts = [project(summary) for project in self.projections]
        return tuple(LSTMState(*pair) for pair in zip(parts[::2], parts[1::2], strict=True))
