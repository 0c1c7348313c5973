"""Step-by-step run of a classification or regression model, with a state of fixed size."""

from __future__ import annotations

import tensorflow as tf

from seq2seq.model.label_model import LabelModel
from seq2seq.model.pooling import Pooling
from seq2seq.model.recurrent import LSTMState

# State of each layer, and of the pooling: a sum, a maximum, or a weighted sum with its weights.
State = tuple[tuple[LSTMState, ...], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]

_LOWEST = -1e30


def first_state(model: LabelModel, units: int) -> State:
    """Return the state of a sequence before its first step."""
    zero = tf.zeros([1, units])
    layers = tuple(LSTMState(zero, zero) for _ in model.encoder.stack)
    pooled = tf.fill([1, units], _LOWEST) if model.head.pooling == "max" else zero
    return layers, (pooled, tf.zeros([1, 1]), tf.fill([1, 1], _LOWEST))


def step(model: LabelModel, values: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
    """Read one more step.

    Args:
        model: unidirectional model.
        values: features `[1, features] float32`, or a token id `[1] int32`.
        state: state after the previous steps.

    Returns:
        outputs of the head `[1, outputs] float32` after this step, and the new state.
    """
    layers, pooled = state
    sequence = model.inputs_of(values)
    states = []
    for number, ((layer,), before) in enumerate(zip(model.encoder.stack, layers, strict=True)):
        output, after = layer.step(sequence, before)
        sequence = sequence + output if model.encoder.residual and number > 0 else output
        states.append(after)
    features = sequence
    if model.pooling is not None:
        features, pooled = _pool(model.pooling, sequence, states[-1].hidden, pooled)
    return tf.cast(model.output_layer(features), tf.float32), (tuple(states), pooled)


def _pool(
    pooling: Pooling,
    output: tf.Tensor,
    hidden: tf.Tensor,
    pooled: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor, tf.Tensor]]:
    """Return the pooled vector `[1, units]` of all steps so far, and the new pooling state."""
    total, weight, highest = pooled
    kind = pooling.kind
    if kind == "last":
        return hidden, pooled
    if kind == "max":
        total = tf.maximum(total, output)
        return total, (total, weight, highest)
    if kind == "mean":
        total, weight = total + output, weight + 1.0
        return total / weight, (total, weight, highest)
    # Softmax over a growing row: sums are kept relative to the highest score so far.
    score = pooling.scores(output)
    top = tf.maximum(highest, score)
    old, new = tf.exp(highest - top), tf.exp(score - top)
    total, weight = total * old + new * output, weight * old + new
    return total / weight, (total, weight, top)
