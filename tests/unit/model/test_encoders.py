"""Encoders from the registry, one from outside the package, and the bridge to the decoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.registry import ENCODERS
from seq2seq.config.schema import BatchingSettings, ModelSettings, settings_from_mapping
from seq2seq.data.batching import plan_epoch
from seq2seq.errors import SettingsError
from seq2seq.model.encoder import Encoding, LSTMEncoder, build_encoder
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.training.memory import estimated_bytes


class Pointwise(keras.layers.Layer):
    """An encoder without states: each step by itself."""

    has_states = False

    def __init__(self, settings: ModelSettings, *, use_cudnn: Any, dtype: Any) -> None:
        super().__init__(name="encoder", dtype=dtype)
        self.supports_masking = True
        self.dense = keras.layers.Dense(settings.units, activation="tanh", name="each", dtype=dtype)

    def call(self, inputs: Any, mask: Any, seed: Any = None) -> Encoding:
        return Encoding(self.dense(inputs), ())

    def first_values(self, name: str, shape: Any, random: Any) -> Any:
        return np.full(shape, 0.25) + 0.01 * random.standard_normal(shape)

    @staticmethod
    def activation_values(settings: ModelSettings, *, rows: int, length: int) -> int:
        return 2 * rows * length * settings.units


@pytest.fixture(autouse=True)
def pointwise() -> Iterator[None]:
    ENCODERS.add("pointwise", Pointwise)
    yield
    del ENCODERS._added["pointwise"]


def test_an_encoder_is_chosen_by_its_name() -> None:
    for name, kind in (("lstm", LSTMEncoder), ("pointwise", Pointwise)):
        settings = settings_from_mapping({"model": {"encoder": name, "units": 8}}).model
        assert type(build_encoder(settings, use_cudnn=False, dtype="float32")) is kind
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping({"model": {"encoder": "gru"}})
    allowed = "lstm, transformer, pointwise"
    assert str(caught.value).startswith(f"model.encoder received 'gru'; allowed: {allowed}.")


def test_states_of_an_encoder_are_taken_as_they_are(make_model: Callable[..., Any]) -> None:
    model = make_model(encoder_layers=2, decoder_layers=3)
    ids = tf.constant([[5, 6, 7, 3], [8, 3, 0, 0]])
    encoding = model.encoder(model.source_embedding(ids), ids != 0)
    states = model.encode(ids).states
    for state, number in zip(states, (0, 1, 1), strict=True):
        np.testing.assert_array_equal(state.hidden, encoding.states[number].hidden)
        np.testing.assert_array_equal(state.cell, encoding.states[number].cell)
    assert not any("bridge" in name for name in weight_arrays(model))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_decoder_starts_from_an_encoder_without_states(
    make_model: Callable[..., Any], ragged: Callable[..., Any], precision: str
) -> None:
    model = make_model(encoder="pointwise", decoder_layers=2, precision=precision)
    names = weight_arrays(model)
    for part in ("hidden_0", "cell_0", "hidden_1", "cell_1"):
        assert names[f"translation/bridge/{part}/kernel"].shape == (12, 12)
    lengths = [5, 2, 7]
    targets = ragged([4, 6, 3], seed=1)
    whole = model((ragged(lengths), targets)).numpy()
    wide = model((ragged(lengths, width=11, pre=True), targets)).numpy()
    np.testing.assert_allclose(whole, wide, atol=1e-5 if precision == "float32" else 0.05)
    alone = model((ragged(lengths)[1:2, :2], targets[1:2])).numpy()
    np.testing.assert_allclose(whole[1:2], alone, atol=1e-5 if precision == "float32" else 0.05)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model((ragged(lengths), targets)))
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


def test_an_encoder_describes_its_own_weights(make_model: Callable[..., Any]) -> None:
    model = make_model(encoder="pointwise")
    initialise_weights(model, seed=5)
    arrays = weight_arrays(model)
    kernel = arrays["translation/encoder/each/kernel"]
    assert kernel.min() > 0.2 and kernel.max() < 0.3
    assert not arrays["translation/bridge/cell_0/bias"].any()


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention"])
def test_a_classifier_pools_the_outputs_of_an_encoder_without_states(pooling: Any) -> None:
    settings = ModelSettings(encoder="pointwise", units=8)
    model = build_label_model(settings, Head(3, False, pooling), vocab=0, features=2)
    initialise_weights(model, seed=1)
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(length, 2)).astype(np.float32) for length in (4, 1)]
    batch = np.full((2, 6, 2), 9.0, np.float32)
    mask = np.zeros((2, 6), bool)
    for number, row in enumerate(rows):
        batch[number, : len(row)], mask[number, : len(row)] = row, True
    found = model(batch, mask).numpy()
    for output, row in zip(found, rows, strict=True):
        alone = model(row[np.newaxis], np.ones((1, len(row)), bool)).numpy()[0]
        np.testing.assert_allclose(output, alone, atol=1e-6)


def test_an_encoder_describes_its_memory() -> None:
    lengths = np.array([30] * 10, np.int32)
    plan = plan_epoch(lengths, lengths, BatchingSettings(max_tokens=300), seed=1, epoch=0)

    def need(encoder: str) -> int:
        return estimated_bytes(plan, ModelSettings(encoder=encoder), parameters=9, vocab_size=99)

    assert need("lstm") - need("pointwise") == 4 * 300 * 512 * (14 - 2)
