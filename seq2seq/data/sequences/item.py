"""Items (one sequence of a file with its label, or an error), and readers of file formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import MissingNumbers
from seq2seq.config.data_schema import AudioSettings, ConllSettings, DataSettings
from seq2seq.data.readers.text_file import text_encoding
from seq2seq.data.sounds import SoundFacts

# [time, features] float32 or float64, as in the file; a model may hold float16.
Values = NDArray[np.floating[Any]]
Content = str | Values
_EXACT = 2**53  # beyond it two integers may be the same float
Label = str | float | list[Any]  # a class, a number, or a list of either


@dataclass(frozen=True, eq=False)
class Item:
    """A sequence of a file.

    Attributes:
        position: line number, or number of the sequence in its file, from 1.
        content: text, or values `[time, features]`; None if there is an error.
        label: label as written; None if the file has none.
        error: description of the error, or None.
        sound: facts about the sound file that the values were computed from.
    """

    position: int
    content: Content | None = None
    label: Label | None = None
    error: str | None = None
    sound: SoundFacts | None = None


@dataclass(frozen=True)
class Form:
    """Format options of the files of a corpus, named as in `data` of the settings.

    `audio` is None unless the corpus is of sound files.
    """

    encoding: str = "utf-8"
    source_field: str = "source"
    target_field: str = "target"
    id_field: str = "id"
    time_field: str = "time"
    missing: MissingNumbers = "error"
    padding_value: float | None = None
    per_step: bool = False
    audio: AudioSettings | None = field(default=None, repr=False)  # repr: see `_ingredients`
    conll: ConllSettings = field(default=ConllSettings())

    @staticmethod
    def of(data: DataSettings, *, per_step: bool) -> Form:
        """Return the format options of a run's settings."""
        value = data.features.padding_value
        return Form(
            encoding=text_encoding(data.encoding),
            source_field=data.source_field,
            target_field=data.target_field,
            id_field=data.features.id_field,
            time_field=data.features.time_field,
            missing=data.features.missing,
            padding_value=None if value is None else float(value),
            per_step=per_step,
            audio=data.audio if data.format == "audio" else None,
            conll=data.conll,
        )


class Reader(NamedTuple):
    """Reader of a format; `seq2seq.config.registry.READERS` names all readers.

    Attributes:
        read: function that yields every item of a file in order, invalid ones included.
        suffixes: endings of the names of such files.
        features: true if such files hold sequences of numbers only, never texts.
        lines: true if each item is one line; the first line may then be a header.
        unit: unit in which the positions of items in a file are counted.
        listed: function that returns the paths of the files that a file lists, by the listed names.
        check_labels: function that raises `DataError` for a file without labels, if its first lines
            show that.
    """

    read: Callable[[Path, Form], Iterator[Item]]
    suffixes: tuple[str, ...] = ()
    features: bool = False
    lines: bool = False
    unit: Literal["line", "sequence"] = "line"
    listed: Callable[[Path, Form], dict[str, Path]] | None = None
    check_labels: Callable[[Path, Form], None] | None = None


def broken_item(position: int, form: Form) -> Item:
    """Return the item of a line that is not in the encoding of its file."""
    return Item(position, error=f"not valid {form.encoding.upper()}")


def plain_label(value: Any) -> Label:
    """Return a value of a typed format as a label: a text, a number, or a list of these."""
    if isinstance(value, list):
        return [plain_label(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > _EXACT:
        return str(value)
    return float(value) if isinstance(value, int | float) else str(value)
