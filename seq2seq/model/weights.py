"""Weights of a model as named arrays: initial values, reading and assignment."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

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


def initialise_weights(model: keras.Model, *, seed: int) -> None:
    """Assign initial values to all weights, each a pure function of (seed, its path).

    Kernels follow Glorot & Bengio 2010; recurrent kernels are orthogonal for each gate (Saxe et al.
    2014); forget gates have a bias of one (Jozefowicz et al. 2015); embeddings are normal with a
    variance of 1/width, so that tied logits start near unit variance.
    """
    for variable in model.trainable_variables:
        random = np.random.default_rng([seed, zlib.crc32(variable.path.encode())])
        variable.assign(_first_values(variable.path, tuple(variable.shape), random))


def _first_values(
    path: str, shape: tuple[int, ...], random: np.random.Generator
) -> NDArray[np.float32]:
    name = path.rsplit("/", 1)[-1]
    if name == "bias":
        values = np.zeros(shape)
        if "lstm_cell" in path:
            values[shape[0] // 4 : shape[0] // 2] = 1.0
    elif name == "recurrent_kernel":
        units = shape[0]
        gates = [np.linalg.qr(random.standard_normal((units, units)))[0] for _ in range(4)]
        values = np.concatenate(gates, axis=1)
    elif name in ("embeddings", "table"):
        values = random.standard_normal(shape) * shape[1] ** -0.5
    else:
        limit = np.sqrt(6.0 / (shape[0] + shape[1]))
        values = random.uniform(-limit, limit, shape)
    return values.astype(np.float32)
