"""The exported model: a directory that holds everything needed to translate, and no code.

    manifest.json    format, version of seq2seq, vocabulary sizes, a checksum of each file
    settings.json    settings of the run
    metrics.json     metrics of the exported weights
    sources.json     limits of the training sources; longer texts are split
    confidence.json  calibration of the confidence of translations, if the run was finished
    source.model     tokenizer of the source, if the model reads texts
    scale.json       scaling of the features, if the model reads features
    target.model     tokenizer of the target; tokens of source.model if the vocabulary is joint
    weights.npz      numbers of the model, arranged as ONNX Runtime takes them
    shortlist.npz    target tokens that may translate a source, if the export has a shortlist
    saved_model/1/   SavedModel for TensorFlow Serving, if `export.saved_model` is true

The graphs that ONNX Runtime runs are built when the model is loaded (`seq2seq.export.onnx`).

The reader rejects everything it does not know. Only checked bytes reach SentencePiece, ONNX Runtime
and NumPy.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import seq2seq
from seq2seq.config.schema import (
    Settings,
    TaskSettings,
    settings_to_mapping,
)
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import ModelError
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_files import (
    CONFIDENCE,
    METRICS,
    SAVED_MODEL,
    SCALE,
    SETTINGS,
    SOURCE_TOKENIZER,
    SOURCES,
    TARGET_TOKENIZER,
    WEIGHTS,
    read_calibration,
    read_numbers,
    read_settings,
    read_source,
    read_tokenizer,
    training_sources_of,
    write_source,
)
from seq2seq.export.manifest import (
    MANIFEST,
    OLD_MANIFEST,
    ExportPrecision,
    Manifest,
    read_manifest,
)
from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.parameters import Numbers, computed_numbers
from seq2seq.export.onnx.translation_graphs import Sizes, TranslationGraphs, trained_weights
from seq2seq.export.safe_files import (
    Weights,
    write_json,
)
from seq2seq.export.shortlist import Lexicon, read_lexicon
from seq2seq.text.sentences import (
    TrainingSources,
)
from seq2seq.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class ExportedModel:
    """Content of an exported model, read and checked."""

    settings: Settings
    weights: Weights
    source: Tokenizer | Scale
    target_tokenizer: Tokenizer
    training_sources: TrainingSources
    metrics: Mapping[str, Any] = field(default_factory=dict)
    calibration: Calibration | None = None
    version: str = seq2seq.__version__  # version of seq2seq that wrote it

    @property
    def inputs(self) -> Inputs:
        """Return the inputs of the model: texts or features."""
        return Inputs.of(self.source)

    @property
    def source_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of the source; raise `ModelError` for a model of features."""
        return self.inputs.text_tokenizer

    @property
    def vocabulary(self) -> dict[str, int]:
        """Return the number of tokens of each side, `source` and `target`; it is 0 for features."""
        return _vocabulary(self.source, self.target_tokenizer)

    def for_inference(
        self, *, quantized: bool = False, lexicon: Lexicon | None = None
    ) -> TranslationInferenceModel:
        """Return the graphs and the numbers of the model, in 8-bit integers if `quantized`.

        If `lexicon` is given, the model has a shortlist.

        Raises:
            ModelError: the weights do not fit the settings.
        """
        sizes = _sizes(self.settings, self.source, self.target_tokenizer)
        graphs = TranslationGraphs(self.settings.model, sizes, quantized=quantized)
        return TranslationInferenceModel(
            settings=self.settings,
            graphs=graphs,
            numbers=computed_numbers(graphs.parameters, self.weights),
            lexicon=lexicon,
            source=self.source,
            target_tokenizer=self.target_tokenizer,
            training_sources=self.training_sources,
            precision="int8" if quantized else "float32",
            metrics=self.metrics,
            calibration=self.calibration,
            version=self.version,
        )

    def write_plain_files(self, directory: Path) -> None:
        """Write everything except the numbers: settings, metrics, tokenizers, calibration."""
        write_json(directory / SETTINGS, settings_to_mapping(self.settings))
        write_json(directory / METRICS, dict(self.metrics))
        write_json(directory / SOURCES, asdict(self.training_sources))
        if self.calibration is not None:
            write_json(directory / CONFIDENCE, self.calibration.to_json())
        write_source(directory, self.source)
        (directory / TARGET_TOKENIZER).write_bytes(self.target_tokenizer.model_bytes)

    def write_saved_model(self, directory: Path) -> None:
        """Write a SavedModel; this needs TensorFlow.

        Raises:
            ModelError: the model reads features.
        """
        if self.inputs.features:
            raise ModelError(
                "the model reads sequences of numbers, and the SavedModel of a translator takes "
                "texts; use the run's own export, or --format onnx"
            )
        from seq2seq.export.saved_model import TextTranslator
        from seq2seq.export.serving import write_saved_model

        write_saved_model(TextTranslator(self), directory)


@dataclass(frozen=True)
class TranslationInferenceModel:
    """Content of an exported model for ONNX Runtime: graphs and numbers in place of the weights."""

    settings: Settings
    graphs: TranslationGraphs
    numbers: Numbers
    lexicon: Lexicon | None
    source: Tokenizer | Scale
    target_tokenizer: Tokenizer
    training_sources: TrainingSources
    precision: ExportPrecision
    metrics: Mapping[str, Any]
    calibration: Calibration | None
    version: str

    @property
    def source_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of the source; raise `ModelError` for a model of features."""
        return Inputs.of(self.source).text_tokenizer

    def files(self) -> dict[str, Graph]:
        """Return the graphs by the names of their ONNX files."""
        return {
            "encoder.onnx": self.graphs.encoder,
            "step.onnx": self.graphs.step(),
            "output.onnx": self.graphs.output(),
        }


def read_exported_model(directory: Path) -> ExportedModel:
    """Read an exported model with its trained weights; every file is checked.

    Raises:
        ModelError: something is missing, damaged, of another format or unexpected, or the exported
            model holds 8-bit integers.
    """
    model = read_inference_model(directory)
    if model.precision != "float32":
        raise ModelError(
            f"{directory} holds weights in {model.precision}, which translate but cannot be "
            "trained or run by TensorFlow: give the run or its float32 export"
        )
    manifest = read_manifest(directory)
    _check_saved_model(manifest)
    manifest.check_rest({SETTINGS, METRICS, SOURCES, SOURCE_TOKENIZER, TARGET_TOKENIZER, WEIGHTS})
    sizes = _sizes(model.settings, model.source_tokenizer, model.target_tokenizer)
    return ExportedModel(
        settings=model.settings,
        weights=trained_weights(model.settings.model, sizes, model.numbers),
        source=model.source,
        target_tokenizer=model.target_tokenizer,
        training_sources=model.training_sources,
        metrics=model.metrics,
        calibration=model.calibration,
        version=model.version,
    )


def read_inference_model(directory: Path) -> TranslationInferenceModel:
    """Read an exported model for ONNX Runtime; files not needed for this are not read.

    Raises:
        ModelError: something is missing, damaged, of another format or unexpected.
    """
    manifest = read_manifest(directory)
    manifest.check_sizes()
    settings = read_settings(manifest)
    source = read_source(manifest)
    target = read_tokenizer(manifest, TARGET_TOKENIZER)
    _check_tokenizers(manifest, settings, source, target)
    graphs = TranslationGraphs(
        settings.model,
        _sizes(settings, source, target),
        quantized=manifest.precision != "float32",
    )
    sources = training_sources_of(manifest.read_json(SOURCES), manifest.directory / SOURCES)
    return TranslationInferenceModel(
        settings=settings,
        graphs=graphs,
        numbers=read_numbers(manifest, graphs.parameters),
        lexicon=read_lexicon(manifest),
        source=source,
        target_tokenizer=target,
        training_sources=sources,
        precision=manifest.precision,
        metrics=manifest.read_json(METRICS),
        calibration=read_calibration(manifest) if CONFIDENCE in manifest.files else None,
        version=manifest.version,
    )


def find_exported_model(path: Path) -> Path:
    """Return the directory of the exported model: `path` itself, or `export/` in a run directory.

    Raises `ModelError` if neither is an exported model.
    """
    for candidate in (path, path / "export"):
        if any(os.path.lexists(candidate / name) for name in (MANIFEST, OLD_MANIFEST)):
            return candidate
    if path.exists() and not path.is_dir():
        raise ModelError(f"{path} is a file; give the directory of a run or of an export")
    if not path.is_dir():
        raise ModelError(f"{path} is not there; give the directory of a run or of an export")
    if (path / "checkpoints").is_dir():
        raise ModelError(
            f"{path} is a run without an export: finish it with the command that started it, or "
            f"write one of its best checkpoint with `seq2seq export {path}`"
        )
    raise ModelError(
        f"{path} is no exported model ({MANIFEST} is missing) and no run directory with one; "
        "give one of the two"
    )


def task_of(directory: Path) -> TaskSettings:
    """Return the task that the model in `directory` was trained for.

    Raises:
        ModelError: the exported model is damaged.
    """
    return read_settings(read_manifest(directory)).task


def reads_features(directory: Path) -> bool:
    """Return whether the exported model in `directory` reads sequences of numbers, not texts.

    Raises `ModelError` if the exported model is damaged.
    """
    return SCALE in read_manifest(directory).files


def _vocabulary(source: Tokenizer | Scale, target: Tokenizer) -> dict[str, int]:
    of_source = source.vocab_size if isinstance(source, Tokenizer) else 0
    return {"source": of_source, "target": target.vocab_size}


def _sizes(settings: Settings, source: Tokenizer | Scale, target: Tokenizer) -> Sizes:
    """Return the sizes of the graphs of a model."""
    if isinstance(source, Scale):
        return Sizes(0, target.vocab_size, shared=False, features=len(source.mean))
    shared = settings.tokenizer.joint and settings.model.tie_embeddings
    return Sizes(source.vocab_size, target.vocab_size, shared)


def _check_tokenizers(
    manifest: Manifest, settings: Settings, source: Tokenizer | Scale, target: Tokenizer
) -> None:
    """Raise `ModelError` if the tokenizers do not match the settings and the manifest."""
    tokens = source.tokens if isinstance(source, Tokenizer) else None
    if tokens is not None and settings.tokenizer.joint != (tokens == target.tokens):
        raise ModelError(
            f"{manifest.directory}: {SETTINGS} says tokenizer.joint={settings.tokenizer.joint}, "
            "but the tokenizers say otherwise; export the model again"
        )
    sizes = {"source": len(tokens or ()), "target": target.vocab_size}
    if manifest.vocabulary != sizes:
        raise ModelError(
            f"{manifest.directory}: the tokenizers hold {sizes} tokens, but {MANIFEST} says "
            f"{manifest.vocabulary}; export the model again"
        )


def _check_saved_model(manifest: Manifest) -> None:
    """Raise `ModelError` if the SavedModel holds a file that the manifest does not list.

    TensorFlow would read such a file, because it does not look into the manifest.
    """
    for path in (manifest.directory / SAVED_MODEL).rglob("*"):
        name = path.relative_to(manifest.directory).as_posix()
        if (path.is_symlink() or not path.is_dir()) and name not in manifest.files:
            raise ModelError(f"{path} is not listed in {MANIFEST}: remove it")
