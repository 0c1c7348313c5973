"""Parallel files of `evaluate` and `score`, line by line."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from seq2seq.commands.options import readable_file
from seq2seq.data.readers.text_file import text_lines
from seq2seq.errors import DataError

log = logging.getLogger("seq2seq")


def add_file_options(
    parser: argparse.ArgumentParser, *, target_needed: bool = True, several: bool = False
) -> None:
    """Add `--source` and `--target`; with `several`, `--target` may be repeated."""
    what = "line for line; plain or .gz/.xz/.zst"
    parser.add_argument(
        "--source", required=True, type=readable_file, metavar="FILE", help=f"source texts, {what}"
    )
    parser.add_argument(
        "--target",
        required=target_needed,
        type=readable_file,
        action="append" if several else "store",
        metavar="FILE",
        help=f"their translations, {what}" + ("; several files are several references" * several),
    )


def read_parallel(source: Path, *targets: Path, encoding: str = "utf-8") -> list[list[str]]:
    """Return the lines of all files, which must have equal numbers of lines.

    A line ends at \\n only.

    Raises:
        DataError: a file cannot be read or is evidently in another encoding, the counts differ, or
            there is no line.
    """
    sources, *columns = (_read(path, encoding) for path in (source, *targets))
    for target, lines in zip(targets, columns, strict=True):
        if len(sources) != len(lines):
            raise DataError(
                f"{source} has {len(sources)} lines and {target} has {len(lines)}; "
                "give files with one translation a line"
            )
    if not sources:
        names = " and ".join(map(str, (source, *targets)))
        raise DataError(f"{names} are empty; give files with a text a line")
    return [sources, *columns]


def _read(path: Path, encoding: str) -> list[str]:
    lines = []
    for number, (text, broken) in enumerate(text_lines(path, encoding), start=1):
        if broken:
            log.warning("%s: line %d is not %s: read with U+FFFD", path, number, encoding.upper())
        lines.append(text)
    return lines
