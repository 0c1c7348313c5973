"""Dropout whose noise is a pure function of a seed.

Keras' own dropout draws from a generator that moves on with every call, a state that a resumed
run must bring back. Here the training loop derives a seed from (seed, step), so step 1,000
drops the same units whether or not the run was killed at step 999.
"""

from __future__ import annotations

import tensorflow as tf


def drop(inputs: tf.Tensor, rate: float, *, seed: tf.Tensor | None, site: int) -> tf.Tensor:
    """Zero some units of `inputs` and scale up the others; without a seed the identity.

    Args:
        inputs: a float tensor of any shape.
        rate: share of the units that are dropped.
        seed: `[2] int32`, one for each pass through the model; None outside training.
        site: a number of its own for each place in the model, so that noise differs there.

    Source: Srivastava et al. 2014, "Dropout".
    """
    if seed is None or rate == 0.0:
        return inputs
    seed = tf.random.experimental.stateless_fold_in(seed, site, alg="philox")
    return tf.nn.experimental.stateless_dropout(inputs, rate, seed, rng_alg="philox")
