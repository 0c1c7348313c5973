"""A prepared directory: built once for one set of files and settings, then opened.

Its path is `<directory>/<first 16 digits of its fingerprint>/`. It is built in a hidden directory
beside that path and renamed when it is complete, so the path never holds an incomplete one.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from seq2seq.disk import sync, write_synced
from seq2seq.errors import DataError, ModelError

Prepared = TypeVar("Prepared")
Progress = Callable[[str, int, int | None], None]
FileStates = dict[Path, tuple[int, int]]  # size, and time of the last change

_logger = logging.getLogger("seq2seq")
_FINGERPRINT = "fingerprint.json"
FINGERPRINT_DIGITS = 16  # digits of the fingerprint in a directory's name
_CHUNK = 1 << 20
_PARTIAL = ".partial"


@dataclass(frozen=True)
class Building(Generic[Prepared]):
    """Instructions to build and open a prepared directory.

    Attributes:
        files: input files; they must not change during the build.
        made_from: function that returns everything the directory depends on, with checksums of the
            files; the hash of this is the fingerprint.
        fill: function that writes the content into an empty directory.
        open: function that reads the directory; raises DataError or ModelError if it is damaged.
        progress: callback that gets the stages, also `waiting` for another process.
    """

    files: tuple[Path, ...]
    made_from: Callable[[], dict[str, Any]]
    fill: Callable[[Path], None]
    open: Callable[[Path], Prepared]
    progress: Progress


def silent(stage: str, done: int, total: int | None) -> None:
    """Ignore the progress."""


def open_or_build(directory: Path, building: Building[Prepared]) -> Prepared:
    """Open the prepared directory of these files and settings; build it first if needed.

    Args:
        directory: parent directory of prepared directories.
        building: instructions to build and open it.

    Raises:
        DataError: the directory cannot be written, a file changed during the build, or `fill`
            raised this error.
    """
    states = _states(building.files)
    made_from = building.made_from()
    fingerprint = sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    path = directory / fingerprint[:FINGERPRINT_DIGITS]
    prepared = _open_whole(path, building, warn=False)
    if prepared is not None:
        return prepared
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(path, building.progress):
            prepared = _open_whole(path, building, warn=True)  # another process may have built it
            if prepared is None:
                _remove_abandoned(directory)
                record = {"fingerprint": fingerprint, "made_from": made_from}
                _build(path, building, record, states)
    except OSError as error:
        raise DataError(
            f"{directory}: the corpus cannot be prepared there "
            f"({error.strerror or error}); free some space or set `runs` to another directory"
        ) from error
    return prepared or building.open(path)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        DataError: it cannot be read.
    """
    digest = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def read_record(path: Path) -> dict[str, Any]:
    """Return the record written when the directory was complete: `fingerprint`, `made_from`.

    Raises:
        DataError: the record is damaged, or a file has another size than recorded.
    """
    file = path / _FINGERPRINT
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        sizes = {name: int(size) for name, size in record["sizes"].items()}
        str(record["fingerprint"])
    except OSError as error:
        raise damaged(file, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(file, "is not what was written") from error
    for name, size in sizes.items():
        part = path / name
        if not part.is_file():
            raise damaged(part, "is missing")
        if part.stat().st_size != size:
            raise damaged(part, f"has {part.stat().st_size:,} bytes and must have {size:,}")
    return dict(record)


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of a prepared directory.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            return [json.loads(line) for line in file]
    except OSError as error:
        raise damaged(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise damaged(path, "is not JSON lines") from error


def damaged(path: Path, what: str) -> DataError:
    """Return the error for a damaged file of a prepared directory."""
    return DataError(f"{path} {what}: the prepared corpus is damaged")


def _open_whole(path: Path, building: Building[Prepared], *, warn: bool) -> Prepared | None:
    """Open the content of `path`; return None if there is none or it is damaged."""
    if not path.exists():
        return None
    try:
        return building.open(path)
    except (DataError, ModelError) as error:
        if warn:
            _logger.warning("%s; it is being prepared again", error)
        return None


@contextmanager
def _locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock of one corpus; wait while another process builds it."""
    with _lock_file(path).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _logger.info("another process is preparing %s: waiting for it", path)
            progress("waiting", 0, None)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _build(
    path: Path, building: Building[Prepared], record: dict[str, Any], states: FileStates
) -> None:
    partial = path.with_name(f".{path.name}{_PARTIAL}")
    if partial.exists():  # left by a process that was killed: this process holds the lock
        shutil.rmtree(partial)
    partial.mkdir()
    try:
        building.fill(partial)
        for file, state in _states(building.files).items():
            if state != states[file]:
                raise DataError(f"{file} changed while it was being read: prepare it again")
        files = sorted(file for file in partial.rglob("*") if file.is_file())
        record["sizes"] = {str(file.relative_to(partial)): file.stat().st_size for file in files}
        write_synced(partial / _FINGERPRINT, json.dumps(record, indent=1).encode())
        for folder in {file.parent for file in files}:
            sync(folder)
        if path.exists():  # it is damaged: otherwise it would have been opened
            shutil.rmtree(path)
        partial.rename(path)
        sync(path.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _states(paths: Iterable[Path]) -> FileStates:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def _remove_abandoned(directory: Path) -> None:
    """Remove incomplete directories of killed preparations, which no process locks."""
    for partial in directory.glob(f".*{_PARTIAL}"):
        owner = partial.with_name(partial.name.removeprefix(".").removesuffix(_PARTIAL))
        with _lock_file(owner).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(partial, ignore_errors=True)
