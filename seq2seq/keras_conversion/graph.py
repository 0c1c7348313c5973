"""The graph of a Keras 3 model from its configuration: the inputs of each layer.

An entry is the dictionary of one layer or nested model, `{"class_name": ..., "config": ...}`; in a
functional model it also has `name` and `inbound_nodes`, the calls of the layer. This module does
not import Keras.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Entry = dict[str, Any]

MODELS = ("Functional", "Model", "Sequential")
WRAPPED = ("layer", "forward_layer", "backward_layer", "cell")  # settings that hold a layer
# Layers that return their input unchanged at inference.
PASSING = (
    *("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"),
    *("Identity", "ActivityRegularization"),
)


def is_model(entry: Entry) -> bool:
    """Return whether an entry is a nested model."""
    return entry["class_name"] in MODELS


def name_of(entry: Entry) -> str:
    """Return the name of a layer; a custom one without a name is called by its class."""
    return str(entry.get("name") or entry["config"].get("name") or entry["class_name"])


def layers_of(model: Entry) -> list[Entry]:
    """Return the layer entries of a model, without those of nested models."""
    layers: list[Entry] = model["config"]["layers"]
    return layers


def wrapped_in(entry: Entry) -> Iterator[Entry]:
    """Yield the layers that a wrapper (`Bidirectional`, `TimeDistributed`, `RNN`) holds."""
    for setting in WRAPPED:
        inner = entry["config"].get(setting)
        if isinstance(inner, dict) and "class_name" in inner:
            yield inner
    yield from entry["config"].get("cells", ())


def walk(model: Entry) -> Iterator[Entry]:
    """Yield every entry in a model, including those in nested models and wrappers."""
    for entry in layers_of(model):
        yield entry
        yield from walk_wrapped(entry)
        if is_model(entry):
            yield from walk(entry)


def walk_wrapped(entry: Entry) -> Iterator[Entry]:
    """Yield every entry inside a wrapper."""
    for inner in wrapped_in(entry):
        yield inner
        yield from walk_wrapped(inner)
        if is_model(inner):
            yield from walk(inner)


def objects_of(value: Any) -> Iterator[Entry]:
    """Yield every dictionary with a `class_name` in nested lists and dictionaries."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def input_names(model: Entry) -> list[str]:
    """Return the names of a model's input layers in the order of its inputs; may be empty."""
    if model["class_name"] == "Sequential":
        return [name_of(e) for e in layers_of(model)[:1] if e["class_name"] == "InputLayer"]
    return [reference[0] for reference in _plain_references(model["config"]["input_layers"])]


def references(value: Any) -> Iterator[list[Any]]:
    """Yield every `[layer, node, tensor]` in a call's arguments; callers may change these lists."""
    for tensor in _tensors(value):
        yield tensor["keras_history"]


def shapes_in(value: Any) -> Iterator[list[Any]]:
    """Yield the shape of every tensor in the arguments of a call, in order."""
    for tensor in _tensors(value):
        yield tensor["shape"]


def _tensors(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            yield value["config"]
            return
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _tensors(each)


def reading(model: Entry, name: str) -> Iterator[tuple[Entry, int]]:
    """Yield the layers of `model` that read layer `name`, and the index of the argument."""
    layers = layers_of(model)
    if model["class_name"] == "Sequential":
        names = [name_of(entry) for entry in layers]
        yield from ((entry, 0) for entry in layers[names.index(name) + 1 :][:1])
        return
    for entry in layers:
        for call in entry.get("inbound_nodes", ()):
            for position, reference in enumerate(references(call)):
                if reference[0] == name:
                    yield entry, position


def readers(model: Entry, name: str) -> Iterator[Entry]:
    """Yield the layers that compute something from layer `name`, also those in nested models."""
    for entry, position in reading(model, name):
        if is_model(entry):
            yield from _readers_inside(entry, position)
        elif entry["class_name"] in PASSING:
            yield from readers(model, name_of(entry))
        else:
            yield entry


def upstream(model: Entry, name: str) -> Iterator[Entry]:
    """Yield the layers before layer `name`, nearest first, each once; also in nested models."""
    for inner in (model, *(entry for entry in walk(model) if is_model(entry))):
        layers = {name_of(entry): entry for entry in layers_of(inner)}
        if name not in layers:
            continue
        seen = {name}
        front = [name]
        while front:
            for before in _before(inner, layers, front.pop(0)):
                if before not in seen:
                    seen.add(before)
                    front.append(before)
                    yield layers[before]
        return


def only_for_masks(model: Entry) -> set[str]:
    """Return the names of entries that only compute masks, most of which Keras added."""
    if model["class_name"] == "Sequential":
        return set()
    layers = layers_of(model)
    hidden = {name_of(entry) for entry in layers}
    needed = [reference[0] for reference in _plain_references(model["config"]["output_layers"])]
    entries = {name_of(entry): entry for entry in layers}
    while needed:
        name = needed.pop()
        if name in hidden:
            hidden.remove(name)
            for call in entries[name].get("inbound_nodes", ()):
                given = {k: v for k, v in call["kwargs"].items() if not k.endswith("mask")}
                needed += [reference[0] for reference in references([call["args"], given])]
    return hidden


def _before(model: Entry, layers: dict[str, Entry], name: str) -> list[str]:
    if model["class_name"] == "Sequential":
        names = list(layers)
        position = names.index(name)
        return names[max(position - 1, 0) : position]
    calls = layers[name].get("inbound_nodes", ())
    return [reference[0] for call in calls for reference in references(call)]


def _readers_inside(model: Entry, position: int) -> Iterator[Entry]:
    names = input_names(model)
    if names:
        yield from readers(model, names[min(position, len(names) - 1)])
        return
    first = layers_of(model)[0]  # a Sequential without an input layer
    if is_model(first):
        yield from _readers_inside(first, position)
    elif first["class_name"] in PASSING:
        yield from readers(model, name_of(first))
    else:
        yield first


def _plain_references(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        value = list(value.values())
    if value and isinstance(value[0], str):
        yield value
        return
    for each in value:
        yield from _plain_references(each)
