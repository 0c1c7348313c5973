"""Reader of manifests of sound files: a path and its label on each line, as TSV, CSV or JSON lines.

A path is relative to the directory of the manifest. CSV has columns named as `data.source_field`
and `data.target_field`; any other file that is not JSON lines is TSV, or has one path on each line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from seq2seq.config.data_schema import AudioSettings
from seq2seq.data.files import plain_suffix
from seq2seq.data.filters import text_error
from seq2seq.data.readers.csv_pairs import csv_rows
from seq2seq.data.readers.json_lines import read_json_lines
from seq2seq.data.readers.labelled_text import read_tsv
from seq2seq.data.readers.text_file import text_lines
from seq2seq.data.sequences.item import Form, Item, Reader, broken_item
from seq2seq.data.sounds import SUFFIXES, check_audio, log_mel
from seq2seq.errors import DataError, SettingsError

_NOT_MANIFESTS = (".npz", ".parquet", ".ts")
_LOOKED_AT = 100  # lines by which a file is recognised as a manifest


def read_sounds(path: Path, form: Form) -> Iterator[Item]:
    """Yield the features of the sounds of a manifest, with their labels.

    Raises:
        DataError: the manifest cannot be read.
        SettingsError: the form has no settings of sounds, or they cannot be used.
    """
    audio = audio_of(form)
    check_audio(audio)
    for item in manifest_items(path, form):
        yield sound_item(item, path.parent, audio)


def audio_of(form: Form) -> AudioSettings:
    """Return the settings of sounds.

    Raises:
        SettingsError: there are none.
    """
    if form.audio is None:
        raise SettingsError(
            "received sound files (format audio); this model reads no sounds: give one that was "
            "trained with data.format=audio"
        )
    return form.audio


def manifest_items(path: Path, form: Form) -> Iterator[Item]:
    """Yield an item for each line of a manifest, with the path as its content; decode no sound.

    Raises:
        DataError: the manifest cannot be read.
    """
    suffix = plain_suffix(path)
    if suffix in (*SUFFIXES, *_NOT_MANIFESTS):
        kind = "a sound file" if suffix in SUFFIXES else f"a {suffix} file"
        raise DataError(
            f"{path} is {kind}; give a list of sound files: TSV, CSV or JSON lines, or a path a "
            "line"
        )
    if suffix in (".jsonl", ".ndjson"):
        for item in read_json_lines(path, form):
            if item.error is None and not isinstance(item.content, str):
                item = Item(item.position, error=f"field {form.source_field!r} is no path")
            yield item
    elif suffix == ".csv":
        yield from _csv_items(path, form)
    else:
        yield from read_tsv(path, form)


def sound_item(item: Item, directory: Path, audio: AudioSettings) -> Item:
    """Return an item with the features of its sound in place of the path, or with an error.

    Args:
        item: item whose content is the path of a sound file.
        directory: directory to which relative paths refer.
        audio: settings of the features.
    """
    if item.error is not None or not isinstance(item.content, str):
        return item
    try:
        values, facts = log_mel(directory / item.content, audio)
    except DataError as error:
        return Item(item.position, error=str(error))
    return replace(item, content=values, sound=facts)


def named_sound(number: int, path: str, audio: AudioSettings) -> Item:
    """Return item `number` with the features of the sound file at `path`, or with an error."""
    error = text_error(path, "path")
    item = Item(number, error=error) if error else Item(number, path)
    return sound_item(item, Path(), audio)


def sound_paths(path: Path, form: Form) -> dict[str, Path]:
    """Return the existing sound files of a manifest by their names in it.

    Raises:
        DataError: the manifest cannot be read.
    """
    names = {item.content for item in manifest_items(path, form) if isinstance(item.content, str)}
    files = {name: path.parent / name for name in sorted(names)}
    return {name: file for name, file in files.items() if os.path.isfile(file)}


def lists_sounds(path: Path, form: Form) -> bool:
    """Return whether all of the first lines of a file name sound files."""
    if plain_suffix(path) not in (".tsv", ".csv", ".jsonl", ".ndjson", ".txt"):
        return False
    try:
        items = list(islice(manifest_items(path, form), _LOOKED_AT))
    except DataError:
        return False
    contents = [item.content for item in items if item.content is not None]
    return bool(contents) and all(
        isinstance(content, str) and content.lower().endswith(SUFFIXES) for content in contents
    )


def _csv_items(path: Path, form: Form) -> Iterator[Item]:
    lines = text_lines(path, form.encoding)
    rows = csv_rows(
        path,
        lines,
        source_field=form.source_field,
        target_field=form.target_field,
        target_optional=True,
    )
    for row in rows:
        error = row.error or text_error(row.source, "path")
        if row.broken:
            yield broken_item(row.line, form)
        elif error is not None:
            yield Item(row.line, error=error)
        else:
            label = row.target.split() if form.per_step else row.target.strip()
            yield Item(row.line, row.source, label)


AUDIO = Reader(read_sounds, features=True, listed=sound_paths)
