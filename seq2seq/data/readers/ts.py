"""Reader of the `.ts` files of the time-series archives, with any dimensions and lengths.

Header lines begin with `@`; after `@data` each line is a sequence: its dimensions separated by `:`,
the values of each separated by `,`, and last its class or number. `?`, `NaN` or nothing between two
commas is a missing value; lines that begin with `#` or `%` are comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seq2seq.data.readers.text_file import Line, text_lines
from seq2seq.data.sequences.cleaning import MISSING, MISSING_WORDS, cleaned, number_of
from seq2seq.data.sequences.item import Form, Item, Label, Reader, broken_item
from seq2seq.data.sequences.labels import class_name
from seq2seq.errors import DataError

_COMMENTS = ("#", "%")
_KEYS = {
    *("problemname", "timestamps", "missing", "univariate", "dimensions", "dimension"),
    *("equallength", "serieslength", "classlabel", "targetlabel"),
}


class _Header(NamedTuple):
    """Header of a file: the classes (None: not given), whether each line ends with a label."""

    classes: frozenset[str | None] | None
    labelled: bool
    number: bool
    dimensions: int | None


def read_ts(path: Path, form: Form) -> Iterator[Item]:
    """Yield the sequences of a `.ts` file; the number of an item is its line.

    Raises:
        DataError: the header is invalid.
    """
    lines = enumerate(text_lines(path, form.encoding), start=1)
    header = _header(path, lines)
    for number, (line, broken) in lines:
        text = line.strip()
        if broken:
            yield broken_item(number, form)
        elif text and not text.startswith(_COMMENTS):
            yield _item(number, text, header, form)


def _header(path: Path, lines: Iterator[tuple[int, Line]]) -> _Header:
    said: dict[str, list[str]] = {}
    for number, (line, _) in lines:
        words = line.split()
        if not words or words[0].startswith(_COMMENTS):
            continue
        if not words[0].startswith("@"):
            raise DataError(
                f"{path}, line {number}: {line[:40]!r} stands before @data; a .ts file begins "
                "with header lines (@problemName, @classLabel, ...) and a line @data"
            )
        key = words[0][1:].lower()
        if key == "data":
            return _checked_header(path, said)
        if key not in _KEYS:
            raise DataError(f"{path}, line {number}: {words[0]} is no header of a .ts file")
        said[key] = words[1:]
    raise DataError(f"{path} has no line @data; it is not a .ts file, or it is cut off")


def _checked_header(path: Path, said: dict[str, list[str]]) -> _Header:
    def is_true(key: str) -> bool:
        return [word.lower() for word in said.get(key, [])[:1]] == ["true"]

    if is_true("timestamps"):
        raise DataError(
            f"{path} has @timeStamps true, which is not read; write its values without time stamps"
        )
    classes = said.get("classlabel", [])[1:]
    if is_true("classlabel") and not classes:
        raise DataError(f"{path} has @classLabel true and names no class after it")
    dimensions = (said.get("dimensions") or said.get("dimension") or ["?"])[0]
    return _Header(
        classes=frozenset(map(class_name, classes)) if is_true("classlabel") else None,
        labelled=is_true("classlabel") or is_true("targetlabel"),
        number=is_true("targetlabel"),
        dimensions=int(dimensions) if dimensions.isdigit() else None,
    )


def _item(number: int, text: str, header: _Header, form: Form) -> Item:
    dimensions = text.split(":")
    label: Label | None = None
    if header.labelled:
        word = dimensions.pop().strip()
        label = word
        if header.number:
            try:
                label = number_of(word)
            except ValueError:
                return Item(number, error=f"{word[:40]!r} is no number to end a line with")
        elif header.classes is not None and class_name(word) not in header.classes:
            return Item(number, error=f"class {word[:40]!r} is not among those of @classLabel")
    if header.dimensions is not None and len(dimensions) != header.dimensions:
        error = f"{len(dimensions)} dimensions, and @dimensions says {header.dimensions}"
        return Item(number, error=error)
    columns = []
    for position, dimension in enumerate(dimensions, start=1):
        try:
            columns.append(_values(dimension))
        except ValueError:
            return Item(number, error=f"dimension {position} holds what is no number")
        if len(columns[-1]) != len(columns[0]):
            return Item(
                number,
                error=f"dimension {position} has {len(columns[-1])} values and dimension 1 has "
                f"{len(columns[0])}",
            )
    steps = np.array(columns, np.float64).reshape(len(columns), -1).T
    return cleaned(number, steps, label, form)


def _values(dimension: str) -> list[float]:
    """Return the values of a dimension, an empty list if it is blank."""
    if not dimension.strip():
        return []
    return [
        MISSING if value.strip().lower() in MISSING_WORDS else number_of(value)
        for value in dimension.split(",")
    ]


TS = Reader(read_ts, (".ts",), features=True)
