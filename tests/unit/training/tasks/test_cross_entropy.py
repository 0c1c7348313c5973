"""The loss in blocks equals the plain form, in value and in gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.training.tasks import cross_entropy
from seq2seq.training.tasks.cross_entropy import smoothed_cross_entropy, token_positions

VOCAB, DIM = 23, 7


def plain_loss(features: Any, table: Any, bias: Any, labels: Any, smoothing: float) -> Any:
    log_probs = tf.nn.log_softmax(tf.matmul(features, table, transpose_b=True) + bias)
    wanted = tf.one_hot(labels, VOCAB) * (1.0 - smoothing) + smoothing / VOCAB
    return -tf.reduce_sum(wanted * log_probs)


@pytest.mark.parametrize("count", [1, 8, 9, 24, 30])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_blocks_equal_the_plain_form(
    count: int, smoothing: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross_entropy, "BLOCK", 8)
    random = np.random.default_rng(count)
    features = tf.Variable(random.standard_normal((count, DIM)), dtype=tf.float32)
    table = tf.Variable(random.standard_normal((VOCAB, DIM)), dtype=tf.float32)
    bias = tf.Variable(random.standard_normal(VOCAB), dtype=tf.float32)
    labels = tf.constant(random.integers(0, VOCAB, count), tf.int32)

    @tf.function
    def blocks() -> Any:
        with tf.GradientTape() as tape:
            losses = smoothed_cross_entropy(features, table, bias, labels, smoothing=smoothing)
        gradients = tape.gradient(losses.smoothed, [features, table, bias])
        return losses.smoothed, losses.negative_log_likelihood, gradients

    with tf.GradientTape() as tape:
        wanted = plain_loss(features, table, bias, labels, smoothing)
    wanted_gradients = tape.gradient(wanted, [features, table, bias])
    smoothed, nll, gradients = blocks()
    assert float(smoothed) == pytest.approx(float(wanted), rel=1e-5)
    plain_nll = plain_loss(features, table, bias, labels, 0.0)
    assert float(nll) == pytest.approx(float(plain_nll), rel=1e-5)
    for gradient, wanted_gradient in zip(gradients, wanted_gradients, strict=True):
        assert np.allclose(gradient, wanted_gradient, atol=2e-5)


def test_the_scale_multiplies_gradients_and_not_the_loss() -> None:
    features = tf.Variable(np.ones((3, DIM)), dtype=tf.float32)
    table, bias = tf.ones([VOCAB, DIM]), tf.range(VOCAB, dtype=tf.float32)
    results = []
    for scale in (1.0, 64.0):
        with tf.GradientTape() as tape:
            losses = smoothed_cross_entropy(
                features, table, bias, tf.constant([1, 2, 3]), smoothing=0.1, scale=scale
            )
        results.append((float(losses.smoothed), tape.gradient(losses.smoothed, features)))
    assert results[0][0] == results[1][0]
    assert np.allclose(64.0 * results[0][1], results[1][1], rtol=1e-6)


def test_token_positions_leave_padding_out() -> None:
    values = tf.constant([[1, 2, 0], [3, 0, 0]])
    assert token_positions(values, values != 0).numpy().tolist() == [1, 2, 3]


@pytest.mark.parametrize("kind", [tf.float32, tf.bfloat16, tf.float16], ids=lambda kind: kind.name)
def test_the_gradient_of_token_positions_is_a_scatter(kind: tf.DType) -> None:
    random = np.random.default_rng(0)
    mask = tf.constant(random.random((5, 6)) < 0.6)
    values = tf.constant(random.standard_normal((5, 6, 4)), kind)
    pull = tf.constant(
        random.standard_normal((int(tf.reduce_sum(tf.cast(mask, tf.int32))), 4)), kind
    )
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(values)
        found, plain = token_positions(values, mask), tf.gather_nd(values, tf.where(mask))
    assert np.array_equal(found, plain)
    wanted = tape.gradient(plain, values, output_gradients=pull)
    assert np.array_equal(tape.gradient(found, values, output_gradients=pull), wanted)


def test_no_position_has_no_gradient() -> None:
    values = tf.ones([2, 3, 4])
    with tf.GradientTape() as tape:
        tape.watch(values)
        found = token_positions(values, tf.zeros([2, 3], tf.bool))
    assert found.shape == (0, 4)
    assert np.array_equal(tape.gradient(found, values), np.zeros((2, 3, 4)))


def test_blocks_are_larger_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [cross_entropy.block_positions(vocab) for vocab in (30, 6000, 10**6)] == [512, 512, 512]
    monkeypatch.setattr(cross_entropy, "has_gpu", lambda: True)
    sizes = [cross_entropy.block_positions(vocab) for vocab in (6000, 60_000, 10**6)]
    assert sizes[0] > 20_000 and sizes[1] > 2000 and sizes[2] == 512
