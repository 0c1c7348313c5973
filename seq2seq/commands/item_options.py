"""Options for the sequences that a command reads, and their readers."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.config.registry import FORMATS, READERS
from seq2seq.data.readers.text_file import ends_lines_with_one_byte, text_encoding
from seq2seq.data.sequences.cleaning import number_of
from seq2seq.data.sequences.item import Form, Item
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.exported_model import find_exported_model, reads_features, task_of

if TYPE_CHECKING:
    from seq2seq.inference.predictor import Predictor


def is_label_model(path: Path) -> bool:
    """Return whether a model is for classification or regression; False if there is no model."""
    try:
        return task_of(find_exported_model(path)).has_labels
    except ModelError:
        return False  # loading the model will report it


def is_feature_model(path: Path) -> bool:
    """Return whether a model reads sequences of numbers; False if there is no model."""
    try:
        return reads_features(find_exported_model(path))
    except ModelError:
        return False  # loading the model will report it


def reject_item_options(options: argparse.Namespace) -> None:
    """Reject options for sequences of numbers, because the model reads texts.

    Raises:
        SettingsError: such an option was given; the message names the first one.
    """
    if options.padding_value is not None:
        raise SettingsError("--padding-value is for sequences of numbers; this model reads texts")
    if options.input_format not in ("auto", "text"):
        raise SettingsError(
            f"--input-format {options.input_format} is for sequences of numbers; this model reads "
            "a text a line"
        )


def add_item_options(parser: argparse.ArgumentParser) -> None:
    """Add `--input-format`, `--encoding` and `--padding-value`."""
    add = parser.add_argument
    add(
        "--input-format",
        choices=FORMATS,
        default="auto",
        metavar="FORMAT",
        help=f"auto (by the file's name), {', '.join(READERS.own)}",
    )
    add("--encoding", default="utf-8", help="of text; default: utf-8")
    add(
        "--padding-value",
        type=padding_value,
        metavar="NUMBER",
        help="number, or nan, that sequences are filled up with at their ends; default: that of "
        "the training files",
    )


def padding_value(text: str) -> float:
    """Read the number with which sequences are padded, for argparse; `nan` is allowed."""
    try:
        value = number_of(text)
    except ValueError:
        value = math.inf
    if math.isinf(value):
        raise argparse.ArgumentTypeError(f"must be a number or nan, not {text!r}")
    return value


def form_of(predictor: Predictor, options: argparse.Namespace) -> Form:
    """Return the format options of items: those of training, changed by the command's options.

    Raises:
        SettingsError: the encoding is not known, or a padding value is given for a model of texts.
    """
    settings = predictor.settings
    encoding = text_encoding(options.encoding, key="--encoding")
    form = Form.of(replace(settings.data, encoding=encoding), per_step=settings.task.per_step)
    if options.padding_value is None:
        return form
    if predictor.inputs.scale is None:
        raise SettingsError("--padding-value is for sequences of numbers; this model reads texts")
    return padded(form, options.padding_value)


def padded(form: Form, value: float) -> Form:
    """Return the format options with another padding value.

    Raises:
        SettingsError: the model reads sounds, which are not padded.
    """
    if form.audio is not None:
        raise SettingsError("--padding-value is for sequences of numbers; this model reads sounds")
    return replace(form, padding_value=value)


def file_items(
    path: Path, form: Form, options: argparse.Namespace, *, labels: Path | None = None
) -> Iterator[Item]:
    """Return the items of a file; `labels` is a file with their labels, line by line.

    Raises:
        DataError: a file cannot be read.
        SettingsError: the suffix of its name is unknown.
    """
    from seq2seq.data.readers.sequences import ItemReader

    kind = input_format(path, form, options, labels=labels is not None)
    if labels is None:
        return iter(ItemReader(kind, (path,), form))
    if kind != "text":
        raise SettingsError(
            f"--target {labels} cannot go with --input-format {kind}, whose one file holds the "
            "answers too; leave --target out"
        )
    return iter(ItemReader(kind, (path, labels), form))


def input_format(
    path: Path, form: Form, options: argparse.Namespace, *, labels: bool = False
) -> str:
    """Return the format of a file, from `--input-format`, the kind of model, or the file's name.

    Raises:
        SettingsError: the suffix of its name is unknown.
    """
    if options.input_format == "auto" and form.audio is not None and not labels:
        return "audio"
    from seq2seq.data.readers.sequences import format_of

    return format_of(path, options.input_format, labels=labels, option="--input-format")


def stream_encoding(encoding: str) -> str:
    """Return Python's name of an encoding in which standard input can be read line by line.

    Raises:
        SettingsError: in this encoding, line ends cannot be found before decoding.
    """
    found = text_encoding(encoding, key="--encoding")
    if not ends_lines_with_one_byte(found):
        raise SettingsError(f"--encoding {encoding} is for a file; give --input FILE")
    return found
