"""The exported classification or regression model: everything needed to predict, and no code.

    manifest.json    format, version of seq2seq that wrote it, sizes, a checksum of each file
    settings.json    settings of the run
    metrics.json     metrics of the exported weights
    answers.json     classes, or scaling of the target numbers
    scale.json       scaling of the features, if the model reads features
    source.model     tokenizer of the texts, if the model reads texts
    weights.npz      numbers of the model, arranged as ONNX Runtime takes them
    saved_model/1/   SavedModel for TensorFlow Serving, if `export.saved_model` is true

It uses the same manifest as the exported translation model (`seq2seq.export.exported_model`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import seq2seq
from seq2seq.config.schema import Settings, settings_to_mapping
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import ModelError
from seq2seq.export.exported_files import (
    METRICS,
    SCALE,
    SETTINGS,
    SOURCE_TOKENIZER,
    read_numbers,
    read_settings,
    read_source,
    write_source,
)
from seq2seq.export.manifest import ExportPrecision, Manifest, read_manifest
from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.label_graphs import LabelGraphs, LabelShape
from seq2seq.export.onnx.parameters import Numbers, computed_numbers
from seq2seq.export.safe_files import Weights, write_json
from seq2seq.text.tokenizer import Tokenizer

SCHEMA = "answers.json"


@dataclass(frozen=True)
class ExportedLabelModel:
    """Content of an exported classification or regression model, with its trained weights."""

    settings: Settings
    weights: Weights
    inputs: Inputs
    schema: TargetSchema
    metrics: Mapping[str, Any] = field(default_factory=dict)
    version: str = seq2seq.__version__  # version of seq2seq that wrote it

    @property
    def vocabulary(self) -> dict[str, int]:
        """Return `source`, the number of tokens (0 for features), and `target`, that of outputs."""
        tokenizer = self.inputs.tokenizer
        source = 0 if tokenizer is None else tokenizer.vocab_size
        return {"source": source, "target": self.schema.outputs}

    def for_inference(self, *, quantized: bool = False) -> LabelInferenceModel:
        """Return the graphs and the numbers of the model, in 8-bit integers if `quantized`.

        Raises:
            ModelError: the weights do not fit the settings.
        """
        shape = label_shape(self.settings, self.inputs, self.schema)
        graphs = LabelGraphs(self.settings.model, shape, quantized=quantized)
        return LabelInferenceModel(
            settings=self.settings,
            numbers=computed_numbers(graphs.whole.parameters, self.weights),
            inputs=self.inputs,
            schema=self.schema,
            precision="int8" if quantized else "float32",
            metrics=self.metrics,
            version=self.version,
        )

    def write_plain_files(self, directory: Path) -> None:
        """Write everything except the numbers: settings, metrics, targets, tokenizer or scaling."""
        write_json(directory / SETTINGS, settings_to_mapping(self.settings))
        write_json(directory / METRICS, dict(self.metrics))
        write_inputs(directory, self.inputs, self.schema)

    def write_saved_model(self, directory: Path) -> None:
        """Write a SavedModel; this needs TensorFlow."""
        from seq2seq.export.label_saved_model import LabelServer
        from seq2seq.export.serving import write_saved_model

        write_saved_model(LabelServer(self), directory)


@dataclass(frozen=True)
class LabelInferenceModel:
    """Checked content of an exported classification or regression model, for ONNX Runtime.

    It can be pickled.
    """

    settings: Settings
    numbers: Numbers
    inputs: Inputs
    schema: TargetSchema
    precision: ExportPrecision
    metrics: Mapping[str, Any]
    version: str

    def graphs(self) -> LabelGraphs:
        """Return newly built graphs of the model."""
        shape = label_shape(self.settings, self.inputs, self.schema)
        return LabelGraphs(self.settings.model, shape, quantized=self.precision != "float32")

    def files(self) -> dict[str, Graph]:
        """Return the graphs by the names of their ONNX files."""
        return {"model.onnx": self.graphs().whole}


def label_shape(settings: Settings, inputs: Inputs, schema: TargetSchema) -> LabelShape:
    """Return the form of the inputs and outputs of a model."""
    tokenizer = inputs.tokenizer
    return LabelShape(
        vocab=0 if tokenizer is None else tokenizer.vocab_size,
        features=inputs.features,
        outputs=schema.outputs,
        per_step=schema.per_step,
        pooling=settings.task.pooling,
    )


def read_label_model(directory: Path) -> LabelInferenceModel:
    """Read an exported model without TensorFlow; verify the checksum of each file that is read.

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
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{directory / SCHEMA} describes no targets ({error!r}); export the model again"
        ) from error
    inputs = _inputs(manifest, words=schema.per_step)
    _check_schema(manifest, settings, schema)
    shape = label_shape(settings, inputs, schema)
    graphs = LabelGraphs(settings.model, shape, quantized=manifest.precision != "float32")
    return LabelInferenceModel(
        settings=settings,
        numbers=read_numbers(manifest, graphs.whole.parameters),
        inputs=inputs,
        schema=schema,
        precision=manifest.precision,
        metrics=manifest.read_json(METRICS),
        version=manifest.version,
    )


def _check_schema(manifest: Manifest, settings: Settings, schema: TargetSchema) -> None:
    """Raise `ModelError` if the targets do not match the settings."""
    task = settings.task
    said = (task.name, task.per_step, task.several_labels)
    names = schema.classes
    if (
        said != (schema.task, schema.per_step, schema.several)
        or not schema.outputs
        or not all(isinstance(name, str) for name in names)
        or len({*names}) < len(names)
        or len(schema.counts) != len(names)
        or not all(type(count) is int and count >= 0 for count in schema.counts)
        or not schema.scale.valid
    ):
        raise ModelError(
            f"{manifest.directory}: {SCHEMA} does not describe targets of the task in {SETTINGS}; "
            "export the model again"
        )


def write_inputs(directory: Path, inputs: Inputs, schema: TargetSchema) -> None:
    """Write the targets' description, and the tokenizer or the feature scaling."""
    write_json(directory / SCHEMA, schema.to_json())
    write_source(directory, inputs.source)


def read_inputs(directory: Path) -> tuple[Inputs, TargetSchema]:
    """Read the files that `write_inputs` wrote into a run directory.

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
    source = read_source(manifest)
    if isinstance(source, Scale):
        return Inputs(scale=source)
    return Inputs(tokenizer=source, words=words)
