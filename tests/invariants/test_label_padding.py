"""Law 1 for classification and regression: padding never changes an answer, a loss or a gradient.

For every pooling, every task, texts and features, on either side and at any width; what stands in
the padding is rubbish here, so that nothing can look at it unnoticed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings
from seq2seq.data.sequences.batches import step_mask
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.model.label_model import Head, LabelModel, build_label_model
from seq2seq.model.weights import initialise_weights
from seq2seq.training.tasks.label_objective import LabelObjective

LENGTHS = np.array([5, 1, 3, 7], np.int32)
SEED = np.array([0, 0], np.int32)
FEATURES, VOCAB, OUTPUTS = 2, 20, 3
TASKS = {
    "one": ("classification", False),
    "several": ("classification", True),
    "numbers": ("regression", False),
}
HEADS = ["last", "mean", "max", "attention", "steps", "crf"]
ENCODERS: dict[str, dict[str, Any]] = {
    "both": {},
    "one direction": {"bidirectional": False},
    "transformer": {"encoder": "transformer", "attention_heads": 2, "feed_forward": 12},
}
OF_STEPS = ("steps", "crf")  # heads with a prediction at each step


def make_answers(task: str, *, per_step: bool) -> TargetSchema:
    name, several = TASKS[task]
    if name == "regression":
        return TargetSchema(name, per_step, several, scale=Scale.none(OUTPUTS))
    return TargetSchema(name, per_step, several, classes=("a", "b", "c"), counts=(5, 2, 1))


def make_model(head: str, *, text: bool, **fields: Any) -> LabelModel:
    settings = ModelSettings(
        **{"embedding_dim": 6, "units": 8, "encoder_layers": 1, "dropout": 0.0, **fields},
        head="crf" if head == "crf" else "softmax",
    )
    shape = Head(OUTPUTS, head in OF_STEPS, "last" if head in OF_STEPS else head)
    vocab, features = (VOCAB, 0) if text else (0, FEATURES)
    model = build_label_model(settings, shape, vocab=vocab, features=features)
    initialise_weights(model, seed=2)
    for variable in model.trainable_variables:
        variable.assign(2.0 * variable)
    if model.chain is not None:
        random = np.random.default_rng(3)
        for variable in model.chain.trainable_variables:
            variable.assign(random.standard_normal(variable.shape))
    return model


def make_batch(
    answers: TargetSchema,
    *,
    text: bool,
    width: int = 7,
    padding: str = "post",
    rubbish: float = 0.0,
) -> tuple[Any, Any, Any]:
    """The same four sequences and targets at any width, rubbish in the padding."""
    random = np.random.default_rng(5)
    mask = step_mask(LENGTHS, width, padding=padding)
    total = int(LENGTHS.sum())
    if text:
        values = np.full(mask.shape, int(rubbish), np.int32)
        values[mask] = random.integers(1, VOCAB, total)
    else:
        values = np.full((*mask.shape, FEATURES), rubbish, np.float32)
        values[mask] = random.standard_normal((total, FEATURES))
    shape = mask.shape if answers.per_step else (len(LENGTHS),)
    count = total if answers.per_step else len(LENGTHS)
    flat: Any = random.integers(0, OUTPUTS, count).astype(np.int32)
    if not answers.one_class:
        flat = random.integers(0, 2, (count, OUTPUTS)).astype(np.float32)
    if not answers.per_step:
        return values, mask, flat
    targets = np.zeros((*shape, *flat.shape[1:]), flat.dtype)
    targets[mask] = flat
    return values, mask, targets


def loss_and_gradients(model: LabelModel, answers: TargetSchema, text: bool) -> Any:
    """A function of a batch, traced once."""
    plain = not answers.one_class or model.chain is not None
    objective = LabelObjective(
        model,
        answers,
        features=0 if text else FEATURES,
        label_smoothing=0.0 if plain else 0.1,
        class_weights="none" if plain else "balanced",
    )

    @tf.function(input_signature=[tuple(objective.signature)], autograph=False)
    def run(batch: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = objective.losses(batch, tf.constant(SEED), 1.0)
        gradients = tape.gradient(losses.loss, [weight.value for weight in objective.weights])
        return tf.stack(losses), [tf.convert_to_tensor(gradient) for gradient in gradients]

    return run


CASES: list[tuple[str, str, bool, str]] = [
    *(
        (head, task, False, "both")
        for head in HEADS
        for task in TASKS
        if head != "crf" or task == "one"
    ),
    *((head, "one", True, "both") for head in HEADS),
    *((head, "one", head == "max", "transformer") for head in HEADS),
]


@pytest.mark.parametrize(("head", "task", "text", "encoder"), CASES)
def test_padding_changes_no_loss_and_no_gradient(
    head: str, task: str, text: bool, encoder: str
) -> None:
    model = make_model(head, text=text, **ENCODERS[encoder])
    answers = make_answers(task, per_step=head in OF_STEPS)
    run = loss_and_gradients(model, answers, text)
    losses, gradients = run(make_batch(answers, text=text))
    assert losses[2] == (LENGTHS.sum() if head in OF_STEPS else len(LENGTHS))
    for padding in ("post", "pre"):
        batch = make_batch(answers, text=text, width=11, padding=padding, rubbish=3.0)
        padded, padded_gradients = run(batch)
        assert padded.numpy() == pytest.approx(losses.numpy(), rel=1e-5)
        for one, other in zip(gradients, padded_gradients, strict=True):
            assert np.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize(("head", "task"), [*(("steps", task) for task in TASKS), ("crf", "one")])
def test_padding_changes_no_loss_of_words_that_are_cut(head: str, task: str) -> None:
    """A word is labelled at its first token; other tokens and padding have no targets."""
    model, answers = make_model(head, text=True), make_answers(task, per_step=True)
    plain = not answers.one_class or head == "crf"
    starts = np.arange(VOCAB) % 3 > 0
    objective = LabelObjective(
        model,
        answers,
        features=0,
        word_starts=starts,
        label_smoothing=0.0 if plain else 0.1,
        class_weights="none" if plain else "balanced",
    )

    def losses(batch: tuple[Any, Any, Any]) -> Any:
        return tf.stack(objective.losses([tf.constant(one) for one in batch], None, 1.0)).numpy()

    values, mask, _ = batch = make_batch(answers, text=True)
    alone = losses(batch)
    assert alone[2] == starts[values[mask]].sum() < mask.sum()
    for padding in ("post", "pre"):
        padded = make_batch(answers, text=True, width=11, padding=padding, rubbish=4.0)
        assert losses(padded) == pytest.approx(alone, rel=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("head", HEADS)
def test_a_sequence_alone_gets_the_same_answer(head: str, encoder: str) -> None:
    model = make_model(head, text=False, **ENCODERS[encoder])
    answers = make_answers("one", per_step=head in OF_STEPS)
    values, mask, _ = make_batch(answers, text=False, width=9, rubbish=-10.0)
    together = model(values, mask).numpy()
    for row, length in enumerate(LENGTHS):
        alone = model(values[row : row + 1, :length], mask[row : row + 1, :length]).numpy()[0]
        wanted = together[row, :length] if head in OF_STEPS else together[row]
        assert np.allclose(alone, wanted, atol=1e-5)


@pytest.mark.parametrize("head", ["last", "mean", "max", "attention"])
def test_without_its_mask_a_head_would_fail_this(head: str) -> None:
    """The control: the same comparison sees padding once everything counts as a step."""
    model = make_model(head, text=False)
    answers = make_answers("one", per_step=False)
    values, mask, _ = make_batch(answers, text=False)
    wide, wider, _ = make_batch(answers, text=False, width=11)
    narrow = model(values, np.ones_like(mask)).numpy()
    assert np.abs(narrow - model(wide, np.ones_like(wider)).numpy()).max() > 1e-2
