"""Translation of the configuration of a model by Keras 1 or 2 to that of Keras 3.

The functions take and return plain dictionaries; this module does not import Keras. Settings that
Keras 3 cannot express, such as `time_major=True`, are rejected with the layer's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import keras2_operations
from seq2seq.keras_conversion.gates import GATED
from seq2seq.keras_conversion.keras_names import operation_modules

Entry = dict[str, Any]

_MODELS = ("Functional", "Model", "Sequential")
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
_WRAPPED = ("layer", "backward_layer", "cell")  # settings that hold a layer

# Settings of Keras 2 that select an implementation, or that a layer now infers by itself.
_DROPPED = {
    "*": ("batch_input_shape", "input_dtype", "time_major", "implementation"),
    "InputLayer": ("ragged",),
    "Embedding": ("input_length", "sparse"),
    "BatchNormalization": (
        *("fused", "renorm", "renorm_clipping", "renorm_momentum"),
        *("virtual_batch_size", "adjustment", "mode"),
    ),
    "Attention": ("causal",),
    "AdditiveAttention": ("causal",),
    "MultiHeadAttention": ("query_shape", "key_shape", "value_shape"),
    **{f"SpatialDropout{rank}D": ("noise_shape", "trainable") for rank in (1, 2, 3)},
    "SeparableConv1D": (
        *("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    ),
    "DepthwiseConv1D": (
        *("filters", "groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    ),
    "Lambda": ("module", "function_type", "output_shape_type", "output_shape_module"),
}
_REFUSED = {
    "time_major": "has its time axis before its batch axis (time_major=True)",
    "ragged": "takes ragged tensors",
    "sparse": "takes sparse tensors",
    "renorm": "uses batch renormalisation",
    "causal": "is a causal attention of Keras 2",
}


def modern_model(entry: Entry) -> Entry:
    """Return the entry of a model or layer, with everything in it, as Keras 3 writes it.

    Args:
        entry: entry `{"class_name": ..., "config": ...}` from `config.json` or `model_config`.

    Raises:
        ConversionError: Keras 3 does not support a setting.
        KeyError, TypeError, AttributeError, IndexError: this is not a Keras configuration.
    """
    kind = entry["class_name"]
    if kind not in _MODELS:
        return _modern_layer(entry)
    config = dict(entry["config"]) if isinstance(entry["config"], dict) else {}
    layers = config["layers"] if config else entry["config"]  # Keras 1 wrote only the layers
    config.setdefault("name", "sequential")
    config.pop("build_input_shape", None)
    bases = {_name(layer): _first_node(layer) for layer in layers}
    config["layers"] = [
        {} if layer["class_name"] in keras2_operations.CLASSES else modern_model(layer)
        for layer in layers
    ]
    if kind == "Sequential":
        _add_input(config["layers"], layers[0])
    else:
        for new, old in zip(config["layers"], layers, strict=True):
            new["name"] = _safe(_name(old))
            if old["class_name"] in keras2_operations.CLASSES:
                new.update(_operation(old, bases))
                continue
            calls = [_modern_call(call, bases) for call in old["inbound_nodes"]]
            if old["class_name"] in _RECURRENT:
                calls = [_initial_state_named(call) for call in calls]
            new["inbound_nodes"] = calls
        sequential = {_name(layer) for layer in layers if layer["class_name"] == "Sequential"}
        ends = {name: bases[name] if name in sequential else 0 for name in bases}
        for side in ("input_layers", "output_layers"):
            tensors = _each_reference(config[side], ends, _plain_reference)
            # Keras 2 took the only tensor out of a list; Keras 3 would return a list.
            alone = isinstance(tensors, list) and len(tensors) == 1
            config[side] = tensors[0] if alone else tensors
    kind = "Sequential" if kind == "Sequential" else "Model"
    return _entry("keras", kind, config, entry)


def _operation(entry: Entry, bases: dict[str, int]) -> Entry:
    def refer(value: Any) -> Any:
        return _each_reference(value, bases, _tensor_reference)

    new = keras2_operations.modern_operation(entry, refer, operation_modules())
    new["config"]["name"] = _safe(new["config"]["name"])
    return new


def _modern_layer(entry: Entry) -> Entry:
    kind, config = entry["class_name"], dict(entry["config"])
    name = str(config.get("name", kind))
    for setting, meaning in _REFUSED.items():
        if config.get(setting) is True and setting in (*_DROPPED.get(kind, ()), "time_major"):
            raise ConversionError(
                f"Layer {name!r} ({kind}) {meaning}, which Keras 3 does not have; build the model "
                "without it and train again."
            )
    apart = (*GATED, "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")  # scaled, or not converted at all
    gates = config.get("recurrent_activation") == "hard_sigmoid" and kind not in apart
    if gates or config.get("activation") == "hard_sigmoid":
        raise ConversionError(
            f"Layer {name!r} ({kind}) uses the hard_sigmoid of Keras 2, 0.2x + 0.5, and Keras 3 "
            "has another one, x/6 + 0.5, so that it would answer differently; train it again with "
            "the activation sigmoid."
        )
    shape = config.get("batch_input_shape")
    for setting in (*_DROPPED["*"], *_DROPPED.get(kind, ())):
        config.pop(setting, None)
    if kind == "InputLayer":
        config["batch_shape"] = shape
    _rename_settings(kind, config)
    for setting, value in config.items():
        if setting in _WRAPPED and isinstance(value, dict):
            config[setting] = modern_model(value)
        elif setting == "cells":
            config[setting] = [modern_model(cell) for cell in value]
        elif setting.endswith("_initializer") and isinstance(value, dict):
            config[setting] = _modern_initializer(value)
    if "name" in config:
        config["name"] = _safe(config["name"])
    module = entry.get("module")
    return {**_entry(module, kind, config, entry), "registered_name": entry.get("registered_name")}


def _entry(module: str | None, kind: str, config: Entry, old: Entry) -> Entry:
    made = {"module": module, "class_name": kind, "config": config, "registered_name": None}
    if "shared_object_id" in old:  # the same layer is in several models
        made["shared_object_id"] = old["shared_object_id"]
    return made


def _rename_settings(kind: str, config: Entry) -> None:
    dtype = config.get("dtype")
    if isinstance(dtype, dict):  # a mixed-precision policy
        config["dtype"] = dtype["config"]["name"]
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        config["axis"] = axis[0]
    if kind == "LeakyReLU" and "alpha" in config:
        config["negative_slope"] = float(config.pop("alpha"))
    if kind == "GRU":  # its value before the setting existed
        config.setdefault("reset_after", False)
    if kind == "Lambda":
        config["function"] = _modern_function(config["function"])


def _modern_function(value: Any) -> Any:
    """Return the function of a Lambda: its code, or its name if the file does not hold the code."""
    if isinstance(value, list):
        code, defaults, closure = value
        settings = {"code": code, "defaults": defaults, "closure": closure}
        return {"class_name": "__lambda__", "config": settings}
    if isinstance(value, str):
        named = {"module": "builtins", "class_name": "function", "config": value}
        return {**named, "registered_name": value}
    return value


def _modern_initializer(value: Entry) -> Entry:
    # TensorFlow 1 wrote a dtype into them; loaded weights replace the initial values anyway.
    settings = {key: each for key, each in value["config"].items() if key != "dtype"}
    return {**value, "config": settings}


def _add_input(layers: list[Entry], first: Entry) -> None:
    """Add an input layer to a Sequential of old Keras, whose first layer has the input's shape."""
    shape = first["config"].get("batch_input_shape") if isinstance(first["config"], dict) else None
    if first["class_name"] == "InputLayer" or shape is None:
        return
    name = f"{_safe(_name(first))}_input"
    dtype = first["config"].get("input_dtype", "float32")
    config = {"batch_shape": shape, "dtype": dtype, "name": name}
    layers.insert(0, _entry("keras.layers", "InputLayer", config, {}))


def _first_node(entry: Entry) -> int:
    """Return the number that Keras 2 gave to the first call of a layer.

    A nested model that begins with its input counts its own creation as call 0. Keras 3 does not,
    except in the list of a model's output tensors.
    """
    if entry["class_name"] not in _MODELS:
        return 0
    config = entry["config"]
    layers = config["layers"] if isinstance(config, dict) else config
    return int(layers[0]["class_name"] == "InputLayer")


def _modern_call(call: Any, bases: dict[str, int]) -> Entry:
    """Convert a layer's call, `[[name, node, tensor, {settings}], ...]`, to the form of Keras 3."""
    if isinstance(call, dict):  # already in the form of Keras 3
        return call
    tensors = [_reference(part, bases) for part in call]
    settings = dict(call[0][3]) if call and len(call[0]) > 3 else {}
    settings = {
        key: _each_reference(value, bases, _tensor_reference)
        for key, value in settings.items()
        if value is not None
    }
    return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": settings}


def _initial_state_named(call: Entry) -> Entry:
    """Return the call with its initial states named; Keras 2 wrote them next to the input."""
    first = call["args"][0]
    if not isinstance(first, list):
        return call
    return {"args": first[:1], "kwargs": {**call["kwargs"], "initial_state": first[1:]}}


def _reference(part: list[Any], bases: dict[str, int]) -> Entry:
    return _tensor_reference(part[0], part[1] - bases[part[0]], part[2])


def _tensor_reference(name: str, node: int, tensor: int) -> Entry:
    # The shape is inferred again, but Keras requires one.
    history = [_safe(name), node, tensor]
    config = {"shape": [None], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def _plain_reference(name: str, node: int, tensor: int) -> list[Any]:
    return [_safe(name), node, tensor]


def _each_reference(value: Any, bases: dict[str, int], make: Callable[[str, int, int], Any]) -> Any:
    """Return `value` with every `[name, node, tensor]` in it replaced by the result of `make`."""
    if isinstance(value, dict):
        return {key: _each_reference(each, bases, make) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) in (3, 4) and isinstance(value[0], str) and value[0] in bases:
        return make(value[0], value[1] - bases[value[0]], value[2])
    return [_each_reference(each, bases, make) for each in value]


def _name(entry: Entry) -> str:
    config = entry["config"]
    return str(entry.get("name") or (config["name"] if isinstance(config, dict) else "sequential"))


def _safe(name: str) -> str:
    return name.replace("/", "_")  # Keras 3 does not allow it in a name
