"""Insertion of masks into the configuration of a model, so that it ignores padding."""

from __future__ import annotations

import copy
from collections.abc import Container, Sequence
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.graph import (
    PASSING,
    Entry,
    layers_of,
    name_of,
    readers,
    reading,
    references,
    walk,
)
from seq2seq.keras_conversion.inputs import ModelInput

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
# Layers that pass the mask of their input to their output, step by step.
_KEEPS_MASK = (
    *(*PASSING, *_RECURRENT, "Dense", "TimeDistributed", "BatchNormalization"),
    *("LayerNormalization", "Activation", "ReLU", "LeakyReLU", "ELU"),
)


def with_masks(
    model: Entry, inputs: Sequence[ModelInput], mask_value: float, found_by_keras: Container[str]
) -> Entry:
    """Return the configuration with a mask for `mask_value` after every input with steps.

    Args:
        model: configuration of a model, which is not changed.
        inputs: inputs of the model.
        mask_value: value of every number in a step of padding.
        found_by_keras: names of layers whose masks Keras found by itself, and will find again.

    Raises:
        ConversionError: the model already masks another value; or `mask_value` is not 0 and an
            input holds ids, whose padding can only be 0; or a sequence is not of plain vectors.
    """
    model = copy.deepcopy(model)
    for each in inputs:
        if not each.is_sequence:
            continue
        if each.mask_value is not None and each.mask_value != mask_value:
            raise ConversionError(
                f"Input {each.name!r} has a mask for {each.mask_value:g} already, and "
                f"{mask_value:g} was asked for; ask for {each.mask_value:g}, or for none."
            )
        if each.mask_value is None and each.vocabulary is not None:
            _mask_ids(model, each, mask_value)
        elif each.mask_value is None:
            _add_masking(model, each, mask_value)
    _forget_masks(model, found_by_keras)
    hand_over_masks(model)
    return model


def hand_over_masks(model: Entry) -> None:
    """Pass the input's mask to every recurrent layer called with an initial state; in place.

    Keras 2 does so by itself. Keras 3 finds the mask only for a layer that is called with one
    tensor: a decoder that starts from the state of an encoder would read the padding.
    """
    if model["class_name"] == "Sequential":
        return
    layers = {name_of(entry): entry for entry in layers_of(model)}
    made: dict[str, list[Entry]] = {}
    for entry in layers.values():
        if entry["class_name"] not in _RECURRENT:
            continue
        for call in entry["inbound_nodes"]:
            if call["kwargs"].get("initial_state") is None or call["kwargs"].get("mask"):
                continue
            origin = _origin_of_mask(layers, next(references(call["args"]))[0])
            if origin is not None:
                name = name_of(origin)
                if name not in made:
                    made[name] = _mask_again(origin, _free_name(model, f"{name}_mask"))
                call["kwargs"]["mask"] = _tensor([name_of(made[name][-1]), 0, 0])
    layers_of(model).extend(operation for pair in made.values() for operation in pair)


def _forget_masks(model: Entry, found_by_keras: Container[str]) -> None:
    """Remove the masks that Keras found and wrote into calls, so that it finds them again."""
    own = {id(entry) for entry in layers_of(model)}
    for entry in (model, *walk(model)):
        found = id(entry) in own and name_of(entry) in found_by_keras
        for call in entry.get("inbound_nodes", ()):
            again = found and call["kwargs"].get("initial_state") is None
            call["kwargs"] = {
                key: value
                for key, value in call["kwargs"].items()
                if not key.endswith("mask") or (value is not None and not again)
            }


def _origin_of_mask(layers: dict[str, Entry], name: str) -> Entry | None:
    """Return the layer that created the mask of layer `name`'s output; None if unknown."""
    entry = layers[name]
    kind = entry["class_name"]
    if kind == "Masking" or (kind == "Embedding" and entry["config"].get("mask_zero")):
        return entry
    calls = entry.get("inbound_nodes", ())
    if kind not in _KEEPS_MASK or len(calls) != 1:
        return None
    return _origin_of_mask(layers, next(references(calls[0]["args"]))[0])


def _mask_again(origin: Entry, name: str) -> list[Entry]:
    """Return operations that compute the mask of a `Masking` or an `Embedding` from its input."""
    source = next(references(origin["inbound_nodes"][0]["args"]))
    if origin["class_name"] == "Embedding":
        return [_operation("NotEqual", name, {}, [_tensor(source), 0])]
    differs = f"{name}_each"
    value = origin["config"]["mask_value"]
    return [
        _operation("NotEqual", differs, {}, [_tensor(source), value]),
        _operation("Any", name, {"axis": -1, "keepdims": False}, [_tensor([differs, 0, 0])]),
    ]


def _free_name(model: Entry, name: str) -> str:
    """Return `name`, made longer if a layer already has it."""
    names = {name_of(entry) for entry in layers_of(model)}
    while name in names or f"{name}_each" in names:
        name += "_"
    return name


def _operation(kind: str, name: str, settings: Entry, arguments: list[Any]) -> Entry:
    return {
        "module": "keras.src.ops.numpy",
        "class_name": kind,
        "config": {"name": name, **settings},
        "registered_name": kind,
        "name": name,
        "inbound_nodes": [{"args": arguments, "kwargs": {}}],
    }


def _tensor(history: list[Any]) -> Entry:
    # Keras infers the shape again, but requires one.
    config = {"shape": [None], "dtype": "float32", "keras_history": list(history)}
    return {"class_name": "__keras_tensor__", "config": config}


def _mask_ids(model: Entry, each: ModelInput, mask_value: float) -> None:
    embeddings = [e for e in readers(model, each.name) if e["class_name"] == "Embedding"]
    if mask_value != 0:
        raise ConversionError(
            f"Input {each.name!r} holds ids for layer {name_of(embeddings[0])!r} (Embedding), "
            f"whose mask Keras has for the id 0 only, and {mask_value:g} was asked for; ask for 0."
        )
    for embedding in embeddings:
        embedding["config"]["mask_zero"] = True


def _add_masking(model: Entry, each: ModelInput, mask_value: float) -> None:
    if len(each.shape) != 3:
        raise ConversionError(
            f"Input {each.name!r} has {len(each.shape)} axes; a mask can be added to sequences of "
            "vectors, (batch, steps, features), or of ids: convert it without one."
        )
    layers = layers_of(model)
    name = _free_name(model, f"{each.name}_masking")
    masking: Entry = {
        "module": "keras.layers",
        "class_name": "Masking",
        "config": {"name": name, "dtype": each.dtype, "mask_value": mask_value},
        "registered_name": None,
    }
    position = next(i for i, entry in enumerate(layers) if name_of(entry) == each.name)
    if model["class_name"] != "Sequential":
        for entry, _ in list(reading(model, each.name)):
            for call in entry["inbound_nodes"]:
                for reference in references(call):
                    if reference[0] == each.name:
                        reference[0] = name
        masking["name"] = name
        masking["inbound_nodes"] = [{"args": [_tensor([each.name, 0, 0])], "kwargs": {}}]
    layers.insert(position + 1, masking)
