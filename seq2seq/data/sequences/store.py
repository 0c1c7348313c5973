"""The prepared sequences of one split, in memory-mapped files.

A store is a directory: `source.values` and `source.offsets` hold the sequences after each other,
`targets.values` their answers (one a sequence, or one a step), `lines.numbers` where each comes
from, and `sequences.json`, written last, what sizes the others must have.
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
    """What a store holds: kinds of numbers as NumPy spells them, and how many there are.

    Attributes:
        source_kind, features: ids (`<i4`, 0 features) or steps (`<f4` or `<f8`, numbers a step).
        target_kind, outputs: class numbers (`<i4`, 0 outputs) or numbers (`<f4` or `<f8`, so many).
        per_step: an answer for each step.
    """

    source_kind: str
    features: int
    target_kind: str
    outputs: int
    per_step: bool


@dataclass(frozen=True, eq=False)
class SequenceStore:
    """The kept sequences of one split, in the order of the file.

    Attributes:
        source: ids or unscaled features.
        targets: class numbers `[answers] int32` or `[answers, outputs]`, unscaled.
        lines: where each sequence comes from, `[n] int64`.
        per_step: whether there is an answer for each step.
    """

    source: Column
    targets: NDArray[Any]
    lines: NDArray[np.int64]
    per_step: bool

    def __len__(self) -> int:
        """How many sequences there are."""
        return len(self.lines)

    @property
    def answers(self) -> Column:
        """The targets of each sequence as rows."""
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
        answers = steps if shape.per_step else rows
        targets = _table(directory / "targets.values", shape.target_kind, answers, shape.outputs)
        lines = map_file(directory / "lines.numbers", _OFFSET, rows)
        return SequenceStore(Column(source, offsets), targets, lines, shape.per_step)


def _table(path: Path, kind: str, rows: int, columns: int) -> NDArray[Any]:
    values = map_file(path, np.dtype(kind), rows * max(1, columns))
    return values.reshape(rows, columns) if columns else values


class SequenceWriter:
    """Writes a store row by row; memory use does not grow. Complete only after `close`."""

    def __init__(self, directory: Path, shape: Shape) -> None:
        """Create `directory` for a store of this shape."""
        directory.mkdir(parents=True)
        self._directory, self._shape = directory, shape
        names = ("source.values", "source.offsets", "targets.values", "lines.numbers")
        self._files = {name: (directory / name).open("wb") for name in names}
        self._files["source.offsets"].write(np.zeros(1, _OFFSET).tobytes())
        self._rows = self._steps = 0

    def append(self, source: NDArray[Any], targets: NDArray[Any], line: int) -> None:
        """Add a sequence: its ids or steps, its answers, and where it comes from."""
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
        """Write inside `with`: the end closes, an exception leaves the store without header."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files; complete the store unless something went wrong."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        if kind is None:
            header = {"version": VERSION, "rows": self._rows, "steps": self._steps}
            header |= {"shape": asdict(self._shape)}  # type: ignore[dict-item]
            write_synced(self._directory / HEADER, json.dumps(header).encode())
