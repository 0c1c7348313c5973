"""The prepared rows of one split: two columns in memory-mapped files.

A store is a directory. For each side (`source` and `target`), `<side>.values` holds the rows one
after another, and `<side>.offsets` (int64) holds the start of each row and the end of the last row.
`lines.numbers` (int64) holds the line numbers of the rows. `store.json` holds the sizes that the
other files must have; it is written last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.config.choices import Side
from seq2seq.data.prepared import damaged
from seq2seq.disk import write_synced

FORMAT = "seq2seq-store"
VERSION = 2
HEADER = "store.json"

_SIDES: tuple[Side, ...] = get_args(Side)
_KINDS = ("<u2", "<u4", "<i4", "<f2", "<f4", "<f8")
_OFFSET = np.dtype("<i8")

Rows = Sequence[Sequence[int]] | Sequence[NDArray[Any]]


class Values(NamedTuple):
    """Type of the values of a column.

    Attributes:
        kind: type of its numbers, as NumPy spells it.
        width: number of features of a value; 0 if a value is a single number.
    """

    kind: str
    width: int = 0

    @staticmethod
    def ids(vocab_size: int) -> Values:
        """Return the narrowest type for the token ids of a vocabulary."""
        return Values("<u2" if vocab_size <= 1 << 16 else "<u4")


@dataclass(frozen=True, eq=False)
class Column:
    """Rows of different lengths: the ids of a text, without bos and eos, or steps of features.

    Attributes:
        values: all rows one after another, memory-mapped: numbers such as ids `[total]`, or
            features `[total, width]`.
        offsets: start of each row, then end of the last row, `[n + 1]` int64.
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
        """Return a copy in memory in which the rows of `new` have new values, of any length."""
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
        # Output position p is read from: start of its row + (p - start of this row in the output).
        begins = np.concatenate([[0], np.cumsum(lengths)])
        where = np.repeat(starts - begins[:-1], lengths) + np.arange(begins[-1])
        return np.asarray(self.values[where]), lengths.astype(np.int32)


@dataclass(frozen=True, eq=False)
class CorpusStore:
    """The kept rows of one split, in the order of the file.

    A long sequence may be stored in several parts; these follow one another and have the same line.

    Attributes:
        source: token ids, or unscaled features.
        target: token ids, class numbers or unscaled numbers.
        lines: line number (from 1) of each row in the corpus file, `[n]` int64.
    """

    source: Column
    target: Column
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    @property
    def first_rows(self) -> NDArray[np.int64]:
        """Return the row number of each sequence, or of its first part, `[sequences]`."""
        return np.flatnonzero(np.diff(self.lines, prepend=-1))

    @staticmethod
    def open(directory: Path) -> CorpusStore:
        """Map a store into memory.

        Raises:
            DataError: it is missing, of another version, or a file has the wrong size.
        """
        path = directory / HEADER
        try:
            header = json.loads(path.read_text(encoding="utf-8"))
            rows, sizes = int(header["rows"]), {side: int(header["sizes"][side]) for side in _SIDES}
            types = {side: Values(*header["types"][side]) for side in _SIDES}
            wrong = (header["format"], header["version"]) != (FORMAT, VERSION)
            least = min(rows, *sizes.values(), *(values.width for values in types.values()))
        except OSError as error:
            raise damaged(path, f"cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(path, "is not a store's header") from error
        if wrong or least < 0 or any(values.kind not in _KINDS for values in types.values()):
            raise damaged(path, "is of another version")
        source, target = (
            _column(directory, side, types[side], rows, sizes[side]) for side in _SIDES
        )
        return CorpusStore(source, target, _map_file(directory / "lines.numbers", _OFFSET, rows))


def _column(directory: Path, side: Side, values: Values, rows: int, size: int) -> Column:
    count = size * max(1, values.width)
    flat = _map_file(directory / f"{side}.values", np.dtype(values.kind), count)
    offsets = _map_file(directory / f"{side}.offsets", _OFFSET, rows + 1)
    if offsets[0] != 0 or offsets[-1] != size:
        raise damaged(directory / f"{side}.offsets", "does not fit the values")
    return Column(flat.reshape(size, values.width) if values.width else flat, offsets)


def _map_file(path: Path, kind: np.dtype[Any], count: int) -> NDArray[Any]:
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


class StoreWriter:
    """Writer of a store, row by row in constant memory; complete only after `with` ends."""

    def __init__(self, directory: Path, source: Values, target: Values) -> None:
        """Create `directory` for rows of these types."""
        directory.mkdir(parents=True)
        self._directory = directory
        self._types: dict[str, Values] = {"source": source, "target": target}
        self._sizes = dict.fromkeys(self._types, 0)
        self._files: dict[str, BinaryIO] = {}
        self._rows = 0
        for side in self._types:
            self._open(f"{side}.values")
            self._open(f"{side}.offsets").write(np.zeros(1, _OFFSET).tobytes())
        self._open("lines.numbers")

    def _open(self, name: str) -> BinaryIO:
        file = (self._directory / name).open("wb")
        self._files[name] = file
        return file

    def append(self, source: Rows, target: Rows, lines: Sequence[int]) -> None:
        """Add rows: the values of each side (texts without bos and eos) and the line numbers."""
        if not len(source) == len(target) == len(lines):
            raise ValueError(f"{len(source)} sources, {len(target)} targets, {len(lines)} lines")
        for side, rows in zip(self._types, (source, target), strict=True):
            ends = self._sizes[side] + np.cumsum([len(row) for row in rows], dtype=_OFFSET)
            self._files[f"{side}.values"].write(_joined(rows, self._types[side].kind).tobytes())
            self._files[f"{side}.offsets"].write(ends.tobytes())
            self._sizes[side] = int(ends[-1]) if len(ends) else self._sizes[side]
        self._files["lines.numbers"].write(np.asarray(lines, _OFFSET).tobytes())
        self._rows += len(lines)

    def _complete(self) -> None:
        """Write everything to the disk, the header last."""
        header = {
            "format": FORMAT,
            "version": VERSION,
            "rows": self._rows,
            "sizes": self._sizes,
            "types": self._types,
        }
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        write_synced(self._directory / HEADER, json.dumps(header).encode())

    def __enter__(self) -> Self:
        """Return the writer; without an exception, the end of `with` completes the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files; complete the store unless an exception was raised."""
        if kind is None:
            self._complete()
        for file in self._files.values():
            file.close()


def _joined(rows: Rows, kind: str) -> NDArray[Any]:
    """Return rows one after another, as numbers of a type."""
    arrays = [row for row in rows if isinstance(row, np.ndarray)]
    if arrays:
        # Token ids arrive as int32; the type that `Values.ids` returns is wide enough for them.
        return np.concatenate(arrays, dtype=np.dtype(kind), casting="unsafe")
    return np.fromiter(chain.from_iterable(rows), np.dtype(kind), sum(map(len, rows)))
