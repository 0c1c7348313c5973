"""Fused updates against Keras' own optimizers."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import OptimizerSettings
from seq2seq.errors import ModelError
from seq2seq.training.optimizer import Optimizer

RATE = 0.01


def first_weights() -> list[keras.Variable]:
    random = np.random.default_rng(0)
    return [
        keras.Variable(random.standard_normal(shape), dtype="float32", name=f"w{len(shape)}")
        for shape in ((4, 3), (3,))
    ]


def gradients(step: int) -> list[tf.Tensor]:
    random = np.random.default_rng(step)
    return [tf.constant(random.standard_normal(s), tf.float32) for s in ((4, 3), (3,))]


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_updates_equal_those_of_keras(name: str) -> None:
    settings = OptimizerSettings(name=name)
    theirs = {
        "adam": lambda: keras.optimizers.Adam(RATE, epsilon=settings.epsilon),
        "sgd": lambda: keras.optimizers.SGD(RATE, momentum=settings.momentum),
    }[name]()
    mine, other = first_weights(), first_weights()
    optimizer = Optimizer(settings, mine)
    theirs.build(other)
    for step in range(20):
        optimizer.apply(gradients(step), tf.constant(RATE))
        theirs.apply(gradients(step), other)
    for one, two in zip(mine, other, strict=True):
        assert np.allclose(one.numpy(), two.numpy(), atol=1e-5)


def test_adamw_shrinks_matrices_and_not_biases() -> None:
    weights = first_weights()
    before = [w.numpy() for w in weights]
    optimizer = Optimizer(OptimizerSettings(name="adamw", weight_decay=0.5), weights)
    optimizer.apply([tf.zeros([4, 3]), tf.zeros([3])], tf.constant(0.1))
    assert np.allclose(weights[0].numpy(), 0.95 * before[0], atol=1e-6)
    assert np.array_equal(weights[1].numpy(), before[1])


def test_a_restored_optimizer_goes_on_the_same() -> None:
    whole, broken = first_weights(), first_weights()
    one = Optimizer(OptimizerSettings(), whole)
    two = Optimizer(OptimizerSettings(), broken)
    for step in range(3):
        one.apply(gradients(step), tf.constant(RATE))
        two.apply(gradients(step), tf.constant(RATE))
    fresh = Optimizer(OptimizerSettings(), broken)
    fresh.restore(two.state())
    for optimizer in (one, fresh):
        optimizer.apply(gradients(9), tf.constant(RATE))
    for a, b in zip(whole, broken, strict=True):
        assert np.array_equal(a.numpy(), b.numpy())


def test_another_optimizers_state_is_refused() -> None:
    state = Optimizer(OptimizerSettings(name="sgd"), first_weights()).state()
    with pytest.raises(ModelError, match="mean/"):
        Optimizer(OptimizerSettings(), first_weights()).restore(state)
