"""Loader of Keras models from untrusted files."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import archive, hdf5
from seq2seq.keras_conversion.failures import cannot_be_loaded
from seq2seq.keras_conversion.gates import scale_gates
from seq2seq.keras_conversion.graph import MODELS
from seq2seq.keras_conversion.keras2 import modern_model
from seq2seq.keras_conversion.keras_names import add_modules, names_kept_free
from seq2seq.keras_conversion.layers import check_built, every_layer
from seq2seq.keras_conversion.masks import hand_over_masks
from seq2seq.keras_conversion.training_parts import drop_compilation, drop_unknown
from seq2seq.keras_conversion.vetting import Code, check_sizes, imported, vet

_logger = logging.getLogger("seq2seq")
_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True)
class _Source:
    """A file whose configuration was read and accepted, and a working directory."""

    path: Path
    config: Any
    is_old: bool  # written by Keras 1 or 2
    code: Code
    folder: Path


def load_model(
    path: Path, *, trust: bool = False, custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Load a Keras model, not compiled, from a `.keras` or `.h5` file of Keras 2 or 3.

    The content of the file determines its kind, not its name. No code in it is run unless `trust`
    is true, and parts that only training uses are ignored.

    Args:
        path: path of the file.
        trust: true to run the code of Lambda layers, and import the modules of custom layers.
        custom_objects: classes and functions of the user, by their names in the file.

    Raises:
        ConversionError: the file is missing, is not a model, is damaged, or must not be trusted.
    """
    kind = kind_of(path)
    read = archive.read_config if kind == _ZIP else hdf5.read_config
    config, version = read(path)
    is_old = version.startswith(("1", "2"))
    try:
        drop_compilation(config)
        _check_kind(config)
        if is_old:
            config = modern_model(config)
            hand_over_masks(config)
        code = _code(config, custom_objects or {}, trust=trust)
        add_modules(config, code.custom)
        notes = drop_unknown(config, code.knows)
        vet(config, code)
        with (
            tempfile.TemporaryDirectory() as folder,
            warnings.catch_warnings(),
            names_kept_free(config),
        ):
            warnings.simplefilter("ignore")  # Keras' advice to authors of models
            source = _Source(path, config, is_old, code, Path(folder))
            model = _from_archive(source) if kind == _ZIP else _from_hdf5(source)
        if is_old:
            scale_gates(every_layer(model))
    except (ConversionError, ImportError):
        raise
    except Exception as error:  # a broken configuration can make Keras raise anything
        raise cannot_be_loaded(error, path) from error
    for note in notes:
        _logger.warning(note)
    return model


def kind_of(path: Path) -> bytes:
    """Return the first bytes of a model file, which mark a zip or HDF5 file; Keras is not needed.

    Raises:
        ConversionError: there is no such file, or it is of another kind.
    """
    if path.is_dir():
        raise ConversionError(
            f"{path} is a directory; a model is converted from one file: load the SavedModel with "
            "the Keras that wrote it and save it as NAME.keras or NAME.h5."
        )
    if not path.is_file():
        raise ConversionError(f"{path}: there is no such file; give a .keras or .h5 file.")
    with path.open("rb") as stream:
        start = stream.read(len(_HDF5))
    for kind in (_ZIP, _HDF5):
        if start.startswith(kind):
            return kind
    raise ConversionError(
        f"{path} is neither a .keras file (zip) nor an .h5 file (HDF5); give what "
        "model.save('NAME.keras') or model.save('NAME.h5') wrote."
    )


def _check_kind(config: Any) -> None:
    """Reject a model of the user's own class, whose layers and inputs are not in the file."""
    kind = config["class_name"]
    if kind not in MODELS:
        raise ConversionError(
            f"The model is of the class {kind}, and a file says the layers of functional and "
            "sequential models only; make it one of them, with an Input."
        )


def _code(config: Any, custom_objects: Mapping[str, Any], *, trust: bool) -> Code:
    import keras

    custom = {**keras.saving.get_custom_objects(), **custom_objects}
    if trust:
        custom = {**imported(config, custom), **custom}
    return Code(custom, trust)


def _from_archive(source: _Source) -> Any:
    import keras

    clean = source.folder / "model.keras"
    archive.copy_with_config(source.path, source.config, clean, whole=source.code.trust)
    check_sizes(source.config, hdf5.check_weights(archive.extract_weights(clean, source.folder)))
    if source.code.trust:
        _made(source)  # for an error in code, Keras would only report that weights do not fit
    return keras.saving.load_model(
        clean,
        custom_objects=dict(source.code.custom),
        compile=False,
        safe_mode=not source.code.trust,
    )


def _from_hdf5(source: _Source) -> Any:
    check_sizes(source.config, hdf5.check_weights(source.path))
    model = _made(source)
    named = source.folder / "model.h5"  # Keras decides by the suffix
    named.symlink_to(source.path.resolve())
    model.load_weights(named)
    return model


def _made(source: _Source) -> Any:
    """Return the model of a configuration, with its initial weights."""
    import keras

    model = keras.saving.deserialize_keras_object(
        source.config,
        custom_objects=dict(source.code.custom),
        safe_mode=not source.code.trust,
    )
    check_built(model)
    return model
