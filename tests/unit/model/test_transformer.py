"""The transformer encoder: its formulas, its positions, and what padding may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.transformer import TransformerEncoder
from seq2seq.model.weights import initialise_weights, weight_arrays

FIELDS: dict[str, Any] = {
    "encoder": "transformer",
    "attention_heads": 2,
    "encoder_layers": 2,
    "units": 12,
}


def as_documented(numbers: dict[str, Any], vectors: Any, *, layers: int, heads: int) -> Any:
    """Outputs for one sequence `[time, features]`, as docs/exported_model.md says."""

    def dense(name: str, value: Any) -> Any:
        return value @ numbers[f"encoder/{name}/kernel"] + numbers[f"encoder/{name}/bias"]

    def norm(name: str, x: Any) -> Any:
        mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        scaled = (x - mean) / np.sqrt(variance + 1e-5)
        return scaled * numbers[f"encoder/{name}/gamma"] + numbers[f"encoder/{name}/beta"]

    def turned(head: Any) -> Any:
        half = head.shape[1] // 2
        turns = 10000 ** (-np.arange(half) * 2 / head.shape[1])
        a = np.arange(len(head))[:, np.newaxis] * turns
        p, q = head[:, :half], head[:, half:]
        parts = [p * np.cos(a) - q * np.sin(a), q * np.cos(a) + p * np.sin(a)]
        return np.concatenate(parts, axis=1)

    x = dense("input", vectors)
    for n in range(layers):
        queries, keys, values = (
            np.split(part, heads, axis=1)
            for part in np.split(
                dense(f"layer_{n}/attention_input", norm(f"layer_{n}/attention_norm", x)), 3, axis=1
            )
        )
        found = []
        for query, key, value in zip(queries, keys, values, strict=True):
            scores = np.exp(turned(query) @ turned(key).T / np.sqrt(query.shape[1]))
            found.append(scores / scores.sum(axis=1, keepdims=True) @ value)
        x = x + dense(f"layer_{n}/attention_output", np.concatenate(found, axis=1))
        inner = dense(f"layer_{n}/network_input", norm(f"layer_{n}/network_norm", x))
        x = x + dense(f"layer_{n}/network_output", np.maximum(0, inner))
    return norm("norm", x)


def test_it_computes_what_the_documentation_says(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model(**FIELDS, decoder_layers=2)
    arrays = {name.removeprefix("translation/"): v for name, v in weight_arrays(model).items()}
    assert arrays["encoder/layer_1/network_input/kernel"].shape == (12, 48)  # 4 x units
    ids = ragged([6])
    encoding = model.encoder(model.source_embedding(ids), ids != 0)
    vectors = arrays["target_embedding/embeddings"][ids[0]]
    expected = as_documented(arrays, vectors, layers=2, heads=2)
    np.testing.assert_allclose(encoding.outputs[0], expected, atol=2e-5)
    mean = expected.mean(axis=0)
    for number, state in enumerate(model.encode(ids).states):
        for part, found in zip(("hidden", "cell"), state, strict=True):
            name = f"bridge/{part}_{number}"
            wanted = np.tanh(mean @ arrays[f"{name}/kernel"] + arrays[f"{name}/bias"])
            np.testing.assert_allclose(found[0], wanted, atol=2e-5)


def encoder_of_features(features: int) -> Any:
    settings = ModelSettings(**FIELDS)
    model = build_label_model(settings, Head(3, per_step=True), vocab=0, features=features)
    initialise_weights(model, seed=1)
    return model.encoder


def test_steps_know_their_distances_and_no_more() -> None:
    encoder = encoder_of_features(3)
    steps = np.random.default_rng(0).standard_normal((1, 5, 3)).astype(np.float32)
    there = np.ones((1, 5), bool)
    found = encoder(tf.constant(steps), tf.constant(there)).outputs.numpy()
    reversed_ = encoder(tf.constant(steps[:, ::-1]), tf.constant(there)).outputs.numpy()
    assert np.abs(found[:, ::-1] - reversed_).max() > 1e-2  # the order matters
    # Three steps further to the right, behind steps that are masked, every distance is the same.
    moved = np.concatenate([np.ones((1, 3, 3), np.float32), steps], axis=1)
    mask = np.array([[False] * 3 + [True] * 5])
    shifted = encoder(tf.constant(moved), tf.constant(mask)).outputs.numpy()
    np.testing.assert_allclose(shifted[:, 3:], found, atol=1e-5)


def test_padding_may_hold_what_is_no_number() -> None:
    encoder = encoder_of_features(2)
    mask = tf.constant([[True, True, False]])
    inputs = tf.constant([[[1.0, 2.0], [3.0, 4.0], [np.nan, np.inf]]])
    weights = [variable.value for variable in encoder.trainable_variables]
    with tf.GradientTape() as tape:
        outputs = encoder(inputs, mask).outputs[:, :2]
        loss = tf.reduce_sum(outputs * outputs[:, ::-1])
    alone = encoder(inputs[:, :2], mask[:, :2]).outputs
    np.testing.assert_allclose(outputs, alone, atol=1e-6)
    assert all(np.isfinite(each.numpy()).all() for each in tape.gradient(loss, weights))


@pytest.mark.parametrize("features", [1, 40])
def test_projected_inputs_start_near_a_variance_of_one(features: int) -> None:
    encoder = encoder_of_features(features)
    inputs = np.random.default_rng(0).standard_normal((500, features)).astype(np.float32)
    assert 0.5 < encoder.project(inputs).numpy().std() < 2.0


def test_its_memory_grows_with_the_square_of_the_length() -> None:
    settings = ModelSettings(**FIELDS)
    short, long = (
        TransformerEncoder.activation_values(settings, rows=4, length=length)
        for length in (1_000, 10_000)
    )
    assert 50 * short < long < 100 * short
