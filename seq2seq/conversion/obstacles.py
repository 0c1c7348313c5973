"""Why a model cannot take any length, said by the layer that is in the way.

The proof decides; these only explain. What raised is found by the layer whose call it was in, and
the reason by the kind of that layer or of the one before it that moved the time axis.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import Any

from seq2seq.conversion.graph import Entry, is_model, layers_of, name_of, upstream, walk
from seq2seq.conversion.reason import reason_of
from seq2seq.errors import ConversionError

_ONE_VECTOR = (
    "put GlobalAveragePooling1D, or a recurrent layer without return_sequences, in its place and "
    "train again"
)
# Layers that take the time axis away, before one that then has a weight for every step.
_MOVES_TIME = {
    "Flatten": "lays the steps side by side",
    "Reshape": "joins the steps with what they hold",
    "Permute": "turns the time axis into the last",
}
# What to do about layers that have a weight for every step by a setting of theirs.
_INSTEAD = {
    "PReLU": "give it shared_axes=[1]",
    "BatchNormalization": "let it normalise the last axis",
    "LayerNormalization": "let it normalise the last axis",
}
_COUNTS_STEPS = (
    *("MaxPooling1D", "AveragePooling1D", "GlobalMaxPooling1D", "UpSampling1D"),
    *("ZeroPadding1D", "Cropping1D"),
)
_OPERATIONS = "keras.src.ops."  # of a functional model, written as functions or signs
_OF_MASKS = ("NotEqual", "Any", "LogicalOr", "LogicalAnd")
_UNMASKED = (
    "do without --mask-value, Masking and mask_zero, and give sequences of one length at a time"
)
_NO_MASK_BESIDE_STATE = "gets no mask from Keras 3 where it is called with an initial state"
_HANDED_OVER = "ask for the mask, with --mask-value and the value it has, and it is handed over"


def blamed(error: BaseException) -> Any:
    """The outermost layer or operation in whose call or making an exception was raised, or None."""
    import keras

    # Keras raises errors of its own about errors: the first of them was nearest to the layer.
    first = blamed(error.__context__) if error.__context__ is not None else None
    if first is not None:
        return first
    for frame, _ in traceback.walk_tb(error.__traceback__):
        found = frame.f_locals.get("self")
        if isinstance(found, keras.Operation) and not isinstance(found, keras.Model):
            return found
    return None


def cannot_be_built(error: BaseException, model: Entry) -> ConversionError:
    """What to say when Keras cannot make the model without a fixed length."""
    layer = blamed(error)
    if layer is None:
        return ConversionError(
            "Keras cannot make this model without a fixed number of steps: "
            f"{reason_of(error)}; it stays as it is."
        )
    title = title_of(layer)
    for before in upstream(model, layer.name):
        moved = _MOVES_TIME.get(before["class_name"])
        if moved is not None:
            return ConversionError(
                f"Layer {name_of(before)!r} ({before['class_name']}) {moved}, so that {title} "
                f"needs a weight for every step; {_ONE_VECTOR}."
            )
    advice = _INSTEAD.get(type(layer).__name__, "put another layer in its place")
    return ConversionError(
        f"Layer {title} needs a fixed number of steps, such as to have a weight for each; "
        f"{advice} and train again."
    )


def cannot_run(error: BaseException, steps: int, *, masked: bool) -> ConversionError:
    """What to say when the model without a length does not run at some length."""
    layer = blamed(error)
    moved = _MOVES_TIME.get(type(layer).__name__)
    if moved is not None:
        return ConversionError(
            f"Layer {title_of(layer)} {moved}, and only as many as there were before; "
            f"{_ONE_VECTOR}."
        )
    where = f"Layer {title_of(layer)}" if layer is not None else "The model"
    advice = "it works only at the lengths it was made for, or at their multiples"
    if masked:
        advice = f"without a mask it may: {_UNMASKED}"
    return ConversionError(f"{where} does not run on {steps} steps: {reason_of(error)}; {advice}.")


def keeps_length(layers: Iterable[Any], lengths: set[int]) -> None:
    """Refuse a layer that makes as many steps as the old length out of something without time.

    Args:
        layers: the layers of the model without a length, those of nested models too.
        lengths: the old lengths of its inputs.

    Raises:
        ConversionError: there is one.
    """
    for layer in layers:
        if type(layer).__name__ not in ("RepeatVector", "Reshape"):
            continue
        try:
            before, after = layer.input.shape, layer.output.shape
        except AttributeError:  # called more than once, with more than one shape
            continue
        if None not in before[1:] and after[1] in lengths:
            raise ConversionError(
                f"Layer {title_of(layer)} makes {after[1]} steps, the old length, whatever the "
                "length of the input, so that the answers would keep it; give the decoder a "
                "sequence of its own as an input, and train again."
            )


def uses_length(model: Entry) -> None:
    """Refuse an operation that may hold the old length as a number.

    Raises:
        ConversionError: there is one.
    """
    for entry in walk(model):
        if not str(entry.get("module")).startswith(_OPERATIONS):
            continue
        kind = entry["class_name"]
        if kind in _FREE_OPERATIONS or (kind == "GetItem" and not _has_bounds(entry)):
            continue
        raise ConversionError(
            f"Operation {name_of(entry)!r} ({kind}) may hold the old length in its arguments, "
            "which cannot be shown not to matter; use a layer of keras.layers in its place."
        )


def padding_matters(
    model: Entry, changed: str | None, side: str, difference: float
) -> ConversionError:
    """What to say when a padded sequence gets another answer than the sequence alone.

    Args:
        model: the configuration of the model without a length.
        changed: the first layer whose own answer the padding changed, if that is known; the
            reason may be a layer before it that lost the mask.
        side: where the padding is.
        difference: how far apart the answers of the model are.
    """
    told = f"padding on the {side} changes the answers by {difference:.1e}"
    entry = next((each for each in layers_of(model) if name_of(each) == changed), None)
    if entry is None:
        return ConversionError(f"The mask does not reach every layer: {told}; {_UNMASKED}.")
    inside = walk(entry) if is_model(entry) else ()
    for suspect in (*inside, entry, *upstream(model, name_of(entry))):
        reason = _reason(suspect)
        if reason is not None:
            entry = suspect
            break
    else:
        reason = "does not keep the padding out"
    advice = _HANDED_OVER if reason == _NO_MASK_BESIDE_STATE else _UNMASKED
    return ConversionError(
        f"Layer {name_of(entry)!r} ({entry['class_name']}) {reason}: {told}; {advice}."
    )


def title_of(layer: Any) -> str:
    """A layer's name and kind, for a message."""
    return f"{layer.name!r} ({type(layer).__name__})"


# Those whose arguments say nothing of a length.
_FREE_OPERATIONS = {
    *("Absolute", "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Power", "Negative"),
    *("Square", "Sqrt", "Exp", "Log", "Tanh", "Sigmoid", "Relu", "Softmax", "Maximum", "Minimum"),
    *("Sum", "Mean", "Max", "Min", "Any", "All", "Not", "LogicalNot", "LogicalAnd", "LogicalOr"),
    *("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "Where", "Cast"),
    *("ExpandDims", "Squeeze", "Transpose", "Concatenate", "Matmul", "Einsum", "Flip", "Clip"),
}


def _has_bounds(entry: Entry) -> bool:
    """Whether an index of `GetItem` counts steps from the beginning, other than to the first."""
    for call in entry.get("inbound_nodes", ()):
        key = call["args"][1]
        on_time = key[1] if isinstance(key, list) and len(key) > 1 else 0
        if isinstance(on_time, dict):
            on_time = list(on_time["config"].values())
        bounds = on_time if isinstance(on_time, list) else [on_time]
        if any(isinstance(bound, int) and bound > 1 for bound in bounds):
            return True
    return False


def _reason(entry: Entry) -> str | None:
    """Why a layer takes padding for steps, or loses the mask for those after it."""
    kind, config = entry["class_name"], entry["config"]
    if "Conv" in kind:
        return "reads each step together with its neighbours, the padding too"
    if kind in _COUNTS_STEPS:
        return "does not know the mask and takes the padding for steps"
    if kind in _MOVES_TIME or kind == "RepeatVector":
        return "loses the mask"
    if config.get("go_backwards") and config.get("return_sequences"):
        return "gives its steps in reverse order while the mask keeps the old one"
    calls = entry.get("inbound_nodes", ())
    if any(
        "initial_state" in call["kwargs"] and call["kwargs"].get("mask") is None for call in calls
    ):
        return _NO_MASK_BESIDE_STATE
    operation = str(entry.get("module")).startswith(_OPERATIONS) and kind not in _OF_MASKS
    if operation or kind in ("Dot", "Lambda"):
        return "does not keep the padding out"
    return None
