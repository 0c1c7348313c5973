"""The exported model of a classification or regression: all it takes to predict, and no code.

    artefact.json    format, task, the version that wrote it, a checksum of each file
    settings.json    of the run
    metrics.json     of the exported weights
    answers.json     the classes, or the scale of the numbers
    scale.json       of the features, or
    source.model     the tokenizer of the texts
    weights.npz      float32 arrays by their path in the model

Written and read with the same care as that of a translation (`seq2seq.artefact.artefact`).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import seq2seq
from seq2seq.artefact.artefact import FORMAT, MANIFEST, replacing
from seq2seq.data.sequences.answers import Answers
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.moments import Scale
from seq2seq.errors import ArtefactError, SettingsError
from seq2seq.settings import Settings, settings_from_mapping, settings_to_mapping
from seq2seq.text.tokenizer import Tokenizer

SETTINGS, METRICS, ANSWERS, WEIGHTS = (
    *("settings.json", "metrics.json", "answers.json"),
    "weights.npz",
)
SCALE, TOKENIZER = "scale.json", "source.model"


@dataclass(frozen=True)
class LabellingArtefact:
    """What an artefact holds, read and checked."""

    settings: Settings
    weights: Mapping[str, NDArray[np.float32]]
    inputs: Inputs
    answers: Answers
    metrics: Mapping[str, Any] = field(default_factory=dict)
    version: str = seq2seq.__version__  # of seq2seq, that wrote it


def task_of(directory: Path) -> str:
    """The task that the model in `directory` was trained for.

    Raises:
        ArtefactError: the manifest cannot be read.
    """
    return str(_read_json(directory / MANIFEST).get("task", "translation"))


def write_labelling_artefact(artefact: LabellingArtefact, directory: Path) -> Path:
    """Write the whole artefact, in place of one that may be there.

    Raises:
        ArtefactError: something that is no artefact stands at `directory`.
    """
    with replacing(directory) as partial:
        _write_json(partial / SETTINGS, settings_to_mapping(artefact.settings))
        _write_json(partial / METRICS, dict(artefact.metrics))
        write_inputs(partial, artefact.inputs, artefact.answers)
        arrays: dict[str, Any] = {
            name: np.ascontiguousarray(array, dtype=np.float32)
            for name, array in sorted(artefact.weights.items())
        }
        np.savez(partial / WEIGHTS, **arrays)
        files = {
            path.name: {"bytes": path.stat().st_size, "sha256": _digest(path)}
            for path in sorted(partial.iterdir())
        }
        manifest = {"format": FORMAT, "task": artefact.settings.task.name}
        _write_json(partial / MANIFEST, {**manifest, "seq2seq": artefact.version, "files": files})
    return directory


def read_labelling_artefact(directory: Path) -> LabellingArtefact:
    """Read an artefact, each file checked against its checksum. No TensorFlow is needed.

    Raises:
        ArtefactError: something is missing, damaged, or of another format or task.
    """
    manifest = _read_json(directory / MANIFEST)
    if manifest.get("format") != FORMAT or "task" not in manifest:
        raise ArtefactError(
            f"{directory} has artefact format {manifest.get('format')} of "
            f"{manifest.get('task', 'translation')}; this is seq2seq {seq2seq.__version__}, which "
            f"predicts with models of classification and regression of format {FORMAT}"
        )
    _check_files(directory, manifest.get("files"))
    try:
        settings = settings_from_mapping(_read_json(directory / SETTINGS))
        inputs, answers = read_inputs(directory)
    except (SettingsError, KeyError, TypeError) as fault:
        raise ArtefactError(
            f"{directory} does not fit this version of seq2seq ({seq2seq.__version__}; written "
            f"by {manifest.get('seq2seq')}): {fault}"
        ) from fault
    return LabellingArtefact(
        settings=settings,
        weights=_read_weights(directory / WEIGHTS),
        inputs=inputs,
        answers=answers,
        metrics=_read_json(directory / METRICS),
        version=str(manifest.get("seq2seq")),
    )


def write_inputs(directory: Path, inputs: Inputs, answers: Answers) -> None:
    """The answers, and the tokenizer or the scale."""
    _write_json(directory / ANSWERS, answers.to_json())
    if inputs.tokenizer is not None:
        (directory / TOKENIZER).write_bytes(inputs.tokenizer.model_bytes)
    if inputs.scale is not None:
        _write_json(directory / SCALE, asdict(inputs.scale))


def read_inputs(directory: Path) -> tuple[Inputs, Answers]:
    """What `write_inputs` wrote.

    Raises:
        ArtefactError, KeyError, TypeError: it is not that.
    """
    answers = Answers.from_json(_read_json(directory / ANSWERS))
    if (directory / TOKENIZER).is_file():
        return Inputs(tokenizer=Tokenizer.load(directory / TOKENIZER)), answers
    values = _read_json(directory / SCALE)
    scale = Scale(tuple(values["mean"]), tuple(values["deviation"]))
    return Inputs(scale=scale), answers


def _check_files(directory: Path, files: Any) -> None:
    """The files are those of an artefact, plain, and as they were written."""
    known = {SETTINGS, METRICS, ANSWERS, WEIGHTS, SCALE, TOKENIZER}
    needed = {SETTINGS, METRICS, ANSWERS, WEIGHTS}
    if not isinstance(files, dict) or not needed <= files.keys() <= known:
        raise ArtefactError(
            f"{directory / MANIFEST} does not list the files of an artefact; export it again"
        )
    for name, expected in files.items():
        path = directory / name
        if path.is_symlink() or not path.is_file():
            raise ArtefactError(f"{directory}: the file {name} is missing; export the model again")
        if not isinstance(expected, dict) or _digest(path) != expected.get("sha256"):
            raise ArtefactError(
                f"{path} is damaged: its checksum is not the one in {MANIFEST} "
                f"({path.stat().st_size} bytes); copy it or export the model again"
            )


def _read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as fault:
        raise ArtefactError(
            f"{path} does not hold plain arrays of weights ({fault}); export the model again"
        ) from fault
    for name, array in weights.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise ArtefactError(f"{path}: {name} is not finite float32; export the model again")
    return weights


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except OSError as fault:
        raise ArtefactError(f"cannot read {path}: {fault.strerror}") from fault
    except ValueError as fault:
        raise ArtefactError(f"{path} is not JSON ({fault}); export the model again") from fault
    if not isinstance(content, dict):
        raise ArtefactError(f"{path} holds no JSON object; export the model again")
    return content


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
