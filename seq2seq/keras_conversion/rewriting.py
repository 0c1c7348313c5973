"""Rewriting of the configuration of a model of fixed length for any length."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

from seq2seq.keras_conversion.graph import (
    Entry,
    is_model,
    layers_of,
    name_of,
    shapes_in,
    walk,
    wrapped_in,
)
from seq2seq.keras_conversion.inputs import ModelInput, takes_sequence
from seq2seq.keras_conversion.keras_names import is_operation

# Layers that compute each step by itself, whatever the number of axes.
_OF_EACH_STEP = ("Dense", "Activation", "Dropout", "ReLU", "LeakyReLU", "ELU")
_STATEFUL = (
    "layer {name!r} was stateful: it went on from the state in which the call before had left it; "
    "now every call begins at zero, as after a reset of the states"
)


def use_reshape_layers(model: Entry) -> None:
    """Replace, in place, each operation `ops.reshape(x, (-1, ...))` by an equivalent layer.

    The target shape of the layer leaves out the batch, so that its first size, the old length, can
    become -1. Operations that change the size of the batch stay.
    """
    for entry in walk(model):
        if entry["class_name"] != "Reshape" or not is_operation(entry):
            continue
        batch, *target = entry["config"]["newshape"]
        _, *sizes = next(shapes_in(entry["inbound_nodes"]))
        if batch == -1 and None not in sizes and math.prod(target) == math.prod(sizes):
            entry["config"] = {"name": name_of(entry), "target_shape": target}
            entry.update(module="keras.layers", registered_name=None)


def without_length(model: Entry, inputs: Sequence[ModelInput]) -> tuple[Entry, list[str]]:
    """Return the configuration, without length and batch size, and notes for the user.

    Args:
        model: configuration as Keras 3 writes it; it is not changed.
        inputs: result of `model_inputs` for it.
    """
    model = copy.deepcopy(model)
    sequences = {each.name for each in inputs if each.is_sequence}
    lengths = {each.steps for each in inputs if each.steps is not None}
    for entry in layers_of(model):
        if entry["class_name"] == "InputLayer":
            _free_shape(entry, steps=name_of(entry) in sequences)
    _free_nested_inputs(model, in_wrapper=False)
    notes = []
    for entry in (model, *walk(model)):
        entry.pop("build_config", None)  # the shapes for which layers were built
        entry.pop("compile_config", None)
        entry["config"].pop("build_input_shape", None)
        if entry["config"].get("stateful"):
            entry["config"]["stateful"] = False
            notes.append(_STATEFUL.format(name=name_of(entry)))
        if entry["config"].get("unroll"):
            entry["config"]["unroll"] = False
        _free_target(entry, lengths)
    return model, notes


def without_step_wrappers(model: Entry) -> Entry | None:
    """Return the configuration without the `TimeDistributed` wrappers that change nothing.

    Keras 3.15 loops over the sequences instead of the steps where a graph leaves the number of
    steps open, so that `predict` and `fit` compute something else at a second length.

    Args:
        model: configuration of a model without a length; it is not changed.

    Returns:
        the configuration, whose model has the same weights in the same order; None if it has no
        such wrapper.
    """
    model, found = copy.deepcopy(model), False
    for entry in list(walk(model)):
        inner = entry["config"].get("layer")
        if entry["class_name"] != "TimeDistributed" or inner["class_name"] not in _OF_EACH_STEP:
            continue
        trainable = entry["config"]["trainable"] and inner["config"]["trainable"]
        config = {**inner["config"], "name": entry["config"]["name"], "trainable": trainable}
        entry.update({key: inner[key] for key in ("module", "class_name", "registered_name")})
        entry["config"], found = config, True
        for call in entry.get("inbound_nodes", ()):
            call["kwargs"].pop("mask", None)  # these layers take none, and pass on their input's
    return model if found else None


def _free_shape(entry: Entry, *, steps: bool) -> None:
    shape = entry["config"]["batch_shape"]
    entry["config"]["batch_shape"] = [None, None if steps else shape[1], *shape[2:]]


def _free_nested_inputs(model: Entry, *, in_wrapper: bool) -> None:
    """Remove the length from nested models too; inside wrappers there is no time axis."""
    for entry in layers_of(model):
        if is_model(entry):
            for each in layers_of(entry):
                if each["class_name"] == "InputLayer":
                    _free_shape(each, steps=not in_wrapper and takes_sequence(entry, each))
            _free_nested_inputs(entry, in_wrapper=in_wrapper)
        for inner in wrapped_in(entry):
            if is_model(inner):
                for each in layers_of(inner):
                    if each["class_name"] == "InputLayer":
                        _free_shape(each, steps=False)
                _free_nested_inputs(inner, in_wrapper=True)


def _free_target(entry: Entry, lengths: set[int]) -> None:
    """Remove the old length from the target shape of a layer, so that it takes any length."""
    config = entry["config"]
    if entry["class_name"] == "Reshape" and not is_operation(entry):
        target = config["target_shape"]
        if target and target[0] in lengths and -1 not in target:
            config["target_shape"] = [-1, *target[1:]]
    if entry["class_name"] in ("Lambda", "EinsumDense"):
        shape = config.get("output_shape")
        if isinstance(shape, list) and shape and shape[0] in lengths:
            config["output_shape"] = [None, *shape[1:]]
