"""The two files of `evaluate` and `score`, line for line."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from seq2seq.commands.options import readable_file
from seq2seq.data.files import open_bytes
from seq2seq.errors import DataError
from seq2seq.text.lines import decode_line, iter_lines

log = logging.getLogger("seq2seq")


def add_file_options(parser: argparse.ArgumentParser, *, target_needed: bool = True) -> None:
    """Add `--source` and `--target`."""
    what = "line for line; plain or .gz/.xz/.zst"
    parser.add_argument(
        "--source", required=True, type=readable_file, metavar="FILE", help=f"source texts, {what}"
    )
    parser.add_argument(
        "--target",
        required=target_needed,
        type=readable_file,
        metavar="FILE",
        help=f"their translations, {what}",
    )


def read_parallel(source: Path, target: Path) -> tuple[list[str], list[str]]:
    """The lines of both files, which must be as many. A line ends at \\n only.

    Raises `DataError` if a file cannot be read or the counts differ, and if there is no line.
    """
    sources, targets = _read(source), _read(target)
    if len(sources) != len(targets):
        raise DataError(
            f"{source} has {len(sources)} lines and {target} has {len(targets)}; "
            "give files with one translation a line"
        )
    if not sources:
        raise DataError(f"{source} and {target} are empty; give files with a text a line")
    return sources, targets


def _read(path: Path) -> list[str]:
    lines = []
    with open_bytes(path) as stream:
        for number, raw in enumerate(iter_lines(stream), start=1):
            text, broken = decode_line(raw)
            if broken:
                log.warning("%s: line %d is not UTF-8: read with U+FFFD", path, number)
            lines.append(text.removesuffix("\r"))
    return lines
