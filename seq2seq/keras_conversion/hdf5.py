"""Safe reader of the legacy `.h5` file of Keras, and of the weights of a `.keras` file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.archive import BROKEN, damaged

_MAX_EXPANSION = 100  # limit as a multiple of the size of the file
_ALWAYS_FINE = 64 * 2**20  # bytes that any file may unpack to


def read_config(path: Path) -> tuple[dict[str, Any], str]:
    """Return the configuration in an `.h5` file, and the version of Keras that wrote it.

    Raises:
        ConversionError: it is damaged, holds only weights and no model, or refers to other files.
    """
    import h5py

    check_weights(path)
    try:
        with h5py.File(path, "r") as file:
            if "model_config" not in file.attrs:
                raise ConversionError(
                    f"{path} is an HDF5 file without a model in it (weights alone, perhaps); give "
                    "a file that model.save('NAME.h5') wrote."
                )
            config = json.loads(file.attrs["model_config"])
            version = _text(file.attrs.get("keras_version", "1"))
    except (*BROKEN, TypeError) as error:
        raise damaged(path, error) from error
    if not isinstance(config, dict):
        raise damaged(path, "its configuration is not an object")
    return config, version


def check_weights(path: Path) -> int:
    """Reject an HDF5 file that refers to other files or declares far more bytes than it holds.

    Returns:
        total number of elements of its arrays.

    Raises:
        ConversionError: the file is rejected for this, or is damaged.
    """
    import h5py

    arrays: list[tuple[int, int]] = []  # number of elements, bytes

    def link_error(name: str, link: object) -> str | None:
        # A returned value ends the walk; h5py does not support an exception here.
        if not isinstance(link, h5py.HardLink):
            return f"refers to something elsewhere as {name!r}"
        item = file[name]
        if isinstance(item, h5py.Dataset):
            if item.external or item.is_virtual:
                return f"keeps {name!r} in another file"
            if item.dtype.kind == "O":
                return f"holds objects as {name!r}"
            arrays.append((item.size, item.nbytes))
        return None

    try:
        with h5py.File(path, "r") as file:
            found = file.visititems_links(link_error)
    except (*BROKEN, RuntimeError) as error:
        raise damaged(path, error) from error
    declared = sum(size for _, size in arrays)
    most = max(_ALWAYS_FINE, _MAX_EXPANSION * path.stat().st_size)
    if found is None and declared > most:
        found = f"declares {declared:,} bytes, above the {most:,} that a file of its size may"
    if found is not None:
        raise ConversionError(f"{path} {found}; give a file that Keras itself wrote.")
    return sum(numbers for numbers, _ in arrays)


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
