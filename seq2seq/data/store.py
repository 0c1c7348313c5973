"""The prepared pairs of one split: token ids in memory-mapped files.

A store is a directory: for each side `<side>.ids` (uint16, or uint32 for a large vocabulary) and
`<side>.offsets` (int64, one more than there are rows), `lines.numbers` (int64) and `store.json`,
which is written last and holds the sizes that the others must have.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.config.choices import Side
from seq2seq.disk import write_synced
from seq2seq.errors import DataError

FORMAT = "seq2seq-store"
VERSION = 1
HEADER = "store.json"

_SIDES: tuple[Side, ...] = get_args(Side)
_OFFSET = np.dtype("<i8")


def _id_type(vocab_size: int) -> np.dtype[Any]:
    return np.dtype("<u2" if vocab_size <= 1 << 16 else "<u4")


@dataclass(frozen=True, eq=False)
class Column:
    """Rows of different lengths: the ids of a text, without bos and eos, or steps of features.

    Attributes:
        values: all rows one after another, memory-mapped: ids `[total]` uint16 or uint32, or
            `[total, features]` float32.
        offsets: start of each row, and end of the last, `[n + 1]` int64.
    """

    values: NDArray[Any]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> NDArray[Any]:
        """Return the values of one row, `[length, ...]`; -1, -2, … count rows from the end."""
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        row %= len(self)
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Return the length of each row, `[n]` int32."""
        return np.diff(self.offsets).astype(np.int32)

    def with_rows(self, new: Mapping[int, Sequence[int]]) -> Column:
        """Return a column in memory in which some rows have other values, and other lengths."""
        rows = sorted(new)
        lengths = np.diff(self.offsets)
        lengths[rows] = [len(new[row]) for row in rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        values = np.empty([offsets[-1], *self.values.shape[1:]], self.values.dtype)
        begin = 0
        for row in [*rows, len(self)]:
            values[offsets[begin] : offsets[row]] = self.values[
                self.offsets[begin] : self.offsets[row]
            ]
            if row < len(self):
                values[offsets[row] : offsets[row + 1]] = new[row]
            begin = row + 1
        return Column(values, offsets)

    def gather(self, rows: ArrayLike) -> tuple[NDArray[Any], NDArray[np.int32]]:
        """Return some rows one after another, `[total, ...]`, and their lengths, `[len(rows)]`."""
        picked = np.asarray(rows, dtype=np.int64)
        starts = np.asarray(self.offsets[picked])
        lengths = self.offsets[picked + 1] - starts
        # Position p of the output is at start + (p - start of its row in the output).
        begins = np.concatenate([[0], np.cumsum(lengths)])
        where = np.repeat(starts - begins[:-1], lengths) + np.arange(begins[-1])
        return np.asarray(self.values[where]), lengths.astype(np.int32)


@dataclass(frozen=True, eq=False)
class CorpusStore:
    """The kept pairs of one split, in the order of the file.

    Attributes:
        source, target: token ids of each side.
        lines: line of the corpus file of each row (from 1), `[n]` int64.
    """

    source: Column
    target: Column
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.lines)

    @staticmethod
    def open(directory: Path) -> CorpusStore:
        """Map a store into memory.

        Raises:
            DataError: it is missing, of another version, or a file has the wrong size.
        """
        header = _read_header(directory)
        rows = header["rows"]
        source, target = (_column(directory, side, header) for side in _SIDES)
        return CorpusStore(source, target, map_file(directory / "lines.numbers", _OFFSET, rows))


def _column(directory: Path, side: Side, header: dict[str, Any]) -> Column:
    kind = np.dtype(str(header["id_type"][side]))
    ids = map_file(directory / f"{side}.ids", kind, header["pieces"][side])
    offsets = map_file(directory / f"{side}.offsets", _OFFSET, header["rows"] + 1)
    if offsets[0] != 0 or offsets[-1] != len(ids):
        raise damaged(directory / f"{side}.offsets", "does not fit the ids")
    return Column(ids, offsets)


def _read_header(directory: Path) -> dict[str, Any]:
    path = directory / HEADER
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
        if header["format"] != FORMAT or header["version"] != VERSION:
            raise damaged(path, "is of another version")
        for side in _SIDES:
            if header["id_type"][side] not in ("<u2", "<u4") or header["pieces"][side] < 0:
                raise damaged(path, "holds what cannot be")
        if header["rows"] < 0:
            raise damaged(path, "holds what cannot be")
    except OSError as error:
        raise damaged(path, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, "is not a store's header") from error
    return dict(header)


def map_file(path: Path, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    """Map a file of `count` numbers of a type into memory, `[count]`.

    Raises:
        DataError: it cannot be read or has another size.
    """
    try:
        size = path.stat().st_size
        if size != count * kind.itemsize:
            wanted = f"has {size:,} bytes and must have {count * kind.itemsize:,}"
            raise damaged(path, wanted)
        if not count:
            return np.empty(0, kind)
        # A plain view of the map: numpy.memmap's own indexing is several times slower.
        return np.asarray(np.memmap(path, kind, "r"))
    except OSError as error:
        raise damaged(path, f"cannot be read ({error.strerror})") from error


def damaged(path: Path, what: str) -> DataError:
    """Return the error for a damaged file of a store."""
    return DataError(f"{path} {what}: the prepared corpus is damaged; delete {path.parent.parent}")


class StoreWriter:
    """Writer of a store, row by row in constant memory; complete only after `close`."""

    def __init__(self, directory: Path, *, source_vocab: int, target_vocab: int) -> None:
        """Create `directory`; the sizes of the vocabularies decide the width of an id."""
        directory.mkdir(parents=True)
        self._directory = directory
        self._types = (_id_type(source_vocab), _id_type(target_vocab))
        self._files: dict[str, BinaryIO] = {}
        self._tokens = [0, 0]
        self._rows = 0
        for side in _SIDES:
            self._open(f"{side}.ids")
            self._open(f"{side}.offsets").write(np.zeros(1, _OFFSET).tobytes())
        self._open("lines.numbers")

    def _open(self, name: str) -> BinaryIO:
        file = (self._directory / name).open("wb")
        self._files[name] = file
        return file

    def append(
        self,
        source: Sequence[Sequence[int]],
        target: Sequence[Sequence[int]],
        lines: Sequence[int],
    ) -> None:
        """Add pairs: ids of each side (neither bos nor eos) and their line numbers."""
        if not len(source) == len(target) == len(lines):
            raise ValueError(f"{len(source)} sources, {len(target)} targets, {len(lines)} lines")
        for side, (name, rows) in enumerate(zip(_SIDES, (source, target), strict=True)):
            lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
            ends = self._tokens[side] + np.cumsum(lengths)
            flat = np.fromiter(
                (token for row in rows for token in row), self._types[side], int(lengths.sum())
            )
            self._files[f"{name}.ids"].write(flat.tobytes())
            self._files[f"{name}.offsets"].write(ends.astype(_OFFSET).tobytes())
            self._tokens[side] += len(flat)
        self._files["lines.numbers"].write(np.asarray(lines, _OFFSET).tobytes())
        self._rows += len(lines)

    def close(self) -> None:
        """Write everything to the disk, the header last."""
        header = {
            "format": FORMAT,
            "version": VERSION,
            "rows": self._rows,
            "pieces": dict(zip(_SIDES, self._tokens, strict=True)),
            "id_type": dict(zip(_SIDES, (kind.str for kind in self._types), strict=True)),
        }
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        write_synced(self._directory / HEADER, json.dumps(header).encode())

    def __enter__(self) -> Self:
        """Return the writer; the end of `with` closes it, after an exception without the header."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files; complete the store unless an exception was raised."""
        if kind is None:
            self.close()
        for file in self._files.values():
            file.close()
