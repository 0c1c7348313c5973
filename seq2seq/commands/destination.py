"""Where a command's results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seq2seq.errors import SettingsError


@contextmanager
def destination(path: Path | None) -> Iterator[BinaryIO]:
    """A stream of bytes to standard output (None) or to the file `path`.

    The file is written under a temporary name beside it and takes its name once it is complete
    and on the disk; if anything is raised it is removed and what was at `path` stays.

    Raises `SettingsError` if `path` is a directory or stands in one that is not there.
    """
    if path is None:
        if sys.stdout is None:
            raise SettingsError("standard output is closed; open it, or give --output FILE")
        yield sys.stdout.buffer
        return
    if path.is_dir():
        raise SettingsError(f"--output {path} is a directory; give a file name")
    if not path.parent.is_dir():
        raise SettingsError(f"--output {path}: there is no directory {path.parent}; make it first")
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()  # what a link leads to is replaced, not the link
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
