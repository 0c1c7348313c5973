"""The model: its shapes, its options, and one path for training and search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

VARIANTS = [
    {"attention": attention, "encoder_layers": layers, "decoder_layers": decoders}
    for attention in ("luong", "bahdanau", "none")
    for layers, decoders in ((1, 1), (2, 3))
] + [
    {"bidirectional": False},
    {"residual": False, "encoder_layers": 2, "decoder_layers": 2},
    {"tie_embeddings": False},
    {"shared_vocabulary": False},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_steps_unrolled_equal_the_whole_target_pass(
    variant: dict[str, Any], make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model(**variant)
    source, target = ragged([7, 3, 1], seed=1), ragged([6, 2, 4], seed=2)
    whole = model((source, target)).numpy()
    encoded = model.encode(source)
    states = encoded.states
    tokens = tf.fill([3], 2)
    for time in range(target.shape[1]):
        logits, _, states = model.step(tokens, encoded.memory, states)
        real = target[:, time] != 0
        assert np.abs(logits.numpy() - whole[:, time])[real].max() < 1e-5
        tokens = target[:, time]


def test_outputs_are_float32_in_every_precision(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    source, target = ragged([5, 3]), ragged([4, 2])
    exact = make_model()((source, target)).numpy()
    for precision in ("bfloat16", "float16"):
        logits = make_model(precision=precision)((source, target))
        assert logits.dtype == tf.float32
        assert np.abs(logits.numpy() - exact)[target != 0].max() < 0.3
        assert not np.array_equal(logits.numpy(), exact)


def test_dropout_is_a_function_of_its_seed(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model(dropout=0.5, encoder_layers=2, decoder_layers=2)
    source, target = ragged([5, 3]), ragged([4, 2])

    def features(seed: list[int] | None) -> np.ndarray[Any, Any]:
        seed = None if seed is None else tf.constant(seed)
        return model.decode(model.encode(source, seed), target, seed).features.numpy()

    assert np.array_equal(features([1, 2]), features([1, 2]))
    assert not np.array_equal(features([1, 2]), features([1, 3]))
    assert np.array_equal(features(None), features(None))
    assert not np.array_equal(features(None), features([1, 2]))


def test_attention_weights_are_a_distribution_over_tokens(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    source, target = ragged([5, 2]), ragged([4, 4])
    for attention in ("luong", "bahdanau"):
        model = make_model(attention=attention)
        weights = model.decode(model.encode(source), target).attention.numpy()
        assert np.allclose(weights.sum(axis=-1), 1.0, atol=1e-5)
        assert weights[1, :, 2:].max() == 0.0


def test_a_tied_model_has_one_table(make_model: Callable[..., Any]) -> None:
    tables = [
        w.path for w in make_model().trainable_variables if w.shape[0] == 30 and len(w.shape) == 2
    ]
    assert len(tables) == 1
    untied = make_model(tie_embeddings=False, shared_vocabulary=False)
    tables = [w.path for w in untied.trainable_variables if w.shape[0] == 30 and len(w.shape) == 2]
    assert len(tables) == 3
