"""Weights as named arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.model.weights import assign_weights, initialise_weights, weight_arrays


def test_weights_travel_between_models(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    one, other = make_model(), make_model()
    initialise_weights(other, seed=9)
    batch = ragged([5, 3]), ragged([4, 2])
    assert not np.array_equal(one(batch), other(batch))
    assign_weights(other, weight_arrays(one))
    assert np.array_equal(one(batch), other(batch))


def test_first_weights_are_a_function_of_the_seed(make_model: Callable[..., Any]) -> None:
    one, other = make_model(), make_model()
    for model, seed in ((one, 5), (other, 5)):
        initialise_weights(model, seed=seed)
    first, second = weight_arrays(one), weight_arrays(other)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    initialise_weights(other, seed=6)
    assert not np.array_equal(
        first["translation/target_embedding/embeddings"],
        weight_arrays(other)["translation/target_embedding/embeddings"],
    )


def test_forget_gates_start_open_and_recurrent_kernels_orthogonal(
    make_model: Callable[..., Any],
) -> None:
    model = make_model()
    initialise_weights(model, seed=1)
    arrays = weight_arrays(model)
    bias = arrays["translation/decoder/layer_0/lstm/lstm_cell/bias"]
    assert bias[12:24].tolist() == [1.0] * 12 and not bias[:12].any() and not bias[24:].any()
    gate = arrays["translation/decoder/layer_0/lstm/lstm_cell/recurrent_kernel"][:, :12]
    assert np.allclose(gate @ gate.T, np.eye(12), atol=1e-5)


def test_weights_that_do_not_fit_are_refused_by_name(make_model: Callable[..., Any]) -> None:
    model = make_model()
    arrays = weight_arrays(model)
    with pytest.raises(ModelError, match="shape"):
        assign_weights(model, {**arrays, "translation/output/bias": np.zeros(3, np.float32)})
    del arrays["translation/output/bias"]
    with pytest.raises(ModelError, match="translation/output/bias"):
        assign_weights(model, arrays)
