"""Where a command's lines go: standard output, a device, or a file that appears when complete."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from seq2seq.commands.partial_file import PartialFile
from seq2seq.errors import SettingsError
from seq2seq.inference.lines_in import InputLines
from seq2seq.inference.output import StreamOutput


def check_destination(
    path: Path | None, *, inputs: Sequence[Path | None] = (), option: str = "--output"
) -> None:
    """Find out early what can be wrong with a file that a command is to write.

    Args:
        path: its name; None for standard output.
        inputs: files that the command reads; None for standard input.
        option: option that named it.

    Raises:
        SettingsError: it is a directory, stands in one that is not there, is a file that the
            command reads, or is None while standard output is closed.
    """
    if path is None:
        if sys.stdout is None:
            raise SettingsError("standard output is closed; open it, or give --output FILE")
    elif path.is_dir():
        raise SettingsError(f"{option} {path} is a directory; give a file name")
    elif not path.parent.is_dir():
        raise SettingsError(f"{option} {path}: there is no directory {path.parent}; make it first")
    written = _state(path, sys.stdout)
    for source in inputs:
        read = _state(source, sys.stdin)
        if written and read and os.path.samestat(written, read):
            name = "standard input" if source is None else f"the input {source}"
            where = "standard output" if path is None else f"{option} {path}"
            raise SettingsError(
                f"{where} is the same file as {name}, which would be lost; give another file."
            )


def _state(path: Path | None, stream: TextIO) -> os.stat_result | None:
    """Return what the system knows of a file, or of that of `stream`; None if it is no file."""
    try:
        state = os.fstat(stream.fileno()) if path is None else path.stat()
    except (OSError, ValueError, AttributeError):  # also a stream that is closed
        return None
    return state if stat.S_ISREG(state.st_mode) else None


def standard_output() -> BinaryIO:
    """Standard output as bytes. Raises `SettingsError` if it is closed."""
    check_destination(None)
    sys.stdout.flush()
    return sys.stdout.buffer


@contextmanager
def destination(
    path: Path | None,
    lines: InputLines,
    *,
    fingerprint: str = "",
    restart: bool = False,
) -> Iterator[StreamOutput]:
    """What takes the lines for standard output (None) or for the file `path`.

    The file is written under another name beside it and takes its own once it is complete and on
    the disk; what was at `path` stays till then. If anything is raised, what is done is kept, and
    the next time the same `fingerprint` and `lines` are given `lines` are skipped up to there.

    Raises:
        SettingsError: as `check_destination`.
        UserError: another process is writing the file.
    """
    check_destination(path)
    if path is None:
        yield StreamOutput(standard_output(), name="standard output")
    elif path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb", buffering=0) as stream:
            yield StreamOutput(stream, name=str(path))
    else:
        # What a link leads to is replaced, not the link.
        with closing(_partial_file(path.resolve(), fingerprint, restart=restart)) as partial:
            try:
                partial.begin(lines)
                yield partial
            except BaseException:
                partial.leave()
                raise
            partial.finish()


def _partial_file(path: Path, fingerprint: str, *, restart: bool) -> PartialFile:
    try:
        return PartialFile(path, fingerprint=fingerprint, restart=restart)
    except OSError as error:
        raise SettingsError(
            f"--output {path} cannot be written: {error.strerror}; give another place"
        ) from error
