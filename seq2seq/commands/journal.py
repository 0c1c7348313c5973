"""How far a file of translations has got: what it takes to go on after the process was ended."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from seq2seq.disk import write_synced
from seq2seq.inference.lines_in import Position


@dataclass(frozen=True)
class Journal:
    """What is known of an unfinished file.

    Attributes:
        lines: of the input that are translated.
        input_sha256: of their bytes.
        output_bytes: that their translations take.
        fingerprint: of the model and the options they were translated with.
    """

    lines: int
    input_sha256: str
    output_bytes: int
    fingerprint: str

    @property
    def position(self) -> Position:
        """Where in the input to go on."""
        return Position(self.lines, self.input_sha256)


def read_journal(path: Path) -> Journal | None:
    """The journal in `path`; None if there is none, or something else."""
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
    """Write it whole or not at all, also if the power goes."""
    new = _unfinished(path)
    write_synced(new, json.dumps(asdict(journal)).encode("ascii"))
    new.replace(path)


def remove_journal(path: Path) -> None:
    """Remove it if it is there, and what a killed process may have left of a newer one."""
    path.unlink(missing_ok=True)
    _unfinished(path).unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")
