"""Public corpora: their addresses, and verified downloads over an unreliable connection."""

from __future__ import annotations

import fcntl
import http.client
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from ssl import SSLError
from typing import BinaryIO

from seq2seq.disk import writing_into
from seq2seq.errors import DataError, SettingsError

Progress = Callable[[str, int, int | None], None]

ATTEMPTS = 5  # consecutive attempts without new data
TIMEOUT = 30.0  # seconds without a byte

_CHUNK = 1 << 16
_FIRST_WAIT = 1.0  # seconds; doubled at each further attempt
_PASSING_STATUSES = (408, 425, 429)  # temporary errors; also all statuses from 500
_logger = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class RemoteFile:
    """One file of a public corpus."""

    remote: str  # name of the file relative to the base address
    local: str
    sha256: str


@dataclass(frozen=True)
class PublicCorpus:
    """A corpus that can be downloaded without an account."""

    base_url: str
    files: tuple[RemoteFile, ...]


CORPORA = {
    "multi30k": PublicCorpus(
        "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw",
        (
            RemoteFile(
                "train.en.gz",
                "train.en.gz",
                "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
            ),
            RemoteFile(
                "train.de.gz",
                "train.de.gz",
                "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6",
            ),
            RemoteFile(
                "val.en.gz",
                "valid.en.gz",
                "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
            ),
            RemoteFile(
                "val.de.gz",
                "valid.de.gz",
                "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a",
            ),
            RemoteFile(
                "test_2016_flickr.en.gz",
                "test2016.en.gz",
                "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
            ),
            RemoteFile(
                "test_2016_flickr.de.gz",
                "test2016.de.gz",
                "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
            ),
        ),
    ),
}


class _BrokenOffError(Exception):
    """A transfer that ended early; the bytes received so far are kept, and it may be resumed."""


def download(
    name: str,
    directory: Path,
    *,
    base_url: str | None = None,
    progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> list[Path]:
    """Download a public corpus into `directory`; verified files that exist already are kept.

    Args:
        name: name of the corpus, a key of `CORPORA`.
        directory: directory of the files.
        base_url: address of a mirror, instead of the corpus' own address.
        progress: callback that gets a file's name, the bytes received, and their total.
        wait: function that waits for a number of seconds before another attempt.

    Returns:
        paths of the files, in the order of `CORPORA`.

    Raises:
        SettingsError: the name is not known, or the address is not an HTTP address.
        DataError: a file cannot be downloaded, or has another checksum.
    """
    if name not in CORPORA:
        raise SettingsError(f"{name!r} is no corpus to download; known are {', '.join(CORPORA)}")
    corpus = CORPORA[name]
    base = (base_url or corpus.base_url).rstrip("/")
    return [
        fetch(
            f"{base}/{file.remote}",
            directory / file.local,
            sha256=file.sha256,
            progress=progress,
            wait=wait,
        )
        for file in corpus.files
    ]


def fetch(
    url: str,
    path: Path,
    *,
    sha256: str | None = None,
    progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Download one file and return its path; a complete file that exists already is kept.

    Args:
        url: address of the file.
        path: local path; its directory is created.
        sha256: checksum of the file; None if its content is verified later.
        progress: see `download`.
        wait: see `download`.

    Raises:
        SettingsError: the address does not begin with http:// or https://.
        DataError: the file cannot be downloaded, or has another checksum.
    """
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"--base-url {url} must begin with http:// or https://")
    with writing_into(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        return _Transfer(url, path, sha256).run(progress or _silent, wait)


def _silent(name: str, done: int, total: int | None) -> None:
    """Ignore the progress."""


@dataclass(frozen=True)
class _Transfer:
    """Download of one file: requested, resumed if needed, verified, and only then renamed.

    Without a checksum, the file is complete once the server has sent all announced bytes.
    """

    url: str
    path: Path
    sha256: str | None

    def run(self, progress: Progress, wait: Callable[[float], None]) -> Path:
        if self.path.exists():
            found = _digest(self.path)
            if self.sha256 in (found, None):
                return self.path
            raise DataError(
                f"{self.path} is there already, but is another file than {self.url} (SHA-256 "
                f"{found}, not {self.sha256}); move it away and download again"
            )
        part_path = self.path.with_name(self.path.name + ".part")
        with _locked_part(part_path) as part:
            try:
                self._fetch(part, progress, wait)
                os.fsync(part.fileno())
                part_path.rename(self.path)
            finally:
                if part_path.exists() and not part_path.stat().st_size:
                    part_path.unlink()
        return self.path

    def _fetch(self, part: BinaryIO, progress: Progress, wait: Callable[[float], None]) -> None:
        """Fill `part` until it holds the complete file; reconnect after each interruption."""
        fruitless = 0
        left_over = part.seek(0, os.SEEK_END) > 0  # from an earlier run, perhaps of another file
        while True:
            begin = part.seek(0, os.SEEK_END)
            if begin and _digest_of(part) == self.sha256:
                return
            try:
                self._receive(part, begin, progress)
            except _BrokenOffError as error:
                fruitless = 0 if part.seek(0, os.SEEK_END) > begin else fruitless + 1
                if fruitless == ATTEMPTS:
                    raise DataError(
                        f"{self.url} cannot be fetched ({error}) after {ATTEMPTS} attempts; see "
                        "to the network and run the same command again, it goes on from there"
                    ) from error
                _logger.warning("%s broke off (%s); trying again", self.url, error)
                wait(_FIRST_WAIT * 2**fruitless)
                continue
            found = _digest_of(part)
            if self.sha256 in (found, None):
                return
            part.truncate(0)
            if not left_over:
                raise DataError(
                    f"{self.url} is not the file it should be (SHA-256 {found}, not "
                    f"{self.sha256}); nothing was kept: try later or another --base-url"
                )
            left_over = False

    def _receive(self, part: BinaryIO, begin: int, progress: Progress) -> None:
        """Request the bytes from `begin` on, once; the server may send the whole file instead."""
        headers = {"User-Agent": "seq2seq", "Accept-Encoding": "identity"}
        if begin:
            headers["Range"] = f"bytes={begin}-"
        request = urllib.request.Request(self.url, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                start = _range_begin(response) if response.status == 206 else 0
                part.truncate(begin if start == begin else 0)
                if start not in (0, begin):
                    raise _BrokenOffError("the server sent another part than was asked for")
                self._copy(response, part, start, progress)
        except urllib.error.HTTPError as error:
            error.close()
            self._refused(error, part, begin)
        except urllib.error.URLError as error:
            raise _BrokenOffError(str(error.reason)) from error
        except (http.client.HTTPException, ConnectionError, TimeoutError, SSLError) as error:
            raise _BrokenOffError(str(error) or type(error).__name__) from error

    def _copy(
        self, response: http.client.HTTPResponse, part: BinaryIO, begin: int, progress: Progress
    ) -> None:
        rest = response.length  # None when the server does not state it
        total = None if rest is None else begin + rest
        done = part.seek(begin)
        progress(self.path.name, done, total)
        while chunk := response.read(_CHUNK):
            done += part.write(chunk)
            progress(self.path.name, done, total)
        part.flush()
        # http.client does not raise when the connection ends early and the reader asks for chunks.
        if total is not None and done < total:
            raise _BrokenOffError(f"{done:,} of {total:,} bytes came")

    def _refused(self, error: urllib.error.HTTPError, part: BinaryIO, begin: int) -> None:
        if error.code == 416 and begin:  # `part` is not shorter than the file: begin again
            part.truncate(0)
            return
        if error.code >= 500 or error.code in _PASSING_STATUSES:
            raise _BrokenOffError(f"HTTP status {error.code}") from error
        raise DataError(
            f"{self.url} cannot be fetched: HTTP status {error.code} ({error.reason}); "
            "see whether the address is right, or give a mirror with --base-url"
        ) from error


@contextmanager
def _locked_part(path: Path) -> Iterator[BinaryIO]:
    with path.open("a+b") as appended, path.open("r+b") as part:
        try:
            fcntl.flock(appended, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(
                f"{path} is being written by another download; wait until it is done"
            ) from error
        yield part


def _range_begin(response: http.client.HTTPResponse) -> int:
    """Return the file position at which a partial response begins; -1 if it is not stated."""
    unit, _, span = (response.headers.get("Content-Range") or "").partition(" ")
    begin = span.partition("-")[0]
    return int(begin) if unit == "bytes" and begin.isdigit() else -1


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
