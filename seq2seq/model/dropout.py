"""Dropout with noise that is a pure function of a seed.

Keras' own dropout uses a generator whose state changes with every call and would have to be
restored when a run is resumed. Here the training loop derives a seed from (seed, step), so step
1,000 drops the same units whether or not the run was interrupted at step 999.
"""

from __future__ import annotations

import tensorflow as tf


def drop(inputs: tf.Tensor, rate: float, *, seed: tf.Tensor | None, site: int) -> tf.Tensor:
    """Set some units of `inputs` to zero and scale up the others; identity without a seed.

    Args:
        inputs: float tensor of any shape.
        rate: share of the units that are dropped.
        seed: seed of one pass through the model, `[2] int32`; None outside training.
        site: number of this dropout in the model, unique so that the noise differs between layers.

    Source: Srivastava et al. 2014, "Dropout".
    """
    if seed is None or rate == 0.0:
        return inputs
    seed = tf.random.experimental.stateless_fold_in(seed, site, alg="philox")
    return tf.nn.experimental.stateless_dropout(inputs, rate, seed, rng_alg="philox")
