"""Batches computed in shares: the same losses and gradients as a batch computed whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.training.shares import SharedObjective
from seq2seq.training.tasks.task import Losses, Objective
from seq2seq.training.tasks.translation_objective import TranslationObjective

SEED = np.array([1, 2], np.int32)


def compiled(objective: Objective, seed: Any = None) -> Callable[[Any], tuple[Losses, list[Any]]]:
    """Return a function of a batch; it computes in one graph, as training does."""

    @tf.function(input_signature=[tuple(objective.signature)], autograph=False)
    def compute(batch: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = objective.losses(batch, seed, tf.constant(2.0))
        found = tape.gradient(losses.loss, [weight.value for weight in objective.weights])
        return losses, [tf.convert_to_tensor(each) for each in found]

    def run(batch: Any) -> tuple[Losses, list[Any]]:
        losses, found = compute(batch)
        return Losses(*(float(each) for each in losses)), [each.numpy() for each in found]

    return run


def test_shares_give_the_losses_and_gradients_of_the_whole_batch(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    objective = TranslationObjective(make_model(), label_smoothing=0.1)
    whole, shared = compiled(objective), compiled(SharedObjective(objective, 3))
    for rows in (1, 2, 3, 7):  # with 1 or 2, some shares are empty
        batch = (ragged([6, 4, 3, 2, 5, 1, 4][:rows], seed=1), ragged([2, 7, 1, 4, 3, 3, 5][:rows]))
        losses, found = whole(batch)
        shared_losses, parts = shared(batch)
        assert shared_losses == pytest.approx(losses, rel=1e-5)
        assert any(np.abs(each).max() > 1e-3 for each in found)
        for gradient, sum_of_parts in zip(found, parts, strict=True):
            np.testing.assert_allclose(sum_of_parts, gradient, rtol=1e-6, atol=1e-5)


def test_shares_have_different_dropout_that_a_seed_repeats(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    objective = SharedObjective(TranslationObjective(make_model(dropout=0.5), label_smoothing=0), 2)
    compute = compiled(objective, SEED)
    pair = (ragged([6], seed=1), ragged([5], seed=2))
    alike = tuple(np.repeat(side, 2, axis=0) for side in pair)
    one, first = compute(alike)
    again, second = compute(alike)
    assert one == again
    for each, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(each, other)
    alone, _ = compute(pair)
    assert one.loss != pytest.approx(2 * alone.loss, rel=1e-4)  # the second row has its own dropout
