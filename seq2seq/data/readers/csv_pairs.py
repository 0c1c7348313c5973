"""Pairs of texts in CSV: a header that names the columns, then one pair per row.

The columns are those that `data.source_field` and `data.target_field` name. In a file with two
columns they may also have names such as `english,german` or `en,de`, in this order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from seq2seq.errors import DataError

_DELIMITERS = (",", ";", "\t")
_CODES = (
    "aa ab af ak am ar as az ba be bg bm bn bo br bs ca ce co cs cv cy da de dv el en eo es et eu "
    "fa fi fj fo fr fy ga gd gl gn gu ha he hi hr ht hu hy ia id ig is it ja jv ka kk km kn ko ku "
    "ky la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no ny oc om or pa pl ps pt qu rm ro "
    "ru rw sa sd si sk sl sm sn so sq sr st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ug uk "
    "ur uz vi wo xh yi yo za zh zu"
)
_WORDS = (
    "source src target trg tgt text sentence translation input output original question answer "
    "afrikaans arabic bengali bulgarian catalan chinese croatian czech danish dutch english "
    "estonian finnish french german greek gujarati hebrew hindi hungarian icelandic indonesian "
    "irish italian japanese khmer korean latin latvian lithuanian malay marathi norwegian persian "
    "polish portuguese punjabi romanian russian serbian slovak slovenian spanish swahili swedish "
    "tamil telugu thai turkish ukrainian urdu vietnamese welsh"
)
_OWN_NAMES = "deutsch englisch français español"
_ENGLISH = {*_CODES.split(), *_WORDS.split()}
_HEADINGS = {*_ENGLISH, *_OWN_NAMES.split()}


class Row(NamedTuple):
    """One row of a file: its first line, both texts, and the error that makes it unusable."""

    line: int
    source: str
    target: str
    broken: bool
    error: str | None = None


def is_heading(name: str, *, english: bool = False) -> bool:
    """Return whether a column of texts may have this name: `English`, `en`, `de-AT`, `source`.

    With `english`, names in other languages do not count, because `German` and `Deutsch` may be a
    sentence pair and not a header.
    """
    word = name.strip().lower().partition("-")[0].partition("_")[0]
    return word in (_ENGLISH if english else _HEADINGS)


def csv_rows(
    path: Path,
    lines: Iterable[tuple[str, bool]],
    *,
    source_field: str,
    target_field: str,
    target_optional: bool = False,
) -> Iterator[Row]:
    """Yield the pairs of a CSV file, invalid ones included.

    Args:
        path: name of the file, for messages.
        lines: decoded lines without their ends, and whether the bytes of each were broken.
        source_field: name of the column of source texts.
        target_field: name of the column of target texts.
        target_optional: true if the file may lack the target column; its targets are then "".

    Raises:
        DataError: the header does not name the columns, or a quotation over several lines is
            invalid.
    """
    numbered = enumerate(lines, start=1)
    _, (first, _) = next(numbered, (0, ("", False)))
    header = _Header.read(path, first, (source_field, target_field), optional=target_optional)
    for line, cells, broken, error in _parsed(path, numbered, header.delimiter):
        if error is None and cells and len(cells) != header.width:
            error = (
                f"{len(cells)} column{'s' * (len(cells) != 1)}, and the header has {header.width}"
            )
        if error is not None or not cells:
            yield Row(line, "", "", broken, error)
        else:
            target = "" if header.target is None else cells[header.target]
            yield Row(line, cells[header.source], target, broken)


class _Header(NamedTuple):
    """Header of a CSV file: the delimiter, the indices of both columns, the number of columns."""

    delimiter: str
    source: int
    target: int | None
    width: int

    @staticmethod
    def read(path: Path, line: str, fields: tuple[str, str], *, optional: bool) -> _Header:
        """Return the header from the first line of a file.

        Raises:
            DataError: the line does not name the columns of both texts.
        """
        rows = {delimiter: _cells(line, delimiter) for delimiter in _DELIMITERS}
        for delimiter, names in rows.items():
            if set(fields) <= set(names):
                source, target = (names.index(name) for name in fields)
                return _Header(delimiter, source, target, len(names))
            if optional and fields[0] in names:
                return _Header(delimiter, names.index(fields[0]), None, len(names))
        for delimiter, names in rows.items():
            if len(names) == 2 and all(map(is_heading, names)) and names[0] != names[1]:
                return _Header(delimiter, 0, 1, 2)
        raise DataError(
            f"{path} begins with the line {line[:80]!r}, which names no columns of texts; CSV of "
            f"pairs begins with the names of its columns: put the line {','.join(fields)} before "
            "its texts, or name its columns with data.source_field=... and data.target_field=...; "
            "texts with labels belong in TSV."
        )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _parsed(
    path: Path, lines: Iterator[tuple[int, tuple[str, bool]]], delimiter: str
) -> Iterator[tuple[int, list[str], bool, str | None]]:
    """Yield line number, cells, broken flag and error of each row; a blank line has no cells.

    Raises:
        DataError: a row of several lines is not valid CSV, so its end is not known.
    """
    taken: list[tuple[int, bool]] = []  # lines of the row that is being read

    def feed() -> Iterator[str]:
        for number, (text, broken) in lines:
            taken.append((number, broken))
            yield f"{text}\n"

    rows = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        cells: list[str] = []
        message = None
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"not CSV ({error})"
            if len(taken) > 1 or "end of data" in str(error):
                raise DataError(
                    f"{path}, lines {taken[0][0]:,} to {taken[-1][0]:,}: {message}; a quotation "
                    "that begins there does not end. Write a quotation mark within quotes twice."
                ) from error
        yield taken[0][0], cells, any(broken for _, broken in taken), message
        taken.clear()
