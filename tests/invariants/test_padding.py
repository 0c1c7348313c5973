"""Law 1: padding never changes an answer, of the loss, the gradients or the scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import OptimizerSettings
from seq2seq.model.target_scoring import pair_log_probs
from seq2seq.model.weights import weight_arrays
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.step import TrainStep
from seq2seq.training.tasks.translation_objective import TranslationObjective

SOURCES, TARGETS = [9, 4, 1, 6], [3, 7, 2, 1]
SEED, RATE = np.array([0, 0], np.int32), np.float32(1.0)
VARIANTS = [
    {"attention": attention, "encoder_layers": layers, "decoder_layers": layers}
    for attention in ("luong", "bahdanau", "none")
    for layers in (1, 2)
] + [
    {"bidirectional": False},
    {"tie_embeddings": False},
    {"encoder": "transformer", "attention_heads": 2, "feed_forward": 16, "encoder_layers": 2},
]


Gradients = Callable[[Any, Any], tuple[float, dict[str, Any]]]


def gradients(model: Any) -> Gradients:
    """Return a function of sources and targets, traced once: the loss a token and the gradient.

    The gradient is the mean one: what plain descent at rate 1 takes off the weights.
    """
    optimizer = Optimizer(OptimizerSettings(name="sgd", momentum=0.0), model.trainable_variables)
    step = TrainStep(
        TranslationObjective(model, label_smoothing=0.1),
        optimizer,
        clip_norm=0.0,
        loss_scaling=False,
    )
    before = weight_arrays(model)

    def of_batch(source: Any, target: Any) -> tuple[float, dict[str, Any]]:
        result = step.update((source, target), SEED, RATE)
        after = weight_arrays(model)
        for variable in model.trainable_variables:
            variable.assign(before[variable.path])
        return float(result.loss / result.count), {n: before[n] - after[n] for n in before}

    return of_batch


@pytest.fixture(scope="module")
def gradients_of(make_model: Callable[..., Any]) -> Callable[..., Gradients]:
    """The `gradients` of a model on a device: tests of the same model share its trace."""
    traced: dict[str, Gradients] = {}

    def of_model(device: str, **fields: Any) -> Gradients:
        key = f"{device} {sorted(fields.items())}"
        if key not in traced:
            traced[key] = gradients(make_model(**fields))
        return traced[key]

    return of_model


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_loss_and_gradients_do_not_depend_on_padding(
    variant: dict[str, Any],
    gradients_of: Callable[..., Gradients],
    ragged: Callable[..., Any],
    device: str,
) -> None:
    of_batch = gradients_of(device, **variant)
    loss, wanted = of_batch(ragged(SOURCES, seed=1), ragged(TARGETS, seed=2))
    for pre in (False, True):
        source = ragged(SOURCES, seed=1, width=14, pre=pre)
        target = ragged(TARGETS, seed=2, width=11, pre=pre)
        padded_loss, padded = of_batch(source, target)
        assert padded_loss == pytest.approx(loss, rel=1e-6)
        for name, gradient in wanted.items():
            assert np.allclose(gradient, padded[name], atol=1e-5), name


@pytest.mark.parametrize("variant", [{}, VARIANTS[-1]], ids=["lstm", "transformer"])
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_padding_changes_low_precision_by_its_rounding_alone(
    precision: str,
    variant: dict[str, Any],
    make_model: Callable[..., Any],
    ragged: Callable[..., Any],
    device: str,
) -> None:
    of_batch = gradients(make_model(precision=precision, **variant))
    loss, wanted = of_batch(ragged(SOURCES, seed=1), ragged(TARGETS, seed=2))
    for pre in (False, True):
        source = ragged(SOURCES, seed=1, width=14, pre=pre)
        target = ragged(TARGETS, seed=2, width=11, pre=pre)
        padded_loss, padded = of_batch(source, target)
        assert padded_loss == pytest.approx(loss, rel=0.01)
        for name, gradient in wanted.items():
            difference = np.linalg.norm(gradient - padded[name])
            assert difference <= 0.05 * np.linalg.norm(gradient), name


@pytest.mark.parametrize("attention", ["luong", "bahdanau", "none"])
def test_a_batch_is_the_sum_of_its_rows(
    attention: str,
    gradients_of: Callable[..., Gradients],
    ragged: Callable[..., Any],
    device: str,
) -> None:
    of_batch = gradients_of(device, attention=attention, encoder_layers=1, decoder_layers=1)
    source, target = ragged(SOURCES, seed=1), ragged(TARGETS, seed=2)
    _, together = of_batch(source, target)
    total: dict[str, Any] = {name: 0.0 for name in together}
    for row, (s, t) in enumerate(zip(SOURCES, TARGETS, strict=True)):
        _, alone = of_batch(source[row : row + 1, :s], target[row : row + 1, :t])
        total = {name: total[name] + t * alone[name] for name in total}
    for name, gradient in together.items():
        assert np.allclose(gradient, total[name] / sum(TARGETS), atol=1e-5), name


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("attention", ["luong", "bahdanau", "none"])
def test_scores_do_not_depend_on_padding(
    attention: str,
    precision: str,
    make_model: Callable[..., Any],
    ragged: Callable[..., Any],
    device: str,
) -> None:
    model = make_model(attention=attention, precision=precision, encoder_layers=2)
    score = tf.function(
        lambda source, target: pair_log_probs(model, source, target),
        input_signature=[tf.TensorSpec([None, None], tf.int32)] * 2,
        autograph=False,
    )
    wanted = score(ragged(SOURCES, seed=1), ragged(TARGETS, seed=2)).numpy()
    rounding = {"float32": 1e-5, "bfloat16": 0.1, "float16": 0.02}[precision]
    for pre in (False, True):
        source = ragged(SOURCES, seed=1, width=14, pre=pre)
        padded = score(source, ragged(TARGETS, seed=2, width=11)).numpy()
        assert np.allclose(wanted, padded, atol=rounding)
    for row, (s, t) in enumerate(zip(SOURCES, TARGETS, strict=True)):
        source = ragged(SOURCES, seed=1)[row : row + 1, :s]
        alone = score(source, ragged(TARGETS, seed=2)[row : row + 1, :t]).numpy()
        assert np.allclose(wanted[row], alone[0], atol=rounding)


def test_without_its_mask_the_model_would_fail_this(
    make_model: Callable[..., Any],
    ragged: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the same comparison does see padding once it is no longer masked."""
    from seq2seq.model import translation

    model = make_model()
    monkeypatch.setattr(translation, "token_mask", lambda ids: tf.ones_like(ids, tf.bool))
    narrow = model.encode(ragged(SOURCES, seed=1)).states[0].hidden.numpy()
    wide = model.encode(ragged(SOURCES, seed=1, width=14)).states[0].hidden.numpy()
    assert np.abs(narrow - wide).max() > 1e-3
