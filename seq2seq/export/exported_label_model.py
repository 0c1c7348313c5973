"""The exported classification or regression model: everything needed to predict, and no code.

    artefact.json    format, version that wrote it, sizes, a checksum of each file
    settings.json    settings of the run
    metrics.json     metrics of the exported weights
    answers.json     classes, or scaling of the target numbers
    scale.json       scaling of the features, or
    source.model     tokenizer of the texts
    weights.npz      float32 arrays by their path in the model

It uses the same manifest as the exported translation model (`seq2seq.export.exported_model`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import seq2seq
from seq2seq.config.schema import Settings, TaskSettings, settings_to_mapping
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import ModelError
from seq2seq.export.exported_model import (
    METRICS,
    SCALE,
    SETTINGS,
    SOURCE_TOKENIZER,
    WEIGHTS,
    read_settings,
    read_tokenizer,
    write_source,
)
from seq2seq.export.manifest import Manifest, read_manifest, write_manifest
from seq2seq.export.replacement import replacing
from seq2seq.export.safe_files import Weights, read_arrays, write_arrays, write_json
from seq2seq.text.tokenizer import Tokenizer

SCHEMA = "answers.json"


@dataclass(frozen=True)
class ExportedLabelModel:
    """Content of an exported classification or regression model, read and checked."""

    settings: Settings
    weights: Weights
    inputs: Inputs
    schema: TargetSchema
    metrics: Mapping[str, Any] = field(default_factory=dict)
    version: str = seq2seq.__version__  # version of seq2seq that wrote it


def task_of(directory: Path) -> TaskSettings:
    """Return the task that the model in `directory` was trained for.

    Raises:
        ModelError: the exported model is damaged.
    """
    return read_settings(read_manifest(directory)).task


def write_label_model(exported_model: ExportedLabelModel, directory: Path) -> Path:
    """Write the exported model atomically, replacing an existing one.

    Raises:
        ModelError: `directory` exists and is not an exported model.
    """
    tokenizer = exported_model.inputs.tokenizer
    with replacing(directory) as partial:
        write_json(partial / SETTINGS, settings_to_mapping(exported_model.settings))
        write_json(partial / METRICS, dict(exported_model.metrics))
        write_inputs(partial, exported_model.inputs, exported_model.schema)
        write_arrays(partial / WEIGHTS, exported_model.weights)
        write_manifest(
            partial,
            version=exported_model.version,
            precision="float32",
            source_vocab=0 if tokenizer is None else tokenizer.vocab_size,
            target_vocab=exported_model.schema.outputs,
        )
    return directory


def read_label_model(directory: Path) -> ExportedLabelModel:
    """Read an exported model, each file checked against its checksum; no TensorFlow is needed.

    Raises:
        ModelError: something is missing, damaged, or of another format or task.
    """
    manifest = read_manifest(directory)
    manifest.check_sizes()
    settings = read_settings(manifest)
    if not settings.task.has_labels:
        raise ModelError(f"{directory} is a translator; use `seq2seq translate`")
    try:
        schema = TargetSchema.from_json(manifest.read_json(SCHEMA))
        inputs = _inputs(manifest, words=schema.per_step)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{directory} holds answers or scales that are not what was written ({error!r}); "
            "export the model again"
        ) from error
    return ExportedLabelModel(
        settings=settings,
        weights=read_arrays(manifest.read(WEIGHTS), name=str(directory / WEIGHTS)),
        inputs=inputs,
        schema=schema,
        metrics=manifest.read_json(METRICS),
        version=manifest.version,
    )


def write_inputs(directory: Path, inputs: Inputs, schema: TargetSchema) -> None:
    """Write the targets' description, and the tokenizer or the feature scaling."""
    write_json(directory / SCHEMA, schema.to_json())
    write_source(directory, inputs.source)


def read_inputs(directory: Path) -> tuple[Inputs, TargetSchema]:
    """Read what `write_inputs` wrote into a run directory.

    Raises:
        ModelError: a file is missing or damaged.
    """
    try:
        schema = TargetSchema.from_json(json.loads((directory / SCHEMA).read_bytes()))
        if (directory / SOURCE_TOKENIZER).is_file():
            tokenizer = Tokenizer.load(directory / SOURCE_TOKENIZER)
            return Inputs(tokenizer=tokenizer, words=schema.per_step), schema
        scale = Scale.from_json(json.loads((directory / SCALE).read_bytes()))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{directory} lacks what reads its inputs: {error}") from error
    return Inputs(scale=scale), schema


def _inputs(manifest: Manifest, *, words: bool) -> Inputs:
    if SOURCE_TOKENIZER in manifest.files:
        return Inputs(tokenizer=read_tokenizer(manifest, SOURCE_TOKENIZER), words=words)
    return Inputs(scale=Scale.from_json(manifest.read_json(SCALE)))
