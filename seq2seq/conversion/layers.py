"""The layers of a Keras model, down into nested models and wrappers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

_INSIDE = ("layer", "forward_layer", "backward_layer", "cell")


def every_layer(model: Any) -> list[Any]:
    """Each layer of a model once, those of its nested models and inside of wrappers too."""
    found: dict[int, Any] = {}
    waiting = _directly_in(model)
    while waiting:
        layer = waiting.pop(0)
        if id(layer) not in found:
            found[id(layer)] = layer
            waiting = _directly_in(layer) + waiting
    return list(found.values())


def operations_of(model: Any) -> Iterator[Any]:
    """Yield what is no layer in the graph of a model and of the models in it, but for wrappers."""
    import keras

    for each in getattr(model, "operations", None) or model.layers:
        if isinstance(each, keras.Model):
            yield from operations_of(each)
        elif not isinstance(each, keras.layers.Layer):
            yield each


def reset_states(model: Any) -> None:
    """Set the states of stateful layers to zero, as a model just loaded has them."""
    for layer in every_layer(model):
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
            layer.reset_state()


@contextlib.contextmanager
def states_kept(model: Any) -> Iterator[None]:
    """Give stateful layers the states that they had, after a model was tried out."""
    import keras

    stateful = [layer for layer in every_layer(model) if getattr(layer, "stateful", False)]
    states = keras.tree.flatten([getattr(layer, "states", None) or () for layer in stateful])
    values = [state.numpy() for state in states]
    try:
        yield
    finally:
        for state, value in zip(states, values, strict=True):
            state.assign(value)


def losing_masks(model: Any) -> set[str]:
    """Return the names of layers that read steps with a mask and give steps without one."""
    from keras.src.backend import get_keras_mask

    found = set()
    for layer in every_layer(model):
        for node in layer._inbound_nodes:
            read = any(get_keras_mask(tensor) is not None for tensor in node.input_tensors)
            steps = [tensor for tensor in node.output_tensors if None in tensor.shape[1:]]
            if read and any(get_keras_mask(tensor) is None for tensor in steps):
                found.add(str(layer.name))
    return found


def _directly_in(layer: Any) -> list[Any]:
    inside = [getattr(layer, name) for name in _INSIDE if hasattr(layer, name)]
    return [*getattr(layer, "layers", ()), *inside, *getattr(layer, "cells", ())]
