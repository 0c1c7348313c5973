"""Readers of texts with labels: two parallel files, TSV, or lines that begin with a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import zip_longest
from pathlib import Path

from seq2seq.data.filters import text_error
from seq2seq.data.readers.text_file import text_lines
from seq2seq.data.sequences.item import Form, Item, Reader, broken_item
from seq2seq.errors import DataError

_SPACE = re.compile(r"[ \t]+")


def read_labelled(path: Path, form: Form) -> Iterator[Item]:
    """Yield the items of lines that hold a label, white space, and a text."""
    for number, (line, broken) in enumerate(text_lines(path, form.encoding), start=1):
        label, *rest = _SPACE.split(line.strip(), maxsplit=1)
        text = "".join(rest)
        error = None if text.strip() or not label else "only a label and no text after it"
        yield _item(number, text, label, error, broken=broken, form=form)


def read_tsv(path: Path, form: Form) -> Iterator[Item]:
    """Yield the items of lines that hold a text, a tab, and a label; the label is optional."""
    for number, (line, broken) in enumerate(text_lines(path, form.encoding), start=1):
        text, tab, label = line.partition("\t")
        error = f"{label.count(chr(9)) + 2} columns" if "\t" in label else None
        yield _item(number, text, label if tab else None, error, broken=broken, form=form)


def read_text(path: Path, form: Form, labels: Path | None = None) -> Iterator[Item]:
    """Yield the lines of a text file, with the lines of another file as their labels.

    Raises:
        DataError: the files do not have the same number of lines.
    """
    with ExitStack() as files:
        paths = [path] if labels is None else [path, labels]
        lines = [files.enter_context(closing(text_lines(p, form.encoding))) for p in paths]
        for number, sides in enumerate(zip_longest(*lines), start=1):
            if None in sides:
                shorter = paths[sides.index(None)]
                raise DataError(
                    f"{shorter} has {number - 1:,} lines and the other, of {path} and {labels}, "
                    "has more"
                )
            label = sides[1][0] if len(sides) > 1 else None
            broken = any(side[1] for side in sides)
            yield _item(number, sides[0][0], label, None, broken=broken, form=form)


def _item(
    number: int, text: str, label: str | None, error: str | None, *, broken: bool, form: Form
) -> Item:
    if broken:
        return broken_item(number, form)
    error = error or text_error(text, "text")
    if error is not None:
        return Item(number, error=error)
    if label is None:
        return Item(number, text)
    return Item(number, text, label.split() if form.per_step else label.strip())


LABELLED = Reader(read_labelled, lines=True)
TEXT = Reader(read_text, (".txt",), lines=True)
TSV = Reader(read_tsv, (".tsv",), lines=True)
