"""Files of an exported model, one by one: their names, how they are written, read and checked.

Exported models of every task share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import seq2seq
from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.confidence import Calibration
from seq2seq.export.manifest import Manifest
from seq2seq.export.onnx.parameters import Numbers, Parameters, number_error
from seq2seq.export.safe_files import FLOAT, INT8, UINT8, read_arrays, write_arrays, write_json
from seq2seq.text.sentences import (
    LONGEST_SIGN,
    MOST_SENTENCES,
    MOST_SIGNS,
    MOST_TOKENS,
    TrainingSources,
)
from seq2seq.text.tokenizer import Tokenizer

SETTINGS, METRICS, SOURCES = "settings.json", "metrics.json", "sources.json"
CONFIDENCE = "confidence.json"
SOURCE_TOKENIZER, TARGET_TOKENIZER = "source.model", "target.model"
SCALE = "scale.json"
WEIGHTS = "weights.npz"
SAVED_MODEL = "saved_model"
_MOST_FEATURES = 2**20
_MOST_OF_SOURCES = {"sentences": MOST_SENTENCES, "longest": MOST_TOKENS}


def read_settings(manifest: Manifest) -> Settings:
    """Return the settings in an exported model.

    Raises `ModelError` if this version cannot read them.
    """
    try:
        return settings_from_mapping(manifest.read_json(SETTINGS))
    except SettingsError as error:
        raise ModelError(
            f"{manifest.directory / SETTINGS} does not fit this version of seq2seq "
            f"({seq2seq.__version__}; written by {manifest.version}): {error}"
        ) from error


def read_tokenizer(manifest: Manifest, name: str) -> Tokenizer:
    """Return a tokenizer of an exported model; raise `ModelError` if it is damaged."""
    return Tokenizer.from_bytes(manifest.read(name), name=str(manifest.directory / name))


def read_source(manifest: Manifest) -> Tokenizer | Scale:
    """Return the tokenizer of the source, or the scaling of its features.

    Raises:
        ModelError: it is missing or damaged.
    """
    if SCALE not in manifest.files:
        return read_tokenizer(manifest, SOURCE_TOKENIZER)
    try:
        scale = Scale.from_json(manifest.read_json(SCALE))
        if not 1 <= len(scale.mean) <= _MOST_FEATURES or not scale.valid:
            raise ValueError("it scales no features or too many, or its numbers are out of range")
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{manifest.directory / SCALE} is no scaling of features ({error}); export the model "
            "again"
        ) from error
    return scale


def read_calibration(manifest: Manifest) -> Calibration:
    """Return the calibration; raise `ModelError` if it is damaged."""
    try:
        return Calibration.from_json(manifest.read_json(CONFIDENCE))
    except ValueError as error:
        raise ModelError(
            f"{manifest.directory / CONFIDENCE} is damaged ({error}); export the model again"
        ) from error


def read_numbers(manifest: Manifest, parameters: Parameters) -> Numbers:
    """Return the numbers of an exported model.

    Raises:
        ModelError: the file is damaged, or a name, type or shape differs from the parameters.
    """
    path = manifest.directory / WEIGHTS
    numbers = read_arrays(manifest.read(WEIGHTS), name=str(path), types=(FLOAT, INT8, UINT8))
    error = number_error(numbers, parameters)
    if error is not None:
        raise ModelError(
            f"{path} does not fit {SETTINGS}: {error}; the two come from different runs, export "
            "the model again"
        )
    return numbers


def training_sources_of(content: Mapping[str, Any], path: Path) -> TrainingSources:
    """Return the limits of the training sources from the content of the file `path`.

    Raises:
        ModelError: the content does not describe such limits, or a limit is out of range.
    """
    signs = content.get("signs")
    fits = content.keys() == {*_MOST_OF_SOURCES, "signs"} and all(
        type(content[key]) is int and 1 <= content[key] <= most
        for key, most in _MOST_OF_SOURCES.items()
    )
    if not (fits and isinstance(signs, list) and _are_signs(signs)):
        limits = ", ".join(f"{key} from 1 to {most}" for key, most in _MOST_OF_SOURCES.items())
        raise ModelError(
            f"{path} is damaged or of another version: it must hold {limits} and at most "
            f"{MOST_SIGNS} signs; export the model again, or train it again if this is its run"
        )
    return TrainingSources(**{**content, "signs": tuple(signs)})


def _are_signs(signs: list[Any]) -> bool:
    return len(signs) <= MOST_SIGNS and all(
        isinstance(sign, str) and 0 < len(sign) <= LONGEST_SIGN for sign in signs
    )


def write_source(directory: Path, source: Tokenizer | Scale) -> None:
    """Write the tokenizer of the source, or the scaling of its features."""
    if isinstance(source, Scale):
        write_json(directory / SCALE, asdict(source))
    else:
        (directory / SOURCE_TOKENIZER).write_bytes(source.model_bytes)


def write_numbers(directory: Path, numbers: Numbers) -> None:
    """Write the numbers of a model."""
    write_arrays(directory / WEIGHTS, numbers)
