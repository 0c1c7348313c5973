"""Source of a command's lines: texts, a file, a pipe, or standard input."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from seq2seq.data.files import is_compressed, open_bytes
from seq2seq.data.readers.text_file import chosen_encoding
from seq2seq.errors import SettingsError
from seq2seq.inference.stream.input import read_groups


class Source:
    """Input lines of a command, which can be read once.

    Attributes:
        is_file: true if the lines come from a file, so that they have a certain end.
        size: size of the lines in bytes; None if it is not known beforehand.
    """

    def __init__(self, texts: Sequence[str], path: Path | None) -> None:
        """Select the source: the texts, else the file `path`, else standard input.

        Raises:
            DataError: the file cannot be read, or is evidently not UTF-8.
            SettingsError: standard input is closed.
        """
        self._texts = texts
        self._path = path
        self.is_file = path is not None and path.is_file()
        self.size: int | None = None
        if not texts and path is None and sys.stdin is None:
            raise SettingsError("standard input is closed; give texts, or --input FILE")
        # Errors are reported before anything is loaded; a pipe can be opened only once.
        if path is not None and (self.is_file or path.is_dir() or not path.exists()):
            with open_bytes(path) as stream:
                chosen_encoding(path, stream, "utf-8")
                self.size = None if is_compressed(path) else path.stat().st_size

    def groups(self) -> Iterator[list[bytes]]:
        """Yield the lines, in groups as they arrive.

        Raises `DataError` during iteration if the file can no longer be read or is damaged.
        """
        if self._texts:
            # An argument that was not UTF-8 becomes its original bytes again.
            raw = b"".join(os.fsencode(text) + b"\n" for text in self._texts)
            yield from read_groups(io.BytesIO(raw))
        elif self._path is None:
            # Not through its buffer: at exit, Python would wait for the lock while a thread reads.
            stdin = sys.stdin.buffer
            yield from read_groups(getattr(stdin, "raw", stdin))
        else:
            with open_bytes(self._path) as stream:
                yield from read_groups(stream)
