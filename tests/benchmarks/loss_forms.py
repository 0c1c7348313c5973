"""The output layer and its loss, forward and backward: in blocks against the plain forms.

    python tests/benchmarks/loss_forms.py

One process, the forms taken in turns, medians; ratios are to the plain log-softmax form.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from seq2seq.model.backend import quiet_tensorflow

quiet_tensorflow()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from seq2seq.training import objective  # noqa: E402

TOKENS, DIM, VOCAB, SMOOTHING, ROUNDS = 2000, 256, 6000, 0.1, 9


def main() -> None:
    for precision in (tf.float32, tf.bfloat16):
        measure(precision)


def measure(precision: tf.DType) -> None:
    """Time all forms in one precision and print a line each."""
    random = np.random.default_rng(0)
    features = tf.Variable(random.standard_normal((TOKENS, DIM)), dtype=precision)
    table = tf.Variable(random.standard_normal((VOCAB, DIM)) / 16, dtype=tf.float32)
    bias = tf.Variable(np.zeros(VOCAB), dtype=tf.float32)
    labels = tf.constant(random.integers(0, VOCAB, TOKENS), tf.int32)

    def logits() -> Any:
        scores = tf.matmul(features, tf.cast(table, precision), transpose_b=True)
        return tf.cast(scores, tf.float32) + bias

    def log_softmax() -> Any:
        log_probs = tf.nn.log_softmax(logits())
        picked = tf.gather(log_probs, labels, batch_dims=1)
        even = tf.reduce_mean(log_probs, axis=1)
        return -tf.reduce_sum((1 - SMOOTHING) * picked + SMOOTHING * even)

    def fused() -> Any:
        wanted = tf.one_hot(labels, VOCAB, 1 - SMOOTHING, 0.0) + SMOOTHING / VOCAB
        return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(wanted, logits()))

    def blocks() -> Any:
        return objective.smoothed_cross_entropy(
            features, tf.convert_to_tensor(table), bias, labels, smoothing=SMOOTHING
        ).smoothed

    forms = {"log-softmax": step(log_softmax, features, table, bias)}
    forms["fused cross-entropy"] = step(fused, features, table, bias)
    for size in (256, 512, 1024):
        objective.BLOCK = size
        forms[f"blocks of {size}"] = step(blocks, features, table, bias)
        forms[f"blocks of {size}"]()  # traced while the size holds
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        for name, form in forms.items():
            started = time.perf_counter()
            form()
            seconds[name].append(time.perf_counter() - started)
    plain = statistics.median(seconds["log-softmax"])
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{precision.name:9} {name:20} {1000 * median:7.1f} ms  x{plain / median:.2f}")


def step(loss: Callable[[], Any], *variables: Any) -> Callable[[], Any]:
    """A graph of the loss and its gradients; calling it waits for the result."""

    @tf.function
    def graph() -> Any:
        with tf.GradientTape() as tape:
            value = loss()
        return [value, *tape.gradient(value, variables)]

    return lambda: float(graph()[0])


if __name__ == "__main__":
    main()
