"""Files that are whole or not there, and that survive a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync(path: Path) -> None:
    """Force a file, or the names that a directory holds, onto the disk."""
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
def whole(path: Path) -> Iterator[Path]:
    """A hidden name to write a file under, in a directory where no other process writes it.

    It takes the name `path` once it is complete and on the disk; if anything is raised it is
    removed, and what was at `path` stays.
    """
    unfinished = path.with_name(f".{path.name}")
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    with whole(path) as unfinished:
        unfinished.write_bytes(text.encode("utf-8"))
