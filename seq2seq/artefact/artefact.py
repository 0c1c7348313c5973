"""The exported model: a directory that holds all it takes to translate, and no code.

    artefact.json    format, the version that wrote it, vocabulary sizes, a checksum of each file
    settings.json    of the run
    metrics.json     of the exported weights
    source.model     tokenizer; also the target's when the vocabulary is joint
    target.model     the target's tokenizer otherwise
    weights.npz      float32 arrays by their path in the model
    saved_model/     text to text for TensorFlow Serving

Writing replaces a former artefact by renaming; reading refuses what it does not know.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

import seq2seq
from seq2seq.errors import ArtefactError, SettingsError
from seq2seq.settings import Settings, settings_from_mapping, settings_to_mapping
from seq2seq.text.tokenizer import Tokenizer

FORMAT = 1
MANIFEST = "artefact.json"
SAVED_MODEL = "saved_model"

Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Artefact:
    """What an artefact holds, read and checked. With a joint vocabulary both tokenizers are one."""

    settings: Settings
    weights: Weights
    source_tokenizer: Tokenizer
    target_tokenizer: Tokenizer
    metrics: Mapping[str, Any] = field(default_factory=dict)
    version: str = seq2seq.__version__  # of seq2seq, that wrote it


def read_artefact(directory: Path) -> Artefact:
    """Read an artefact, each file checked against its checksum. No TensorFlow is needed.

    Raises `ArtefactError` saying what is missing, damaged, of another format or unexpected.
    """
    manifest = _read_manifest(directory)
    _check_files(directory, manifest["files"])
    mapping = _read_json(directory / "settings.json")
    try:
        settings = settings_from_mapping(mapping)
    except SettingsError as fault:
        raise ArtefactError(
            f"{directory / 'settings.json'} does not fit this version of seq2seq "
            f"({seq2seq.__version__}; written by {manifest['seq2seq']}): {fault}"
        ) from fault
    source = Tokenizer.load(directory / "source.model")
    joint = settings.tokenizer.joint
    target = source if joint else Tokenizer.load(directory / "target.model")
    sizes = {"source": source.vocab_size, "target": target.vocab_size}
    if manifest["vocabulary"] != sizes:
        raise ArtefactError(
            f"{directory}: the tokenizers hold {sizes} pieces, but {MANIFEST} says "
            f"{manifest['vocabulary']}; export the model again"
        )
    return Artefact(
        settings=settings,
        weights=_read_weights(directory / "weights.npz"),
        source_tokenizer=source,
        target_tokenizer=target,
        metrics=_read_json(directory / "metrics.json"),
        version=str(manifest["seq2seq"]),
    )


def find_artefact(path: Path) -> Path:
    """The artefact that `path` means: itself, or the `export/` of a run directory.

    Raises `ArtefactError` if there is neither.
    """
    for candidate in (path, path / "export"):
        if (candidate / MANIFEST).is_file():
            return candidate
    if not path.is_dir():
        raise ArtefactError(f"{path} is not there; give the directory of a run or of an export")
    if (path / "checkpoints").is_dir():
        raise ArtefactError(
            f"{path} is a run without an export: finish it with the command that started it, or "
            f"write one of its best checkpoint with `seq2seq export {path}`"
        )
    raise ArtefactError(
        f"{path} is no exported model ({MANIFEST} is missing) and no run directory with one; "
        "give one of the two"
    )


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """An empty directory beside `directory` that takes its place once it is filled and synced.

    If anything is raised the new one is removed and the old one stays as it was.
    """
    directory = Path(os.path.abspath(directory))
    _check_replaceable(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = directory.with_name(f".{directory.name}.partial")
    former = directory.with_name(f".{directory.name}.former")
    for leftover in (partial, former):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        _sync_tree(partial)
        if directory.exists():
            directory.rename(former)
        try:
            partial.rename(directory)
        except OSError:
            if former.exists():
                former.rename(directory)
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _sync(directory.parent)
    shutil.rmtree(former, ignore_errors=True)


def write_plain_files(directory: Path, artefact: Artefact) -> None:
    """Settings, metrics, tokenizers and weights."""
    _write_json(directory / "settings.json", settings_to_mapping(artefact.settings))
    _write_json(directory / "metrics.json", dict(artefact.metrics))
    (directory / "source.model").write_bytes(artefact.source_tokenizer.model_bytes)
    if not artefact.settings.tokenizer.joint:
        (directory / "target.model").write_bytes(artefact.target_tokenizer.model_bytes)
    arrays: dict[str, Any] = {
        name: np.ascontiguousarray(array, dtype=np.float32)
        for name, array in sorted(artefact.weights.items())
    }
    np.savez(directory / "weights.npz", **arrays)


def write_manifest(directory: Path, artefact: Artefact) -> None:
    """The manifest over all files that are there; to be written last."""
    files = {
        path.relative_to(directory).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": _digest(path),
        }
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    vocabulary = {
        "source": artefact.source_tokenizer.vocab_size,
        "target": artefact.target_tokenizer.vocab_size,
    }
    _write_json(
        directory / MANIFEST,
        {
            "format": FORMAT,
            "seq2seq": artefact.version,
            "vocabulary": vocabulary,
            "files": files,
        },
    )


def _read_manifest(directory: Path) -> dict[str, Any]:
    path = directory / MANIFEST
    manifest = _read_json(path)
    number = manifest.get("format")
    if isinstance(number, int) and number > FORMAT:
        raise ArtefactError(
            f"{directory} has artefact format {number}, written by seq2seq "
            f"{manifest.get('seq2seq')}; this is {seq2seq.__version__}, which reads format "
            f"{FORMAT}: install the newer version, or export the model again"
        )
    shape = {"format": int, "seq2seq": str, "vocabulary": dict, "files": dict}
    wrong = [key for key, kind in shape.items() if not isinstance(manifest.get(key), kind)]
    if wrong or number != FORMAT:
        raise ArtefactError(
            f"{path} is not the manifest of an artefact of format {FORMAT} (look at "
            f"{', '.join(wrong) or 'format'!r}); export the model again"
        )
    return manifest


def _check_files(directory: Path, files: Mapping[str, Any]) -> None:
    """Every needed file is listed, every listed one is there, inside, and as it was written."""
    for name in ("settings.json", "metrics.json", "source.model", "weights.npz"):
        if name not in files:
            raise ArtefactError(f"{directory / MANIFEST} does not list {name}; export it again")
    for name, expected in files.items():
        path = _inside(directory, name)
        if not path.is_file():
            raise ArtefactError(f"{directory}: the file {name} is missing; export the model again")
        if not isinstance(expected, dict) or _digest(path) != expected.get("sha256"):
            raise ArtefactError(
                f"{path} is damaged: its checksum is not the one in {MANIFEST} "
                f"({path.stat().st_size} bytes); copy it or export the model again"
            )
    if (directory / SAVED_MODEL).is_dir():
        for path in (directory / SAVED_MODEL).rglob("*"):
            name = path.relative_to(directory).as_posix()
            if not path.is_dir() and name not in files:
                raise ArtefactError(f"{path} is not listed in {MANIFEST}: remove it")


def _inside(directory: Path, name: str) -> Path:
    """The path of a listed file, which must stay inside the artefact and be no link."""
    parts = PurePosixPath(name).parts
    plain = bool(parts) and "/".join(parts) == name and "\\" not in name and "\0" not in name
    path = directory.joinpath(*parts) if plain and ".." not in parts else directory
    if path == directory or PurePosixPath(name).is_absolute() or ":" in parts[0]:
        raise ArtefactError(
            f"{directory / MANIFEST} lists {name!r}, which is no file name inside the artefact"
        )
    for part in (path, *path.parents[: len(parts) - 1]):
        if part.is_symlink():
            raise ArtefactError(f"{part} is a link; an artefact holds plain files only")
    return path


def _read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    weights: dict[str, NDArray[np.float32]] = {}
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                weights[name] = arrays[name]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as fault:
        raise ArtefactError(
            f"{path} does not hold plain arrays of weights ({fault}); export the model again"
        ) from fault
    for name, array in weights.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise ArtefactError(
                f"{path}: {name} holds {array.dtype} values or some that are not finite; only "
                "finite float32 is allowed: export the model again"
            )
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


def _check_replaceable(directory: Path) -> None:
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise ArtefactError(f"{directory} is there and is no directory; choose another --output")
    if directory.is_dir() and any(directory.iterdir()) and not (directory / MANIFEST).is_file():
        raise ArtefactError(
            f"{directory} is there and holds something that is no artefact; choose another place"
        )


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        _sync(path)
    _sync(directory)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
