"""Reader of long tables, CSV or Parquet: one row per step, `id, time, features..., target`.

The rows of a sequence must be adjacent and in the order of time; the target column is optional. The
columns of a CSV file may be separated by commas, semicolons or tabs; if the separator is not a
comma, numbers may have a decimal comma.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.data.readers.text_file import Line, text_lines
from seq2seq.data.readers.times import Time, TimeOrder
from seq2seq.data.sequences.cleaning import MISSING, MISSING_WORDS, cleaned, from_rows, number_of
from seq2seq.data.sequences.item import Form, Item, Label, Reader
from seq2seq.errors import DataError

_DELIMITERS = (",", ";", "\t", "|")
_NAMED_DELIMITER = re.compile(r'"?sep=(.)"?')  # a first line that Excel writes and reads


class _Row(NamedTuple):
    """Row of a table.

    Attributes:
        line: number of the row's first line; of its last line with broken bytes if there is one.
        cells: contents of the cells.
        error: description of an error in the bytes; None if there is none.
    """

    line: int
    cells: list[str]
    error: str | None


class _Columns(NamedTuple):
    """Indices of the columns."""

    id: int
    time: int
    target: int | None
    features: list[int]
    width: int


class _Table(NamedTuple):
    """Properties that all rows of a file share."""

    path: Path
    form: Form
    columns: _Columns
    numbers: _Numbers
    order: TimeOrder


class _Numbers:
    """Reader of the numbers of a table, which all have the same decimal mark."""

    def __init__(self, path: Path, *, decimal_comma: bool) -> None:
        self._path = path
        self._decimal_comma = decimal_comma
        self._marks: dict[str, int] = {}  # decimal marks, and the lines of their first occurrence

    def number(self, cell: str, line: int) -> float:
        """Return the number in a cell, NaN if it is missing.

        Raises:
            ValueError: the cell holds no number.
            DataError: it has another decimal mark than a number before it.
        """
        text = cell.strip()
        if text.lower() in MISSING_WORDS:
            return MISSING
        mark = "," if "," in text else "." if "." in text else ""
        if mark and self._decimal_comma:
            self._marks.setdefault(mark, line)
            if len(self._marks) > 1:
                raise DataError(
                    f"{self._path} has numbers with a decimal comma (line {self._marks[',']}) and "
                    f"with a point (line {self._marks['.']}); write all of them with one of the two"
                )
            text = text.replace(",", ".", 1)
        try:
            return number_of(text)
        except ValueError:
            raise ValueError(f"{cell[:40]!r} is no number") from None


class _CsvLines:
    """Lines for `csv.reader`, with the numbers of the last line read and the last broken line."""

    def __init__(self, lines: Iterable[Line], *, skipped: int) -> None:
        self._lines = iter(lines)
        self.number = skipped
        self.last_broken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text, broken = next(self._lines)
        self.number += 1
        if broken:
            self.last_broken = self.number
        return text + "\n"


def read_csv(path: Path, form: Form) -> Iterator[Item]:
    """Yield the sequences of a CSV file with a header; an item has the number of its first line.

    Raises:
        DataError: the header lacks a column, the rows of a sequence are not adjacent, or bytes of
            the header or of a name are not in the encoding.
    """
    with closing(text_lines(path, form.encoding, returns_end_lines=True)) as found:
        first, broken = next(found, ("", False))
        named, start = _NAMED_DELIMITER.fullmatch(first), [(first, broken)]
        if named is not None:
            start = [next(found, ("", False))]
        delimiter = named[1] if named else _delimiter(start[0][0], form)
        lines = _CsvLines(chain(start, found), skipped=1 if named else 0)
        try:
            rows = _csv_rows(lines, delimiter, form)
            header = next(rows, _Row(1, [], None))
            if header.error is not None:
                raise _broken(path, header)
            table = _table(path, header.cells, form, decimal_comma=delimiter != ",")
            yield from _items(rows, table)
        except csv.Error as error:
            raise DataError(f"{path}, line {lines.number}: not CSV ({error})") from error


def _delimiter(header: str, form: Form) -> str:
    """Return the delimiter: the one that gives the named columns, or else the most columns."""
    columns = {
        delimiter: [name.strip() for name in next(_reader([header], delimiter), [])]
        for delimiter in _DELIMITERS
    }
    for delimiter, names in columns.items():
        if form.id_field in names and form.time_field in names:
            return delimiter
    return max(columns, key=lambda delimiter: len(columns[delimiter]))


def _reader(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    # A space after a delimiter is not part of the cell, and a quotation may follow it.
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _csv_rows(lines: _CsvLines, delimiter: str, form: Form) -> Iterator[_Row]:
    before = lines.number
    for cells in _reader(lines, delimiter, strict=True):
        if cells:
            broken = lines.last_broken > before
            error = f"not valid {form.encoding.upper()}" if broken else None
            yield _Row(lines.last_broken if broken else before + 1, cells, error)
        before = lines.number


def _broken(path: Path, row: _Row) -> DataError:
    return DataError(
        f"{path}, line {row.line}: {row.error}; set data.encoding (--encoding of a command) to the "
        "encoding of the file"
    )


def read_parquet(path: Path, form: Form) -> Iterator[Item]:
    """Yield the sequences of a Parquet file, as `read_csv` does.

    Raises:
        DataError: as for `read_csv`, or the package `pyarrow` is not installed.
    """
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise DataError(
            f"{path}: Parquet files need the package `pyarrow`, which is not installed: pip "
            "install 'seq2seq-lstm[parquet]', or write the table as CSV"
        ) from error
    try:
        file = parquet.ParquetFile(path)
        table = _table(path, list(file.schema_arrow.names), form, decimal_comma=False)
        yield from _items(_parquet_rows(file), table)
    except (OSError, ValueError) as error:  # pyarrow's own errors are subclasses of these
        raise DataError(f"{path} cannot be read as Parquet: {error}") from error


def _parquet_rows(file: Any) -> Iterator[_Row]:
    line = 1
    for batch in file.iter_batches():
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            line += 1
            try:
                yield _Row(line, [_cell(value) for value in values], None)
            except UnicodeDecodeError:
                cells = [_cell(value, errors="replace") for value in values]
                yield _Row(line, cells, "not valid UTF-8")


def _cell(value: Any, *, errors: str = "strict") -> str:
    """Return a typed value as a CSV file would hold it.

    Raises:
        UnicodeDecodeError: bytes are not UTF-8.
    """
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode(errors=errors)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.total_seconds() if isinstance(value, timedelta) else value)


def _table(path: Path, names: Sequence[str], form: Form, *, decimal_comma: bool) -> _Table:
    names = [name.strip() for name in names]
    for name in (form.id_field, form.time_field):
        if name not in names:
            raise DataError(
                f"{path} has no column {name!r} (its columns: {', '.join(names)[:200]}); name "
                "them with data.features.id_field and data.features.time_field, or write texts "
                "with labels as TSV"
            )
    target = names.index(form.target_field) if form.target_field in names else None
    taken = {names.index(form.id_field), names.index(form.time_field), target}
    features = [position for position in range(len(names)) if position not in taken]
    if not features:
        raise DataError(f"{path} has no column of a feature beside {', '.join(names)}")
    if len(set(names)) < len(names):
        raise DataError(f"{path} has a column twice: {', '.join(names)[:200]}")
    positions = names.index(form.id_field), names.index(form.time_field)
    return _Table(
        path=path,
        form=form,
        columns=_Columns(*positions, target, features, len(names)),
        numbers=_Numbers(path, decimal_comma=decimal_comma),
        order=TimeOrder(decimal_comma=decimal_comma),
    )


def _items(rows: Iterable[_Row], table: _Table) -> Iterator[Item]:
    seen: set[str] = set()
    position, form = table.columns.id, table.form
    for name, group in groupby(_whole(rows, table), lambda row: row.cells[position]):
        lines = list(group)
        if name in seen:
            raise DataError(
                f"{table.path}, line {lines[0].line}: sequence {name!r} comes again after others; "
                f"sort the rows by {form.id_field} and {form.time_field}"
            )
        seen.add(name)
        yield _item(lines, table)


def _whole(rows: Iterable[_Row], table: _Table) -> Iterator[_Row]:
    for row in rows:
        if len(row.cells) != table.columns.width:
            raise DataError(
                f"{table.path}, line {row.line}: {len(row.cells)} columns, and the header has "
                f"{table.columns.width}"
            )
        if row.error is not None and "\ufffd" in row.cells[table.columns.id]:
            raise _broken(table.path, row)  # the sequence of the step is unknown
        yield row


def _item(rows: list[_Row], table: _Table) -> Item:
    position, columns = rows[0].line, table.columns
    steps, times = [], []
    for row in rows:
        if row.error is not None:
            return Item(position, error=f"line {row.line}: {row.error}")
        try:
            times.append(table.order.time(row.cells[columns.time]))
            cells = [row.cells[column] for column in columns.features]
            steps.append([table.numbers.number(cell, row.line) for cell in cells])
        except ValueError as error:
            return Item(position, error=f"line {row.line}: {error}")
    label, message = _label(rows, columns, table.form)
    message = _order_error(rows, times, table.order) or message
    if message is not None:
        return Item(position, error=message)
    values, _ = from_rows(steps)  # all rows are as wide as the header
    return cleaned(position, values, label, table.form)


def _order_error(rows: list[_Row], times: list[Time], order: TimeOrder) -> str | None:
    try:
        wrong = order.first_unordered(times)
    except ValueError as error:
        return str(error)
    if wrong is None:
        return None
    time, last = times[wrong].text, times[wrong - 1].text
    return f"time {time} in line {rows[wrong].line} does not come after {last}"


def _label(rows: list[_Row], columns: _Columns, form: Form) -> tuple[Label | None, str | None]:
    if columns.target is None:
        return None, None
    labels = [row.cells[columns.target].strip() for row in rows]
    if form.per_step:
        return list(labels), None
    if len(set(labels)) > 1:
        other = next(label for label in labels if label != labels[0])
        return None, f"column {form.target_field!r} says {labels[0]!r} and {other!r}"
    return labels[0] or None, None


CSV = Reader(read_csv, (".csv",), features=True)
PARQUET = Reader(read_parquet, (".parquet",), features=True)
