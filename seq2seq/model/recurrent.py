"""One LSTM layer as the encoder and the decoder use it."""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf


class LSTMState(NamedTuple):
    """What an LSTM carries from one step to the next, each `[batch, units]`."""

    hidden: tf.Tensor
    cell: tf.Tensor


class RecurrentLayer(keras.layers.Layer):
    """An LSTM over whole sequences, and the same LSTM one step at a time.

    Every argument that cuDNN needs is at its default and the padding is on the right, so that
    Keras takes cuDNN on a GPU; `use_cudnn=False` keeps it out of an exported graph, which must
    load on a CPU.

    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory".
    """

    def __init__(self, units: int, *, use_cudnn: str | bool, name: str, dtype: object) -> None:
        super().__init__(name=name, dtype=dtype)
        self.supports_masking = True
        self.lstm = keras.layers.LSTM(
            units,
            return_sequences=True,
            return_state=True,
            use_cudnn=use_cudnn,
            name="lstm",
            dtype=dtype,
        )

    def call(
        self, inputs: tf.Tensor, mask: tf.Tensor, initial_state: LSTMState | None = None
    ) -> tuple[tf.Tensor, LSTMState]:
        """Run over `inputs` `[batch, length, features]` with `mask` `[batch, length] bool`.

        Returns:
            outputs `[batch, length, units]`, and the state after each row's last token.
        """
        state = None if initial_state is None else list(initial_state)
        outputs, hidden, cell = self.lstm(inputs, mask=mask, initial_state=state)
        return outputs, LSTMState(hidden, cell)

    def step(self, inputs: tf.Tensor, state: LSTMState) -> tuple[tf.Tensor, LSTMState]:
        """One step over `inputs` `[batch, features]`; returns the output `[batch, units]`."""
        output, (hidden, cell) = self.lstm.cell(inputs, list(state))
        return output, LSTMState(hidden, cell)
