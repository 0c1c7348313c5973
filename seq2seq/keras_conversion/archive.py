"""Safe reader of `.keras` files: a zip of `config.json` and `model.weights.h5`."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

from seq2seq.errors import ConversionError

_LONGEST = 140  # characters
_BEFORE_CAUSE = re.compile(r".*(?:Exception|Error) encountered:", re.DOTALL)  # a long text of Keras
_SENTENCE = re.compile(r"(.{20,}?)\.\s+[A-Z].*")


def root_of(error: BaseException) -> BaseException:
    """Return the cause of an error in Keras' shape inference; return any other error itself."""
    while isinstance(error, NotImplementedError) and error.__context__ is not None:
        error = error.__context__
    return error


def reason_of(error: object) -> str:
    """Return the first sentence of a message, or of the cause that it quotes, without full stop."""
    error = root_of(error) if isinstance(error, BaseException) else error
    text = _BEFORE_CAUSE.sub("", str(error))
    lines = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in text.splitlines()]
    lines = [line.strip() for line in lines if not line.startswith("Exception encountered when")]
    told = next((line for line in lines if line), type(error).__name__)
    told = _SENTENCE.sub(r"\1", told)
    return (told if len(told) <= _LONGEST else f"{told[: _LONGEST - 3]}...").rstrip(".:")


CONFIG = "config.json"
_WEIGHTS = "model.weights.h5"
_METADATA = "metadata.json"

_MAX_CONFIG = 64 * 2**20  # bytes; the largest models that people share need one
_MAX_EXPANSION = 100  # limit relative to the size in the zip; random weights hardly compress
_ALWAYS_FINE = 64 * 2**20  # bytes that any member may unpack to


def read_config(path: Path) -> tuple[dict[str, Any], str]:
    """Return the configuration in a `.keras` file, and the version of Keras that wrote it.

    Raises:
        ConversionError: it is damaged, holds no model, or would unpack to far too many bytes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if CONFIG not in names or _WEIGHTS not in names:
                raise ConversionError(
                    f"{path} is a zip file, but no Keras model: it holds no "
                    f"{CONFIG if CONFIG not in names else _WEIGHTS}; give a file that "
                    "model.save('NAME.keras') wrote."
                )
            for info in archive.infolist():
                _check_size(path, info)
            config = json.loads(archive.read(CONFIG))
            metadata = json.loads(archive.read(_METADATA)) if _METADATA in names else {}
    except (*BROKEN, NotImplementedError, RuntimeError) as error:
        raise damaged(path, error) from error
    if not isinstance(config, dict) or not isinstance(metadata, dict):
        raise damaged(path, "its configuration is not an object")
    return config, str(metadata.get("keras_version", "2"))


# Exceptions that Python's own readers raise for invalid bytes.
BROKEN = (zipfile.BadZipFile, EOFError, ValueError, KeyError, RecursionError, OSError)


def damaged(path: Path, reason: object) -> ConversionError:
    """Return the error for a file that is not a complete Keras model."""
    return ConversionError(
        f"{path} cannot be read as a Keras model, it may be damaged: {reason_of(reason)}."
    )


def copy_with_config(source: Path, config: dict[str, Any], target: Path, *, whole: bool) -> None:
    """Copy a `.keras` file with the same weights and another configuration.

    Args:
        source: file that `read_config` has read.
        config: configuration to write in place of that of `source`.
        target: file to write.
        whole: true to copy the other members of `source` too, such as vocabularies.

    Raises:
        ConversionError: `source` is damaged.
    """
    try:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            new.writestr(CONFIG, json.dumps(config))
            for info in old.infolist():
                if info.filename == _WEIGHTS or (whole and info.filename != CONFIG):
                    with old.open(info) as reading, new.open(info.filename, "w") as writing:
                        shutil.copyfileobj(reading, writing)
    except (*BROKEN, NotImplementedError, RuntimeError) as error:
        raise damaged(source, error) from error


def extract_weights(path: Path, folder: Path) -> Path:
    """Unpack the weights of a file that `copy_with_config` wrote; return the weights' path."""
    with zipfile.ZipFile(path) as archive:
        return Path(archive.extract(_WEIGHTS, folder))


def _check_size(path: Path, info: zipfile.ZipInfo) -> None:
    most = max(_ALWAYS_FINE, _MAX_EXPANSION * info.compress_size)
    if info.filename == CONFIG:
        most = _MAX_CONFIG
    if info.file_size > most:
        raise ConversionError(
            f"{path} holds {info.filename!r}, which would unpack to {info.file_size:,} bytes, "
            f"above the {most:,} that are allowed here; give a file that Keras itself wrote."
        )
