"""Weights of a model as named arrays: initial values, reading and assignment."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import keras
import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ModelError

Weights = dict[str, NDArray[np.float32]]


def weight_arrays(model: keras.Model) -> Weights:
    """Return all weights as `float32` arrays by their path in the model."""
    return {v.path: v.numpy().astype(np.float32, copy=False) for v in model.trainable_variables}


def assign_weights(model: keras.Model, arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """Assign `arrays` to the weights of the model.

    Raises:
        ModelError: names or shapes do not match the model.
    """
    expected = {v.path: tuple(v.shape) for v in model.trainable_variables}
    if expected.keys() != arrays.keys():
        odd = sorted(expected.keys() ^ arrays.keys())[0]
        raise ModelError(
            f"the weights do not fit the model: {odd!r} is in only one of the two; "
            "the settings and the weights come from different runs"
        )
    for path, shape in expected.items():
        if arrays[path].shape != shape:
            raise ModelError(
                f"the weights do not fit the model: {path!r} has shape "
                f"{list(arrays[path].shape)} and the settings ask for {list(shape)}"
            )
    for variable in model.trainable_variables:
        variable.assign(arrays[variable.path])


@runtime_checkable
class OwnFirstValues(Protocol):
    """Layer that describes the initial values of its weights, including those of sublayers."""

    trainable_variables: Sequence[Any]

    def first_values(
        self, name: str, shape: tuple[int, ...], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the initial values of a weight, `shape`.

        Args:
            name: last part of the path of the weight, such as `kernel`.
            shape: shape of the weight.
            random: generator from which random values are drawn.
        """


def initialise_weights(model: keras.Model, *, seed: int) -> None:
    """Assign initial values to all weights, each a pure function of (seed, its path).

    A layer with a method `first_values` describes its own weights (see `OwnFirstValues`); the
    weights of all other layers get `default_values`.
    """
    describe: dict[str, Callable[..., NDArray[np.float64]]] = {}
    for layer in model._flatten_layers():  # a layer comes before its sublayers
        if isinstance(layer, OwnFirstValues):
            describe |= {v.path: layer.first_values for v in layer.trainable_variables}
    for variable in model.trainable_variables:
        path, shape = variable.path, tuple(variable.shape)
        random = np.random.default_rng([seed, zlib.crc32(path.encode())])
        values = describe.get(path, default_values)(path.rpartition("/")[2], shape, random)
        variable.assign(values.astype(np.float32))


def default_values(
    name: str, shape: tuple[int, ...], random: np.random.Generator
) -> NDArray[np.float64]:
    """Return zeros for a bias, and for a kernel the values of Glorot & Bengio 2010.

    The arguments are those of `OwnFirstValues.first_values`.
    """
    if name == "bias":
        return np.zeros(shape)
    limit = np.sqrt(6.0 / (shape[0] + shape[1]))
    return random.uniform(-limit, limit, shape)


def table_values(shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float64]:
    """Return normally distributed token vectors, `[tokens, width]`, with a variance of 1/width.

    With this variance, tied logits start near unit variance.
    """
    return random.standard_normal(shape) * shape[1] ** -0.5
