"""Directory at a URL, with the operations on its files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seq2seq.errors import StorageError

PARTIAL = ".part"  # suffix of a file that is being written

# Extra of our package that installs the fsspec backend of a scheme.
_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs"}


class Location:
    """Directory at a URL. Names of files are relative to it and use `/`."""

    def __init__(self, url: str) -> None:
        """Find the file system of the URL; nothing is read yet.

        Raises:
            StorageError: the scheme is unknown, or its package is not installed.
        """
        import fsspec

        self.url = url.rstrip("/")
        scheme = url.partition("://")[0]
        options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.url, **options)
        except ImportError as error:
            extra = _EXTRAS.get(scheme)
            package = f"pip install 'seq2seq-lstm[{extra}]'" if extra else str(error)
            raise StorageError(
                f"{scheme}:// needs a package that is not installed: {package}."
            ) from error
        except ValueError as error:
            raise StorageError(f"{url} cannot be used: {' '.join(str(error).split())}") from error
        # An unfinished copy is visible in a directory, but not in object storage.
        self._renames = scheme in ("file", "local")

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of every file in the directory; empty if it does not exist."""
        with self._told("listed"):
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
        return {self._name(path): int(info["size"]) for path, info in found.items()}

    def state(self, name: str) -> tuple[int, str]:
        """Return the size of a file in bytes, and a value that changes with it (ETag or time)."""
        with self._told("read"):
            info = self._files.info(self._path(name))
        changed = (str(info[key]) for key in ("ETag", "etag", "mtime", "updated") if key in info)
        return int(info["size"]), next(changed, "")

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file, or None if it does not exist."""
        with self._told("read"):
            try:
                content: bytes = self._files.cat_file(self._path(name))
            except FileNotFoundError:
                return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a small file atomically."""
        path = self._path(name)
        with self._told("written"):
            self._make_parent(path)
            if self._renames:
                self._files.pipe_file(f"{path}{PARTIAL}", content)
                self._files.mv(f"{path}{PARTIAL}", path)
            else:
                self._files.pipe_file(path, content)

    def upload(self, source: Path, name: str) -> None:
        """Upload a local file atomically."""
        path = self._path(name)
        with self._told("written"):
            self._make_parent(path)
            if self._renames:
                self._files.put_file(str(source), f"{path}{PARTIAL}")
                self._files.mv(f"{path}{PARTIAL}", path)
            else:
                self._files.put_file(str(source), path)

    def download(self, name: str, target: Path) -> None:
        """Download a file to a local path, and create its directory if needed."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._told("read"):
            self._files.get_file(self._path(name), str(target))

    def remove(self, name: str) -> None:
        """Remove a file, if it exists."""
        with self._told("removed"), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _name(self, path: str) -> str:
        return path.removeprefix(self._root).lstrip("/")

    def _make_parent(self, path: str) -> None:
        if self._renames:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Re-raise any error of the file system as a one-line `StorageError`.

        All errors are caught, because each file system has its own exceptions.
        """
        try:
            yield
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise StorageError(f"{self.url} could not be {what}: {reason[:300]}") from error
