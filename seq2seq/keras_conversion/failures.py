"""Errors of the unchanged model, reported with the layer in which they arose."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.archive import damaged, reason_of, root_of
from seq2seq.keras_conversion.layers import every_layer

_NOT_MADE_AGAIN = re.compile(r"<class '(?:.*\.)?(\w+)'> could not be deserialized properly")


def cannot_be_loaded(error: BaseException, path: Path) -> ConversionError:
    """Return the error for a file whose model Keras cannot create."""
    layer = blamed(error)
    if layer is not None and is_users_own(layer):
        return fails_itself(error)
    return _cannot_be_made_again(error) or damaged(path, error)


def cannot_be_saved(error: BaseException, model: Any) -> ConversionError:
    """Return the error for a model in memory that Keras cannot load after saving it."""
    told = _cannot_be_made_again(error)
    if told is not None:
        return told
    advice = "save it as NAME.h5 and convert that file"
    own = next((layer for layer in every_layer(model) if is_users_own(layer)), None)
    if own is not None:
        advice = f"make sure that Keras can save and load {own.name!r} ({type(own).__name__})"
    return ConversionError(
        f"Keras does not load again what it saves of model {model.name!r}: {reason_of(error)}; "
        f"{advice}."
    )


def does_not_save(model: Any, difference: float) -> ConversionError:
    """Return the error for a model with different outputs after Keras has saved and loaded it."""
    own = [layer for layer in every_layer(model) if is_users_own(layer)]
    advice = "what its answers depend on is not all in its layers and weights"
    if own:
        advice = (
            f"let {own[0].name!r} ({type(own[0]).__name__}) make all of its weights in build, and "
            "return all that its answers depend on from get_config"
        )
    return ConversionError(
        f"Saved by Keras and loaded again, model {model.name!r} answers differently, by "
        f"{difference:.1e}; {advice}."
    )


def outputs_by_chance(layer: Any, difference: float) -> ConversionError:
    """Return the error for a model with different outputs for the same sequences each time.

    Args:
        layer: first layer that has different outputs; None if it is not known.
        difference: difference between the outputs of the model.
    """
    title = "The model" if layer is None else title_of(layer)
    return ConversionError(
        f"{title} answers the same sequences differently each time, by {difference:.1e}, so that "
        "nothing can be compared; take out what it draws at random, such as a Dropout that is "
        "called with training=True."
    )


def fails_itself(error: BaseException) -> ConversionError:
    """Return the error for an unchanged model that raises an exception at its own length."""
    layer, error = blamed(error), root_of(error)
    reason = reason_of(error)
    if layer is None:
        return ConversionError(
            f"The model itself raises {type(error).__name__}: {reason}; mend it so that it "
            "answers, and convert it then."
        )
    if not is_users_own(layer):
        return ConversionError(
            f"{title_of(layer)} raises an error in the model itself: {reason}; mend the model so "
            "that it answers, and convert it then."
        )
    advice = "mend its code, and convert the model then"
    if isinstance(error, NameError):
        advice = (
            "a file holds its code without what that refers to, so convert the model in Python, "
            "where it is made, with seq2seq.convert(MODEL)"
        )
    return ConversionError(
        f"{title_of(layer)} raises an error in its own code, {type(error).__name__}: {reason}; "
        f"{advice}."
    )


def blamed(error: BaseException) -> Any:
    """Return the outermost layer or operation whose call or creation raised an error, or None."""
    import keras

    # Keras raises its own exceptions about exceptions; the first was nearest to the layer.
    first = blamed(error.__context__) if error.__context__ is not None else None
    if first is not None:
        return first
    for frame, _ in traceback.walk_tb(error.__traceback__):
        found = frame.f_locals.get("self")
        if isinstance(found, keras.Operation) and not isinstance(found, keras.Model):
            return found
    return None


def is_users_own(layer: Any) -> bool:
    """Return whether a layer runs code that is not part of Keras."""
    return type(layer).__name__ == "Lambda" or not type(layer).__module__.startswith("keras.")


def title_of(layer: Any) -> str:
    """Return the name and class of a layer or operation, as the beginning of a message."""
    import keras

    word = "Layer" if isinstance(layer, keras.layers.Layer) else "Operation"
    return f"{word} {layer.name!r} ({type(layer).__name__})"


def _cannot_be_made_again(error: BaseException) -> ConversionError | None:
    """Return the error for a class that rejects the result of its own `get_config`, or None."""
    found = _NOT_MADE_AGAIN.findall(str(error))
    if not found:
        return None
    return ConversionError(
        f"Keras cannot make a {found[-1]} again from what it saves of it: {reason_of(error)}; let "
        "its __init__ take **kwargs for super().__init__, and its get_config return its arguments."
    )
