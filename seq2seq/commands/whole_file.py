"""Results that go to standard output, or to a file that appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seq2seq.commands.destination import check_destination, standard_output


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """A stream of bytes to standard output (None) or to the file `path`.

    The file is written under another name beside it and takes its own once it is complete and on
    the disk; if anything is raised it is removed and what was at `path` stays.

    Raises `SettingsError` if `path` is a directory or stands in one that is not there.
    """
    check_destination(path)
    if path is None:
        yield standard_output()
        return
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
