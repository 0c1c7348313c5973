"""An unfinished output file of translations, which is renamed when it is complete.

    .NAME.partial        lines so far
    .NAME.partial.json   journal: number of lines that are safely on the disk, and fingerprint of
        their input and options; see `Journal`

If a process ends early for any reason, both files stay and the same command resumes. Only the part
that the journal records is used; it was on the disk before the journal was written.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import logging
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from seq2seq.disk import sync, write_synced
from seq2seq.errors import UserError
from seq2seq.inference.stream.input import InputLines, Position
from seq2seq.inference.stream.output import StreamOutput


@dataclass(frozen=True)
class Journal:
    """Progress of an unfinished file.

    Attributes:
        lines: number of input lines that are translated.
        input_sha256: SHA-256 of the bytes of these lines.
        output_bytes: number of bytes of their translations.
        fingerprint: fingerprint of the model and options of the translation.
    """

    lines: int
    input_sha256: str
    output_bytes: int
    fingerprint: str

    @property
    def position(self) -> Position:
        """Return the position in the input at which to resume."""
        return Position(self.lines, self.input_sha256)


def read_journal(path: Path) -> Journal | None:
    """Return the journal in `path`; None if it is missing or invalid."""
    try:
        values = json.loads(path.read_bytes())
        journal = Journal(**values)
    except (OSError, ValueError, TypeError):
        return None
    expected = {"lines": int, "input_sha256": str, "output_bytes": int, "fingerprint": str}
    if any(type(value) is not expected[key] for key, value in asdict(journal).items()):
        return None
    return journal if journal.lines > 0 and journal.output_bytes > 0 else None


def write_journal(path: Path, journal: Journal) -> None:
    """Write the journal atomically, even if the power fails."""
    new = _unfinished(path)
    write_synced(new, json.dumps(asdict(journal)).encode("ascii"))
    new.replace(path)


def remove_journal(path: Path) -> None:
    """Remove the journal if it exists, and the leftover of an interrupted write."""
    path.unlink(missing_ok=True)
    _unfinished(path).unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


log = logging.getLogger("seq2seq")

_SAVE_EVERY = 1.0  # seconds: maximum amount of work lost when the process is killed


class PartialFile(StreamOutput):
    """Unfinished version of the file `path`, locked against other processes while it is written."""

    def __init__(self, path: Path, *, fingerprint: str, restart: bool) -> None:
        """Open the unfinished file of an earlier process, or create a new one.

        Args:
            path: name of the finished file.
            fingerprint: fingerprint of everything that determines the lines, except the input.
            restart: true to discard an unfinished file instead of resuming.

        Raises:
            UserError: another process is writing the file.
            OSError: the file cannot be written.
        """
        self.path = path
        self._partial = path.with_name(f".{path.name}.partial")
        self._journal_path = path.with_name(f".{path.name}.partial.json")
        self._file = _open_locked(self._partial, path)
        super().__init__(self._file, name=str(path))
        self._fingerprint, self._restart = fingerprint, restart
        self._journal: Journal | None = None  # describes the written part, once it is known
        self._saved: Journal | None = None
        self._saved_at = 0.0
        self._saving = threading.Lock()

    def begin(self, lines: InputLines) -> None:
        """Skip the lines that are done, if the unfinished file has this input, model and options.

        Otherwise start over. If there was an unfinished file, log which of the two happens.
        """
        found = read_journal(self._journal_path)
        size = self._file.seek(0, os.SEEK_END)
        error = self._error(found, size) if size else ""
        if found is not None and size and not error:
            if lines.skip(found.position, spool=self.path.parent):
                self._file.truncate(found.output_bytes)
                self._file.seek(found.output_bytes)
                self._journal = self._saved = found
                log.info("%s goes on at line %s", self.path, f"{found.lines + 1:,}")
                return
            error = "the input does not begin with the lines it was made from"
        if error:
            log.info("%s starts over: %s", self.path, error)
        remove_journal(self._journal_path)
        self._file.truncate(0)
        self._file.seek(0)
        self._journal = Journal(0, "", 0, self._fingerprint)

    def _error(self, found: Journal | None, size: int) -> str:
        """Return the reason why the unfinished file of `size` bytes cannot be resumed, or ""."""
        if self._restart:
            return "as --restart says"
        if found is None or size < found.output_bytes:
            return "it is not known how much of what is there was complete"
        if found.fingerprint != self._fingerprint:
            return "it was begun with another model or other options"
        return ""

    def mark(self, position: Position) -> None:
        """Record that everything written so far belongs to the lines before `position`."""
        size = self._file.tell()
        self._journal = Journal(position.lines, position.sha256, size, self._fingerprint)
        if time.monotonic() - self._saved_at >= _SAVE_EVERY:
            self._save()
            self._saved_at = time.monotonic()

    def finish(self) -> None:
        """Rename the complete file to its final name."""
        os.fsync(self._file.fileno())
        self._partial.replace(self.path)
        remove_journal(self._journal_path)
        sync(self.path.parent)

    def leave(self) -> None:
        """Keep the finished part after an error or an interruption; remove the file if it is empty.

        The file of an earlier process stays unchanged if `begin` was not called.
        """
        if self._journal is None:
            if not self._journal_path.exists() and not os.fstat(self._file.fileno()).st_size:
                self._partial.unlink(missing_ok=True)
        elif self._partial.exists():  # not yet renamed
            with contextlib.suppress(OSError):  # on a full disk the previous journal stays valid
                self._save()
            if self._saved is not None:
                done = f"{self._saved.lines:,}"
                log.info("%s: %s lines are done; the same command goes on", self.path, done)
            else:
                remove_journal(self._journal_path)
                self._partial.unlink()

    def close(self) -> None:
        """Close the file, which releases its lock."""
        self._file.close()

    def _save(self) -> None:
        with self._saving:
            journal = self._journal
            if journal is not None and journal.lines > 0 and journal != self._saved:
                try:
                    os.fsync(self._file.fileno())
                    write_journal(self._journal_path, journal)
                except OSError as error:
                    raise OSError(error.errno, error.strerror, str(self.path)) from error
                self._saved = journal


def _open_locked(partial: Path, path: Path) -> io.FileIO:
    """Return the partial file of `path`, locked for this process, unbuffered."""
    while True:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        file = io.FileIO(descriptor, "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise UserError(
                f"another process is writing {path}: wait for it, or give another --output"
            ) from error
        # The process that had the lock before may have finished this file, or removed it.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), partial.stat()):
                return file
        file.close()
