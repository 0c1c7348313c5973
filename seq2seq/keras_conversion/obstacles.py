"""Explanations why a model cannot take sequences of every length, with the layer that prevents it.

The proof decides whether a model can; this module only explains why not. An exception is attributed
to the layer whose call raised it, and the reason follows from the class of that layer or of an
earlier one that moved the time axis.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.archive import reason_of
from seq2seq.keras_conversion.failures import blamed, is_users_own, title_of
from seq2seq.keras_conversion.graph import (
    Entry,
    is_model,
    layers_of,
    name_of,
    only_for_masks,
    upstream,
    walk,
)
from seq2seq.keras_conversion.keras_names import is_operation
from seq2seq.keras_conversion.layers import every_layer, operations_of
from seq2seq.keras_conversion.live_masks import losing_masks

_ONE_VECTOR = (
    "put GlobalAveragePooling1D, or a recurrent layer without return_sequences, in its place and "
    "train again"
)
# Layers that remove the time axis, so that a later layer has a weight for every step.
_MOVES_TIME = {
    "Flatten": "lays the steps side by side",
    "Reshape": "joins the steps with what they hold",
    **dict.fromkeys(
        ("Permute", "Transpose", "Swapaxes", "Moveaxis"), "turns the time axis into the last"
    ),
}
# Advice about layers that have a weight for every step because of a setting.
_INSTEAD = {
    "PReLU": "give it shared_axes=[1]",
    "BatchNormalization": "let it normalise the last axis",
    "LayerNormalization": "let it normalise the last axis",
}
_COUNTS_STEPS = (
    *("MaxPooling1D", "AveragePooling1D", "GlobalMaxPooling1D", "UpSampling1D"),
    *("AdaptiveMaxPooling1D", "AdaptiveAveragePooling1D", "ZeroPadding1D", "Cropping1D"),
)
_UNMASKED = (
    "do without --mask-value, Masking and mask_zero, and give sequences of one length at a time"
)
_NO_MASK_BESIDE_STATE = "gets no mask from Keras 3 where it is called with an initial state"
_HANDED_OVER = "ask for the mask, with --mask-value and the value it has, and it is handed over"


def cannot_be_built(error: BaseException, fixed: Any, model: Entry) -> ConversionError:
    """Return the error for a model that Keras cannot create without a fixed length.

    Args:
        error: exception that Keras raised.
        fixed: model with a length.
        model: configuration of the model without one.
    """
    import keras

    layer = blamed(error)
    if layer is None:
        return ConversionError(
            "Keras cannot make this model without a fixed number of steps: "
            f"{reason_of(error)}; it stays as it is."
        )
    title = title_of(layer)
    if is_users_own(layer):
        return ConversionError(
            f"{title} cannot be called without a fixed number of steps: {reason_of(error)}; let "
            "its code do without the number of steps (keras.layers.RNN runs a cell over any)."
        )
    moving = _moving_time(fixed)
    for before in upstream(model, layer.name):
        moved = _MOVES_TIME.get(before["class_name"])
        if moved is not None and (before["class_name"] == "Flatten" or name_of(before) in moving):
            return ConversionError(
                f"{_title(before)} {moved}, so that {title.removeprefix('Layer ')} needs a weight "
                f"for every step; {_ONE_VECTOR}."
            )
    if not isinstance(layer, keras.layers.Layer):
        return ConversionError(
            f"{title} needs a fixed number of steps: {reason_of(error)}; use a layer of "
            "keras.layers in its place."
        )
    advice = _INSTEAD.get(type(layer).__name__, "put another layer in its place")
    return ConversionError(
        f"{title} needs a fixed number of steps, such as to have a weight for each; {advice} and "
        "train again."
    )


def cannot_run(error: BaseException, steps: int, *, masked: bool) -> ConversionError:
    """Return the error for a model without a length that does not run at some length."""
    layer = blamed(error)
    moved = _MOVES_TIME.get(type(layer).__name__)
    if moved is not None:
        return ConversionError(
            f"{title_of(layer)} {moved}, and only as many as there were before; {_ONE_VECTOR}."
        )
    where = title_of(layer) if layer is not None else "The model"
    advice = "it works only at the lengths it was made for, or at their multiples"
    if masked:
        advice = f"without a mask it may: {_UNMASKED}"
    return ConversionError(f"{where} does not run on {steps} steps: {reason_of(error)}; {advice}.")


def keeps_length(layers: Iterable[Any], lengths: set[int]) -> None:
    """Reject a layer that returns the old number of steps for inputs of every length.

    Args:
        layers: layers of the model without a length, including those of nested models.
        lengths: old lengths of its inputs.

    Raises:
        ConversionError: there is such a layer.
    """
    for layer in layers:
        if type(layer).__name__ not in ("RepeatVector", "Reshape"):
            continue
        try:
            before, after = layer.input.shape, layer.output.shape
        except AttributeError:  # called several times, with different shapes
            continue
        if None not in before[1:] and after[1] in lengths:
            raise ConversionError(
                f"{title_of(layer)} makes {after[1]} steps, the old length, whatever the "
                "length of the input, so that the answers would keep it; give the decoder a "
                "sequence of its own as an input, and train again."
            )


def loops_over_sequences(layers: Iterable[Any]) -> None:
    """Reject a `TimeDistributed` layer of an open number of steps (see `without_step_wrappers`).

    Args:
        layers: layers of the model without a length, including those of nested models.

    Raises:
        ConversionError: there is such a layer.
    """
    for layer in layers:
        if type(layer).__name__ != "TimeDistributed":
            continue
        with contextlib.suppress(AttributeError):  # called several times, with different shapes
            if layer.input.shape[1] is not None:
                continue
        raise ConversionError(
            f"{title_of(layer)} does not take any number of steps: in predict() and fit(), Keras "
            "then computes as many steps as there are sequences, and the answers are wrong; put a "
            "Conv3D with a kernel of one step in the place of a Conv2D of each step."
        )


def padding_matters(model: Entry, variable: Any, changed: str | None, told: str) -> ConversionError:
    """Return the error for a model whose outputs for a sequence change when it is padded.

    Args:
        model: configuration of the model without a length.
        variable: model of this configuration.
        changed: first layer whose output the padding changed, if it is known; the reason may be an
            earlier layer that lost the mask.
        told: part of the message: the side of the padding, and the change of the outputs.
    """
    entry = next((each for each in layers_of(model) if name_of(each) == changed), None)
    if entry is None:
        return ConversionError(f"The mask does not reach every layer: {told}; {_UNMASKED}.")
    losing = losing_masks(variable)
    hidden = only_for_masks(model)
    inside = walk(entry) if is_model(entry) else ()
    for suspect in (*inside, entry, *upstream(model, name_of(entry))):
        reason = None if name_of(suspect) in hidden else _reason(suspect, losing)
        if reason is not None:
            entry = suspect
            break
    else:
        reason = "does not keep the padding out"
    advice = _HANDED_OVER if reason == _NO_MASK_BESIDE_STATE else _UNMASKED
    return ConversionError(f"{_title(entry)} {reason}: {told}; {advice}.")


def _title(entry: Entry) -> str:
    word = "Operation" if is_operation(entry) else "Layer"
    return f"{word} {name_of(entry)!r} ({entry['class_name']})"


def _moving_time(model: Any) -> set[str]:
    """Return the names of layers that put the steps of a model of fixed length on the last axis."""
    lengths = {size for tensor in model.inputs for size in tensor.shape[1:2] if size}
    found = set()
    for layer in (*every_layer(model), *operations_of(model)):
        with contextlib.suppress(AttributeError):  # inside a wrapper, or called several times
            before, after = layer.input.shape[-1], layer.output.shape[-1]
            if before != after and any(after % length == 0 for length in lengths):
                found.add(layer.name)
    return found


def _reason(entry: Entry, losing: set[str]) -> str | None:
    """Return the reason why a layer reads padding as steps or loses the mask, or None."""
    kind, config = entry["class_name"], entry["config"]
    if "Conv" in kind:
        return "reads each step together with its neighbours, the padding too"
    if kind in _COUNTS_STEPS:
        return "does not know the mask and takes the padding for steps"
    if config.get("go_backwards") and config.get("return_sequences"):
        return "gives its steps in reverse order while the mask keeps the old one"
    calls = entry.get("inbound_nodes", ())
    if any(
        "initial_state" in call["kwargs"] and call["kwargs"].get("mask") is None for call in calls
    ):
        return _NO_MASK_BESIDE_STATE
    if kind in ("Dot", "Lambda"):
        return "does not keep the padding out"
    if name_of(entry) in losing:
        return "loses the mask"
    return "does not keep the padding out" if is_operation(entry) else None
