"""LSTM layers through cuDNN, with padding that does not change the state.

cuDNN accepts the length of each row, but then it rearranges its inputs, which took half of a
training step on an H200 (53 of 105 ms). Rows of one length need no rearrangement. Therefore each
row runs over its padding too, and an additional input marks the padding: the weights of this input
close the input and output gates and open the forget gate. `sigmoid(-1e4)` is exactly 0 and
`sigmoid(1e4)` exactly 1 in every precision, so the cell does not change, the output is 0, and the
gradient of every gate is 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from seq2seq.model.lstm_loop import Weights, swap_batch_and_time

_SATURATED = 1e4  # below the maximum of float16
_MARKS = 8  # additional inputs, of which one is used; products are faster with a multiple of 8

State = tuple[tf.Tensor, tf.Tensor]


def run_cudnn(
    inputs: tf.Tensor, mask: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, weights: Weights
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Run an LSTM over whole sequences; see `run_lstm` for arguments and results.

    The mask must have its padding on the right, where the outputs are zero.
    """
    outputs, _, cells = _call([weights], inputs, mask, hidden[tf.newaxis], cell[tf.newaxis])
    return swap_batch_and_time(outputs), _last(outputs, mask, hidden), cells[0]


def run_cudnn_both(
    inputs: tf.Tensor, mask: tf.Tensor, forward: Weights, backward: Weights
) -> tuple[tf.Tensor, State, State]:
    """Run two LSTMs over whole sequences, the second one from the end of each row.

    Args:
        inputs: input sequences, `[batch, length, features]`.
        mask: flags of steps, `[batch, length] bool`, with the padding on the right.
        forward, backward: weights of the two LSTMs, of the type of the inputs.

    Returns:
        outputs of both LSTMs `[batch, length, 2 * units]`, zero at padding, and hidden state and
        cell of each LSTM, `[batch, units]`, after the last step that it reads. Both start from
        zero states.
    """
    units = forward.recurrent.shape[0]
    zeros = tf.zeros([2, tf.shape(inputs)[0], units], inputs.dtype)
    outputs, hiddens, cells = _call([forward, backward], inputs, mask, zeros, zeros)
    last = _last(outputs[:, :, :units], mask, zeros[0])
    return swap_batch_and_time(outputs), (last, cells[0]), (hiddens[1], cells[1])


def mark_padding(inputs: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Add the inputs that mark padding.

    Args:
        inputs: input sequences, time first, `[length, batch, features]`.
        mask: flags of steps, `[length, batch] bool`.
    """
    padding = tf.cast(tf.logical_not(mask), inputs.dtype)[:, :, tf.newaxis]
    return tf.concat([inputs, tf.pad(padding, [[0, 0], [0, 0], [0, _MARKS - 1]])], axis=2)


def freeze_at_marks(kernel: tf.Tensor) -> tf.Tensor:
    """Append the weights of `mark_padding`'s inputs to `kernel`, `[features, 4 * units]`."""
    units = kernel.shape[1] // 4
    gates = [sign * _SATURATED for sign in (-1.0, 1.0, 0.0, -1.0) for _ in range(units)]
    marks = tf.pad(tf.constant([gates], kernel.dtype), [[0, _MARKS - 1], [0, 0]])
    return tf.concat([kernel, marks], axis=0)


def _call(
    directions: Sequence[Weights],
    inputs: tf.Tensor,
    mask: tf.Tensor,
    hidden: tf.Tensor,
    cell: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Call cuDNN.

    Args:
        directions: weights of the LSTM, or of two in both directions.
        inputs: input sequences, `[batch, length, features]`.
        mask: flags of steps, `[batch, length] bool`.
        hidden, cell: states before the first step, `[directions, batch, units]`.

    Returns:
        outputs `[length, batch, directions * units]`, zero at padding, and the states after the
        last position of each direction, padding included.
    """
    marked = mark_padding(swap_batch_and_time(inputs), tf.transpose(mask))
    shape = tf.shape(marked)
    with tf.device("CPU:0"):  # where cuDNN's operation reads the lengths
        lengths = tf.fill([shape[1]], shape[0])
    outputs, hidden, cell, _, _ = tf.raw_ops.CudnnRNNV3(
        input=marked,
        input_h=hidden,
        input_c=cell,
        params=_parameters(directions),
        sequence_lengths=lengths,
        rnn_mode="lstm",
        direction="unidirectional" if len(directions) == 1 else "bidirectional",
        is_training=True,
        time_major=True,
    )
    return outputs, hidden, cell


def _parameters(directions: Sequence[Weights]) -> tf.Tensor:
    """Return the weights in cuDNN's order: all matrices, transposed, and then all biases."""
    matrices = [
        tf.reshape(tf.transpose(matrix), [-1])
        for each in directions
        for matrix in (freeze_at_marks(each.kernel), each.recurrent)
    ]
    # cuDNN has a second bias for the inputs.
    biases = [part for each in directions for part in (tf.zeros_like(each.bias), each.bias)]
    return tf.concat([*matrices, *biases], axis=0)


def _last(outputs: tf.Tensor, mask: tf.Tensor, hidden: tf.Tensor) -> tf.Tensor:
    """Return each row's output `[batch, units]` at its last step, or `hidden` if it has none.

    Args:
        outputs: outputs, `[length, batch, units]`.
        mask: flags of steps, `[batch, length] bool`.
        hidden: hidden state before the first step, `[batch, units]`.
    """
    last = tf.reduce_sum(tf.cast(mask, tf.int32), axis=1) - 1
    chosen = tf.range(tf.shape(outputs)[0])[:, tf.newaxis] == last
    # The gradient of a gather would be a scatter, whose deterministic version is slow.
    found = tf.reduce_sum(
        tf.where(chosen[:, :, tf.newaxis], outputs, tf.zeros([], outputs.dtype)), 0
    )
    return tf.where(last[:, tf.newaxis] < 0, hidden, found)
