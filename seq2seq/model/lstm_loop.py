"""LSTM recurrence as a loop with a custom gradient, for processors without cuDNN.

Automatic differentiation computes the gradient of the kernels at every time step and adds up the
results. Here the backward loop computes only the gradient for the previous step; after it, one
matrix product over all steps gives the gradient of each kernel. Gates and cell are float32 whatever
the type of the inputs, because processors compute sigmoid and tanh slowly in bfloat16 and float16.

Source: Hochreiter & Schmidhuber 1997, "Long short-term memory"; Appleyard et al. 2016, "Optimizing
performance of recurrent neural networks on GPUs", for the products over all steps at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf


class Weights(NamedTuple):
    """Weights of an LSTM in Keras' order of gates: input, forget, candidate, output.

    Attributes:
        kernel: weights of the inputs, `[features, 4 * units]`.
        recurrent: weights of the hidden state, `[units, 4 * units]`.
        bias: bias of the gates, `[4 * units]`.
    """

    kernel: tf.Tensor
    recurrent: tf.Tensor
    bias: tf.Tensor


class _Steps(NamedTuple):
    """Values that the gradient needs from all time steps, time first.

    Attributes:
        hidden: hidden state after each step, `[length, batch, units]`, of the inputs' type.
        cell: cell after each step, `[length, batch, units] float32`.
        gates: activated gates, `[length, batch, 4 * units]`, of the inputs' type.
    """

    hidden: tf.Tensor
    cell: tf.Tensor
    gates: tf.Tensor


def run_lstm(
    inputs: tf.Tensor, mask: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, weights: Weights
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Run an LSTM over whole sequences.

    Where `mask` is false, the state does not change and the previous output is repeated; before
    a row's first step the output is zero.

    Args:
        inputs: input sequences, `[batch, length, features]`, of any floating-point type.
        mask: flags of steps, `[batch, length] bool`.
        hidden, cell: state before the first step, `[batch, units]`.
        weights: weights, of the same type as the inputs.

    Returns:
        outputs `[batch, length, units]`, and hidden state and cell `[batch, units]` after the last
        step, all of the same type as the inputs.
    """

    @tf.custom_gradient
    def recurrence(*arguments: tf.Tensor) -> tuple[Any, Callable[..., Any]]:
        return _recurrence(mask, *arguments)

    found: tuple[tf.Tensor, tf.Tensor, tf.Tensor] = recurrence(inputs, hidden, cell, *weights)
    return found


def lstm_step(
    inputs: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, weights: Weights
) -> tuple[tf.Tensor, tf.Tensor]:
    """Run an LSTM over one step.

    Args:
        inputs: inputs of the step, `[batch, features]`, of any floating-point type.
        hidden, cell: state before the step, `[batch, units]`.
        weights: weights, of the same type as the inputs.

    Returns:
        hidden state and cell after the step, of the same type as the inputs.
    """
    kind = inputs.dtype
    summed = tf.matmul(inputs, weights.kernel) + tf.matmul(hidden, weights.recurrent)
    gates = _activated(tf.cast(summed, tf.float32) + tf.cast(weights.bias, tf.float32))
    new_cell = gates.forget * tf.cast(cell, tf.float32) + gates.enter * gates.candidate
    return tf.cast(gates.leave * tf.tanh(new_cell), kind), tf.cast(new_cell, kind)


class _Gates(NamedTuple):
    """Activated gates of one step, each `[batch, units] float32`."""

    enter: tf.Tensor
    forget: tf.Tensor
    candidate: tf.Tensor
    leave: tf.Tensor


def _activated(summed: tf.Tensor) -> _Gates:
    """Return the gate activations of the pre-activation sums `[batch, 4 * units] float32`."""
    enter, forget, candidate, leave = tf.split(summed, 4, axis=1)
    return _Gates(tf.sigmoid(enter), tf.sigmoid(forget), tf.tanh(candidate), tf.sigmoid(leave))


def _recurrence(
    mask: tf.Tensor, inputs: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, *weights: tf.Tensor
) -> tuple[tuple[tf.Tensor, tf.Tensor, tf.Tensor], Callable[..., tuple[tf.Tensor, ...]]]:
    """Return the results of `run_lstm`, and its gradient function.

    The function converts gradients of the results to gradients of the arguments after `mask`.
    """
    kind, of = inputs.dtype, Weights(*weights)
    marks = tf.transpose(mask)[:, :, tf.newaxis]
    flat = swap_batch_and_time(inputs)
    features = inputs.shape[-1]
    rows = tf.shape(flat)[1]
    projected = tf.matmul(tf.reshape(flat, [-1, features]), of.kernel)
    if kind == tf.float32:
        projected = tf.nn.bias_add(projected, of.bias)
    projected = tf.reshape(projected, [-1, rows, of.kernel.shape[-1]])
    steps, last_cell = _forward(projected, marks, hidden, tf.cast(cell, tf.float32), of)
    # Before its first step a row has no output, whatever its initial state.
    seen = tf.math.cumsum(tf.cast(marks, tf.int32)) > 0
    outputs = tf.where(seen, steps.hidden, tf.zeros([], kind))

    def gradient(
        d_outputs: tf.Tensor, d_hidden: tf.Tensor, d_cell: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        d_steps = tf.where(seen, swap_batch_and_time(d_outputs), tf.zeros([], kind))
        return _gradient(
            (d_steps, d_hidden, tf.cast(d_cell, tf.float32)), steps, marks, flat, hidden, cell, of
        )

    last_hidden = steps.hidden[-1]
    return (swap_batch_and_time(outputs), last_hidden, tf.cast(last_cell, kind)), gradient


def _forward(
    projected: tf.Tensor, marks: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, weights: Weights
) -> tuple[_Steps, tf.Tensor]:
    """Run the loop over `projected` `[length, batch, 4 * units]`."""
    kind, length = projected.dtype, tf.shape(projected)[0]
    units = weights.recurrent.shape[0]
    late_bias = None if kind == tf.float32 else tf.cast(weights.bias, tf.float32)

    def step(time: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor, *arrays: Any) -> tuple[Any, ...]:
        summed = projected[time] + tf.matmul(hidden, weights.recurrent)
        if late_bias is not None:
            summed = tf.cast(summed, tf.float32) + late_bias
        gates, mark = _activated(summed), marks[time]
        new_cell = tf.where(mark, gates.forget * cell + gates.enter * gates.candidate, cell)
        new_hidden = tf.where(mark, tf.cast(gates.leave * tf.tanh(new_cell), kind), hidden)
        kept = tf.cast(tf.concat(gates, axis=1), kind)
        written = [
            array.write(time, value)
            for array, value in zip(arrays, (new_hidden, new_cell, kept), strict=True)
        ]
        return (time + 1, new_hidden, new_cell, *written)

    arrays = (
        _array(kind, length, units),
        _array(tf.float32, length, units),
        _array(kind, length, 4 * units),
    )
    _, _, last_cell, *kept = tf.while_loop(
        lambda time, *_: time < length, step, (0, hidden, cell, *arrays), parallel_iterations=1
    )
    return _Steps(*(array.stack() for array in kept)), last_cell


def _gradient(
    d_after: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
    steps: _Steps,
    marks: tf.Tensor,
    inputs: tf.Tensor,
    hidden: tf.Tensor,
    cell: tf.Tensor,
    weights: Weights,
) -> tuple[tf.Tensor, ...]:
    """Compute the gradients of inputs, initial state and weights from the results' gradients."""
    kind = inputs.dtype
    cell = tf.cast(cell, tf.float32)
    before = tf.concat([cell[tf.newaxis], steps.cell[:-1]], axis=0)
    d_summed, d_hidden, d_cell = _backward(d_after, steps, before, marks, weights)
    flat = tf.reshape(d_summed, [-1, d_summed.shape[-1]])
    hidden_before = tf.concat([hidden[tf.newaxis], steps.hidden[:-1]], axis=0)
    features, units = inputs.shape[-1], weights.recurrent.shape[0]
    d_inputs = tf.reshape(tf.matmul(flat, weights.kernel, transpose_b=True), tf.shape(inputs))
    return (
        swap_batch_and_time(d_inputs),
        d_hidden,
        tf.cast(d_cell, kind),
        tf.matmul(tf.reshape(inputs, [-1, features]), flat, transpose_a=True),
        tf.matmul(tf.reshape(hidden_before, [-1, units]), flat, transpose_a=True),
        tf.cast(tf.reduce_sum(tf.cast(flat, tf.float32), axis=0), kind),
    )


def _backward(
    d_after: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
    steps: _Steps,
    before: tf.Tensor,
    marks: tf.Tensor,
    weights: Weights,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Run the loop backwards.

    Returns:
        gradients of the gates before activation `[length, batch, 4 * units]`, and of the first
        hidden state and cell `[batch, units]`.
    """
    d_outputs, d_last_hidden, d_last_cell = d_after
    kind, length = d_outputs.dtype, tf.shape(d_outputs)[0]

    def step(
        time: tf.Tensor, d_hidden: tf.Tensor, d_cell: tf.Tensor, array: Any
    ) -> tuple[Any, ...]:
        mark = marks[time]
        gates = _Gates(*tf.split(tf.cast(steps.gates[time], tf.float32), 4, axis=1))
        d_state = d_outputs[time] + d_hidden
        d_here = tf.where(mark, tf.cast(d_state, tf.float32), 0.0)
        open_cell = tf.tanh(steps.cell[time])
        d_new = tf.where(mark, d_cell, 0.0)
        d_new += d_here * gates.leave * (1.0 - open_cell * open_cell)
        parts = [
            d_new * gates.candidate * gates.enter * (1.0 - gates.enter),
            d_new * before[time] * gates.forget * (1.0 - gates.forget),
            d_new * gates.enter * (1.0 - gates.candidate * gates.candidate),
            d_here * open_cell * gates.leave * (1.0 - gates.leave),
        ]
        d_summed = tf.cast(tf.concat(parts, axis=1), kind)
        d_before = tf.matmul(d_summed, weights.recurrent, transpose_b=True)
        return (
            time - 1,
            tf.where(mark, d_before, d_state),
            tf.where(mark, d_new * gates.forget, d_cell),
            array.write(time, d_summed),
        )

    array = _array(kind, length, weights.kernel.shape[-1])
    _, d_hidden, d_cell, array = tf.while_loop(
        lambda time, *_: time >= 0,
        step,
        (length - 1, d_last_hidden, d_last_cell, array),
        parallel_iterations=1,
    )
    return array.stack(), d_hidden, d_cell


def _array(kind: tf.DType, length: tf.Tensor, width: int) -> tf.TensorArray:
    return tf.TensorArray(kind, size=length, element_shape=[None, width])


def swap_batch_and_time(values: tf.Tensor) -> tf.Tensor:
    """Exchange the first two axes of `[batch, length, ...]` or `[length, batch, ...]`."""
    return tf.transpose(values, [1, 0, 2])
