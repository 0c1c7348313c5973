"""Atomic replacement of a directory: either the complete new one, or the old one unchanged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seq2seq.disk import sync
from seq2seq.errors import ModelError
from seq2seq.export.manifest import is_export


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """Yield an empty directory that replaces `directory` once it is filled and synced.

    If an exception is raised, the new directory is removed and the old one stays unchanged.
    """
    directory = Path(os.path.abspath(directory))
    _check_replaceable(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = directory.with_name(f".{directory.name}.partial")
    former = directory.with_name(f".{directory.name}.former")
    for leftover in (partial, former):  # left by a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        _sync_tree(partial)
        if directory.exists():
            directory.rename(former)
        try:
            partial.rename(directory)
        except OSError:
            if former.exists():
                former.rename(directory)
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync(directory.parent)
    shutil.rmtree(former, ignore_errors=True)


def _check_replaceable(directory: Path) -> None:
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise ModelError(f"{directory} is there and is no directory; choose another --output")
    if directory.is_dir() and any(directory.iterdir()) and not is_export(directory):
        raise ModelError(
            f"{directory} is there and holds something else than an exported model; choose "
            "another directory"
        )


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        sync(path)
    sync(directory)
