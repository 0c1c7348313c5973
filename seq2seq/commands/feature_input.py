"""Sequences of features as the source of `translate` and `evaluate`, in any format of the readers.

`translate` reads lines. If a file does not hold JSON lines, its items are converted to such lines.
Therefore the same stream translates all formats, in order and in parallel, and can resume after an
interruption. A line of a manifest of sounds is converted to a path, and the thread that translates
the line reads the sound.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seq2seq.commands.item_options import file_items, input_format, padded
from seq2seq.commands.source import Source
from seq2seq.config.data_schema import AudioSettings
from seq2seq.data.readers.json_lines import json_item
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.readers.sound_manifest import audio_of, manifest_items, named_sound, sound_item
from seq2seq.data.readers.text_file import text_encoding
from seq2seq.data.sequences.item import Content, Form, Item, Values
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.data.sounds import check_audio
from seq2seq.errors import DataError, SettingsError
from seq2seq.inference.stream.input import WINDOW_BYTES, WINDOW_LINES
from seq2seq.inference.translation_options import SearchOptions

if TYPE_CHECKING:
    from seq2seq.evaluation.translation_evaluation import EvaluationSet
    from seq2seq.inference.translation import Translation
    from seq2seq.inference.translator import Translator

_LOG = logging.getLogger("seq2seq")
_DEFAULT_ENCODING = "utf-8"
_SOUNDS = 64  # lines of a manifest in a group; their features are in memory at once


def feature_form(translator: Translator, options: argparse.Namespace) -> Form:
    """Return the format options of training, changed by the command's options.

    Raises:
        SettingsError: the encoding is not known.
    """
    form = replace(translator.form, encoding=text_encoding(options.encoding, key="--encoding"))
    if options.padding_value is None:
        return form
    return padded(form, options.padding_value)


class FeatureSource(Source):
    """Sequences of a file as lines of JSON; JSON lines in UTF-8 are not converted.

    For a model of sound, arguments and the lines of standard input are paths of sound files.

    Attributes:
        read: function that returns the item of a line.
    """

    def __init__(self, path: Path | None, form: Form, options: argparse.Namespace) -> None:
        """Select the source: the arguments, else the file `path`, else standard input.

        Raises:
            DataError: the file cannot be read.
            SettingsError: the format is unknown or is not for standard input, or a package is
                missing.
        """
        kind = _line_format(form, options) if path is None else input_format(path, form, options)
        self.read: Callable[[str], Item] = partial(json_item, 1, form=form)
        self._reader: ItemReader | None = None
        if kind == "audio":
            audio = audio_of(form)
            check_audio(audio)
            self.read = partial(_converted_sound, audio=audio)
            if path is None:
                self.read = partial(named_sound, 1, audio=audio)
        if path is None or (kind == "jsonl" and form.encoding == _DEFAULT_ENCODING):
            super().__init__(options.text, path)
            return
        self._reader = ItemReader(kind, (path,), form)
        self.is_file, self.size = path.is_file(), None
        if kind != "audio":
            self.read = _converted

    def groups(self) -> Iterator[list[bytes]]:
        """Yield the lines, in groups.

        Raises:
            DataError: the file can no longer be read or is damaged.
        """
        if self._reader is None:
            yield from super().groups()
            return
        group: list[bytes] = []
        size = 0
        most = _SOUNDS if self._reader.format == "audio" else WINDOW_LINES
        for item in _items(self._reader):
            group.append(_line(item, self._reader))
            size += len(group[-1])
            if len(group) >= most or size >= WINDOW_BYTES:
                yield group
                group, size = [], 0
        if group:
            yield group


class FeatureLines:
    """Translator of lines of a `FeatureSource`; implements `SearchesTranslations`."""

    def __init__(self, translator: Translator, read: Callable[[str], Item]) -> None:
        """Translate with `translator`; `read` returns the item of a line."""
        self._translator, self._read = translator, read

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        """Return the translations of each line; one empty translation with an error if invalid."""
        from seq2seq.inference.translation import Translation

        contents: list[Content] = []
        errors: list[str | None] = []
        for text in texts:
            item = self._read(text)
            error = item.error
            if item.content is not None:
                error = self._translator.inputs.error_in(item.content)
                if error is None:
                    contents.append(item.content)
            errors.append(error)
        found = iter(self._translator.hypotheses(contents, options))
        return [
            [Translation("", error=error)] if error is not None else next(found) for error in errors
        ]


def feature_set(options: argparse.Namespace, translator: Translator) -> EvaluationSet:
    """Return the sequences of `options.source` with their target texts.

    Sequences that have no target or cannot be read are reported and left out.

    Raises:
        DataError: the file cannot be read, or no sequence in it can be used.
        SettingsError: an option is not for sequences.
    """
    from seq2seq.evaluation.translation_evaluation import EvaluationSet

    if options.target:
        raise SettingsError(
            f"--target {options.target[0]} is for source texts; the file of sequences holds their "
            "target texts too: leave it out"
        )
    names: list[str] = []
    contents: list[Values] = []
    references: list[str] = []
    for item in file_items(options.source, feature_form(translator, options), options):
        error = item.error
        if item.content is not None:
            reference, error = target_text(item.label)
            error = translator.inputs.error_in(item.content) or error
            if error is None and not isinstance(item.content, str):
                names.append(f"line {item.position}, {len(item.content)} steps")
                contents.append(item.content)
                references.append(reference)
        if error is not None:
            _LOG.warning("%s, line %d: %s; left out", options.source, item.position, error)
    if not contents:
        raise DataError(
            f"{options.source} holds no sequence with a target text; give a file with both"
        )
    return EvaluationSet(names, [references], contents)


def _line_format(form: Form, options: argparse.Namespace) -> str:
    """Return the format of arguments and of standard input.

    Raises:
        SettingsError: the options select another format.
    """
    kind: str = options.input_format
    if kind == "auto":
        kind = "jsonl" if form.audio is None else "audio"
    if kind not in ("jsonl", "audio") or options.encoding != _DEFAULT_ENCODING:
        raise SettingsError(
            "standard input holds JSON lines (or, for a model of sound, paths) in UTF-8; give "
            "other formats as --input FILE"
        )
    if options.text and kind != "audio":
        raise SettingsError(
            f"received the text {options.text[0][:40]!r}; this model reads sequences of numbers: "
            "give --input FILE, or JSON lines on standard input"
        )
    return kind


def _items(reader: ItemReader) -> Iterator[Item]:
    """Yield the items of a file; items of a manifest of sounds hold the paths of the sounds."""
    if reader.format != "audio":
        yield from reader
        return
    (path,) = reader.paths
    for item in manifest_items(path, reader.form):
        if isinstance(item.content, str):
            item = replace(item, content=str(path.parent / item.content))
        yield item


def _line(item: Item, reader: ItemReader) -> bytes:
    """Return an item as a line that `_converted` reads."""
    record: dict[str, object] = {"error": f"{item.error} ({reader.where(item.position)})"}
    if isinstance(item.content, str):
        record = {"source": item.content}
    elif item.content is not None:
        record = {"source": item.content.tolist()}
    return json.dumps(record).encode("ascii") + b"\n"


def _converted(line: str) -> Item:
    """Return the item of a line from `_line`; its numbers are already clean."""
    record = json.loads(line)
    if "error" in record:
        return Item(1, error=record["error"])
    content = record["source"]
    return Item(1, content if isinstance(content, str) else np.array(content, np.float64))


def _converted_sound(line: str, audio: AudioSettings) -> Item:
    """Return the sound whose path is in a line from `_line`."""
    return sound_item(_converted(line), Path(), audio)
