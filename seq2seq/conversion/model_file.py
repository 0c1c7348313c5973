"""A Keras model from a file that may come from anyone."""

from __future__ import annotations

import importlib
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.conversion import archive, hdf5
from seq2seq.conversion.gates import scale_gates
from seq2seq.conversion.keras2 import modern_model
from seq2seq.conversion.layers import every_layer
from seq2seq.conversion.masks import hand_over_masks
from seq2seq.conversion.vetting import check_sizes, objects_of, vet
from seq2seq.errors import ConversionError

_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True)
class _Source:
    """A file whose configuration has been read and let pass, and a folder to work in."""

    path: Path
    config: Any
    is_old: bool  # written by Keras 1 or 2
    trust: bool
    custom: dict[str, Any]
    folder: Path


def load_model(path: Path, *, trust: bool = False) -> Any:
    """The `keras.Model` in a `.keras` or `.h5` file of Keras 2 or 3, not compiled.

    What kind of file it is is told by its content, not by its name. Nothing in it is run.

    Args:
        path: the file.
        trust: run the code of its Lambda layers, and import the modules of its custom layers.

    Raises:
        ConversionError: there is no such file, it is no model, damaged, or not to be trusted.
    """
    kind = kind_of(path)
    read = archive.read_config if kind == _ZIP else hdf5.read_config
    config, version = read(path)
    is_old = version.startswith(("1", "2"))
    try:
        if is_old:
            config = modern_model(config)
            hand_over_masks(config)
        if not trust:
            vet(config)
        custom = _imported(config) if trust else {}
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras' advice to those who build models
            source = _Source(path, config, is_old, trust, custom, Path(folder))
            model = _from_archive(source) if kind == _ZIP else _from_hdf5(source)
        if is_old:
            scale_gates(every_layer(model))
        return model
    except (ConversionError, ImportError):
        raise
    except Exception as error:  # a broken configuration can make Keras raise anything
        raise archive.damaged(path, error) from error


def kind_of(path: Path) -> bytes:
    """How a model file begins: as a zip, or as HDF5. Reads nothing more, and needs no Keras.

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


def _from_archive(source: _Source) -> Any:
    import keras

    clean = source.folder / "model.keras"
    archive.copy_with_config(source.path, source.config, clean, whole=source.trust)
    check_sizes(source.config, hdf5.check_weights(archive.extract_weights(clean, source.folder)))
    return keras.saving.load_model(
        clean, custom_objects=source.custom, compile=False, safe_mode=not source.trust
    )


def _from_hdf5(source: _Source) -> Any:
    import keras

    check_sizes(source.config, hdf5.check_weights(source.path))
    named = source.folder / "model.h5"  # Keras goes by the name
    named.symlink_to(source.path.resolve())
    if not source.is_old:
        return keras.saving.load_model(
            named, custom_objects=source.custom, compile=False, safe_mode=not source.trust
        )
    model = keras.saving.deserialize_keras_object(
        source.config, custom_objects=source.custom, safe_mode=not source.trust
    )
    model.load_weights(named)
    return model


def _imported(config: Any) -> dict[str, Any]:
    """What a trusted configuration names and Keras does not have, by each name it goes under."""
    found = {}
    for entry in objects_of(config):
        module = str(entry.get("module") or "keras")
        if module.split(".")[0] in ("keras", "builtins"):
            continue
        name = entry["config"] if entry["class_name"] == "function" else entry["class_name"]
        try:
            thing = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise ConversionError(
                f"The model needs {name!r} from the module {module!r}, which cannot be imported; "
                "run this where it can, or use seq2seq.convert(model) in Python where the model "
                "is made."
            ) from error
        found.update({name: thing, str(entry.get("registered_name") or name): thing})
    return found
