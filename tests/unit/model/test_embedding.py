"""Sums of the gradients of equal tokens."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.model import embedding
from seq2seq.model.embedding import build_embedding, sum_by_id


@pytest.mark.parametrize(("tokens", "vocab_size"), [(0, 3), (1, 3), (50, 3), (40, 30)])
def test_rows_are_added_by_id(tokens: int, vocab_size: int) -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(0, vocab_size, tokens).astype(np.int32)
    rows = rng.normal(size=(tokens, 4)).astype(np.float32)
    right = np.zeros((vocab_size, 4), np.float32)
    np.add.at(right, ids, rows)
    found = sum_by_id(tf.constant(rows), tf.constant(ids), vocab_size)
    np.testing.assert_allclose(found, right, atol=1e-5)


def test_a_large_table_is_summed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_SUM_VALUES", 1)
    found = sum_by_id(tf.ones([3, 2]), tf.constant([1, 0, 1]), 2)
    np.testing.assert_array_equal(found, [[1, 1], [2, 2]])


def test_both_ways_of_looking_up_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = build_embedding(5, 3, name="embedding", dtype="float32")
    ids = tf.constant([[1, 2, 0], [2, 2, 4]])
    results = []
    for gpu in (False, True):
        monkeypatch.setattr(embedding, "has_gpu", lambda gpu=gpu: gpu)
        with tf.GradientTape() as tape:
            values = layer(ids)
            loss = tf.reduce_sum(values**2)
        gradient = tape.gradient(loss, layer.embeddings.value)
        results.append((values, tf.convert_to_tensor(gradient)))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
