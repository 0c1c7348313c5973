"""Long tables, a row for each step: `id, time, features..., target`, from CSV or Parquet.

The rows of a sequence stand together, in the order of time; the target column may be left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.data.files import open_bytes
from seq2seq.data.sequences.cleaning import MISSING, cleaned, from_rows
from seq2seq.data.sequences.item import Form, Item, Label
from seq2seq.errors import DataError

_MISSING = {"", "?", "nan", "na", "null"}


class _Row(NamedTuple):
    line: int
    cells: list[str]


class _Columns(NamedTuple):
    """Where things stand in a row."""

    id: int
    time: int
    target: int | None
    features: list[int]
    width: int


def read_csv(path: Path, form: Form) -> Iterator[Item]:
    """The sequences of a CSV file with a header; an item's number is that of its first line.

    Raises:
        DataError: the header lacks a column, or the rows of a sequence do not stand together.
    """
    with open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, form.encoding, errors="replace", newline="")
        try:
            rows = csv.reader(text, strict=True)
            header = next(rows, [])
            columns = _columns(path, [name.strip().removeprefix("\ufeff") for name in header], form)
            cells = (_Row(rows.line_num, row) for row in rows if row)
            yield from _items(path, cells, columns, form)
        except csv.Error as error:
            raise DataError(f"{path}, line {rows.line_num}: not CSV ({error})") from error


def read_parquet(path: Path, form: Form) -> Iterator[Item]:
    """The same of a Parquet file.

    Raises:
        DataError: as `read_csv`; or the package `pyarrow` is not installed.
    """
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise DataError(
            f"{path}: Parquet files need the package `pyarrow`, which is not installed: pip "
            "install 'seq2seq-lstm[parquet]', or write the table as CSV"
        ) from error
    try:
        table = parquet.ParquetFile(path)
        columns = _columns(path, list(table.schema_arrow.names), form)
        yield from _items(path, _parquet_rows(table), columns, form)
    except (OSError, ValueError) as error:  # pyarrow's own errors are kinds of these
        raise DataError(f"{path} cannot be read as Parquet: {error}") from error


def _parquet_rows(table: Any) -> Iterator[_Row]:
    line = 1
    for batch in table.iter_batches():
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            line += 1
            yield _Row(line, ["" if value is None else str(value) for value in values])


def _columns(path: Path, names: Sequence[str], form: Form) -> _Columns:
    for name in (form.id_field, form.time_field):
        if name not in names:
            raise DataError(
                f"{path} has no column {name!r} (its columns: {', '.join(names)[:200]}); name "
                "them with data.features.id_field and data.features.time_field"
            )
    target = names.index(form.target_field) if form.target_field in names else None
    taken = {names.index(form.id_field), names.index(form.time_field), target}
    features = [place for place in range(len(names)) if place not in taken]
    if not features:
        raise DataError(f"{path} has no column of a feature beside {', '.join(names)}")
    if len(set(names)) < len(names):
        raise DataError(f"{path} has a column twice: {', '.join(names)[:200]}")
    return _Columns(
        names.index(form.id_field), names.index(form.time_field), target, features, len(names)
    )


def _items(path: Path, rows: Iterable[_Row], columns: _Columns, form: Form) -> Iterator[Item]:
    seen: set[str] = set()
    for name, group in groupby(_whole(path, rows, columns), lambda row: row.cells[columns.id]):
        lines = list(group)
        if name in seen:
            raise DataError(
                f"{path}, line {lines[0].line}: sequence {name!r} comes again after others; sort "
                f"the rows by {form.id_field} and {form.time_field}"
            )
        seen.add(name)
        yield _item(lines, columns, form)


def _whole(path: Path, rows: Iterable[_Row], columns: _Columns) -> Iterator[_Row]:
    for row in rows:
        if len(row.cells) != columns.width:
            raise DataError(
                f"{path}, line {row.line}: {len(row.cells)} columns, and the header has "
                f"{columns.width}"
            )
        yield row


def _item(rows: list[_Row], columns: _Columns, form: Form) -> Item:
    place = rows[0].line
    last: Any = None
    steps = []
    for row in rows:
        time = _time(row.cells[columns.time])
        if last is not None and not _after(time, last):
            return Item(place, fault=f"time {time} in line {row.line} does not come after {last}")
        last = time
        try:
            steps.append([_number(row.cells[column]) for column in columns.features])
        except ValueError as error:
            return Item(place, fault=f"line {row.line}: {error}")
    label, fault = _label(rows, columns, form)
    if fault is not None:
        return Item(place, fault=fault)
    values, _ = from_rows(steps)  # as wide as the header
    return cleaned(place, values, label, form)


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


def _number(cell: str) -> float:
    if cell.strip().lower() in _MISSING:
        return MISSING
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is no number") from None


def _time(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell.strip()


def _after(time: float | str, last: float | str) -> bool:
    if isinstance(time, str) or isinstance(last, str):
        return str(time) > str(last)
    return time > last
