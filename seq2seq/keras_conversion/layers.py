"""The layers of a Keras model, including those in nested models and wrappers, and its calls."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_INSIDE = ("layer", "forward_layer", "backward_layer", "cell")


def every_layer(model: Any) -> list[Any]:
    """Return each layer of a model once, including those in nested models and wrappers."""
    found: dict[int, Any] = {}
    waiting = _directly_in(model)
    while waiting:
        layer = waiting.pop(0)
        if id(layer) not in found:
            found[id(layer)] = layer
            waiting = _directly_in(layer) + waiting
    return list(found.values())


def operations_of(model: Any) -> Iterator[Any]:
    """Yield the operations, except layers, in the graphs of a model and its nested models.

    Models inside wrappers are not searched.
    """
    import keras

    for each in getattr(model, "operations", None) or model.layers:
        if isinstance(each, keras.Model):
            yield from operations_of(each)
        elif not isinstance(each, keras.layers.Layer):
            yield each


def first_layer(model: Any, differs: Callable[[Any], bool]) -> Any:
    """Return the first layer for which `differs` is true of the model up to it, or None."""
    import keras

    for layer in getattr(model, "operations", None) or model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        with contextlib.suppress(Exception):  # its only use is a name in a message
            # `output` of a nested model is its own output tensor, not that of the call in this
            # graph.
            if differs(keras.Model(model.inputs, keras.Operation.output.fget(layer))):
                return layer
    return None


def has_graph(model: Any) -> bool:
    """Return whether the graph of a functional or sequential model is known."""
    import keras

    return not isinstance(model, keras.Sequential) or model._functional is not None


def check_built(model: Any) -> None:
    """Raise the error that prevented the building of a sequential model; Keras suppresses it."""
    import keras

    if has_graph(model) or not isinstance(model._layers[0], keras.layers.InputLayer):
        return
    steps = model._layers[0].output
    for layer in model.layers:
        steps = layer(steps)


def reset_states(model: Any) -> None:
    """Set the states of stateful layers to zero, as in a model that was just loaded."""
    for state in _states_of(model):
        state.assign(0 * state)


@contextlib.contextmanager
def states_kept(model: Any) -> Iterator[None]:
    """Restore the states of stateful layers after the block."""
    states = _states_of(model)
    values = [state.numpy() for state in states]
    try:
        yield
    finally:
        for state, value in zip(states, values, strict=True):
            state.assign(value)


def _states_of(model: Any) -> list[Any]:
    import keras

    stateful = [layer for layer in every_layer(model) if getattr(layer, "stateful", False)]
    return list(keras.tree.flatten([getattr(each, "states", None) or () for each in stateful]))


def _directly_in(layer: Any) -> list[Any]:
    inside = [getattr(layer, name) for name in _INSIDE if hasattr(layer, name)]
    return [*getattr(layer, "layers", ()), *inside, *getattr(layer, "cells", ())]


def packed(model: Any, values: list[Any]) -> Any:
    """Return the values of the inputs in the structure that a model takes."""
    import keras

    if isinstance(model, keras.Sequential):
        return values[0]
    return keras.tree.pack_sequence_as(model.input, values)


def compiled_for_any_length(model: Any, arrays: list[np.ndarray]) -> Any:
    """Return a function that runs a model on inputs of any length, compiled once.

    Args:
        model: model whose inputs have no fixed length.
        arrays: inputs of the types that the function will get.
    """
    import tensorflow as tf

    def run(*values: Any) -> Any:
        return model(packed(model, list(values)), training=False)

    kinds = [
        tf.TensorSpec(tensor.shape, each.dtype)
        for tensor, each in zip(model.inputs, arrays, strict=True)
    ]
    return tf.function(run, input_signature=kinds, autograph=False)
