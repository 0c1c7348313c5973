"""Recognition of the content of corpus files: pairs of texts, or sequences with labels.

Some formats hold only sequences (`.ts`, `.npz`, Parquet, CSV of steps); their targets are texts if
most of them are different and have several words, otherwise labels. In the other formats, the
targets of texts are labels if a few different ones are repeated often, as classes are, or if all
are numbers and not only integers; otherwise sources and targets are pairs of texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.config.choices import Split, Task
from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.schema import Settings
from seq2seq.config.tasks import TASKS
from seq2seq.data.files import locate, plain_suffix
from seq2seq.data.readers.sequences import ItemReader, format_of_suffix, reader_of
from seq2seq.data.readers.sound_manifest import lists_sounds, manifest_items
from seq2seq.data.readers.text_file import text_encoding, text_lines
from seq2seq.data.sequences.item import Form, Item
from seq2seq.errors import DataError

_LOOKED_AT = 10_000  # sequences that are read to classify the labels
_EACH_CLASS = 3  # mean number of occurrences of a label from which labels are classes
_MOST_NUMBERED = 20  # maximum number of different integers that count as classes
# Labels before a text: `3 How far is it?`, `__label__good A film.`, `DESC:manner How did ...`.
_LABEL = re.compile(r"\d+|__label__\S+|[A-Z]{2,}(:\S+)?")


@dataclass(frozen=True)
class Recognition:
    """Task and format that were recognised from the files of a corpus.

    Attributes:
        task: task that the files are for.
        format: format of the files, as `data.format` names it.
        texts: true if inputs are texts, not numbers.
        per_step: true if a sequence has a label for each step.
        several_labels: true if a sequence may have several classes, or none.
        missing: true if numbers are missing.
    """

    task: Task = "translation"
    format: str = "auto"
    texts: bool = True
    per_step: bool = False
    several_labels: bool = False
    missing: bool = False

    @property
    def text_pairs(self) -> bool:
        """Return whether the files hold pairs of texts."""
        return self.texts and self.writes_text

    @property
    def writes_text(self) -> bool:
        """Return whether targets are texts, not labels."""
        return TASKS[self.task].writes_text


def recognise(files: CorpusFiles, data: DataSettings, *, task: Task | None = None) -> Recognition:
    """Return the task and the format of the files of a split, recognised from their content.

    Args:
        files: source file, and target file if there are two.
        data: format, encoding and names of columns; other settings are ignored.
        task: task of the files; None to recognise it from their labels.

    Raises:
        DataError: a file is missing, or its sequences have no labels.
        SettingsError: the format of a file is not known.
    """
    if data.format == "auto" and files.target is None and _lists_sounds(files, data):
        data = replace(data, format="audio")
    kind = _labelled_format(files, data)
    wanted = "labelled" if data.format == "auto" and kind == "labelled" else data.format
    if (task is None and kind is None) or (task is not None and TASKS[task].writes_text):
        return Recognition(format=data.format, texts=not holds_features(files, data))
    data = replace(data, format=kind or data.format)
    ItemReader.find(files, data, key="data.train", per_step=False).check_labels()
    whole, steps = (_sample(files, data, per_step=per_step) for per_step in (False, True))
    per_step = kind != "audio" and _has_labels_of_steps(whole.items, steps.items)
    items = steps.items if per_step else whole.items
    if not items and kind not in ("text", "tsv", "jsonl"):
        raise DataError(f"{files.source} holds no sequence that can be used ({whole.error}).")
    texts = kind != "audio" and all(isinstance(item.content, str) for item in items)
    found = _by_labels(items, per_step=per_step, texts=texts)
    if kind == "ts" and not found.writes_text:  # the header states which of the two it is
        found = replace(
            found, task="regression" if isinstance(items[0].label, float) else "classification"
        )
    if not found.texts and not any(item.label not in (None, "", []) for item in items):
        raise DataError(
            f"{files.source} holds sequences without labels; give a file with the class, the "
            f"number or the text of each (of JSON lines, CSV and Parquet: the field "
            f"{data.target_field!r})."
        )
    if not found.texts and kind != "audio":
        filled = replace(data, features=replace(data.features, missing="zero"))
        more = _sample(files, filled, per_step=per_step).items
        found = replace(found, missing=len(more) > len(items))
    return replace(found, format=wanted, task=task or found.task)


def holds_text_pairs(settings: Settings) -> bool:
    """Return whether the corpus of these settings consists of pairs of texts.

    Any other corpus consists of sequences with their labels or target texts.

    Raises:
        UserError: the training file cannot be read.
    """
    return not settings.task.has_labels and not holds_features(settings.data.train, settings.data)


def holds_features(files: CorpusFiles, data: DataSettings, *, split: Split = "train") -> bool:
    """Return whether the sequences of a split are numbers over time, not texts.

    The file format determines this; for JSON lines, the first usable sequence does.

    Args:
        files: files of the split.
        data: settings of the corpus.
        split: name of the split, for error messages.

    Raises:
        DataError: a file is missing.
        SettingsError: files and format do not fit each other.
    """
    if files.source is None or files.target is not None:
        return False
    kind = _labelled_format(files, data, split)
    if kind != "jsonl":
        return kind is not None and reader_of(kind).features
    filled = replace(data, format=kind, features=replace(data.features, missing="zero"))
    reader = ItemReader.find(files, filled, key=f"data.{split}", per_step=False)
    contents = (item.content for item in islice(reader, _LOOKED_AT) if item.content is not None)
    return not isinstance(next(contents, ""), str)


def _labelled_format(files: CorpusFiles, data: DataSettings, split: Split = "train") -> str | None:
    """Return the format of files that may hold labels; None for files that hold only pairs."""
    source = _located(files, data, split)
    kind = data.format
    if kind == "auto" and files.target is not None:
        kind = "text"
    elif kind == "auto":
        known = format_of_suffix(plain_suffix(source))
        kind = "auto" if known in (None, "text") else known
    if kind == "text":
        return kind if files.target is not None else None
    if kind == "csv":
        names = next(text_lines(source, text_encoding(data.encoding)), ("", False))[0]
        fields = (data.features.id_field, data.features.time_field)
        return kind if all(name in names for name in fields) else None
    if kind != "auto":
        return kind
    return "labelled" if files.target is None and _begins_with_labels(source, data) else None


def _begins_with_labels(path: Path, data: DataSettings) -> bool:
    """Return whether each line of a text file begins with one of a few labels."""
    lines = islice(text_lines(path, text_encoding(data.encoding)), _LOOKED_AT)
    labels = [text.split(maxsplit=1)[0] for text, _ in lines if len(text.split(maxsplit=1)) == 2]
    return _are_classes(labels) and all(map(_LABEL.fullmatch, labels))


def _lists_sounds(files: CorpusFiles, data: DataSettings) -> bool:
    return lists_sounds(_located(files, data, "train"), Form.of(data, per_step=False))


def _located(files: CorpusFiles, data: DataSettings, split: Split) -> Path:
    """Return the path of the source file of a split; raise `DataError` if it is missing."""
    location = {"directory": data.directory, "download": data.download}
    return locate(str(files.source), key=f"data.{split}.source", **location)


class _Sample(NamedTuple):
    """First usable sequences of a file, and the first error of an unusable one or of the file."""

    items: list[Item]
    error: str


def _sample(files: CorpusFiles, data: DataSettings, *, per_step: bool) -> _Sample:
    reader = ItemReader.find(files, data, key="data.train", per_step=per_step)
    # For sounds, only the labels are needed; decoding the sounds would take minutes.
    items = reader if reader.format != "audio" else manifest_items(reader.paths[0], reader.form)
    try:
        read = list(islice(items, _LOOKED_AT))
    except DataError as error:
        return _Sample([], str(error))
    errors = (f"{reader.where(item.position)}: {item.error}" for item in read if item.error)
    return _Sample([item for item in read if item.error is None], next(errors, "it is empty"))


def _has_labels_of_steps(whole: list[Item], steps: list[Item]) -> bool:
    """Return whether each step of a sequence has its own label.

    Args:
        whole: items that were read with one label for each sequence.
        steps: items of the same file that were read with one label for each step.
    """
    if len(whole) < len(steps):
        return True
    labelled = [item for item in whole if item.label is not None]
    return any(_length(item) > 1 for item in labelled) and all(
        isinstance(item.label, list) and len(item.label) == _length(item) for item in labelled
    )


def _length(item: Item) -> int:
    if item.content is None:
        return 0
    return len(item.content.split() if isinstance(item.content, str) else item.content)


def _by_labels(items: Sequence[Item], *, per_step: bool, texts: bool) -> Recognition:
    """Return the recognition from the labels; its task is translation if there are none."""
    labels = [item.label for item in items if item.label not in (None, "", [])]
    found = Recognition(texts=texts, per_step=per_step and bool(labels))
    if not labels:
        return found
    lists = [label for label in labels if isinstance(label, list)]
    if per_step or lists:
        flat = [one for label in lists for one in label]
        measured = _are_measured(flat) if per_step else all(map(_numbers, flat))
        several = not per_step and not measured
        task: Task = "regression" if measured else "classification"
        return replace(found, task=task, several_labels=several)
    if texts and all(isinstance(label, str) for label in labels):
        return replace(found, task=_task_of_texts(items, labels))
    if _are_sentences([label for label in labels if isinstance(label, str)], len(labels)):
        return replace(found, task="translation")
    return replace(found, task="regression" if _are_measured(labels) else "classification")


def _task_of_texts(items: Sequence[Item], labels: Sequence[Any]) -> Task:
    """Return the task of texts whose targets are texts too."""
    numbers = [_numbers(label) for label in labels]
    decimal = any(len(one) > 1 or not one[0].is_integer() for one in numbers if one)
    if all(numbers) and decimal:
        return "regression"
    sources = len({item.content for item in items if isinstance(item.content, str)})
    if _are_classes(labels) and sources >= 2 * len(set(labels)):
        return "classification"
    return "translation"


def _are_classes(labels: Sequence[Any]) -> bool:
    return 2 <= len(set(labels)) <= len(labels) / _EACH_CLASS


def _are_sentences(labels: Sequence[str], count: int) -> bool:
    """Return whether most of `count` labels are target texts: different and of several words."""
    several = sum(len(label.split()) > 1 and not _numbers(label) for label in labels)
    return not _are_classes(labels) and 2 * several > count


def _are_measured(labels: Sequence[Any]) -> bool:
    """Return whether labels are numbers that measure something, not numbers of classes."""
    numbers = [_numbers(label) for label in labels]
    if not all(numbers):
        return False
    different = {tuple(several) for several in numbers}
    whole = all(len(one) == 1 and one[0].is_integer() for one in different)
    few = len(different) <= min(_MOST_NUMBERED, max(2, len(labels) / _EACH_CLASS))
    return not (whole and few)


def _numbers(label: Any) -> list[float]:
    """Return the numbers in a label; an empty list if it holds something else."""
    try:
        return [float(part) for part in str(label).replace(",", " ").split()]
    except ValueError:
        return []
