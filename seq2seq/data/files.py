"""Corpus files on disk: lookup of a name, and the bytes of the file, decompressed."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from seq2seq.errors import DataError

COMPRESSED_SUFFIXES = (".gz", ".xz", ".zst")

_MAGIC = {".gz": b"\x1f\x8b", ".xz": b"\xfd7zXZ\x00", ".zst": b"\x28\xb5\x2f\xfd"}
_CHUNK = 1 << 18


def locate(name: str, *, key: str, directory: str | None, download: str | None) -> Path:
    """Return the path of `name` in `directory`, or of `name` with .gz, .xz or .zst added.

    Raises:
        DataError: there is no such file; the message states `key`, the path tried and the download
            command.
    """
    path = Path(name).expanduser()
    if not path.is_absolute() and directory is not None:
        path = Path(directory).expanduser() / path
    what = "does not exist"
    try:
        for candidate in (path, *(Path(f"{path}{end}") for end in COMPRESSED_SUFFIXES)):
            if candidate.is_file():
                return candidate
        if path.is_dir():
            what = "is a directory, not a file"
    except OSError as error:  # a directory without permission, or a name that is too long
        what = f"cannot be looked up: {error.strerror}"
    hint = f"; fetch it with `seq2seq download {download}`" if download else ""
    where = "" if path.is_absolute() else f" (from {Path.cwd()})"
    raise DataError(
        f"{key}={name}: {path}{where} {what} (nor with .gz, .xz or .zst after it); "
        f"set {key} or data.directory to where the corpus is{hint}"
    )


def plain_suffix(path: Path) -> str:
    """Return a file's suffix without that of its compression: `a.tsv.gz` gives `.tsv`."""
    if path.suffix.lower() in COMPRESSED_SUFFIXES:
        path = path.with_suffix("")
    return path.suffix.lower()


@contextmanager
def open_bytes(path: Path) -> Iterator[io.BufferedReader]:
    """Open a plain or compressed file for reading; its content determines the compression.

    Raises:
        DataError: the file cannot be read, is truncated or damaged, or its name promises another
            compression.
    """
    try:
        with path.open("rb") as file:
            head, raw = _head(file)
            with _decompressed(raw, path, head) as stream:
                yield stream
    except EOFError as error:
        raise _damaged(path, "ends too early") from error
    except (zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise _damaged(path, f"is damaged ({error})") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error


def is_compressed(path: Path) -> bool:
    """Return whether `open_bytes` would decompress the file.

    Raises:
        OSError: the file cannot be read.
        DataError: its name promises another compression.
    """
    with path.open("rb") as file:
        return _compression(file.read(6), path) is not None


def _damaged(path: Path, what: str) -> DataError:
    return DataError(f"{path}: the compressed file {what}; fetch or compress it again")


def _head(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes, which identify a compression, and a stream of the whole file."""
    if file.seekable():
        head = file.read(6)
        file.seek(0)
        return head, file
    head = b""
    # A pipe may deliver single bytes; reading more than is needed could block until the next line.
    while any(magic.startswith(head) and magic != head for magic in _MAGIC.values()):
        byte = file.read(1)
        if not byte:
            break
        head += byte
    # The stream is unbuffered, because another buffer would wait until it is full.
    return head, cast(BinaryIO, _Rejoined(head, cast(io.BufferedReader, file)))


def _compression(head: bytes, path: Path) -> str | None:
    for suffix, magic in _MAGIC.items():
        if head.startswith(magic):
            return suffix
    suffix = path.suffix.lower()
    if suffix in _MAGIC:
        raise DataError(
            f"{path} is named {suffix} but does not hold such data (it begins with "
            f"{head!r}); fetch it again or give it its right name"
        )
    return None


def _decompressed(raw: BinaryIO, path: Path, head: bytes) -> io.BufferedReader:
    suffix = _compression(head, path)
    # The C-level buffer makes reading by lines several times faster than GzipFile alone.
    if suffix == ".gz":
        return io.BufferedReader(cast(Any, gzip.GzipFile(fileobj=raw)), _CHUNK)
    if suffix == ".xz":
        return io.BufferedReader(cast(Any, lzma.LZMAFile(raw)), _CHUNK)
    if suffix == ".zst":
        return io.BufferedReader(_ZstdFile(raw, path), _CHUNK)
    return io.BufferedReader(cast(Any, raw), _CHUNK)


class _Rejoined(io.RawIOBase):
    """A pipe whose first bytes have already been read."""

    def __init__(self, head: bytes, rest: io.BufferedReader) -> None:
        super().__init__()
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._rest.fileno()

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with the bytes that have arrived; return 0 at the end."""
        chunk = self._head[: len(buffer)] or self._rest.read1(len(buffer))
        self._head = self._head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _ZstdFile(io.RawIOBase):
    """Reader of consecutive Zstandard frames; unlike the library's, it rejects truncated frames."""

    def __init__(self, raw: BinaryIO, path: Path) -> None:
        super().__init__()
        try:
            import zstandard
        except ImportError as error:
            raise DataError(
                f"{path} is compressed with Zstandard: install the package `zstandard`, "
                "or decompress the file first"
            ) from error
        self._error: type[Exception] = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor()
        self._frame: Any = None
        self._raw = raw
        self._path = path
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; return the number of bytes read, 0 at the end."""
        while not self._output:
            self._input = self._input or self._raw.read(_CHUNK)
            if not self._input:
                if self._frame is not None:
                    raise EOFError("the last frame has no end")
                return 0
            self._output = memoryview(self._decompress())
        count = min(len(buffer), len(self._output))
        buffer[:count] = self._output[:count]
        self._output = self._output[count:]
        return count

    def _decompress(self) -> bytes:
        if self._frame is None:
            self._frame = self._decompressor.decompressobj()
        frame = self._frame
        try:
            output: bytes = frame.decompress(self._input)
        except self._error as error:
            raise _damaged(self._path, f"is damaged ({error})") from error
        self._input = b""
        if frame.eof:
            self._input = frame.unused_data
            self._frame = None
        return output
