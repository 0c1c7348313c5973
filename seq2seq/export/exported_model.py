"""The exported model: a directory that holds everything needed to translate, and no code.

    artefact.json    format, version that wrote it, vocabulary sizes, a checksum of each file
    settings.json    settings of the run
    metrics.json     metrics of the exported weights
    sources.json     limits of the training sources; longer texts are split
    confidence.json  calibration of the confidence of translations, if the run was finished
    source.model     tokenizer of the source; for a model of features scale.json, their scaling
    target.model     tokenizer of the target; the same tokens when the vocabulary is joint
    encoder.onnx     ONNX model: the model as graphs that ONNX Runtime runs
    step.onnx
    output.onnx
    shortlist.npz    target tokens that may translate a source     } if it was exported with
    short_output.onnx                                              } a shortlist
    weights.npz      float32 arrays by their path in the model     } unless the precision
    saved_model/     text to text for TensorFlow Serving           } is int8; saved_model/
                                                        only where tensorflow-text was installed

The reader rejects everything it does not know. Only checked bytes reach SentencePiece, ONNX Runtime
and NumPy.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import seq2seq
from seq2seq.config.schema import Settings, settings_from_mapping, settings_to_mapping
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.confidence import Calibration
from seq2seq.export.manifest import MANIFEST, ExportPrecision, Manifest, read_manifest
from seq2seq.export.onnx.graph_check import check_encoder, check_output, check_step
from seq2seq.export.safe_files import Weights, read_arrays, write_arrays, write_json
from seq2seq.export.shortlist import Shortlist, read_shortlist
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
ENCODER, STEP, OUTPUT = "encoder.onnx", "step.onnx", "output.onnx"
WEIGHTS = "weights.npz"
SAVED_MODEL = "saved_model"
_MOST_FEATURES = 2**20
_MOST_OF_SOURCES = {"sentences": MOST_SENTENCES, "longest": MOST_TOKENS}


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


@dataclass(frozen=True)
class LightExportedModel:
    """Content of an exported model for ONNX Runtime: ONNX files in place of the weights."""

    settings: Settings
    encoder: bytes
    step: bytes
    output: bytes
    shortlist: Shortlist | None
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


class _Common(NamedTuple):
    """Content that both kinds of exported model share, and the names of its files."""

    settings: Settings
    metrics: Mapping[str, Any]
    source: Tokenizer | Scale
    target: Tokenizer
    training_sources: TrainingSources
    calibration: Calibration | None
    files: tuple[str, ...]


def read_exported_model(directory: Path) -> ExportedModel:
    """Read the weights of an exported model; every file is checked against its checksum.

    Raises `ModelError` if something is missing, damaged, of another format or unexpected, or if
    the exported model holds only ONNX files and no weights.
    """
    manifest = read_manifest(directory)
    if WEIGHTS not in manifest.files:
        raise ModelError(
            f"{directory} holds the light form only ({manifest.precision}, no {WEIGHTS}), which "
            "translates but cannot be trained or run by TensorFlow: give the run or its float32 "
            "export"
        )
    manifest.check_sizes()
    _check_saved_model(manifest)
    common = _read_common(manifest)
    weights = read_arrays(manifest.read(WEIGHTS), name=str(directory / WEIGHTS))
    manifest.check_rest({WEIGHTS, *common.files})
    _check_room(directory, common, weights)
    return ExportedModel(
        settings=common.settings,
        weights=weights,
        source=common.source,
        target_tokenizer=common.target,
        training_sources=common.training_sources,
        metrics=common.metrics,
        calibration=common.calibration,
        version=manifest.version,
    )


def read_light(directory: Path) -> LightExportedModel:
    """Read the ONNX files of an exported model, and only the files that they need.

    Raises `ModelError` if something is missing, damaged, of another format or unexpected.
    """
    manifest = read_manifest(directory)
    manifest.check_sizes()
    common = _read_common(manifest)
    model = common.settings.model
    encoder, step, output = (manifest.read(name) for name in (ENCODER, STEP, OUTPUT))
    sizes = manifest.vocabulary
    features = Inputs.of(common.source).features
    check_encoder(
        encoder,
        model,
        vocab_size=sizes["source"],
        features=features,
        name=str(directory / ENCODER),
    )
    check_step(step, model, vocab_size=sizes["target"], name=str(directory / STEP))
    check_output(output, model, vocab_size=sizes["target"], name=str(directory / OUTPUT))
    return LightExportedModel(
        settings=common.settings,
        encoder=encoder,
        step=step,
        output=output,
        shortlist=read_shortlist(manifest, model),
        source=common.source,
        target_tokenizer=common.target,
        training_sources=common.training_sources,
        precision=manifest.precision,
        metrics=common.metrics,
        calibration=common.calibration,
        version=manifest.version,
    )


def find_exported_model(path: Path) -> Path:
    """Return the directory of the exported model: `path` itself, or `export/` in a run directory.

    Raises `ModelError` if there is neither.
    """
    for candidate in (path, path / "export"):
        if os.path.lexists(candidate / MANIFEST):
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


def reads_features(directory: Path) -> bool:
    """Return whether the exported model in `directory` reads sequences of numbers, not texts.

    Raises `ModelError` if the exported model is damaged.
    """
    return SCALE in read_manifest(directory).files


def write_plain_files(directory: Path, exported_model: ExportedModel) -> None:
    """Write settings, metrics, tokenizers, limits of the training sources, and the calibration."""
    write_json(directory / SETTINGS, settings_to_mapping(exported_model.settings))
    write_json(directory / METRICS, dict(exported_model.metrics))
    write_json(directory / SOURCES, asdict(exported_model.training_sources))
    if exported_model.calibration is not None:
        write_json(directory / CONFIDENCE, exported_model.calibration.to_json())
    write_source(directory, exported_model.source)
    (directory / TARGET_TOKENIZER).write_bytes(exported_model.target_tokenizer.model_bytes)


def write_source(directory: Path, source: Tokenizer | Scale) -> None:
    """Write the tokenizer of the source, or the scaling of its features."""
    if isinstance(source, Scale):
        write_json(directory / SCALE, asdict(source))
    else:
        (directory / SOURCE_TOKENIZER).write_bytes(source.model_bytes)


def write_weights(directory: Path, weights: Weights) -> None:
    """Write the weights, for training and for TensorFlow."""
    write_arrays(directory / WEIGHTS, weights)


def write_graphs(directory: Path, *, encoder: bytes, step: bytes, output: bytes) -> None:
    """Write the ONNX files."""
    (directory / ENCODER).write_bytes(encoder)
    (directory / STEP).write_bytes(step)
    (directory / OUTPUT).write_bytes(output)


def _read_common(manifest: Manifest) -> _Common:
    settings = read_settings(manifest)
    source = _read_source(manifest)
    target = read_tokenizer(manifest, TARGET_TOKENIZER)
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
    sources = training_sources_of(manifest.read_json(SOURCES), manifest.directory / SOURCES)
    encoding = SCALE if tokens is None else SOURCE_TOKENIZER
    calibration, files = None, [SETTINGS, METRICS, SOURCES, encoding, TARGET_TOKENIZER]
    if CONFIDENCE in manifest.files:
        calibration = _calibration(manifest)
        files.append(CONFIDENCE)
    metrics = manifest.read_json(METRICS)
    return _Common(settings, metrics, source, target, sources, calibration, tuple(files))


def _read_source(manifest: Manifest) -> Tokenizer | Scale:
    """Return the tokenizer of the source, or the scaling of its features.

    Raises:
        ModelError: it is missing or damaged.
    """
    if SCALE not in manifest.files:
        return read_tokenizer(manifest, SOURCE_TOKENIZER)
    try:
        scale = Scale.from_json(manifest.read_json(SCALE))
        if not 1 <= len(scale.mean) <= _MOST_FEATURES or 0.0 in scale.deviation:
            raise ValueError("it scales no features, too many, or divides by zero")
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{manifest.directory / SCALE} is no scaling of features ({error}); export the model "
            "again"
        ) from error
    return scale


def _calibration(manifest: Manifest) -> Calibration:
    """Return the calibration; raise `ModelError` if it is damaged."""
    try:
        return Calibration.from_json(manifest.read_json(CONFIDENCE))
    except ValueError as error:
        raise ModelError(
            f"{manifest.directory / CONFIDENCE} is damaged ({error}); export the model again"
        ) from error


def training_sources_of(content: Mapping[str, Any], path: Path) -> TrainingSources:
    """Return the limits of the training sources from the content of the file `path`.

    Raises:
        ModelError: the content is something else, or has lengths that no training allows.
    """
    signs = content.get("signs")
    fits = content.keys() == {*_MOST_OF_SOURCES, "signs"} and all(
        type(content[key]) is int and 1 <= content[key] <= most
        for key, most in _MOST_OF_SOURCES.items()
    )
    if not (fits and isinstance(signs, list) and _are_signs(signs)):
        limits = ", ".join(f"{key} from 1 to {most}" for key, most in _MOST_OF_SOURCES.items())
        raise ModelError(
            f"{path} is damaged: it must hold {limits} and at most {MOST_SIGNS} signs; export the "
            "model again"
        )
    return TrainingSources(**{**content, "signs": tuple(signs)})


def _are_signs(signs: list[Any]) -> bool:
    return len(signs) <= MOST_SIGNS and all(
        isinstance(sign, str) and 0 < len(sign) <= LONGEST_SIGN for sign in signs
    )


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


def _check_saved_model(manifest: Manifest) -> None:
    """Raise `ModelError` if the SavedModel holds a file that the manifest does not list.

    TensorFlow finds the files of a SavedModel by names of its own, so it would read such a file.
    """
    for path in (manifest.directory / SAVED_MODEL).rglob("*"):
        name = path.relative_to(manifest.directory).as_posix()
        if (path.is_symlink() or not path.is_dir()) and name not in manifest.files:
            raise ModelError(f"{path} is not listed in {MANIFEST}: remove it")


def _check_room(directory: Path, common: _Common, weights: Weights) -> None:
    """Reject settings that ask for a much larger model than the weights can fill.

    Otherwise the model would be built before its weights are compared.
    """
    model = common.settings.model
    source = common.source.vocab_size if isinstance(common.source, Tokenizer) else 0
    recurrent = (4 * model.decoder_layers + 2 * model.encoder_layers) * model.units**2
    least = max(source, common.target.vocab_size) * model.embedding_dim + recurrent
    held = sum(array.size for array in weights.values())
    if least > held:
        raise ModelError(
            f"{directory}: the weights do not fit the model: {WEIGHTS} holds {held} numbers and "
            f"{SETTINGS} asks for at least {least}; the two come from different runs"
        )
