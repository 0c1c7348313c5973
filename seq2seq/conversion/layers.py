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


def has_graph(model: Any) -> bool:
    """Return whether it is known of a functional or sequential model what its layers read."""
    import keras

    return not isinstance(model, keras.Sequential) or model._functional is not None


def check_built(model: Any) -> None:
    """Raise the error that kept a sequential model from being built, which Keras passes over."""
    import keras

    if has_graph(model) or not isinstance(model._layers[0], keras.layers.InputLayer):
        return
    steps = model._layers[0].output
    for layer in model.layers:
        steps = layer(steps)


def reset_states(model: Any) -> None:
    """Set the states of stateful layers to zero, as a model just loaded has them."""
    for state in _states_of(model):
        state.assign(0 * state)


@contextlib.contextmanager
def states_kept(model: Any) -> Iterator[None]:
    """Give stateful layers the states that they had, after a model was tried out."""
    states = _states_of(model)
    values = [state.numpy() for state in states]
    try:
        yield
    finally:
        for state, value in zip(states, values, strict=True):
            state.assign(value)


def _states_of(model: Any) -> list[Any]:
    stateful = [layer for layer in every_layer(model) if getattr(layer, "stateful", False)]
    return _flat([getattr(layer, "states", None) or () for layer in stateful])


def losing_masks(model: Any) -> set[str]:
    """Return the names of what reads steps with a mask and gives steps without one."""
    from keras.src.backend import get_keras_mask

    found = set()
    for layer in (*every_layer(model), *operations_of(model)):
        for node in layer._inbound_nodes:
            read = [get_keras_mask(tensor) is not None for tensor in node.input_tensors]
            steps = [tensor for tensor in node.output_tensors if None in tensor.shape[1:]]
            lost = any(get_keras_mask(tensor) is None for tensor in steps)
            # To Keras 3 a step counts that is no padding in any of what is concatenated.
            lost = lost or (type(layer).__name__ == "Concatenate" and not all(read))
            if any(read) and lost:
                found.add(str(layer.name))
    return found


def masked_by_keras(model: Any) -> set[str]:
    """Return the layers of a functional model that are called with just the masks of their inputs.

    Keras writes these masks into what it saves, as if someone had asked for them.
    """
    from keras.src.backend import get_keras_mask

    found = set()
    for layer in model.layers:
        given = set()
        own = set()
        for node in layer._inbound_nodes:
            masks = {k: v for k, v in node.arguments.kwargs.items() if k.endswith("mask")}
            given |= {_expression(mask) for mask in _flat(masks)}
            own |= {_expression(get_keras_mask(tensor)) for tensor in node.input_tensors}
        if given <= own:
            found.add(str(layer.name))
    return found


def _expression(tensor: Any) -> str:
    """Return how a mask is made of what layers give, to compare it with another."""
    import keras

    if not isinstance(tensor, keras.KerasTensor):
        return repr(tensor)
    operation, index, output = tensor._keras_history
    if isinstance(operation, keras.layers.Layer):
        return f"{operation.name}[{index}, {output}]"
    settings = {key: value for key, value in operation.get_config().items() if key != "name"}
    arguments = operation._inbound_nodes[index].arguments
    given = ", ".join(_expression(each) for each in _flat([arguments.args, arguments.kwargs]))
    return f"{type(operation).__name__}({settings}, {given})"


def _flat(value: Any) -> list[Any]:
    import keras

    return list(keras.tree.flatten(value))


def _directly_in(layer: Any) -> list[Any]:
    inside = [getattr(layer, name) for name in _INSIDE if hasattr(layer, name)]
    return [*getattr(layer, "layers", ()), *inside, *getattr(layer, "cells", ())]
