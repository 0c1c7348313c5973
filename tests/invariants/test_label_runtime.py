"""Laws 1 and 4 for classes and numbers in ONNX Runtime: as TensorFlow, whatever the padding is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import ModelSettings, Settings, TaskSettings, TrainingSettings
from seq2seq.data.sequences.batches import source_batch, step_mask
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.export.exported_label_model import ExportedLabelModel
from seq2seq.inference.onnx_label_model import OnnxLabelModel, OnnxLabelStep
from seq2seq.inference.predictor import Predictor
from seq2seq.model import crf
from seq2seq.model.label_model import Head, LabelModel, build_label_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

LENGTHS = np.array([5, 1, 3, 17, 7], np.int32)
FEATURES = 3
HEADS = ["last", "mean", "max", "attention", "steps"]
ENCODERS: dict[str, dict[str, Any]] = {
    "both": {},
    "one direction": {"bidirectional": False},
    "transformer": {
        "encoder": "transformer",
        "attention_heads": 2,
        "feed_forward": 12,
        "encoder_layers": 2,
    },
}
SCHEMA = TargetSchema("classification", False, False, classes=("a", "b", "c"), counts=(1, 1, 1))


@dataclass(frozen=True)
class Case:
    """A model of random weights, in TensorFlow and in memory.

    Attributes:
        model: model in TensorFlow.
        exported: the same model, to be exported.
        vocab: number of tokens; 0 for features.
    """

    model: LabelModel
    exported: ExportedLabelModel
    vocab: int

    def batch(self, *, width: int = 17, padding: Any = "post", rubbish: float = 0.0) -> Any:
        """The same sequences at any width, rubbish in the padding."""
        random = np.random.default_rng(5)
        mask, total = step_mask(LENGTHS, width, padding=padding), int(LENGTHS.sum())
        if self.vocab:
            values = np.full(mask.shape, int(rubbish), np.int32)
            values[mask] = random.integers(0, self.vocab, total)
        else:
            values = np.full((*mask.shape, FEATURES), rubbish, np.float32)
            values[mask] = random.standard_normal((total, FEATURES))
        return values, mask


@cache
def make_case(head: str, *, text: bool = False, **fields: Any) -> Case:
    per_step = head in ("steps", "crf")
    task = TaskSettings("classification", per_step=per_step, pooling="last" if per_step else head)
    model = ModelSettings(
        **{"embedding_dim": 6, "units": 8, "encoder_layers": 3, "dropout": 0.0, **fields},
        head="crf" if head == "crf" else "softmax",
    )
    settings = Settings(task=task, model=model, training=TrainingSettings(monitor="valid_accuracy"))
    inputs = Inputs(scale=Scale((0.0,) * FEATURES, (1.0,) * FEATURES))
    vocab = 0
    if text:
        lines = ["the train is late", "a hotel"]
        tokenizer = Tokenizer.from_bytes(train_tokenizer(lines, settings.tokenizer))
        inputs, vocab = Inputs(tokenizer=tokenizer, words=per_step), tokenizer.vocab_size
    built = build_label_model(
        model, Head(3, per_step, task.pooling), vocab=vocab, features=inputs.features
    )
    initialise_weights(built, seed=2)
    # Attention is exponential in its weights: doubled, they are far from those that training finds.
    factor = 2.0 if model.encoder == "lstm" else 1.0
    for variable in built.trainable_variables:
        variable.assign(factor * variable + 0.1)
    if built.chain is not None:
        random = np.random.default_rng(3)
        for variable in built.chain.trainable_variables:
            variable.assign(random.standard_normal(variable.shape))
    schema = TargetSchema("classification", per_step, False, SCHEMA.classes, SCHEMA.counts)
    return Case(built, ExportedLabelModel(settings, weight_arrays(built), inputs, schema), vocab)


def real(outputs: Any, head: str) -> Any:
    """The predictions alone, `[predictions, outputs]`."""
    if head != "steps":
        return outputs
    return outputs[np.arange(outputs.shape[1]) < LENGTHS[:, np.newaxis]]


CASES = [(head, text, one) for head in HEADS for text in (False, True) for one in ENCODERS]


@pytest.mark.parametrize(("head", "text", "encoder"), CASES)
def test_outputs_are_those_of_tensorflow(head: str, text: bool, encoder: str) -> None:
    case = make_case(head, text=text, **ENCODERS[encoder])
    values, mask = case.batch()
    expected = real(case.model(values, mask).numpy(), head)
    found = real(OnnxLabelModel(case.exported.for_inference())(values, mask), head)
    assert np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max()
    integers = real(OnnxLabelModel(case.exported.for_inference(quantized=True))(values, mask), head)
    assert 0 < np.abs(integers - expected).max() <= 0.1 * np.abs(expected).max()


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
@pytest.mark.parametrize(("head", "text", "encoder"), CASES)
def test_padding_changes_no_output(head: str, text: bool, encoder: str, quantized: bool) -> None:
    case = make_case(head, text=text, **ENCODERS[encoder])
    model = OnnxLabelModel(case.exported.for_inference(quantized=quantized))
    together = model(*case.batch())
    for padding in ("post", "pre"):
        wide = model(*case.batch(width=29, padding=padding, rubbish=7.0))
        np.testing.assert_allclose(real(wide, head), real(together, head), atol=1e-6)
    values, mask = case.batch()
    for row, length in enumerate(LENGTHS):
        (alone,) = model(values[row : row + 1, :length], mask[row : row + 1, :length])
        wanted = together[row, :length] if head == "steps" else together[row]
        np.testing.assert_allclose(alone, wanted, atol=1e-6)


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
@pytest.mark.parametrize("head", HEADS)
def test_step_by_step_gives_what_the_whole_sequence_gives(head: str, quantized: bool) -> None:
    inference_model = make_case(head, bidirectional=False).exported.for_inference(
        quantized=quantized
    )
    model, stream = OnnxLabelModel(inference_model), OnnxLabelStep(inference_model)
    steps = np.random.default_rng(1).standard_normal([9, FEATURES]).astype(np.float32)
    for _ in range(2):
        for end in range(1, len(steps) + 1):
            found = stream.push(steps[end - 1])
            (whole,) = model(steps[np.newaxis, :end], np.ones([1, end], np.bool_))
            np.testing.assert_allclose(found, whole[-1] if head == "steps" else whole, atol=1e-6)
        stream.restart()


@pytest.mark.parametrize("value", [3e38, -3e38, 0.0])
@pytest.mark.parametrize("encoder", ["both", "transformer"])
def test_numbers_of_any_size_give_finite_outputs(encoder: str, value: float) -> None:
    model = OnnxLabelModel(make_case("mean", **ENCODERS[encoder]).exported.for_inference())
    steps = np.full([1, 4, FEATURES], value, np.float32)
    steps[:, 1] = -value
    assert np.isfinite(model(steps, np.ones([1, 4], np.bool_))).all()


TEXTS = ["a late train is a train", "hotel", "the unknown words", "", "is the hotel late"]


@pytest.mark.parametrize("text", [False, True])
def test_a_crf_is_decoded_as_tensorflow_does(text: bool) -> None:
    case = make_case("crf", text=text)
    exact, integers = (
        Predictor.from_exported_model(case.exported, quantized=quantized)
        for quantized in (False, True)
    )
    random = np.random.default_rng(8)
    contents: list[Any] = list(TEXTS)
    if not text:
        contents = [random.standard_normal((length, FEATURES)) for length in (4, 1, 9)]
    assert case.model.chain is not None
    potentials = case.model.chain.tensors()
    found = exact.decoded(contents)
    targets = [random.integers(0, 3, len(one.outputs)) for one in found]
    losses = exact.losses(found, targets)
    for number, (content, one) in enumerate(zip(contents, found, strict=True)):
        (row,) = exact.inputs.encode([content])
        if not len(row):
            assert not len(one.outputs) and losses[number] == 0.0
            continue
        values, mask = source_batch([row], exact.inputs, padding="pre")
        flags = exact.inputs.answered(row)[np.newaxis]
        scores = case.model(values, mask)
        shares = crf.marginals(scores, flags, potentials).numpy()[flags]
        np.testing.assert_allclose(one.outputs, shares, atol=1e-5)
        path = crf.best_path(scores, flags, potentials).numpy()[flags]
        assert one.classes is not None and one.classes.tolist() == path.tolist()
        spread = np.zeros(flags.shape, np.int32)
        spread[flags] = targets[number]
        total = crf.log_partition(scores, flags, potentials)
        total -= crf.path_scores(scores, flags, spread, potentials)
        assert losses[number] == pytest.approx(float(total[0]), abs=1e-5)
    for one, other in zip(found, integers.decoded(contents), strict=True):
        np.testing.assert_allclose(one.outputs, other.outputs, atol=0.1)
    assert (
        max(
            np.abs(one.outputs - other.outputs).max(initial=0.0)
            for one, other in zip(found, integers.decoded(contents), strict=True)
        )
        > 0
    )


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
def test_a_sequence_alone_is_decoded_as_in_a_batch(quantized: bool) -> None:
    predictor = Predictor.from_exported_model(
        make_case("crf", text=True).exported, quantized=quantized
    )
    together = predictor.decoded(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        (alone,) = predictor.decoded([text])
        assert alone.decided.tolist() == one.decided.tolist()
        np.testing.assert_allclose(alone.outputs, one.outputs, atol=1e-6)
        assert len(one.outputs) == len(text.split())


def test_a_stream_of_a_crf_gives_the_last_step_of_each_beginning() -> None:
    predictor = Predictor.from_exported_model(make_case("crf", bidirectional=False).exported)
    stream = predictor.stream()
    steps = np.random.default_rng(1).standard_normal([9, FEATURES])
    for _ in range(2):
        for end in range(1, len(steps) + 1):
            found = stream.push(steps[end - 1])
            wanted = predictor.predict([steps[:end]])[0].answers[-1]
            assert found.label == wanted.label
            assert found.probabilities == pytest.approx(wanted.probabilities, abs=1e-6)
        stream.restart()
