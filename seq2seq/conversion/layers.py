"""The layers of a Keras model, down into nested models and wrappers."""

from __future__ import annotations

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


def reset_states(model: Any) -> None:
    """Set the states of stateful layers to zero, as a model just loaded has them."""
    for layer in every_layer(model):
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
            layer.reset_state()


def _directly_in(layer: Any) -> list[Any]:
    inside = [getattr(layer, name) for name in _INSIDE if hasattr(layer, name)]
    return [*getattr(layer, "layers", ()), *inside]
