"""Laws 1 and 4 for the convolutional front end: no padding, no batch and no export changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings
from seq2seq.data.sequences.batches import step_mask
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import SettingsError
from seq2seq.export.onnx.label_graphs import LabelGraphs, LabelShape
from seq2seq.export.onnx.parameters import computed_numbers
from seq2seq.inference.onnx_session import Session
from seq2seq.model.front_end import build_front_end
from seq2seq.model.label_model import Head, LabelModel, build_label_model
from seq2seq.model.translation import build_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.training.tasks.label_objective import LabelObjective

LENGTHS = np.array([1, 2, 3, 4, 7, 8, 9, 16], np.int32)
OUTPUTS = 3
CASES = [
    (1, 1, "last", "lstm"),
    (2, 40, "max", "lstm"),
    (3, 6, "attention", "lstm"),
    (2, 5, "mean", "transformer"),
]
BATCHES = [(16, "post"), (17, "post"), (17, "pre"), (18, "pre"), (31, "post"), (32, "pre")]


@dataclass(frozen=True)
class Case:
    """A model with a front end of some layers that reads some features."""

    model: LabelModel
    settings: ModelSettings
    features: int
    pooling: Any

    @staticmethod
    def of(layers: int, features: int, pooling: Any, encoder: str) -> Case:
        settings = ModelSettings(
            encoder=encoder,
            attention_heads=2,
            units=8,
            dropout=0.0,
            front_end="convolution",
            front_end_layers=layers,
            front_end_channels=4,
        )
        head = Head(OUTPUTS, False, pooling)
        model = build_label_model(settings, head, vocab=0, features=features)
        initialise_weights(model, seed=1)
        for variable in model.trainable_variables:
            variable.assign(1.5 * variable + 0.05)
        return Case(model, settings, features, pooling)

    def batch(self, width: int, padding: Any = "post", rubbish: float = 9.0) -> Any:
        """The same sequences at any width, rubbish in the padding."""
        mask = step_mask(LENGTHS, width, padding=padding)
        values = np.full((*mask.shape, self.features), rubbish, np.float32)
        random = np.random.default_rng(5)
        values[mask] = random.standard_normal((int(LENGTHS.sum()), self.features))
        return values, mask


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[3]}, {case[2]}")
def case(request: pytest.FixtureRequest) -> Case:
    return Case.of(*request.param)


def test_padding_changes_no_output_loss_or_gradient(case: Case) -> None:
    schema = TargetSchema("classification", False, False, ("a", "b", "c"), (1, 1, 1))
    objective = LabelObjective(
        case.model, schema, features=case.features, label_smoothing=0.1, class_weights="none"
    )
    targets = np.arange(len(LENGTHS), dtype=np.int32) % OUTPUTS

    @tf.function(input_signature=[tuple(objective.signature)], autograph=False)
    def run(batch: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = objective.losses(batch, tf.constant([0, 0], tf.int32), 1.0)
        gradients = tape.gradient(losses.loss, [weight.value for weight in objective.weights])
        outputs = case.model(batch[0], batch[1])
        return outputs, tf.stack(losses), [tf.convert_to_tensor(one) for one in gradients]

    outputs, losses, gradients = run((*case.batch(16), targets))
    assert all(np.abs(one).max() > 0 for one in gradients)
    for width, padding in BATCHES:
        found, other, others = run((*case.batch(width, padding, rubbish=-4.0), targets))
        np.testing.assert_allclose(found, outputs, atol=1e-5)
        np.testing.assert_allclose(other, losses, rtol=1e-5)
        for one, padded in zip(gradients, others, strict=True):
            np.testing.assert_allclose(padded, one, atol=1e-4)
    values, mask = case.batch(16)
    for row, length in enumerate(LENGTHS):
        alone = case.model(values[row : row + 1, :length], mask[row : row + 1, :length])
        np.testing.assert_allclose(alone[0], outputs[row], atol=1e-5)


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
def test_the_exported_graph_gives_what_the_model_gives(case: Case, quantized: bool) -> None:
    shape = LabelShape(0, case.features, OUTPUTS, False, case.pooling)
    graph = LabelGraphs(case.settings, shape, quantized=quantized).whole
    session = Session(graph, computed_numbers(graph.parameters, weight_arrays(case.model)), "model")

    def run(values: Any, lengths: Any) -> Any:
        return session.run(["outputs"], {"features": values, "lengths": lengths})[0]

    values, mask = case.batch(16)
    expected, found = case.model(values, mask).numpy(), run(values, LENGTHS)
    assert np.abs(found - expected).max() <= (0.1 if quantized else 1e-5) * np.abs(expected).max()
    for width in (17, 18, 31):
        wide, _ = case.batch(width, rubbish=-4.0)
        np.testing.assert_allclose(run(wide, LENGTHS), found, atol=1e-6)
    for row, length in enumerate(LENGTHS):
        alone = run(values[row : row + 1, :length], LENGTHS[row : row + 1])
        np.testing.assert_allclose(alone[0], found[row], atol=1e-6)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_each_layer_halves_steps_and_features(layers: int) -> None:
    settings = ModelSettings(front_end="convolution", front_end_layers=layers, front_end_channels=4)
    front_end = build_front_end(settings, of_texts=False, dtype="float32")
    assert front_end is not None
    mask = step_mask(LENGTHS, 19)
    outputs, shorter = front_end(tf.ones([*mask.shape, 6]), mask)
    lengths, width = LENGTHS, 6
    for _ in range(layers):
        lengths, width = (lengths + 1) // 2, (width + 1) // 2
    assert outputs.shape[2] == 4 * width and outputs.shape[1] == shorter.shape[1]
    assert (shorter.numpy() == step_mask(lengths, shorter.shape[1])).all()


def test_a_shift_of_a_pattern_by_two_bands_is_a_shift_of_what_is_found() -> None:
    settings = ModelSettings(front_end="convolution", front_end_layers=1, front_end_channels=4)
    front_end = build_front_end(settings, of_texts=False, dtype="float32")
    assert front_end is not None
    values = np.zeros([1, 9, 12, 1], np.float32)
    values[0, 3:6, 2:5] = np.random.default_rng(1).standard_normal([3, 3, 1])
    mask = np.ones([1, 9], np.bool_)
    found, shifted = (
        front_end(moved[..., 0], mask)[0].numpy().reshape(5, 6, 4)
        for moved in (values, np.roll(values, 2, axis=2))
    )
    assert np.abs(found).max() > 0
    np.testing.assert_allclose(shifted, np.roll(found, 1, axis=1), atol=1e-6)


def test_half_precision_gives_nearly_the_same() -> None:
    whole, half = (
        build_front_end(ModelSettings(front_end="convolution"), of_texts=False, dtype=kind)
        for kind in ("float32", "mixed_bfloat16")
    )
    assert whole is not None and half is not None
    values = tf.constant(np.random.default_rng(1).standard_normal([2, 9, 12]), tf.float32)
    mask = np.ones([2, 9], np.bool_)
    whole(values, mask), half(tf.cast(values, tf.bfloat16), mask)
    for one, other in zip(whole.weights, half.weights, strict=True):
        other.assign(one)
    wanted, (found, _) = whole(values, mask)[0], half(tf.cast(values, tf.bfloat16), mask)
    assert found.dtype == tf.bfloat16
    assert np.abs(tf.cast(found, tf.float32) - wanted).max() < 0.02 * np.abs(wanted).max()


def test_texts_have_no_front_end() -> None:
    settings = ModelSettings(units=8, front_end="convolution")
    with pytest.raises(SettingsError, match=r"^model\.front_end received convolution, and the .*"):
        build_label_model(settings, Head(2), vocab=20, features=0)
    with pytest.raises(SettingsError, match="it is for sequences of numbers and sound: set"):
        build_model(settings, source_vocab=9, target_vocab=9, shared_vocabulary=True)
