"""Destination of a command's lines: standard output, a device, or an atomically written file."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from seq2seq.errors import SettingsError
from seq2seq.inference.stream.input import InputLines
from seq2seq.inference.stream.output import StreamOutput
from seq2seq.inference.stream.resumable_file import PartialFile


def check_destination(
    path: Path | None, *, inputs: Sequence[Path | None] = (), option: str = "--output"
) -> None:
    """Check early that a command can write its output file.

    Args:
        path: name of the file; None for standard output.
        inputs: files that the command reads; None for standard input.
        option: option that named the file.

    Raises:
        SettingsError: `path` is a directory, is in a directory that does not exist, is a file that
            the command reads, or is None while standard output is closed.
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
    """Return the status of a file, or of the file of `stream`; None if it is not a file."""
    try:
        state = os.fstat(stream.fileno()) if path is None else path.stat()
    except (OSError, ValueError, AttributeError):  # also for a closed stream
        return None
    return state if stat.S_ISREG(state.st_mode) else None


def standard_output() -> BinaryIO:
    """Return standard output as a byte stream; raise `SettingsError` if it is closed."""
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
    """Yield the output of a command: the file `path`, or standard output if `path` is None.

    The file is written under another name in the same directory, and renamed once it is complete
    and on the disk; until then an existing file at `path` stays. After an exception the finished
    part is kept; the next time, with the same `fingerprint` and `lines`, writing resumes after this
    part and the finished lines are skipped.

    Args:
        path: file to write; None for standard output.
        lines: input lines, which are skipped if they are already translated.
        fingerprint: fingerprint of everything else that determines the output.
        restart: true to discard an unfinished file instead of resuming.

    Raises:
        SettingsError: the reasons are those of `check_destination`.
        UserError: another process is writing the file.
    """
    check_destination(path)
    if path is None:
        yield StreamOutput(standard_output(), name="standard output")
    elif path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb", buffering=0) as stream:
            yield StreamOutput(stream, name=str(path))
    else:
        # The target of a link is replaced, not the link.
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
            f"--output {path} cannot be written: {error.strerror}; give another path"
        ) from error


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """Yield a byte stream to standard output (None) or to the file `path`.

    The file is written under another name in the same directory, and renamed once it is complete
    and on the disk. After an exception, the incomplete file is removed and an existing file at
    `path` stays.

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
