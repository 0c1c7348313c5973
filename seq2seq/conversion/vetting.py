"""What a model file may ask for unless its owner is trusted: Keras' own layers, and no code.

Keras refuses the code of a Lambda by itself. This looks at every name in the configuration before
Keras sees it, and lets through only what can do nothing but arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from seq2seq.errors import ConversionError

# Keras' own, yet they run code of the file's, or read files that it names.
_NOT_PLAIN = {
    *("Lambda", "TFSMLayer", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "Pipeline"),
    *("StringLookup", "IntegerLookup", "TextVectorization"),
}
_MARKS = {
    *("__keras_tensor__", "__tuple__", "__numpy__", "__tensor__", "__ellipsis__", "__slice__"),
    *("Functional", "Model", "Sequential", "DTypePolicy", "TensorShape"),
}
_OPERATIONS = ("keras.src.ops.", "keras.ops")


def vet(config: Any) -> None:
    """Let a configuration pass, or refuse it by the name of the layer.

    Raises:
        ConversionError: something in it is not Keras' own or could run code.
    """
    plain = _plain_names()
    for entry in objects_of(config):
        kind, settings = entry["class_name"], entry.get("config")
        name = entry.get("name") or (settings.get("name") if isinstance(settings, dict) else None)
        title = f"Layer {name!r} ({kind})" if name else f"An object ({kind})"
        if kind in ("Lambda", "__lambda__"):
            raise ConversionError(
                f"{title} is Python code inside of the file, which is not run unasked; if you "
                "trust where the file comes from, add --trust (in Python: trust=True)."
            )
        module = str(entry.get("module") or "keras")
        registered = entry.get("registered_name")
        ours = module.split(".")[0] in ("keras", "builtins") and registered in (None, kind)
        if kind == "function":
            ours = ours or registered == settings
            known = isinstance(settings, str) and settings in plain
        else:
            known = kind in plain or module.startswith(_OPERATIONS)
        if not (ours and known) or kind in _NOT_PLAIN:
            raise ConversionError(
                f"{title} is not a plain layer of Keras 3, and code of someone's own is not run "
                "unasked; if you trust where the file comes from and have that code, add --trust "
                "(in Python: trust=True)."
            )


def check_sizes(config: Any, numbers: int) -> None:
    """Refuse a layer that would make more weights than a file of `numbers` weights has for it.

    Raises:
        ConversionError: there is one.
    """
    for entry in objects_of(config):
        settings = entry.get("config")
        if not isinstance(settings, dict):
            continue
        least = [settings.get(name) for name in ("units", "filters", "output_dim", "input_dim")]
        sizes = [size for size in least if isinstance(size, int)]
        needed = math.prod(sizes) * (sizes[0] if "recurrent_activation" in settings else 1)
        if sizes and needed > numbers:
            raise ConversionError(
                f"Layer {settings.get('name')!r} ({entry['class_name']}) would have {needed:,} "
                f"weights or more, and the file holds {numbers:,} in all; give a file that Keras "
                "itself wrote."
            )


def objects_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary with a `class_name` in nested lists and dictionaries."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _plain_names() -> set[Any]:
    import keras

    modules = (
        *(keras.layers, keras.initializers, keras.regularizers, keras.constraints),
        *(keras.activations, keras.dtype_policies),
    )
    return _MARKS.union(*(vars(module) for module in modules)) - _NOT_PLAIN
