"""Linear-chain conditional random field over the steps of a sequence (Lafferty et al. 2001).

The score of a path of classes is the sum of the scores of its steps, of each pair of classes that
follow each other, and of its first and its last class. The probability of a path is
`exp(score) / Z`, where Z sums over all paths of the sequence.

All functions take flags of the steps that belong to the chain; a step without a flag, such as
padding or a token within a word, is ignored at any position of the sequence.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


class Potentials(NamedTuple):
    """Scores of a chain that do not depend on the input.

    Attributes:
        transitions: score of each class (column) after each class (row), `[classes, classes]`.
        start: score of each class as the first, `[classes]`.
        end: score of each class as the last, `[classes]`.
    """

    transitions: tf.Tensor
    start: tf.Tensor
    end: tf.Tensor


class ChainPotentials(keras.layers.Layer):
    """Layer that holds the potentials of a chain; float32 in any precision."""

    def __init__(self, classes: int) -> None:
        """Create the weights of a chain of `classes` classes."""
        super().__init__(name="crf", dtype="float32")
        self.transitions = self.add_weight(shape=(classes, classes), name="transitions")
        self.start = self.add_weight(shape=(classes,), name="start")
        self.end = self.add_weight(shape=(classes,), name="end")
        self.built = True

    def tensors(self) -> Potentials:
        """Return the current potentials."""
        return Potentials(*map(tf.convert_to_tensor, (self.transitions, self.start, self.end)))

    def first_values(
        self, _: str, shape: tuple[int, ...], __: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return zeros, so that steps are independent of each other at the start of training."""
        return np.zeros(shape)


def log_partition(scores: tf.Tensor, flags: tf.Tensor, potentials: Potentials) -> tf.Tensor:
    """Return log Z of each sequence by the forward algorithm, `[batch] float32`; 0 without steps.

    Args:
        scores: score of each class at each step, `[batch, length, classes] float32`.
        flags: flags of the steps of the chain, `[batch, length] bool`.
        potentials: scores of pairs, first and last classes.
    """

    def forward(state: Any, step: Any) -> Any:
        (alpha, begun), (score, flag) = state, step
        paths = alpha[:, :, tf.newaxis] + potentials.transitions
        before = tf.where(begun, tf.reduce_logsumexp(paths, axis=1), potentials.start)
        return tf.where(flag, before + score, alpha), begun | flag

    alpha, begun = tf.foldl(forward, _by_step(scores, flags), _first_state(scores))
    return tf.where(begun[:, 0], tf.reduce_logsumexp(alpha + potentials.end, axis=1), 0.0)


def path_scores(
    scores: tf.Tensor, flags: tf.Tensor, path: tf.Tensor, potentials: Potentials
) -> tf.Tensor:
    """Return the score of one path of each sequence, `[batch] float32`; 0 without steps.

    Args:
        scores, flags, potentials: see `log_partition`.
        path: class of each step, `[batch, length] int32`.
    """
    marks = tf.one_hot(path, tf.shape(scores)[-1])
    steps = (*_by_step(scores, flags), tf.transpose(marks, [1, 0, 2]))

    def follow(state: Any, step: Any) -> Any:
        (last, begun, total), (score, flag, mark) = state, step
        before = tf.where(begun, tf.matmul(last, potentials.transitions), potentials.start)
        gain = tf.reduce_sum((before + score) * mark, axis=1)
        total += tf.where(flag[:, 0], gain, 0.0)
        return tf.where(flag, mark, last), begun | flag, total

    last, begun = _first_state(scores)
    last, begun, total = tf.foldl(follow, steps, (last, begun, last[:, 0]))
    return total + tf.where(begun[:, 0], tf.reduce_sum(last * potentials.end, axis=1), 0.0)


def marginals(scores: tf.Tensor, flags: tf.Tensor, potentials: Potentials) -> tf.Tensor:
    """Return the probability of each class at each step, `[batch, length, classes]`.

    It is the gradient of log Z, which equals the result of the forward-backward algorithm; 0
    outside the chain. The arguments are those of `log_partition`.
    """
    with tf.GradientTape() as tape:
        tape.watch(scores)
        total = log_partition(scores, flags, potentials)
    return tape.gradient(total, scores)


def best_path(scores: tf.Tensor, flags: tf.Tensor, potentials: Potentials) -> tf.Tensor:
    """Return the path with the highest score by the Viterbi algorithm, `[batch, length] int32`.

    If classes are equally good, the first one wins. A step outside the chain has the class of the
    previous step in the chain, or of the first step in it. The arguments are those of
    `log_partition`.
    """

    def forward(state: Any, step: Any) -> Any:
        (best, begun, _), (score, flag) = state, step
        paths = best[:, :, tf.newaxis] + potentials.transitions
        before = tf.where(begun, tf.reduce_max(paths, axis=1), potentials.start)
        follows = flag & begun
        origins = tf.where(follows, tf.argmax(paths, axis=1, output_type=tf.int32), same)
        return tf.where(flag, before + score, best), begun | flag, origins

    same = tf.broadcast_to(tf.range(tf.shape(scores)[2]), tf.shape(scores)[::2])
    steps = _by_step(scores, flags)
    best, _, origins = tf.scan(forward, steps, (*_first_state(scores), same))
    last = tf.argmax(best[-1] + potentials.end, axis=1, output_type=tf.int32)

    def backward(state: tf.Tensor, origins: tf.Tensor) -> tf.Tensor:
        return tf.gather(origins, state, batch_dims=1)

    before = tf.scan(backward, origins, last, reverse=True)  # the first has none before it
    return tf.transpose(tf.concat([before[1:], last[tf.newaxis]], axis=0))


def _by_step(scores: tf.Tensor, flags: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return scores `[length, batch, classes]`, and flags of the chain `[length, batch, 1]`.

    The scores are 0 outside the chain. Therefore no number in the padding, however large, reaches a
    result or a gradient.
    """
    scores = tf.where(flags[:, :, tf.newaxis], scores, 0.0)
    return tf.transpose(scores, [1, 0, 2]), tf.transpose(flags)[:, :, tf.newaxis]


def _first_state(scores: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return zeros `[batch, classes]`, and flags of sequences that have begun `[batch, 1]`."""
    rows = tf.shape(scores)[0]
    return tf.zeros([rows, tf.shape(scores)[2]]), tf.zeros([rows, 1], tf.bool)
