"""Output to standard output, or to a file that is written atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seq2seq.commands.destination import check_destination, standard_output


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """Yield a byte stream to standard output (None) or to the file `path`.

    The file is written under another name beside it and renamed once it is complete and on the
    disk; after an exception it is removed, and an existing file at `path` stays.

    Raises `SettingsError` if `path` is a directory or in a directory that does not exist.
    """
    check_destination(path)
    if path is None:
        yield standard_output()
        return
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()  # the target of a link is replaced, not the link
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
