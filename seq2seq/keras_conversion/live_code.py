"""The user's own code in a model in memory, which Keras needs to reload the saved model."""

from __future__ import annotations

import json
import types
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.graph import Entry
from seq2seq.keras_conversion.layers import every_layer


def live_code(model: Any, config: Entry) -> dict[str, Any]:
    """Return the custom classes and functions of a model by the names that `config` uses.

    A lambda is saved as code alone, without the values that it refers to. Therefore a name replaces
    it in `config`, and the result holds the function in memory under this name.

    Raises:
        ConversionError: two functions have the same name.
    """
    import keras

    found: dict[str, Any] = {}
    names: dict[str, str] = {}  # names of lambdas, by their saved code
    for layer in every_layer(model):
        for attribute, value in (("", layer), *vars(layer).items()):
            if hasattr(keras.layers.Layer, attribute):  # methods, which Keras has wrapped
                continue
            is_lambda = getattr(value, "__name__", "") == "<lambda>"
            # A lambda that Keras has read from a file has the module name of Keras.
            if not is_lambda and str(getattr(value, "__module__", "")).startswith("keras."):
                continue
            if not isinstance(value, types.FunctionType):
                if hasattr(value, "get_config"):
                    found[type(value).__name__] = type(value)
            elif is_lambda:
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
    """Replace every saved lambda in nested dictionaries and lists by a name; in place."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(items):
        name = names.get(json.dumps(each)) if isinstance(each, dict) else None
        if name is not None:
            function = {"module": "builtins", "class_name": "function", "config": name}
            value[key] = {**function, "registered_name": name}
        elif isinstance(each, dict | list):
            _name_lambdas(each, names)
