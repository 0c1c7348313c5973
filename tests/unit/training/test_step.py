"""One update: sums divided once, nothing applied that is not finite, the dry run without trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import OptimizerSettings
from seq2seq.model.weights import weight_arrays
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.step import TrainStep
from seq2seq.training.tasks.translation_objective import TranslationObjective

SEED, RATE = np.array([1, 2], np.int32), np.float32(0.1)


def make_step(model: Any, **options: Any) -> TrainStep:
    # Plain gradient descent: weights move by the gradient itself, so that it can be compared.
    settings = OptimizerSettings(name="sgd", momentum=0.0)
    optimizer = Optimizer(settings, model.trainable_variables)
    values = {"clip_norm": 0.0, "loss_scaling": False, **options}
    return TrainStep(TranslationObjective(model, label_smoothing=0.1), optimizer, **values)


def moved(model: Any, before: dict[str, Any]) -> dict[str, Any]:
    return {name: value - before[name] for name, value in weight_arrays(model).items()}


def test_batches_accumulated_equal_one_batch(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    source, target = ragged([6, 4, 3, 2], seed=1), ragged([2, 7, 1, 4], seed=2)
    whole, parts = make_model(), make_model()
    before = weight_arrays(whole)
    one = make_step(whole).update((source, target), SEED, RATE)
    halves = [((source[:1], target[:1]), SEED), ((source[1:], target[1:]), SEED)]
    step = make_step(parts)
    two = step.update_accumulated(halves, RATE)
    assert float(one.count) == float(two.count) == 14.0
    assert float(one.loss) == pytest.approx(float(two.loss), rel=1e-5)
    first, second = moved(whole, before), moved(parts, before)
    for name, change in first.items():
        assert np.allclose(change, second[name], atol=1e-6), name
    again = step.update_accumulated(halves, RATE)
    assert float(again.count) == 14.0  # the sums began anew


def test_the_gradient_is_clipped_to_its_norm(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model()
    before = weight_arrays(model)
    step = make_step(model, clip_norm=0.01)
    result = step.update((ragged([5, 2]), ragged([3, 4])), SEED, RATE)
    assert float(result.gradient_norm) > 0.01
    norm = np.sqrt(sum(np.sum(change**2) for change in moved(model, before).values()))
    assert norm == pytest.approx(0.01 * float(RATE), rel=1e-3)


def test_a_gradient_that_is_not_a_number_moves_nothing(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model()
    model.output_layer.bias.assign(np.full(30, np.nan, np.float32))
    before = weight_arrays(model)
    result = make_step(model).update((ragged([5, 2]), ragged([3, 4])), SEED, RATE)
    assert not bool(result.applied)
    for name, value in weight_arrays(model).items():
        assert np.array_equal(value, before[name], equal_nan=True)


def test_the_loss_scale_halves_on_overflow_and_changes_no_update(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    batch = (ragged([5, 2]), ragged([3, 4])), SEED, RATE
    plain, scaled = make_model(), make_model()
    before = weight_arrays(plain)
    make_step(plain).update(*batch)
    step = make_step(scaled, loss_scaling=True)
    step.update(*batch)
    for name, change in moved(plain, before).items():
        assert np.allclose(change, moved(scaled, before)[name], atol=1e-6)
    scale = float(step.loss_scale)
    scaled.output_layer.bias.assign(np.full(30, np.nan, np.float32))
    assert not bool(step.update(*batch).applied)
    assert float(step.loss_scale) == scale / 2
    assert step.restore(step.state()) is None


@pytest.mark.parametrize("accumulated", [False, True])
@pytest.mark.parametrize("infinite", [False, True])
def test_a_tried_batch_changes_nothing(
    accumulated: bool,
    infinite: bool,
    make_model: Callable[..., Any],
    ragged: Callable[..., Any],
) -> None:
    model = make_model(dropout=0.3)
    if infinite:
        model.output_layer.bias.assign(np.full(30, np.inf, np.float32))
    step = make_step(model, loss_scaling=True)
    step.restore({"loss_scale": 8.0, "good_steps": 1999})  # one more would double the scale
    before = weight_arrays(model)
    tried = step.try_batch((ragged([5, 2]), ragged([3, 4])), SEED, accumulated=accumulated)
    assert not bool(tried.applied)
    assert float(tried.count) == 7.0 and (float(tried.gradient_norm) > 0.0) != infinite
    for name, value in weight_arrays(model).items():
        assert np.array_equal(value, before[name])
    assert step.state() == {"loss_scale": 8.0, "good_steps": 1999}


@pytest.mark.parametrize("accumulated", [False, True])
def test_an_update_is_the_same_after_a_tried_batch(
    accumulated: bool, make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    batch = ragged([5, 2], seed=1), ragged([3, 4], seed=2)
    models = [make_model(dropout=0.3) for _ in range(2)]
    steps = [make_step(model) for model in models]
    steps[0].try_batch((ragged([7]), ragged([9])), SEED, accumulated=accumulated)
    for step in steps:
        if accumulated:
            step.update_accumulated([(batch, SEED)], RATE)
        else:
            step.update(batch, SEED, RATE)
    tried, plain = map(weight_arrays, models)
    assert all(tried[name].tobytes() == plain[name].tobytes() for name in plain)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_low_precision_learns(
    precision: str, make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model(precision=precision)
    optimizer = Optimizer(OptimizerSettings(), model.trainable_variables)
    step = TrainStep(
        TranslationObjective(model, label_smoothing=0.0),
        optimizer,
        clip_norm=1.0,
        loss_scaling=precision == "float16",
    )
    batch = ragged([5, 2], seed=1), ragged([3, 4], seed=2)
    losses = [float(step.update(batch, SEED, np.float32(0.02)).loss) for _ in range(40)]
    assert losses[-1] < 0.5 * losses[0]
    assert all(w.dtype == "float32" for w in model.trainable_variables)
    assert tf.reduce_all(
        [tf.reduce_all(tf.math.is_finite(w.value)) for w in model.trainable_variables]
    )
