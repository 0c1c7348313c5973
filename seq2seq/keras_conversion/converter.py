"""Conversion of a Keras model of fixed length to any length: rewriting, reloading, verification."""

from __future__ import annotations

import contextlib
import copy
import logging
import math
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import archive, obstacles
from seq2seq.keras_conversion.archive import reason_of
from seq2seq.keras_conversion.failures import cannot_be_saved, fails_itself
from seq2seq.keras_conversion.graph import Entry, walk
from seq2seq.keras_conversion.inputs import mask_values, model_inputs
from seq2seq.keras_conversion.keras_names import names_kept_free
from seq2seq.keras_conversion.layers import check_built, every_layer, has_graph
from seq2seq.keras_conversion.live_code import live_code
from seq2seq.keras_conversion.live_masks import masked_by_keras
from seq2seq.keras_conversion.masks import with_masks
from seq2seq.keras_conversion.model_file import load_model
from seq2seq.keras_conversion.operations import refuse_lengths
from seq2seq.keras_conversion.proof import Models, Proof, Proving
from seq2seq.keras_conversion.rewriting import (
    use_reshape_layers,
    without_length,
    without_step_wrappers,
)
from seq2seq.keras_conversion.training_parts import drop_compilation, left_uncompiled

_logger = logging.getLogger("seq2seq")
_LARGEST = math.ldexp(2 - 2**-23, 127)  # largest value of float32
_STEPS = 12  # steps of the comparison for a model without fixed length that gets a mask


@dataclass(frozen=True)
class Conversion:
    """A converted model, and the proof of its correctness."""

    model: Any
    proof: Proof


def convert(
    model: Any,
    *,
    mask_value: float | None = None,
    trust: bool = False,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Copy a Keras model, with its weights, into one that takes sequences of any length.

    The copy is not compiled. It is compared with the model before it is returned: both must have
    the same outputs for random sequences of the old length. If there is a mask, the copy must also
    have the same outputs for a sequence alone as for the sequence padded, on either side, in a
    batch with others.

    Args:
        model: functional or sequential `keras.Model`, which is not changed, or path of a `.keras`
            or `.h5` file of Keras 2 or 3.
        mask_value: value of padding; a step in which every number has it is ignored.
        trust: true to run the code of a file's Lambda layers and import its custom layers.
        custom_objects: classes and functions of a file's custom layers by name, as
            `keras.saving.load_model` takes them.

    Returns:
        a `keras.Model` whose inputs are `(batch, steps, ...)` with any batch and any steps.

    Raises:
        ConversionError: the model cannot be read or converted, or the copy is not shown to have the
            same outputs; the message names the layer, the reason, and what to do.
    """
    if isinstance(model, str | os.PathLike):
        path = Path(model)
        return converted_file(
            path, mask_value=mask_value, trust=trust, custom_objects=custom_objects
        ).model
    return converted(model, mask_value=mask_value).model


def converted_file(
    path: Path,
    *,
    mask_value: float | None = None,
    trust: bool = False,
    custom_objects: Mapping[str, Any] | None = None,
) -> Conversion:
    """Convert the model in a file as `convert` does, and return the proof too."""
    with _undisturbed():
        model = load_model(path, trust=trust, custom_objects=custom_objects)
    return converted(model, mask_value=mask_value)


def converted(model: Any, *, mask_value: float | None = None) -> Conversion:
    """Convert a model in memory as `convert` does, and return the proof too."""
    _check(model, mask_value)
    with tempfile.TemporaryDirectory() as name, _undisturbed():
        folder = Path(name)
        saved = folder / "saved.keras"
        save_model(model, saved)
        config, _ = archive.read_config(saved)
        drop_compilation(config)
        use_reshape_layers(config)
        code = live_code(model, config)
        inputs = model_inputs(config)
        lengths = {each.steps for each in inputs if each.steps is not None}
        steps = next((each.steps for each in inputs if each.steps is not None), None)
        wrapped = any(entry["class_name"] == "TimeDistributed" for entry in walk(config))
        if steps is None and mask_value is None and not wrapped:
            raise ConversionError(
                "The model takes sequences of any length already; there is nothing to convert, "
                "unless its padding is to be passed over: add the mask value."
            )
        variable_config, notes = without_length(config, inputs)
        if mask_value is not None:
            variable_config = with_masks(
                variable_config, inputs, mask_value, masked_by_keras(model)
            )
        try:
            fixed = _load(saved, config, folder / "fixed.keras", code)
        except Exception as error:  # such as for a layer that is in two nested models
            raise cannot_be_saved(error, model) from error
        try:
            variable = _load(saved, variable_config, folder / "variable.keras", code)
        except Exception as error:  # any exception that Keras raises for an impossible shape
            raise obstacles.cannot_be_built(error, fixed, variable_config) from error
        unwrapped = without_step_wrappers(variable_config)
        if unwrapped is not None:
            variable, variable_config = _remade(variable, unwrapped, code), unwrapped
        obstacles.loops_over_sequences(every_layer(variable))
        refuse_lengths(variable, lengths)
        obstacles.keeps_length(every_layer(variable), lengths)
        values = mask_values(variable_config)
        inputs = [
            replace(each, mask_value=values[each.name] if each.is_sequence else None)
            for each in inputs
        ]
        models = Models(model, fixed, variable)
        proof = Proving(models, variable_config, inputs, steps or _STEPS).run()
    for note in notes:
        _logger.warning(note)
    return Conversion(variable, proof)


def save_model(model: Any, path: Path) -> None:
    """Write a model as a `.keras` file.

    Raises:
        ConversionError: Keras cannot write it, because of a layer of the user's own.
    """
    try:
        with warnings.catch_warnings(), left_uncompiled(model):
            warnings.simplefilter("ignore")
            model.save(path)
    except Exception as error:  # from the user's own layers, or from Keras about them
        raise ConversionError(
            f"Model {model.name!r} cannot be saved by Keras: {reason_of(error)}."
        ) from error


def _check(model: Any, mask_value: float | None) -> None:
    import keras

    if not isinstance(model, keras.Model):
        raise ConversionError(
            f"convert received a {type(model).__name__}; give a keras.Model of Keras 3, or "
            "the path of a .keras or .h5 file."
        )
    if isinstance(model, keras.Sequential) and model.built:
        try:
            check_built(model)
        except Exception as error:  # from the user's own code
            raise fails_itself(error) from error
    if type(model).__name__ not in ("Functional", "Sequential") or not has_graph(model):
        raise ConversionError(
            f"Model {model.name!r} is a class of its own or has not been built, so that its "
            "layers and the shape of its input are not known; make it a functional or sequential "
            "model with an Input."
        )
    if mask_value is not None and not abs(mask_value) <= _LARGEST:
        raise ConversionError(
            f"The mask value is {mask_value}; it must be a finite number that float32 holds."
        )


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Run the block on the CPU, without warnings, and with full tracebacks.

    The tracebacks are needed to find the layer of an error.
    """
    import keras

    filtering = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()
    tensorflow = logging.getLogger("tensorflow")  # it logs advice about how models are called
    level = tensorflow.level
    tensorflow.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), keras.device("cpu:0"):
            warnings.simplefilter("ignore")
            yield
    finally:
        tensorflow.setLevel(level)
        if filtering:
            keras.config.enable_traceback_filtering()


def _load(saved: Path, config: Entry, path: Path, code: dict[str, Any]) -> Any:
    import keras

    archive.copy_with_config(saved, config, path, whole=True)
    with names_kept_free(config):
        model = keras.saving.load_model(path, custom_objects=code, compile=False)
    check_built(model)
    return model


def _remade(model: Any, config: Entry, code: dict[str, Any]) -> Any:
    """Return a model of another configuration with the weights of `model`, in their order."""
    import keras

    with names_kept_free(config):
        # Keras takes the configuration apart.
        remade = keras.saving.deserialize_keras_object(copy.deepcopy(config), custom_objects=code)
    check_built(remade)
    remade.set_weights(model.get_weights())
    return remade
