"""Operations that may hold the old length of a model as a number, and those that cannot."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.operations import refuse_lengths

LENGTH = 8
Function = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings(action="ignore"):
        yield


def without_length(function: Function) -> keras.Model:
    """A model of any number of steps that the function gives the answer of."""
    steps = keras.Input((None, 3))
    return keras.Model(steps, function(steps))


def last_state(steps: Any) -> Any:
    return layers.GRU(4)(steps)


FREE: dict[str, Function] = {
    "the last step": lambda x: x[:, -1],
    "the last step, and its numbers": lambda x: x[:, -1, :],
    "the first step": lambda x: x[:, 0],
    "the last three": lambda x: x[:, -3:],
    "all but the last": lambda x: x[:, :-1],
    "backwards": lambda x: x[:, ::-1],
    "every second": lambda x: x[:, ::2],
    "a number of each step": lambda x: x[..., 2],
    "numbers of each step": lambda x: x[:, :, 2:],
    "numbers of a state": lambda x: last_state(x)[:, 2:],
    "another axis": lambda x: x[:, None],
    "values": lambda x: ops.where(x > 8.0, x * 3 - 8, ops.clip(x, -8, 8) ** 2) / 2,
    "means": lambda x: ops.mean(x, axis=1) + ops.sum(x, axis=1) + ops.max(x, axis=1),
    "weights over time": lambda x: ops.sum(ops.softmax(x, axis=1) * x, axis=1),
    "products": lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))),
    "parts of each step": lambda x: ops.split(x, 3, axis=2)[0],
    "numbers by their place": lambda x: ops.take(x, [0, 2], axis=2),
    "the last step by its place": lambda x: ops.take(x, -1, axis=1),
    "each step twice as wide": lambda x: ops.tile(x, (1, 1, 2)),
    "a step of zeros before": lambda x: ops.pad(x, ((0, 0), (1, 0), (0, 0))),
    "another shape of a state": lambda x: ops.reshape(last_state(x), (-1, 2, 2)),
    "classes": lambda x: ops.one_hot(ops.argmax(x, axis=-1), 5),
    "an array for each step": lambda x: x * np.ones((1, 1, 3), np.float32),
    "a leak of a fifth": lambda x: ops.leaky_relu(x, negative_slope=1 / LENGTH),
}
HELD: dict[str, tuple[Function, str]] = {
    "a step counted from the first": (
        lambda x: x[:, 7],
        r"GetItem, x\[:, 7\]\) holds the number 7",
    ),
    "steps from the third": (lambda x: x[:, 2:], r"x\[:, 2:\]\) holds the number 2"),
    "steps to the fifth": (lambda x: x[:, :5, 1:], r"x\[:, :5, 1:\]\) holds the number 5"),
    "behind an ellipsis": (lambda x: x[..., 2:6, :], r"x\[\.\.\., 2:6, :\]\) holds the number 2"),
    "a mean written as a sum": (lambda x: ops.sum(x, axis=1) / 8, r"\(TrueDivide\) .* number 8,"),
    "a mean with its inverse": (lambda x: ops.sum(x, axis=1) * 0.125, r"\(Multiply\) .* 0\.125,"),
    "the length as a tensor": (
        lambda x: ops.mean(x, 1) * ops.cast(ops.convert_to_tensor(8), "float32"),
        r"\(Multiply\) holds the number 8,",
    ),
    "a place": (lambda x: ops.take(x, 7, axis=1), r"\(Take\) holds the number 7"),
    "places": (lambda x: ops.take(x, np.array([0, 7]), axis=1), r"\(Take\) holds the number 7"),
    "halves": (lambda x: ops.split(x, 2, axis=1)[0], r"\(Split\) holds the number 2"),
    "steps joined": (lambda x: ops.reshape(x, (-1, 24)), r"\(Reshape\) holds the number 24"),
    "steps made of a state by repeating": (
        lambda x: ops.repeat(ops.expand_dims(last_state(x), 1), 8, axis=1),
        r"\(Repeat\) holds the number 8",
    ),
    "steps made of a state by tiling": (
        lambda x: ops.tile(ops.expand_dims(last_state(x), 1), (1, 8, 1)),
        r"\(Tile\) holds the number 8",
    ),
    "code": (
        layers.Lambda(lambda x: x[:, 7]),
        r"^Layer 'code' \(Lambda\) holds the number 7 in its code",
    ),
    "an argument of code": (
        layers.Lambda(lambda x, count: ops.sum(x, axis=1) / count, arguments={"count": 8}),
        r"\(Lambda\) holds the number 8 in its code",
    ),
    "what code refers to": (
        (lambda count: layers.Lambda(lambda x: ops.sum(x, axis=1) / count))(8),
        r"\(Lambda\) holds the number 8 in its code",
    ),
    "in a model in the model": (
        lambda x: without_length(lambda y: y[:, 7])(x),
        r"GetItem, x\[:, 7\]",
    ),
}
HELD["code"][0].name = "code"


@pytest.mark.parametrize("name", FREE)
def test_an_operation_without_a_count_of_steps_is_let_pass(name: str) -> None:
    refuse_lengths(without_length(FREE[name]), {LENGTH})


@pytest.mark.parametrize("name", HELD)
def test_an_operation_with_a_count_of_steps_is_refused(name: str) -> None:
    function, reason = HELD[name]
    with pytest.raises(ConversionError, match=reason) as caught:
        refuse_lengths(without_length(function), {LENGTH})
    assert "\n" not in str(caught.value)


def test_the_same_numbers_are_free_at_another_length() -> None:
    refuse_lengths(without_length(lambda x: ops.sum(x, axis=1) / 8), {9})
    refuse_lengths(without_length(layers.Lambda(lambda x: ops.sum(x, axis=1) / 8)), {12})
