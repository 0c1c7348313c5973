"""Corpus files of a job: located as in training, checked, and renamed for the cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.parsing import is_url
from seq2seq.config.recipe_files import embedded_corpus
from seq2seq.data.files import locate
from seq2seq.data.readers.sound_manifest import sound_paths
from seq2seq.data.sequences.item import Form

_LOG = logging.getLogger("seq2seq")


def packed_corpus(
    data: DataSettings, working_directory: Path
) -> tuple[DataSettings, dict[str, Path]]:
    """Return the corpus settings of a job, and the files to send, by name in the package.

    Files below `working_directory` are sent. The log reports the directories of other files, which
    the cluster must have. It also reports remote directories, whose files are not checked.

    Args:
        data: corpus settings, with an absolute directory or a URL.
        working_directory: directory that corresponds to the working directory of the job.

    Raises:
        DataError: a file is missing from a directory of this machine.
    """
    directory = str(data.directory)
    if is_url(directory):
        _LOG.warning("data.directory=%s is remote: its files are not checked here", directory)
        return data, {}
    if embedded_corpus(directory) is not None:
        return data, {}
    files: dict[str, Path] = {}
    elsewhere: dict[Path, str] = {}
    for key, name in _named_files(data):
        path = Path(os.path.normpath(Path(directory) / Path(name).expanduser()))
        below = _below(path, working_directory)
        if below is None and not path.parent.exists():
            elsewhere[path.parent] = "is not on this machine: files in it are not checked"
            continue
        found = locate(name, key=key, directory=directory, download=data.download)
        if below is None:
            elsewhere[path.parent] = "is not sent: the machines of the cluster must have it"
        else:
            files[below.with_name(found.name).as_posix()] = found
            if data.format == "audio":
                files |= _sounds(found, data, working_directory)
    for location, what in elsewhere.items():
        _LOG.warning("%s %s", location, what)
    return _renamed(data, working_directory), files


def _sounds(manifest: Path, data: DataSettings, working_directory: Path) -> dict[str, Path]:
    """Return those sound files of a manifest that are sent, by their names in the package.

    The log reports how many are not sent; the cluster must have these at the same path.
    """
    files: dict[str, Path] = {}
    elsewhere = 0
    for name, path in sound_paths(manifest, Form.of(data, per_step=False)).items():
        below = _below(path, working_directory)
        if below is None or Path(name).is_absolute():
            elsewhere += 1
        else:
            files[below.as_posix()] = path
    if elsewhere:
        _LOG.warning(
            "%d sounds of %s are not sent: the machines of the cluster must have them",
            elsewhere,
            manifest,
        )
    return files


def _named_files(data: DataSettings) -> Iterator[tuple[str, str]]:
    """Yield the key and the name of each corpus file."""
    for split in ("train", "valid", "test"):
        for side in ("source", "target"):
            name = getattr(getattr(data, split), side)
            if name is not None:
                yield f"data.{split}.{side}", name


def _below(path: Path, directory: Path) -> Path | None:
    """Return `path` relative to `directory`, with symbolic links resolved if needed; else None."""
    plain = Path(os.path.normpath(path))
    for candidate, location in ((plain, directory), (plain.resolve(), directory.resolve())):
        if candidate.is_relative_to(location):
            return candidate.relative_to(location)
    return None


def _renamed(data: DataSettings, working_directory: Path) -> DataSettings:
    """Return the corpus settings with file names relative to the working directory of a job."""
    directory = Path(str(data.directory))
    within = _below(directory, working_directory)
    plain = all(
        not Path(name).expanduser().is_absolute() and ".." not in Path(name).parts
        for _, name in _named_files(data)
    )
    if plain:
        return data if within is None else replace(data, directory=within.as_posix())

    def renamed(name: str | None) -> str | None:
        if name is None:
            return None
        path = directory / Path(name).expanduser()
        below = _below(path, working_directory)
        return os.path.normpath(path) if below is None else below.as_posix()

    def moved(files: CorpusFiles) -> CorpusFiles:
        return CorpusFiles(renamed(files.source), renamed(files.target))

    train, valid, test = moved(data.train), moved(data.valid), moved(data.test)
    return replace(data, directory=".", train=train, valid=valid, test=test)
