"""Names, as written in files, of the Keras classes and functions of which models consist."""

from __future__ import annotations

import collections
import contextlib
import functools
import importlib
from collections.abc import Container, Iterator

from seq2seq.keras_conversion.graph import MODELS, Entry, name_of, walk

# Classes of Keras that nevertheless run code from the file, or read files that it names.
NOT_PLAIN = {
    *("Lambda", "TFSMLayer", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "Pipeline"),
    *("StringLookup", "IntegerLookup", "TextVectorization"),
}
_MARKS = {
    *("__keras_tensor__", "__tuple__", "__numpy__", "__tensor__", "__ellipsis__", "__slice__"),
    *("Functional", "Model", "Sequential", "DTypePolicy", "TensorShape"),
}
_OPERATION_MODULES = ("core", "nn", "numpy", "math", "linalg", "image")
_IN_OPERATIONS = ("keras.src.ops.", "keras.ops")


@functools.cache
def plain_names() -> frozenset[str]:
    """Return the names of classes and functions that only do arithmetic."""
    import keras

    modules = (
        *(keras.layers, keras.initializers, keras.regularizers, keras.constraints),
        *(keras.activations, keras.dtype_policies),
    )
    return frozenset(_MARKS.union(*(vars(module) for module in modules)) - NOT_PLAIN)


@functools.cache
def operation_modules() -> dict[str, str]:
    """Return the module of each operation, such as `GetItem`, by its class name."""
    import keras

    found = {}
    for part in _OPERATION_MODULES:
        module = importlib.import_module(f"keras.src.ops.{part}")
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, keras.Operation):
                found[name] = module.__name__
    return found


def is_operation(entry: Entry) -> bool:
    """Return whether an entry is an operation of a functional model, such as `x[:, -1]`."""
    if entry.get("module"):
        return str(entry["module"]).startswith(_IN_OPERATIONS)
    # A legacy file names no module; layers, some of which have the same names, have this setting.
    is_layer = not isinstance(entry.get("config"), dict) or "trainable" in entry["config"]
    return not is_layer and entry["class_name"] in operation_modules()


@contextlib.contextmanager
def names_kept_free(model: Entry) -> Iterator[None]:
    """Reserve the names of the layers of `model`: Keras must not use them for mask operations."""
    from keras.src.backend.common import global_state

    key = "object_name_uids"  # number of times that Keras gave each name
    before = global_state.get_global_attribute(key, default=collections.defaultdict(int))
    counts = before.copy()
    for entry in walk(model):
        name, _, number = name_of(entry).rpartition("_")
        if name and number.isdecimal():
            counts[name] = max(counts[name], int(number) + 1)
        counts[name_of(entry)] = max(counts[name_of(entry)], 1)
    global_state.set_global_attribute(key, counts)
    try:
        yield
    finally:
        global_state.set_global_attribute(key, before)


def add_modules(model: Entry, custom: Container[str]) -> None:
    """Set the module of every layer, model and operation of Keras in a legacy file; in place.

    Args:
        model: configuration of a model.
        custom: names of classes that take precedence over those of Keras.
    """
    import keras

    for entry in (model, *walk(model)):
        kind = entry["class_name"]
        if entry.get("module") or kind in custom:
            continue
        if is_operation(entry):
            entry["module"] = operation_modules()[kind]
        elif kind in MODELS:
            entry["module"] = "keras.src.models.functional" if kind == "Functional" else "keras"
        elif hasattr(keras.layers, kind):
            entry["module"] = "keras.layers"
