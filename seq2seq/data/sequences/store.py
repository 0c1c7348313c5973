"""The prepared sequences of one split, in memory-mapped files.

A store is a directory: `source.values` and `source.offsets` hold the sequences one after another,
`targets.values` their targets (one per sequence, or one per step), `lines.numbers` their line
numbers. `sequences.json` holds the sizes that the other files must have; it is written last.
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
    """

    source_kind: str
    features: int
    target_kind: str
    outputs: int
    per_step: bool


@dataclass(frozen=True, eq=False)
class SequenceStore:
    """Stored sequences of one split, in the order of the file.

    Attributes:
        source: ids or unscaled features.
        targets: class numbers `[targets] int32` or unscaled numbers `[targets, outputs]`.
        lines: line number of each sequence in the file, `[n] int64`.
        per_step: true if there is a target for each step.
    """

    source: Column
    targets: NDArray[Any]
    lines: NDArray[np.int64]
    per_step: bool

    def __len__(self) -> int:
        """Return the number of sequences."""
        return len(self.lines)

    @property
    def target_rows(self) -> Column:
        """Return the targets of each sequence as rows."""
        offsets = self.source.offsets if self.per_step else np.arange(len(self) + 1)
        return Column(self.targets, offsets)

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
            wrong = header["version"] != VERSION
        except OSError as error:
            raise damaged(path, f"cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(path, "is not a store's header") from error
        if wrong or {shape.source_kind, shape.target_kind} - {"<i4", "<f4", "<f8"}:
            raise damaged(path, "is of another version")
        offsets = map_file(directory / "source.offsets", _OFFSET, rows + 1)
        if offsets[0] != 0 or offsets[-1] != steps:
            raise damaged(directory / "source.offsets", "does not fit the steps")
        source = _table(directory / "source.values", shape.source_kind, steps, shape.features)
        count = steps if shape.per_step else rows
        targets = _table(directory / "targets.values", shape.target_kind, count, shape.outputs)
        lines = map_file(directory / "lines.numbers", _OFFSET, rows)
        return SequenceStore(Column(source, offsets), targets, lines, shape.per_step)


def _table(path: Path, kind: str, rows: int, columns: int) -> NDArray[Any]:
    values = map_file(path, np.dtype(kind), rows * max(1, columns))
    return values.reshape(rows, columns) if columns else values


class SequenceWriter:
    """Writer of a store, row by row in constant memory; complete only after `with` ends."""

    def __init__(self, directory: Path, shape: Shape) -> None:
        """Create `directory` for a store of this schema."""
        directory.mkdir(parents=True)
        self._directory, self._shape = directory, shape
        names = ("source.values", "source.offsets", "targets.values", "lines.numbers")
        self._files = {name: (directory / name).open("wb") for name in names}
        self._files["source.offsets"].write(np.zeros(1, _OFFSET).tobytes())
        self._rows = self._steps = 0

    def append(self, source: NDArray[Any], targets: NDArray[Any], line: int) -> None:
        """Add a sequence: its ids or steps, its targets, and its line number."""
        shape = self._shape
        self._rows += 1
        self._steps += len(source)
        self._write("source.values", source, shape.source_kind)
        self._write("source.offsets", np.array([self._steps]), _OFFSET.str)
        self._write("targets.values", targets, shape.target_kind)
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
            header |= {"shape": asdict(self._shape)}  # type: ignore[dict-item]
            write_synced(self._directory / HEADER, json.dumps(header).encode())
