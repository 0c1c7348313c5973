"""Synchronization of a local run directory with its copy at a URL, which is always consistent.

Object storage has no rename. Therefore each group of files that must appear atomically has a seal:
a file that is uploaded after the other files of the group, and removed before any of them changes.
The seals are `state.json` of a checkpoint and `manifest.json` of an exported model, each with the
checksums of its files, and `result.json` of the run. A checkpoint without its seal is ignored.
Older checkpoints are removed only after the new one is sealed. Therefore the run can resume even if
an upload is killed at any moment.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterable
from pathlib import Path

from seq2seq.errors import StorageError
from seq2seq.storage.location import PARTIAL, Location

WRITER = "writer.json"
_RESULT = "result.json"
_SEALS = ("manifest.json", "state.json", _RESULT)  # in the order of their upload

Stamp = tuple[int, int]  # size in bytes and modification time in ns


class RunMirror:
    """Synchronization of a run directory with its URL.

    One process at a time writes to a URL: the one that started last. Object storage has no locks,
    so each process writes its identity there, and stops when it finds another identity.
    """

    def __init__(self, location: Location, directory: Path) -> None:
        self._location, self._directory = location, directory
        self._uploaded: dict[str, Stamp] = {}
        self._mark = json.dumps(
            {"host": socket.gethostname(), "process": os.getpid(), "id": uuid.uuid4().hex}
        ).encode()

    def fetch(self) -> None:
        """Take over the run, and replace the local directory by the content of the URL.

        Raises:
            StorageError: the storage cannot be reached or written.
        """
        self._location.write(WRITER, self._mark)
        names = set(self._location.sizes()) - {WRITER}
        unfinished = {n for n in names if _is_unsealed(n, names) or n.endswith(PARTIAL)}
        for name in sorted(unfinished):
            self._location.remove(name)
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        for name in sorted(names - unfinished):
            if not _is_hidden(name):
                self._location.download(name, self._directory / name)
        self._uploaded = self._local()

    def push(self) -> None:
        """Upload the changes of the local directory; unchanged files are not sent again.

        Raises:
            StorageError: the storage cannot be written, or another process has taken over.
        """
        local = self._local()
        changed = {name for name, stamp in local.items() if self._uploaded.get(name) != stamp}
        gone = set(self._uploaded) - set(local)
        if not changed and not gone:
            return
        self._check_writer()
        # A removed seal is uploaded again, after the rest of its group.
        changed |= self._open_seals(changed, gone) & local.keys()
        for name in sorted(changed, key=_sealing_order):
            self._location.upload(self._directory / name, name)
            self._uploaded[name] = local[name]
        self._remove(sorted(gone, key=_sealing_order, reverse=True))

    def _open_seals(self, changed: set[str], gone: set[str]) -> set[str]:
        """Remove the seals that the next changes make invalid, and return their names.

        A seal is the file that is uploaded last, when a checkpoint or an export is complete. It
        becomes invalid when one of their files changes, but not when one is removed: of a pruned
        checkpoint, for example, only the weights and the seal are kept.
        """
        opened = {_RESULT} & gone  # the run was resumed
        for name in changed:
            opened |= {_seal_of(name)} & self._uploaded.keys()
        self._remove(sorted(opened, key=_sealing_order, reverse=True))
        return opened

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._uploaded:
                self._location.remove(name)
                del self._uploaded[name]

    def _check_writer(self) -> None:
        found = self._location.read(WRITER)
        if found == self._mark:
            return
        by = (
            "was removed"
            if found is None
            else f"was taken over ({found[:100].decode('utf-8', 'replace')})"
        )
        raise TakenOver(f"the run at {self._location.url} {by}; this process leaves it alone")

    def _local(self) -> dict[str, Stamp]:
        """Return size and time of every file of the run by name.

        Locks and unfinished files begin with a dot and are left out.
        """
        stamps = {}
        for path in self._directory.rglob("*"):
            name = path.relative_to(self._directory).as_posix()
            if path.is_file() and not _is_hidden(name):
                state = path.stat()
                stamps[name] = (state.st_size, state.st_mtime_ns)
        return stamps


class TakenOver(StorageError):
    """Error of a process whose URL was taken over by another process."""


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _seal_of(name: str) -> str:
    """Return the seal of a file: its own name if it is a seal, "" if it has none."""
    first, *rest = name.split("/")
    if first == "checkpoints" and len(rest) > 1:
        return f"{first}/{rest[0]}/{_SEALS[1]}"
    if first.startswith("export") and rest:
        return f"{first}/{_SEALS[0]}"
    return _RESULT if name == _RESULT else ""


def _sealing_order(name: str) -> tuple[int, str]:
    is_seal = name == _seal_of(name)
    return 1 + _SEALS.index(name.rpartition("/")[2]) if is_seal else 0, name


def _is_unsealed(name: str, names: set[str]) -> bool:
    """Return whether a file belongs to a group whose upload or removal was interrupted."""
    seal = _seal_of(name)
    return seal != "" and seal not in names
