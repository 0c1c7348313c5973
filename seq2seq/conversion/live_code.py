"""The code of the user's own in a model in memory, for Keras to load again what it saves of it."""

from __future__ import annotations

import json
import types
from typing import Any

from seq2seq.conversion.graph import Entry
from seq2seq.conversion.layers import every_layer
from seq2seq.errors import ConversionError


def live_code(model: Any, config: Entry) -> dict[str, Any]:
    """Return the custom classes and functions of a model by the names that `config` uses.

    A lambda is saved as bare code, without what it refers to; in `config` a name takes its place,
    under which the living function is found.

    Raises:
        ConversionError: two functions go under one name.
    """
    import keras

    found: dict[str, Any] = {}
    names: dict[str, str] = {}  # of lambdas, by what was saved of them
    for layer in every_layer(model):
        for attribute, value in (("", layer), *vars(layer).items()):
            if hasattr(keras.layers.Layer, attribute):  # methods, which Keras has wrapped
                continue
            of_keras = str(getattr(value, "__module__", "")).startswith("keras.")
            if of_keras or not isinstance(value, types.FunctionType):
                if not of_keras and hasattr(value, "get_config"):
                    found[type(value).__name__] = type(value)
            elif value.__name__ == "<lambda>":
                saved = layer.get_config().get(attribute.lstrip("_"))
                name = names.setdefault(json.dumps(saved), f"lambda {len(names)}")
                found[name] = value
            elif found.setdefault(value.__name__, value) is not value:
                raise ConversionError(
                    f"The model has two functions of the name {value.__name__!r}, of which Keras "
                    "saves the name alone; give each a name of its own."
                )
    _name_lambdas(config, names)
    return found


def _name_lambdas(value: Any, names: dict[str, str]) -> None:
    """Put a name in the place of every saved lambda in nested dictionaries and lists; in place."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(items):
        name = names.get(json.dumps(each)) if isinstance(each, dict) else None
        if name is not None:
            function = {"module": "builtins", "class_name": "function", "config": name}
            value[key] = {**function, "registered_name": name}
        elif isinstance(each, dict | list):
            _name_lambdas(each, names)
