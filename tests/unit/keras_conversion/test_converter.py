"""A table of models: each is proven to answer as before at any length, or refused for its reason.

The table does not trust the proof that the converter makes of itself: it compares the answers
again, by Keras alone, on sequences of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from seq2seq import convert
from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import converter
from seq2seq.keras_conversion.converter import converted

STEPS = 8
Make = Callable[[], keras.Model]

SCALE = 2.0  # what a lambda refers to outside of itself


@keras.saving.register_keras_serializable(package="tests")
class Twice(layers.Layer):  # type: ignore[misc]
    """A custom layer that keeps the mask."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        return SCALE * inputs


class Positions(layers.Layer):  # type: ignore[misc]
    """A custom layer with a table of one vector for each step; not registered."""

    def build(self, shape: Any) -> None:
        self.table = self.add_weight(shape=shape[1:], initializer="ones", name="table")

    def call(self, inputs: Any) -> Any:
        return inputs + self.table


def half(inputs: Any) -> Any:
    return inputs / 2


def chain(*each: Any, shape: Any = (STEPS, 3), **settings: Any) -> keras.Model:
    return keras.Sequential([keras.Input(shape, **settings), *each])


def graph(function: Callable[..., Any], *shapes: Any) -> keras.Model:
    inputs = [keras.Input(shape, name=f"in{i}") for i, shape in enumerate(shapes)]
    return keras.Model(inputs, function(*inputs))


def shared_across_models() -> keras.Model:
    gru = layers.GRU(4, name="gru")

    def part() -> keras.Model:
        steps = keras.Input((STEPS, 3))
        return keras.Model(steps, layers.Dense(2)(gru(steps)))

    one, two = part(), part()
    return graph(lambda a, b: layers.Add()([one(a), two(b)]), (STEPS, 3), (STEPS, 3))


def siamese() -> keras.Model:
    lstm = layers.Bidirectional(layers.LSTM(3))
    return graph(
        lambda a, b: layers.Dense(1)(layers.Subtract()([lstm(a), lstm(b)])), (STEPS, 3), (STEPS, 3)
    )


def encoder_decoder() -> keras.Model:
    def function(source: Any, target: Any) -> Any:
        _, *states = layers.LSTM(4, return_state=True, unroll=True)(source)
        steps, *_ = layers.LSTM(4, return_sequences=True, return_state=True)(
            layers.Dense(4)(target), initial_state=states
        )
        return layers.Dense(2)(steps)

    return graph(function, (STEPS, 3), (5, 2))


def self_attention() -> keras.Model:
    def function(steps: Any) -> Any:
        steps = layers.Dense(4)(steps)
        seen = layers.MultiHeadAttention(2, 2)(steps, steps)
        steps = layers.LayerNormalization()(layers.Add()([seen, steps]))
        return layers.GlobalAveragePooling1D()(steps)

    return graph(function, (STEPS, 3))


def soft_attention() -> keras.Model:
    def function(steps: Any) -> Any:
        steps = layers.LSTM(STEPS, return_sequences=True)(steps)
        weights = layers.Flatten()(layers.Dense(1, activation="tanh")(steps))
        weights = layers.RepeatVector(STEPS)(layers.Activation("softmax")(weights))
        weighted = layers.Multiply()([steps, layers.Permute((2, 1))(weights)])
        return layers.GlobalAveragePooling1D()(weighted)

    return graph(function, (STEPS, 3))


def dot_attention() -> keras.Model:
    def function(source: Any, target: Any) -> Any:
        keys = layers.GRU(4, return_sequences=True)(source)
        queries = layers.GRU(4, return_sequences=True)(target)
        weights = layers.Softmax()(layers.Dot((2, 2))([queries, keys]))
        return layers.Dot((2, 1))([weights, keys])

    return graph(function, (STEPS, 3), (5, 2))


def time_table() -> keras.Model:
    def function(steps: Any) -> Any:
        turned = layers.Permute((2, 1))(steps)
        weights = layers.Permute((2, 1))(layers.Dense(STEPS, activation="softmax")(turned))
        return layers.LSTM(3)(layers.Multiply()([steps, weights]))

    return graph(function, (STEPS, 3))


def skip() -> keras.Model:
    def function(steps: Any) -> Any:
        low = layers.Conv1D(3, 3, padding="same")(layers.MaxPooling1D(2)(steps))
        return layers.Add(name="skip")([steps, layers.UpSampling1D(2)(low)])

    return graph(function, (STEPS, 3))


def nested() -> keras.Model:
    deep = keras.Sequential(
        [
            layers.Bidirectional(
                layers.Bidirectional(layers.GRU(2, return_sequences=True)).forward_layer
            ),
            layers.Dropout(0.3),
        ]
    )
    inner = chain(layers.Bidirectional(layers.LSTM(2, return_sequences=True)), deep, layers.LSTM(3))
    return graph(lambda steps: layers.Dense(2)(inner(layers.Dense(3)(steps))), (STEPS, 3))


def frames() -> keras.Model:
    return chain(
        layers.Conv3D(2, (1, 3, 3)),
        layers.MaxPooling3D((1, 2, 2)),
        layers.Reshape((STEPS, 2)),
        layers.LSTM(3),
        shape=(STEPS, 5, 5, 1),
    )


def wrapped_frames() -> keras.Model:
    return chain(
        layers.TimeDistributed(layers.Conv2D(2, 3)),
        layers.TimeDistributed(layers.Flatten()),
        layers.LSTM(3),
        shape=(STEPS, 5, 5, 1),
    )


def static_beside() -> keras.Model:
    return graph(
        lambda steps, features: layers.Dense(1)(
            layers.Concatenate()([layers.LSTM(3)(steps), layers.Dense(2)(features)])
        ),
        (STEPS, 3),
        (STEPS,),
    )


def attentive(attend: Callable[[Any], Any]) -> Make:
    def function(ids: Any) -> Any:
        words = layers.Embedding(9, 3, mask_zero=True)(ids)
        steps = layers.LSTM(4, return_sequences=True)(words)
        return layers.Dense(2)(layers.GlobalAveragePooling1D()(attend(steps)))

    return lambda: graph(function, (STEPS,))


def attended_states() -> keras.Model:
    def function(source: Any, target: Any) -> Any:
        steps, *states = layers.LSTM(4, return_sequences=True, return_state=True)(source)
        queries = layers.LSTM(4, return_sequences=True)(target, initial_state=states)
        context = layers.Attention()([queries, steps])
        return layers.TimeDistributed(layers.Dense(2))(layers.Concatenate()([queries, context]))

    return graph(function, (STEPS, 3), (5, 2))


def ids_beside_numbers() -> keras.Model:
    def function(ids: Any, numbers: Any) -> Any:
        words = layers.Embedding(9, 2, mask_zero=True)(ids)
        return layers.GRU(3)(layers.Concatenate(name="beside")([words, numbers]))

    return graph(function, (STEPS,), (STEPS, 3))


def masked_softmax() -> keras.Model:
    def function(steps: Any) -> Any:
        steps = layers.LSTM(4, return_sequences=True)(layers.Masking(0.0)(steps))
        weights = layers.Softmax(axis=1, name="weights")(layers.Dense(1)(steps))
        return layers.Dot((1, 1))([weights, steps])

    return graph(function, (STEPS, 3))


def softmax_with_its_mask() -> keras.Model:
    def function(steps: Any) -> Any:
        mask = ops.any(ops.not_equal(steps, 0.0), axis=-1)
        steps = layers.LSTM(4, return_sequences=True)(layers.Masking(0.0)(steps))
        weights = layers.Softmax()(ops.squeeze(layers.Dense(1)(steps), -1), mask=mask)
        return layers.Dot((1, 1))([weights, steps])

    return graph(function, (STEPS, 3))


CONVERTED: dict[str, Make] = {
    "lstm, an answer a step": lambda: chain(layers.LSTM(4, return_sequences=True), layers.Dense(2)),
    "stacked": lambda: chain(
        layers.LSTM(3, return_sequences=True),
        layers.GRU(3, return_sequences=True),
        layers.SimpleRNN(3),
    ),
    "stateful and unrolled": lambda: chain(
        layers.GRU(3, stateful=True, return_sequences=True),
        layers.LSTM(3, stateful=True, unroll=True),
        shape=(STEPS, 3),
        batch_size=2,
    ),
    "cells": lambda: chain(layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], unroll=True)),
    "go_backwards": lambda: chain(layers.LSTM(3, go_backwards=True)),
    "return_state": lambda: graph(lambda x: layers.LSTM(3, return_state=True)(x), (STEPS, 3)),
    "nested": nested,
    "siamese": siamese,
    "encoder-decoder": encoder_decoder,
    "self-attention": self_attention,
    "soft attention": soft_attention,
    "dot attention": dot_attention,
    "frames": frames,
    "static features beside": static_beside,
    "embedding": lambda: chain(layers.Embedding(9, 3), layers.GRU(3), shape=(STEPS,)),
    "vector of numbers": lambda: chain(layers.Reshape((STEPS, 1)), layers.LSTM(3), shape=(STEPS,)),
    "convolutions": lambda: chain(
        layers.Conv1D(4, 3), layers.MaxPooling1D(2), layers.GlobalMaxPooling1D()
    ),
    "causal convolutions": lambda: chain(
        layers.Conv1D(4, 2, padding="causal", dilation_rate=2),
        layers.BatchNormalization(),
        layers.ZeroPadding1D(1),
        layers.Cropping1D(1),
    ),
    "wrapped steps": lambda: chain(
        layers.LSTM(4, return_sequences=True),
        layers.TimeDistributed(layers.Dense(3, activation="tanh")),
        layers.TimeDistributed(layers.Dropout(0.5)),
        layers.GRU(2),
    ),
    "forecast of three steps": lambda: chain(
        layers.LSTM(3), layers.RepeatVector(3), layers.LSTM(2, return_sequences=True)
    ),
    "operations": lambda: graph(
        lambda x: (layers.LSTM(3, return_sequences=True)(x) * 2.0)[:, -1], (STEPS, 3)
    ),
    "reshaped by an operation": lambda: graph(
        lambda x: layers.LSTM(3)(ops.reshape(x, (-1, STEPS, 3))), (STEPS, 3)
    ),
    "numbers by an operation": lambda: graph(
        lambda x: layers.LSTM(3)(ops.expand_dims(x, -1)), (STEPS,)
    ),
    "numbers by an index": lambda: graph(lambda x: layers.LSTM(3)(x[:, :, None]), (STEPS,)),
    "numbers by a lambda": lambda: chain(
        layers.Lambda(lambda x: ops.expand_dims(x, -1)), layers.LSTM(3), shape=(STEPS,)
    ),
    "sizes in an equation": lambda: chain(
        layers.EinsumDense("abc,cd->abd", output_shape=(STEPS, 4)), layers.LSTM(2)
    ),
    "pooled to four steps": lambda: chain(layers.AdaptiveMaxPooling1D(4), layers.LSTM(2)),
    "stateful cells": lambda: chain(
        layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], stateful=True), batch_size=2
    ),
    "attended states": attended_states,
    "lambda": lambda: chain(layers.LSTM(3), layers.Lambda(lambda x: SCALE * x)),
    "custom layer": lambda: chain(Twice(), layers.LSTM(3)),
    "own activation": lambda: chain(layers.GRU(3, activation=half), layers.Dense(2)),
    "half precision": lambda: chain(layers.LSTM(3, dtype="mixed_bfloat16")),
}

MASKED: dict[str, tuple[Make, float]] = {
    "lstm, an answer a step": (CONVERTED["lstm, an answer a step"], 0.0),
    "stacked": (CONVERTED["stacked"], -1.0),
    "cells": (CONVERTED["cells"], 0.5),
    "go_backwards": (CONVERTED["go_backwards"], 0.0),
    "nested": (nested, -9.0),
    "siamese": (siamese, 0.0),
    "encoder-decoder": (encoder_decoder, 0.0),
    "self-attention": (self_attention, 7.0),
    "static features beside": (static_beside, 0.0),
    "embedding": (CONVERTED["embedding"], 0.0),
    "custom layer": (CONVERTED["custom layer"], 0.0),
    "attended states": (attended_states, 0.0),
    "ids beside numbers": (ids_beside_numbers, 0.0),
    "Attention": (attentive(lambda x: layers.Attention()([x, x])), 0.0),
    "AdditiveAttention": (attentive(lambda x: layers.AdditiveAttention()([x, x])), 0.0),
    "MultiHeadAttention": (
        attentive(lambda x: layers.Add()([x, layers.MultiHeadAttention(2, 2)(x, x)])),
        0.0,
    ),
    "softmax with its mask": (softmax_with_its_mask, 0.0),
    "attention": (
        lambda: graph(
            lambda a, b: layers.Attention()([layers.Dense(4)(b), layers.Dense(4)(a)]),
            (STEPS, 3),
            (STEPS, 2),
        ),
        0.0,
    ),
}

REFUSED: dict[str, tuple[Make, float | None, str]] = {
    "wrapped frames": (
        wrapped_frames,
        None,
        r"\(TimeDistributed\) does not take any number of steps",
    ),
    "reshape of each step": (
        lambda: chain(
            layers.Reshape((STEPS, 3, 1)), layers.TimeDistributed(layers.GRU(2)), layers.LSTM(2)
        ),
        None,
        r"as many steps as there are sequences, and the answers are wrong",
    ),
    "flatten": (
        lambda: chain(
            layers.LSTM(2, return_sequences=True),
            layers.Flatten(name="f"),
            layers.Dense(2, name="d"),
        ),
        None,
        r"Layer 'f' \(Flatten\) lays the steps side by side, so that 'd' \(Dense\) needs a weight",
    ),
    "reshape": (
        lambda: chain(layers.Reshape((3 * STEPS,), name="r"), layers.Dense(2)),
        None,
        r"Layer 'r' \(Reshape\) joins the steps",
    ),
    "a table over time": (time_table, None, r"\(Permute\) turns the time axis into the last"),
    "a table of positions": (lambda: chain(Positions(name="p"), layers.LSTM(2)), None, r"'p' \(P"),
    "autoencoder": (
        lambda: chain(layers.LSTM(3), layers.RepeatVector(STEPS, name="r"), layers.LSTM(3)),
        None,
        r"'r' \(RepeatVector\) makes 8 steps, the old length",
    ),
    "decoder from a vector": (
        lambda: chain(layers.LSTM(3), layers.Dense(2 * STEPS), layers.Reshape((STEPS, 2))),
        None,
        r"\(Reshape\) makes 8 steps",
    ),
    "slopes of steps": (
        lambda: chain(layers.PReLU(name="p"), layers.LSTM(2)),
        None,
        r"'p' \(PReLU.*shared_axes",
    ),
    "normalised over time": (
        lambda: chain(layers.LayerNormalization(axis=1, name="n")),
        None,
        r"'n' \(LayerNorm",
    ),
    "skip connection": (skip, None, r"'skip' \(Add\) does not run on 9 steps"),
    "pool of all steps": (
        lambda: chain(layers.AveragePooling1D(STEPS), layers.Flatten(name="f"), layers.Dense(2)),
        None,
        r"'f' \(Flatten\)",
    ),
    "slice": (lambda: graph(lambda x: layers.LSTM(2)(x[:, 2:STEPS]), (STEPS, 3)), None, "GetItem"),
    "a mean by the old length": (
        lambda: graph(lambda x: ops.sum(x, axis=1) / STEPS, (STEPS, 3)),
        None,
        r"\(TrueDivide\) holds the number 8",
    ),
    "steps by an operation": (
        lambda: graph(lambda x: layers.Dense(2)(ops.unstack(x, axis=1)[-1]), (STEPS, 3)),
        None,
        r"Operation 'unstack\w*' \(Unstack\) needs a fixed number of steps: Cannot infer",
    ),
    "joined by an operation": (
        lambda: graph(lambda x: layers.Dense(2)(ops.reshape(x, (-1, 3 * STEPS))), (STEPS, 3)),
        None,
        r"\(Reshape\) joins the steps",
    ),
    "turned by an operation": (
        lambda: graph(lambda x: layers.Dense(2)(ops.moveaxis(x, 1, 2)), (STEPS, 3)),
        None,
        r"\(Moveaxis\) turns the time axis into the last",
    ),
    "masked softmax": (
        masked_softmax,
        None,
        r"^Layer 'weights' \(Softmax\) raises an error in the model itself: The `mask` must be",
    ),
    "masked by us, softmax": (
        lambda: chain(layers.LSTM(2, return_sequences=True), layers.Softmax(axis=1, name="s")),
        0.0,
        r"^Layer 's' \(Softmax\) does not run on 8 steps: The `mask` must be broadcastable to",
    ),
    "one mask of two": (ids_beside_numbers, None, r"'beside' \(Concatenate\) loses the mask"),
    "a layer that loses the mask": (
        lambda: chain(layers.RMSNormalization(name="n"), layers.LSTM(2)),
        0.0,
        r"'n' \(RMSNormalization\) loses the mask",
    ),
    "an operation that loses the mask": (
        lambda: graph(
            lambda x: layers.LSTM(2)(layers.LSTM(3, return_sequences=True)(x) * 2.0), (STEPS, 3)
        ),
        0.0,
        r"^Operation 'multiply\w*' \(Multiply\) loses the mask",
    ),
    "text": (
        lambda: chain(
            layers.TextVectorization(vocabulary=["a", "b"]),
            layers.Embedding(9, 2),
            shape=(1,),
            dtype="string",
        ),
        None,
        "takes text",
    ),
    "grids": (
        lambda: chain(layers.ConvLSTM1D(2, 2, name="c"), shape=(STEPS, 5, 1)),
        None,
        r"'c' \(ConvLSTM1D\) reads sequences of grids",
    ),
    "image": (lambda: chain(layers.Conv2D(2, 2), shape=(5, 5, 1)), None, "No input .* sequence"),
    "vectors": (lambda: chain(layers.Dense(2), shape=(4,)), None, r"\(any, 4\)"),
    "any length already": (
        lambda: chain(layers.LSTM(2), shape=(None, 3)),
        None,
        "any length already",
    ),
    "a flood": (
        lambda: chain(layers.LSTM(2), layers.RepeatVector(10**12, name="r")),
        None,
        r"'r' \(RepeatVector\) has 6,000,000,000,000 numbers, too many",
    ),
    "a long flood": (lambda: chain(layers.LSTM(2), shape=(10**9, 1)), None, "Input .* has 3,000"),
    "what Keras cannot load": (shared_across_models, None, "Keras does not load .* as NAME.h5"),
    "masked convolution": (
        lambda: chain(layers.Conv1D(3, 3, padding="same", name="c"), layers.LSTM(2)),
        0.0,
        r"'c' \(Conv1D\) reads each step together with its neighbours",
    ),
    "own mask and convolution": (
        lambda: chain(
            layers.Masking(-1.0), layers.Conv1D(3, 2, padding="same", name="c"), layers.LSTM(2)
        ),
        None,
        r"'c' \(Conv1D\)",
    ),
    "masked pooling": (
        lambda: chain(layers.MaxPooling1D(2, name="m"), layers.LSTM(2)),
        0.0,
        r"'m' \(MaxPool",
    ),
    "masked maximum": (
        lambda: chain(layers.GlobalMaxPooling1D(name="m")),
        -1.0,
        r"'m' \(GlobalMaxPooling1D",
    ),
    "masked maximum of one number": (
        lambda: chain(layers.GlobalMaxPooling1D(name="m"), shape=(STEPS, 1)),
        0.0,
        r"'m' \(GlobalMaxPooling1D",
    ),
    "masked soft attention": (soft_attention, 0.0, r"\(Flatten\) loses the mask"),
    "masked dot attention": (dot_attention, 0.0, r"\(Dot\) does not keep the padding out"),
    "masked and reversed": (
        lambda: chain(
            layers.GRU(2, go_backwards=True, return_sequences=True, name="g"), layers.GRU(2)
        ),
        0.0,
        r"'g' \(GRU\) gives its steps in reverse order",
    ),
    "masked ids other than 0": (CONVERTED["embedding"], 5.0, r"\(Embedding\).*ask for 0"),
    "another mask": (
        lambda: chain(layers.Masking(1.0), layers.LSTM(2)),
        0.0,
        "has a mask for 1 already",
    ),
    "masked frames": (wrapped_frames, 0.0, "has 5 axes"),
    "a mask of infinity": (CONVERTED["stacked"], float("inf"), "must be a finite number"),
}


def drawn(model: keras.Model, steps: int, *, rows: int, seed: int = 5) -> list[Any]:
    """Random inputs for a converted model."""
    random = np.random.default_rng(seed)
    arrays = []
    for tensor in model.inputs:
        shape = [rows, *(steps if size is None else size for size in tensor.shape[1:])]
        embedded = len(shape) == 2 and tensor.shape[1] is None and "Embedding" in kinds(model)
        if embedded:
            arrays.append(random.integers(1, 9, shape).astype(np.float32))
        else:
            arrays.append(random.normal(size=shape).astype(np.float32))
    return arrays


def kinds(model: keras.Model) -> set[str]:
    return {type(layer).__name__ for layer in model.layers}


def answers(model: keras.Model, arrays: list[Any]) -> list[Any]:
    given = arrays[0] if isinstance(model, keras.Sequential) else arrays
    outputs = model(given, training=False)
    return [keras.ops.convert_to_numpy(each) for each in keras.tree.flatten(outputs)]


def loaded_again(model: keras.Model, folder: Path) -> keras.Model:
    """As whoever gets the file has it."""
    model.save(folder / "variable.keras")
    return keras.saving.load_model(folder / "variable.keras")


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """Keras warns of what these models are there to show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", CONVERTED)
def test_answers_as_before_and_at_other_lengths(name: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    model = CONVERTED[name]()
    before = model.get_weights()
    variable = convert(model)
    # Keras loads no code of others unasked.
    if name not in ("lambda", "numbers by a lambda", "own activation"):
        variable = loaded_again(variable, tmp_path)
    assert all(size is None for each in variable.inputs for size in each.shape[:1])
    assert any(each.shape[1] is None for each in variable.inputs)
    old = drawn(variable, STEPS, rows=2)
    for place, each in enumerate(model.inputs):
        if each.shape[1] is not None:
            old[place] = old[place][:, : each.shape[1]]
    for one, other in zip(answers(model, old), answers(variable, old), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)
    for steps in (STEPS - 3, STEPS + 7):
        for answer in answers(variable, drawn(variable, steps, rows=5)):
            assert np.isfinite(answer).all()
    for one, other in zip(before, variable.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["wrapped steps", "attended states", "self-attention"])
def test_predict_answers_at_a_second_length_as_a_call_does(name: str) -> None:
    variable = convert(CONVERTED[name]())
    assert not any(isinstance(each, layers.TimeDistributed) for each in variable.layers)
    for steps in (STEPS + 1, STEPS - 2, STEPS + 4):  # Keras traces a graph of any length for these
        given = drawn(variable, steps, rows=3)
        found = variable.predict(given if len(given) > 1 else given[0], verbose=0)
        for one, other in zip(keras.tree.flatten(found), answers(variable, given), strict=True):
            np.testing.assert_allclose(one, other, atol=2e-6)


def test_wrapped_steps_of_any_length_are_mended() -> None:
    """Keras takes any length there, but computes something else from the second one on."""
    model = chain(layers.TimeDistributed(layers.Dense(2)), layers.GRU(3), shape=(None, 3))
    variable = convert(model)
    for steps in (6, 4, 9):
        given = drawn(variable, steps, rows=3)
        found = variable.predict(given[0], verbose=0)
        np.testing.assert_allclose(found, answers(model, given)[0], atol=2e-6)


def test_a_compiled_model_with_other_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Keras' TimeDistributed has, if it stays in the model."""
    monkeypatch.setattr(converter, "without_step_wrappers", lambda config: None)
    monkeypatch.setattr(converter.obstacles, "loops_over_sequences", lambda layers: None)
    with pytest.raises(ConversionError, match=r"On 9 steps predict\(\) would answer differently"):
        convert(CONVERTED["wrapped steps"]())


@pytest.mark.parametrize("name", MASKED)
def test_padding_by_the_caller_changes_nothing(name: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    make, value = MASKED[name]
    variable = loaded_again(convert(make(), mask_value=value), tmp_path)
    alone = drawn(variable, 6, rows=2)
    padded = []  # both sequences with padding after them, and both with padding before them
    for tensor, array in zip(variable.inputs, alone, strict=True):
        grows = tensor.shape[1] is None
        sides = [
            np.pad(array, [(0, 0), extra, *[(0, 0)] * (array.ndim - 2)], constant_values=value)
            if grows
            else array
            for extra in ((0, 4), (4, 0))
        ]
        padded.append(np.concatenate(sides))
    for one, other in zip(answers(variable, alone), answers(variable, padded), strict=True):
        after, before = np.split(other, 2)
        if one.shape != after.shape:
            assert other.shape[1] == 10
            after, before = after[:, :6], before[:, 4:]
        np.testing.assert_allclose(one, after, atol=2e-6)
        np.testing.assert_allclose(one, before, atol=2e-6)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_for_its_reason(name: str) -> None:
    make, value, reason = REFUSED[name]
    with pytest.raises(ConversionError, match=reason) as caught:
        convert(make(), mask_value=value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_zero_weights_hide_nothing() -> None:
    model = chain(layers.Conv1D(2, 3, padding="same", name="c"), layers.LSTM(2))
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    with pytest.raises(ConversionError, match=r"'c' \(Conv1D\)"):
        convert(model, mask_value=0.0)


def test_a_model_that_answers_nothing_finite_is_refused() -> None:
    model = chain(layers.LSTM(2), layers.Dense(1))
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    with pytest.raises(ConversionError, match="numbers that are not finite"):
        convert(model)


def test_a_sequence_without_a_mask_keeps_its_length() -> None:
    model = graph(
        lambda words, sound: layers.Add()(
            [layers.GRU(2)(layers.Masking(0.0)(words)), layers.GRU(2)(sound)]
        ),
        (STEPS, 3),
        (STEPS, 2),
    )
    assert converted(model).proof.padded


def test_a_decoder_with_a_mask_of_its_own_is_told_how() -> None:
    def function(source: Any, target: Any) -> Any:
        state = layers.GRU(4)(layers.Masking(-1.0)(source))
        return layers.GRU(4, name="decoder")(layers.Masking(-1.0)(target), initial_state=state)

    model = graph(function, (STEPS, 3), (5, 2))
    with pytest.raises(ConversionError, match=r"'decoder' \(GRU\) gets no mask.*--mask-value"):
        convert(model)
    assert converted(model, mask_value=-1.0).proof.padded


def test_a_layer_that_answers_by_chance_is_refused() -> None:
    @keras.saving.register_keras_serializable(package="tests")
    class Noise(layers.Layer):  # type: ignore[misc]
        def call(self, inputs: Any) -> Any:
            return inputs + keras.random.normal(keras.ops.shape(inputs))

    reason = r"Layer 'noise' \(Noise\) answers the same sequences differently each time"
    with pytest.raises(ConversionError, match=reason):
        convert(chain(Noise(), layers.LSTM(2)))


def test_the_model_stays_as_it_was() -> None:
    model = CONVERTED["stateful and unrolled"]()
    given = [np.ones((2, STEPS, 3), np.float32)]
    first = answers(model, given)
    state = keras.ops.convert_to_numpy(model.layers[0].states[0])
    convert(model)
    np.testing.assert_array_equal(model.layers[0].states[0], state)
    assert model.layers[1].unroll and model.inputs[0].shape == (2, STEPS, 3)
    assert not np.allclose(first[0], answers(model, given)[0])  # it goes on from its state


def test_what_went_on_from_call_to_call_is_told(caplog: pytest.LogCaptureFixture) -> None:
    variable = convert(CONVERTED["stateful and unrolled"]())
    assert caplog.text.count("was stateful") == 2
    given = [np.ones((1, 3, 3), np.float32)]
    np.testing.assert_array_equal(answers(variable, given)[0], answers(variable, given)[0])


def test_the_least_length_is_found() -> None:
    proof = converted(chain(layers.Conv1D(2, 3), layers.MaxPooling1D(2), layers.LSTM(2))).proof
    assert (proof.steps, proof.shortest, proof.padded) == (STEPS, 4, False)
    assert proof.summary().startswith("takes 4 steps or more; same answers on 8 steps, largest d")
    # TensorFlow answers on one step too, from memory that nobody wrote.
    assert converted(chain(layers.Conv1D(3, 2), layers.GlobalMaxPooling1D())).proof.shortest == 2


def test_a_class_of_its_own_and_other_things_are_refused(tmp_path: Path) -> None:
    class Own(keras.Model):  # type: ignore[misc]
        def call(self, inputs: Any) -> Any:
            return inputs

    for thing, reason in (
        (Own(name="own"), "'own' is a class of its own or has not been built"),
        (keras.Sequential([layers.LSTM(2)]), "has not been built"),
        (layers.LSTM(2), "received a LSTM"),
        (tmp_path / "none.keras", "there is no such file"),
    ):
        with pytest.raises(ConversionError, match=reason):
            convert(thing)


def test_inputs_and_answers_by_name() -> None:
    steps, others = keras.Input((STEPS, 2), name="steps"), keras.Input((STEPS, 2), name="others")
    answer = layers.Add()([layers.GRU(2)(steps), layers.LSTM(2)(others)])
    model = keras.Model({"b": steps, "a": others}, {"sum": answer})
    given = {key: np.ones((1, 3, 2), np.float32) for key in "ab"}
    assert convert(model)(given)["sum"].shape == (1, 2)


def test_long_sequences_too(capfd: pytest.CaptureFixture[str]) -> None:
    def function(steps: Any) -> Any:
        low = layers.MaxPooling1D(2)(steps)
        return layers.Add(name="skip")([steps, layers.UpSampling1D(2)(low)])

    with pytest.raises(ConversionError, match=r"'skip' \(Add\) does not run on 61 steps"):
        convert(graph(function, (60, 3)))
    proof = converted(chain(layers.GRU(2), shape=(60, 3)), mask_value=0.0).proof
    assert (proof.steps, proof.shortest, proof.padded) == (60, 1, True)
    with pytest.raises(ConversionError, match=r"\(Conv1D\) reads each step"):
        convert(
            chain(
                *(layers.Conv1D(3, 3, padding="same") for _ in range(3)),
                layers.LSTM(2),
                shape=(60, 3),
            ),
            mask_value=0.0,
        )
    assert capfd.readouterr().err == ""
