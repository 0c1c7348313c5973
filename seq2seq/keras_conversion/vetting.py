"""Restriction of untrusted model files to Keras' own layers, without any code.

Keras itself rejects the code of a Lambda. This module checks every name in the configuration before
Keras reads it. It accepts only names of classes and functions that only do arithmetic, or that are
the user's own.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.archive import reason_of
from seq2seq.keras_conversion.graph import MODELS, Entry, name_of, objects_of
from seq2seq.keras_conversion.keras_names import (
    NOT_PLAIN,
    is_operation,
    operation_modules,
    plain_names,
)

_KERAS = ("keras", "builtins")
_IF_TRUSTED = "if you trust where the file comes from"
# Layers that Keras 3 no longer has, and their replacements.
_GONE = {
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "LocallyConnected1D": "Conv1D",
    "LocallyConnected2D": "Conv2D",
    "ThresholdedReLU": "ReLU with a threshold",
    "SyncBatchNormalization": "BatchNormalization",
    "DenseFeatures": "an Input for each feature",
}


@dataclass(frozen=True)
class Code:
    """Code outside Keras that a model may run.

    Attributes:
        custom: classes and functions of the user by their names in a file.
        trust: true if code inside the file may run.
    """

    custom: Mapping[str, Any]
    trust: bool = False

    def knows(self, value: Any) -> bool:
        """Return whether a class or function that a setting names is available and allowed."""
        if isinstance(value, str):
            return value in self.custom or _keras_has(value)
        if not isinstance(value, dict) or "class_name" not in value:
            return True
        kind = value["class_name"]
        if kind == "__lambda__":
            return self.trust
        name = value["config"] if kind == "function" else kind
        registered = value.get("registered_name")
        if name in self.custom or registered in self.custom:
            return True
        module = str(value.get("module") or "keras")
        if module.split(".")[0] not in _KERAS or registered not in (None, kind, name):
            return False
        if is_operation(value):
            return kind in operation_modules()
        return name in plain_names() or kind == "Lambda" or (self.trust and kind in NOT_PLAIN)


def vet(config: Any, code: Code) -> None:
    """Accept a configuration, or reject it with the name of the layer.

    Raises:
        ConversionError: something in it is not Keras' own or could run code.
    """
    for entry, owner in _with_owners(config):
        if not code.knows(entry):
            raise ConversionError(_refusal(entry, owner, trust=code.trust))
        settings = entry.get("config")
        activations = settings.items() if isinstance(settings, dict) else ()
        for setting, value in activations:
            if not setting.endswith("activation"):
                continue
            if isinstance(value, str) and not code.knows(value):
                function = {"class_name": "function", "config": value}
                raise ConversionError(_refusal(function, _title(entry), trust=code.trust))
            if isinstance(value, dict) and "class_name" not in value:
                raise ConversionError(
                    f"{_title(entry)} has a lambda as its {setting}, which Keras saves and does "
                    "not load; convert the model in Python, where it is made, with "
                    "seq2seq.convert(MODEL)."
                )


def imported(config: Any, custom: Mapping[str, Any]) -> dict[str, Any]:
    """Import the classes and functions in a trusted configuration that Keras and `custom` lack.

    Returns:
        each class and function by each of its names.

    Raises:
        ConversionError: a module cannot be imported, or lacks the name.
    """
    found = {}
    for entry in objects_of(config):
        module = str(entry.get("module") or "keras")
        if module.split(".")[0] in _KERAS:
            continue
        name = entry["config"] if entry["class_name"] == "function" else entry["class_name"]
        if name in custom or entry.get("registered_name") in custom:
            continue
        try:
            thing = getattr(importlib.import_module(module), name)
        except Exception as error:  # anything may happen when a module is imported
            raise ConversionError(
                f"The model needs {name!r} from the module {module!r}, which cannot be imported "
                f"({reason_of(error)}); run this where it can, or {_in_python(name)}."
            ) from error
        found.update({name: thing, str(entry.get("registered_name") or name): thing})
    return found


def check_sizes(config: Any, numbers: int) -> None:
    """Reject a layer that would create more than `numbers` weights; the whole file holds that many.

    Raises:
        ConversionError: a layer would create too many weights.
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


def _with_owners(config: Any) -> Iterator[tuple[Entry, str]]:
    """Yield every object in a configuration, and the title of the layer that it is in."""
    waiting = [(config, "The model")]
    while waiting:
        value, owner = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value, owner
                owner = _title(value) or owner
            waiting += [(each, owner) for each in value.values()]
        elif isinstance(value, list):
            waiting += [(each, owner) for each in value]


def _title(entry: Entry) -> str:
    """Return the title of a layer for a message; empty for a model or another object."""
    kind, settings = entry["class_name"], entry.get("config")
    if kind in MODELS or str(kind).endswith("DTypePolicy") or not isinstance(settings, dict):
        return ""
    if "name" in entry or "name" in settings or "trainable" in settings:
        return f"Layer {name_of(entry)!r} ({kind})"
    return ""


def _refusal(entry: Entry, owner: str, *, trust: bool) -> str:
    """Return the sentence that rejects an object and says what to do instead.

    Args:
        entry: rejected object.
        owner: title of the layer that it is in, for an object without a name.
        trust: true if the file is trusted.
    """
    kind, settings = entry["class_name"], entry.get("config")
    title = _title(entry)
    if kind == "__lambda__":
        verb = "is" if owner.endswith("(Lambda)") else "holds"
        return (
            f"{owner} {verb} Python code inside of the file, which is not run unasked; "
            f"{_IF_TRUSTED}, add --trust (in Python: trust=True)."
        )
    if kind in NOT_PLAIN:
        return (
            f"{title or owner} may read files or run code that the model names, which is not done "
            f"unasked; {_IF_TRUSTED}, add --trust (in Python: trust=True)."
        )
    if kind in _GONE:
        return (
            f"{title or owner} is a layer of Keras 2 that Keras 3 does not have; put "
            f"{_GONE[kind]} in its place with Keras 2 and save the model again."
        )
    name = str(settings if kind == "function" else kind)
    if ">" in str(entry.get("registered_name")):
        name = entry["registered_name"]
    module = str(entry.get("module") or "")
    subject = f"{title} is" if title else f"{owner} uses {name!r}, which is"
    if module.split(".")[0] == "keras" and ">" not in name:
        return (
            f"{subject} not among what Keras {_version()} makes models of ({module}.{name}); give "
            "a file that Keras itself wrote, of this version or an older one."
        )
    subject += " not a plain layer of Keras 3" if title else " not of Keras 3"
    if module not in ("", "builtins") and not trust:
        return (
            f"{subject} but of the module {module!r}, and code of someone's own is not run "
            f"unasked; {_IF_TRUSTED} and have that module, add --trust (in Python: trust=True)."
        )
    return f"{subject}, and the file says neither its code nor its module; {_in_python(name)}."


def _in_python(name: str) -> str:
    plain = name.rpartition(">")[2]
    return (
        f"in Python, where {plain} is defined, call seq2seq.convert(FILE, "
        f"custom_objects={{{name!r}: {plain}}})"
    )


def _keras_has(name: str) -> bool:
    """Return whether Keras has an activation, initializer, ... with this name."""
    import keras

    for family in (
        *(keras.activations, keras.initializers, keras.regularizers, keras.constraints),
    ):
        try:
            family.get(name)
        except (ValueError, TypeError):
            continue
        return True
    return False


def _version() -> str:
    import keras

    return str(keras.__version__)
