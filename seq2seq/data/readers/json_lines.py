"""Reader of JSON lines: each line is an object with a text or a list of steps, and a label."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seq2seq.data.filters import text_error
from seq2seq.data.readers.text_file import text_lines
from seq2seq.data.sequences.cleaning import MISSING, cleaned, from_rows
from seq2seq.data.sequences.item import Form, Item, Label, Reader, broken_item, plain_label


def read_json_lines(path: Path, form: Form) -> Iterator[Item]:
    """Yield the items; a step is a list of numbers, or a number if there is one feature."""
    for number, (line, broken) in enumerate(text_lines(path, form.encoding), start=1):
        yield broken_item(number, form) if broken else json_item(number, line, form)


def json_item(number: int, line: str, form: Form) -> Item:
    """Return the item of one line."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return Item(number, error="not a JSON object" if line.strip() else "empty line")
    if not isinstance(record, dict):
        return Item(number, error="not a JSON object")
    if form.source_field not in record:
        return Item(number, error=f"no field {form.source_field!r}")
    label = record.get(form.target_field)
    if label is not None:
        if not _is_label(label):
            error = f"field {form.target_field!r} is no text, number or list of them"
            return Item(number, error=error)
        label = plain_label(label)
    return _item(number, record[form.source_field], label, form)


def _item(number: int, content: Any, label: Label | None, form: Form) -> Item:
    if isinstance(content, str):
        error = text_error(content, "text")
        return Item(number, error=error) if error else Item(number, content, label)
    if not isinstance(content, list):
        return Item(number, error=f"field {form.source_field!r} is no text and no list of steps")
    rows = []
    for step, values in enumerate(content, start=1):
        row = [_number(value) for value in (values if isinstance(values, list) else [values])]
        if None in row:
            return Item(number, error=f"step {step} is not a list of numbers")
        rows.append([value for value in row if value is not None])
    steps, error = from_rows(rows)
    return Item(number, error=error) if error else cleaned(number, steps, label, form)


def _number(value: Any) -> float | None:
    if value is None or value == "?":
        return MISSING
    return _float(value) if type(value) in (int, float) else None


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits
        return math.inf


def _is_label(label: Any) -> bool:
    if isinstance(label, list):
        return all(_is_label(one) for one in label)
    return isinstance(label, str | int | float)


JSON_LINES = Reader(read_json_lines, (".jsonl", ".ndjson"))
