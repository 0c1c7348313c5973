"""Labels in files: reading of classes and numbers, and writing of class names."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from seq2seq.data.sequences.cleaning import number_of
from seq2seq.data.sequences.item import Label
from seq2seq.text.lines import well_formed

# Integers as pandas writes them in a column with missing values.
_WHOLE = re.compile(r"([+-]?[0-9]{1,300})\.0+")
# Ambiguous: one number with thousands separators, or several numbers.
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:\.[0-9]{3})+,[0-9]+)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def split_label(
    label: Label | None, *, per_step: bool, steps: int | None
) -> tuple[list[Any], str | None]:
    """Return a list with one label for each prediction, or the error in `label`.

    Args:
        label: label as written in the file.
        per_step: true if there is a prediction for each step.
        steps: length of the sequence; None if it is not known yet.
    """
    if label is None or label == "":
        return [], "no label"
    if not per_step:
        return [label], None
    if not isinstance(label, list):
        return [], "one label, where task.per_step=true needs one for each step"
    if steps is not None and len(label) != steps:
        return [], f"{len(label)} labels for {steps} steps"
    return label, None


def read_classes(label: Any, *, several: bool) -> tuple[list[str], str | None]:
    """Return the classes in a label, or the error in it; without `several` it must be one class."""
    if several:
        parts = label.split(",") if isinstance(label, str) else label
        names = [class_name(part) for part in (parts if isinstance(parts, list) else [parts])]
        known = [name for name in names if name is not None]
        error = None if len(known) == len(names) else f"{label!r} is no list of classes"
        return [name for name in known if name], error
    name = class_name(label)
    return ([name], None) if name else ([], f"{str(label)[:40]!r} is no class")


def class_name(label: Any) -> str | None:
    """Return the name of a class, or None if it is invalid; 1, 1.0 and "1.0" are one class."""
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    if not isinstance(label, str) or label != well_formed(label):
        return None
    name = label.strip()
    whole = _WHOLE.fullmatch(name)
    return str(int(whole[1])) if whole else name


def class_word(name: str, *, separators: str = "", reserved: str = "") -> str:
    """Return `name` for a column of text; in JSON if the plain name would break the column.

    Args:
        name: name of a class.
        separators: characters that separate classes, in addition to tabs and line ends.
        reserved: word with another meaning; a class of this name is written in JSON.
    """
    special = {*_CONTROL.findall(name), *(one for one in separators if one in name)}
    if not special and name != reserved:
        return name
    escapes = {ord(character): f"\\u{ord(character):04x}" for character in special}
    return json.dumps(name, ensure_ascii=False).translate(escapes)


def read_numbers(label: Any) -> tuple[list[list[float]], str | None]:
    """Return the numbers of a label, or the error in it.

    If its commas allow two readings, both are returned; the one with decimal commas is first.
    """
    if not isinstance(label, str):
        found = [_numbers_of(label if isinstance(label, list) else [label])]
    elif _THOUSANDS.fullmatch(label.strip()):
        return [], (
            f"{label[:40]!r} is one number or several; write it without separators of thousands, "
            "or with a space between numbers"
        )
    else:
        separated = _numbers_of(label.replace(",", " ").split())
        decimal = _numbers_of([_with_point(part.removesuffix(",")) for part in label.split()])
        found = [separated] if decimal == separated else [decimal, separated]
    readings = [numbers for numbers in found if numbers]
    if not readings:
        return [], f"{str(label)[:40]!r} is no number"
    if not all(math.isfinite(number) for numbers in readings for number in numbers):
        return [], f"{str(label)[:40]!r} is no finite number"
    return readings, None


def _with_point(part: str) -> str:
    """Return a number with its decimal comma replaced by a point."""
    return part if "." in part else part.replace(",", ".", 1)


def _numbers_of(parts: list[Any]) -> list[float] | None:
    """Return all parts as numbers; None if one of them is not a number."""
    try:
        return [number_of(part) if isinstance(part, str) else float(part) for part in parts]
    except (TypeError, ValueError):
        return None
