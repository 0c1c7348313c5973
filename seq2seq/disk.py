"""Locks, and atomic and durable file writes, which survive a power failure."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from seq2seq.errors import DataError, TrainingError


def sync(path: Path) -> None:
    """Force a file, or the names in a directory, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_synced(path: Path, content: bytes) -> None:
    """Write a file and force it onto the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield the path of a hidden file to write, and rename that file to `path` afterwards.

    The file is renamed once it is complete and on the disk; after an exception it is removed, and
    an existing file at `path` stays. No other process may write a file with the same hidden name.
    """
    unfinished = path.with_name(f".{path.name}")
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Write a small file atomically."""
    with atomic_file(path) as unfinished:
        unfinished.write_bytes(text.encode("utf-8"))


@contextmanager
def replaced_directory(path: Path) -> Iterator[Path]:
    """Yield an empty hidden directory, and rename it to `path` once it is filled.

    An existing directory at `path` is removed just before the renaming, and kept after an
    exception in the block.
    """
    partial = path.with_name(f".{path.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        yield partial
        shutil.rmtree(path, ignore_errors=True)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def writing_into(directory: Path) -> Iterator[None]:
    """Report a file or directory of a corpus that cannot be written.

    Raises:
        DataError: writing failed, as on a full disk.
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{error.filename or directory} cannot be written ({error.strerror or error}); give "
            "another --directory"
        ) from error


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Lock `directory` against training by any other process.

    The kernel releases the lock when the process ends, for whatever reason.

    Raises:
        TrainingError: another process holds the lock.
    """
    with _open_lock(directory) as file:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _open_lock(directory: Path) -> TextIO:
    """Return the lock file of `directory`, locked; create file and directory if needed.

    Raises:
        TrainingError: another process holds the lock.
    """
    path = directory / ".lock"
    while True:
        directory.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("a+")
        except FileNotFoundError:  # removed meanwhile by a run that was refused
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise TrainingError(
                f"another process ({holder}) is training in {directory}; wait for it, or give this "
                "run another name (name=...)"
            ) from error
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        file.close()


def cache_directory() -> Path:
    """Return `SEQ2SEQ_CACHE`, or else `seq2seq` in the user's cache directory."""
    own = os.environ.get("SEQ2SEQ_CACHE")
    if own:
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seq2seq"
