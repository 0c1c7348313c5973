"""Journal of an unfinished output file: the information needed to resume it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from seq2seq.disk import write_synced
from seq2seq.inference.stream.line_input import Position


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
