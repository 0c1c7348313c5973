"""LSTM layer of encoder and decoder."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.model.backend import has_gpu
from seq2seq.model.composite import Composite
from seq2seq.model.cudnn_lstm import run_cudnn, run_cudnn_both
from seq2seq.model.lstm_loop import Weights, lstm_step, run_lstm
from seq2seq.model.padding import reverse_tokens, token_lengths
from seq2seq.model.weights import default_values

UseCudnn = Literal["auto"] | bool
ACTIVATIONS = 14  # values per unit and position: gates, states, their gradients, copies


class LSTMState(NamedTuple):
    """State of an LSTM after a step, each part `[batch, units]`."""

    hidden: tf.Tensor
    cell: tf.Tensor


class LSTM(keras.layers.LSTM):
    """Keras' LSTM with the same variables and results, computed faster.

    On a GPU, `use_cudnn="auto"` uses cuDNN through `run_cudnn`; padding must be on the right.
    Otherwise the loop of `run_lstm` is used. With arguments that neither of the two supports (other
    activations, recurrent dropout, reading backwards), Keras' own code is used.
    """

    def inner_loop(
        self,
        sequences: tf.Tensor,
        initial_state: list[tf.Tensor],
        mask: tf.Tensor | None,
        training: bool = False,
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Run over `sequences` `[batch, length, features]`; see `keras.layers.LSTM`."""
        if not self._is_plain():
            found: tuple[Any, Any, Any] = super().inner_loop(
                sequences, initial_state, mask, training=training
            )
            return found
        if training and self.dropout:
            sequences *= self.cell.get_dropout_mask(sequences[:, 0, :])[:, tf.newaxis, :]
        mask = mask[0] if isinstance(mask, list) else mask
        if mask is None:
            mask = tf.ones(tf.shape(sequences)[:2], tf.bool)
        weights, (hidden, cell) = self.weights_in(sequences), initial_state
        run = run_cudnn if self.runs_cudnn() else run_lstm
        outputs, hidden, cell = run(sequences, mask, hidden, cell, weights)
        return hidden, outputs, [hidden, cell]

    def runs_cudnn(self) -> bool:
        """Return whether this layer computes through cuDNN."""
        return bool(self.use_cudnn) and has_gpu() and self._is_plain()

    def weights_in(self, inputs: tf.Tensor) -> Weights:
        """Return the weights converted to the type of `inputs`."""
        cell = self.cell
        variables = (cell.kernel, cell.recurrent_kernel, cell.bias)
        return Weights(*(tf.cast(variable.value, inputs.dtype) for variable in variables))

    def _is_plain(self) -> bool:
        return (
            self.activation is keras.activations.tanh
            and self.recurrent_activation is keras.activations.sigmoid
            and self.use_bias
            and not self.recurrent_dropout
            and not (self.go_backwards or self.unroll or self.stateful)
        )


class RecurrentLayer(Composite, keras.layers.Layer):
    """LSTM that runs over whole sequences or one step at a time.

    With cuDNN, the LSTM of a model in bfloat16 computes in float32: TensorFlow's operation returns
    wrong gradients in bfloat16, which also vary for the same batch. `use_cudnn=False` avoids cuDNN
    in an exported graph, which must load on a CPU.

    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory".
    """

    def __init__(self, units: int, *, use_cudnn: UseCudnn, name: str, dtype: object) -> None:
        super().__init__(name=name, dtype=dtype)
        self.supports_masking = True
        widened = use_cudnn and has_gpu() and self.compute_dtype == "bfloat16"
        self.lstm = LSTM(
            units,
            return_sequences=True,
            return_state=True,
            use_cudnn=use_cudnn,
            name="lstm",
            dtype="float32" if widened else dtype,
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
        kind = self.compute_dtype
        return tf.cast(outputs, kind), LSTMState(tf.cast(hidden, kind), tf.cast(cell, kind))

    def first_values(
        self, name: str, shape: tuple[int, ...], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the initial values of a weight (see `weights.initialise_weights`).

        Recurrent kernels are orthogonal for each gate (Saxe et al. 2014); forget gates have a bias
        of one (Jozefowicz et al. 2015).
        """
        if name == "recurrent_kernel":
            units = shape[0]
            gates = [np.linalg.qr(random.standard_normal((units, units)))[0] for _ in range(4)]
            return np.concatenate(gates, axis=1)
        values = default_values(name, shape, random)
        if name == "bias":
            values[shape[0] // 4 : shape[0] // 2] = 1.0
        return values

    def step(self, inputs: tf.Tensor, state: LSTMState) -> tuple[tf.Tensor, LSTMState]:
        """Run one step over `inputs` `[batch, features]`.

        Returns:
            output `[batch, units]`, and the new state.
        """
        hidden, cell = lstm_step(inputs, *state, self.lstm.weights_in(inputs))
        return hidden, LSTMState(hidden, cell)


def run_both(
    forward: RecurrentLayer, backward: RecurrentLayer, inputs: tf.Tensor, mask: tf.Tensor
) -> tuple[tf.Tensor, LSTMState]:
    """Run two layers in both directions; the second one reads each row from its end.

    Padding stays on the right for both. (Keras' `Bidirectional` would reverse the padding too, and
    loses `use_cudnn` when it copies its layer: keras#20588.)

    Args:
        forward, backward: layers of equal width.
        inputs: input sequences, `[batch, length, features]`.
        mask: flags of steps, `[batch, length] bool`, with the padding on the right.

    Returns:
        outputs `[batch, length, 2 * units]`, and the states after the last step that each layer
        reads, concatenated.

    Source: Schuster & Paliwal 1997, "Bidirectional recurrent neural networks".
    """
    # The first call of each layer creates its weights.
    if backward.built and forward.lstm.runs_cudnn():
        kind = forward.compute_dtype
        converted = tf.cast(inputs, forward.lstm.compute_dtype)
        weights = (each.lstm.weights_in(converted) for each in (forward, backward))
        outputs, *states = run_cudnn_both(converted, mask, *weights)
        outputs = tf.cast(outputs, kind)
        ends = [LSTMState(*(tf.cast(part, kind) for part in state)) for state in states]
    else:
        lengths = token_lengths(mask)
        first, end = forward(inputs, mask)
        second, start = backward(reverse_tokens(inputs, lengths), mask)
        outputs = tf.concat([first, reverse_tokens(second, lengths)], axis=-1)
        ends = [end, start]
    hidden = tf.concat([state.hidden for state in ends], axis=-1)
    return outputs, LSTMState(hidden, tf.concat([state.cell for state in ends], axis=-1))
