"""The options that say what sequences a command reads, and the reading of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.artefact.artefact import find_artefact
from seq2seq.artefact.labelling import task_of
from seq2seq.data.sequences.item import Form, Item
from seq2seq.data.sequences.reader import FORMATS, ItemReader, format_of
from seq2seq.errors import ArtefactError, SettingsError

if TYPE_CHECKING:
    from seq2seq.settings import Settings


def set_threads(count: int | None) -> None:
    """Let TensorFlow use so many processor threads; None leaves it as it is."""
    if count is not None:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(count)
        tf.config.threading.set_inter_op_parallelism_threads(1)


def is_labelling(path: Path) -> bool:
    """Whether a model is one of classification or regression; no, if there is none."""
    try:
        return task_of(find_artefact(path)) != "translation"
    except ArtefactError:
        return False  # which is told by whoever loads it


def add_item_options(parser: argparse.ArgumentParser) -> None:
    """Add `--input-format` and `--encoding`."""
    add = parser.add_argument
    add(
        "--input-format",
        choices=("auto", *FORMATS),
        default="auto",
        metavar="FORMAT",
        help=f"auto (by the file's name), {', '.join(FORMATS)}",
    )
    add("--encoding", default="utf-8", help="of text files; default: utf-8")


def form_of(settings: Settings, options: argparse.Namespace) -> Form:
    """How items are to be read: as in training, but in the encoding of `--encoding`."""
    data = replace(settings.data, encoding=options.encoding)
    return Form.of(data, per_step=settings.task.per_step)


def file_items(
    path: Path, form: Form, options: argparse.Namespace, *, labels: Path | None = None
) -> Iterator[Item]:
    """The items of a file; `labels` is a file with theirs, line by line.

    Raises:
        DataError: it cannot be read.
        SettingsError: its name does not tell its format.
    """
    kind = format_of(path, options.input_format, labels=labels is not None, option="--input-format")
    if labels is None:
        return iter(ItemReader(kind, (path,), form))
    if kind != "text":
        raise SettingsError(
            f"--target {labels} cannot go with --input-format {kind}, whose one file holds the "
            "answers too; leave --target out"
        )
    return iter(ItemReader(kind, (path, labels), form))
