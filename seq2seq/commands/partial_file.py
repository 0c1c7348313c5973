"""A file of translations in the making, which takes its name when it is complete.

    .NAME.partial        the lines so far
    .NAME.partial.json   how many of them are sure, and of what: see `seq2seq.commands.journal`

A process that ends, whatever way, leaves the two; the same command goes on from there. Only what
the journal vouches for counts, and what it vouches for was on the disk before.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import logging
import os
import threading
import time
from pathlib import Path

from seq2seq.commands.journal import Journal, read_journal, remove_journal, write_journal
from seq2seq.disk import sync
from seq2seq.errors import UserError
from seq2seq.inference.lines_in import InputLines, Position
from seq2seq.inference.output import StreamOutput

log = logging.getLogger("seq2seq")

_SAVE_EVERY = 1.0  # seconds: that much work is lost at most when the process is killed


class PartialFile(StreamOutput):
    """What will be the file `path`, locked against other processes while this one writes it."""

    def __init__(self, path: Path, *, fingerprint: str, restart: bool) -> None:
        """Open it, or what a former process left of it.

        Args:
            path: of the file to be.
            fingerprint: of what decides, beside the input, what the lines will be.
            restart: do not go on with what is there.

        Raises:
            UserError: another process is writing it.
            OSError: it cannot be written.
        """
        self.path = path
        self._partial = path.with_name(f".{path.name}.partial")
        self._journal_path = path.with_name(f".{path.name}.partial.json")
        self._file = _open_locked(self._partial, path)
        super().__init__(self._file, name=str(path))
        self._fingerprint, self._restart = fingerprint, restart
        self._journal: Journal | None = None  # of what has been written, once that is known
        self._saved: Journal | None = None
        self._saved_at = 0.0
        self._saving = threading.Lock()

    def begin(self, lines: InputLines) -> None:
        """Skip the lines that are done, if what is there is of this input, model and options.

        Otherwise begin anew. Says on the log which of the two, if there was something.
        """
        found = read_journal(self._journal_path)
        size = self._file.seek(0, os.SEEK_END)
        fault = self._fault(found, size) if size else ""
        if found is not None and size and not fault:
            if lines.skip(found.position, spool=self.path.parent):
                self._file.truncate(found.output_bytes)
                self._file.seek(found.output_bytes)
                self._journal = self._saved = found
                log.info("%s goes on at line %s", self.path, f"{found.lines + 1:,}")
                return
            fault = "the input does not begin with the lines it was made from"
        if fault:
            log.info("%s starts over: %s", self.path, fault)
        remove_journal(self._journal_path)
        self._file.truncate(0)
        self._file.seek(0)
        self._journal = Journal(0, "", 0, self._fingerprint)

    def _fault(self, found: Journal | None, size: int) -> str:
        """Why what is there, of `size` bytes, cannot be gone on with; empty if it can."""
        if self._restart:
            return "as --restart says"
        if found is None or size < found.output_bytes:
            return "it is not known how much of what is there was complete"
        if found.fingerprint != self._fingerprint:
            return "it was begun with another model or other options"
        return ""

    def mark(self, position: Position) -> None:
        """What was written so far belongs to the lines before `position`."""
        size = self._file.tell()
        self._journal = Journal(position.lines, position.sha256, size, self._fingerprint)
        if time.monotonic() - self._saved_at >= _SAVE_EVERY:
            self._save()
            self._saved_at = time.monotonic()

    def finish(self) -> None:
        """Give the complete file its name."""
        os.fsync(self._file.fileno())
        self._partial.replace(self.path)
        remove_journal(self._journal_path)
        sync(self.path.parent)

    def leave(self) -> None:
        """Keep what can be gone on with, after an error or an interruption; remove it if nothing.

        What a former process left stays as it is if this one has not begun.
        """
        if self._journal is None:
            if not self._journal_path.exists() and not os.fstat(self._file.fileno()).st_size:
                self._partial.unlink(missing_ok=True)
        elif self._partial.exists():  # not yet renamed
            with contextlib.suppress(OSError):  # on a full disk the journal before this one holds
                self._save()
            if self._saved is not None:
                done = f"{self._saved.lines:,}"
                log.info("%s: %s lines are done; the same command goes on", self.path, done)
            else:
                remove_journal(self._journal_path)
                self._partial.unlink()

    def close(self) -> None:
        """Let the file and its lock go."""
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
    """The partial file of `path`, opened for this process alone, unbuffered."""
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
