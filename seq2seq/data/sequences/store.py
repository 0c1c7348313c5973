"""The prepared sequences of one split, in memory-mapped files.

A store is a directory: `source.values` and `source.offsets` hold the sequences one after another,
`targets.values` their targets (one per sequence or per step; with `targets.offsets` any number, as
the tokens of a text), `lines.numbers` their line numbers. `sequences.json` holds the sizes that the
other files must have; it is written last.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.store import Column, damaged, map_file
from seq2seq.disk import write_synced

HEADER = "sequences.json"
VERSION = 1

_OFFSET = np.dtype("<i8")


@dataclass(frozen=True)
class Shape:
    """Number types, as NumPy spells them, and sizes of the arrays of a store.

    Attributes:
        source_kind, features: type and number of features (`<f4` or `<f8`); for ids `<i4` and 0.
        target_kind, outputs: type and number of target numbers (`<f4` or `<f8`); for class numbers
            `<i4` and 0.
        per_step: true if there is a target for each step.
        ragged: true if a sequence has any number of targets.
    """

    source_kind: str
    features: int
    target_kind: str
    outputs: int
    per_step: bool
    ragged: bool = False


@dataclass(frozen=True, eq=False)
class SequenceStore:
    """Stored sequences of one split, in the order of the file.

    A long sequence may be stored in several parts; these follow one another and have the same line.

    Attributes:
        source: ids or unscaled features.
        target_rows: targets of each sequence: class numbers or token ids `int32`, or unscaled
            numbers `[targets, outputs]`.
        lines: line number of each sequence in the file, `[n] int64`.
    """

    source: Column
    target_rows: Column
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of sequences."""
        return len(self.lines)

    @property
    def first_rows(self) -> NDArray[np.int64]:
        """Return the row of each sequence, or of its first part, `[sequences]`."""
        return np.flatnonzero(np.diff(self.lines, prepend=-1))

    @staticmethod
    def open(directory: Path) -> SequenceStore:
        """Map a store into memory.

        Raises:
            DataError: it is missing or damaged.
        """
        path = directory / HEADER
        try:
            header = json.loads(path.read_text(encoding="utf-8"))
            shape = Shape(**header["shape"])
            rows, steps = int(header["rows"]), int(header["steps"])
            wrong = header["version"] != VERSION or (shape.ragged and "targets" not in header)
        except OSError as error:
            raise damaged(path, f"cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(path, "is not a store's header") from error
        if wrong or {shape.source_kind, shape.target_kind} - {"<i4", "<f4", "<f8"}:
            raise damaged(path, "is of another version")
        offsets = _offsets(directory / "source.offsets", rows, steps)
        source = _table(directory / "source.values", shape.source_kind, steps, shape.features)
        target_offsets = offsets if shape.per_step else np.arange(rows + 1)
        if shape.ragged:
            target_offsets = _offsets(directory / "targets.offsets", rows, int(header["targets"]))
        count = int(target_offsets[-1])
        targets = _table(directory / "targets.values", shape.target_kind, count, shape.outputs)
        lines = map_file(directory / "lines.numbers", _OFFSET, rows)
        return SequenceStore(Column(source, offsets), Column(targets, target_offsets), lines)


def _offsets(path: Path, rows: int, total: int) -> NDArray[np.int64]:
    offsets = map_file(path, _OFFSET, rows + 1)
    if offsets[0] != 0 or offsets[-1] != total:
        raise damaged(path, "does not fit the values")
    return offsets


def _table(path: Path, kind: str, rows: int, columns: int) -> NDArray[Any]:
    values = map_file(path, np.dtype(kind), rows * max(1, columns))
    return values.reshape(rows, columns) if columns else values


class SequenceWriter:
    """Writer of a store, row by row in constant memory; complete only after `with` ends."""

    def __init__(self, directory: Path, shape: Shape) -> None:
        """Create `directory` for a store of this schema."""
        directory.mkdir(parents=True)
        self._directory, self._shape = directory, shape
        names = ["source.values", "source.offsets", "targets.values", "lines.numbers"]
        names += ["targets.offsets"] * shape.ragged
        self._files = {name: (directory / name).open("wb") for name in names}
        for name in names:
            if name.endswith(".offsets"):
                self._files[name].write(np.zeros(1, _OFFSET).tobytes())
        self._rows = self._steps = self._targets = 0

    def append(self, source: NDArray[Any], targets: NDArray[Any], line: int) -> None:
        """Add a sequence: its ids or steps, its targets, and its line number."""
        shape = self._shape
        self._rows += 1
        self._steps += len(source)
        self._targets += len(targets)
        self._write("source.values", source, shape.source_kind)
        self._write("source.offsets", np.array([self._steps]), _OFFSET.str)
        self._write("targets.values", targets, shape.target_kind)
        if shape.ragged:
            self._write("targets.offsets", np.array([self._targets]), _OFFSET.str)
        self._write("lines.numbers", np.array([line]), _OFFSET.str)

    def _write(self, name: str, values: NDArray[Any], kind: str) -> None:
        self._files[name].write(np.ascontiguousarray(values, np.dtype(kind)).tobytes())

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
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        if kind is None:
            header = {"version": VERSION, "rows": self._rows, "steps": self._steps}
            header |= {"targets": self._targets}
            header |= {"shape": asdict(self._shape)}  # type: ignore[dict-item]
            write_synced(self._directory / HEADER, json.dumps(header).encode())
