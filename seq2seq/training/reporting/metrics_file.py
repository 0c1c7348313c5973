"""Reader of the `metrics.jsonl` of a run. Imports no heavy packages."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Literal

METRICS = "metrics.jsonl"
RecordKind = Literal["run", "train", "valid", "epoch", "result"]


def read_metrics(run_directory: Path) -> list[dict[str, Any]]:
    """Return the records of a run in order; empty if the run has not begun.

    A kill may truncate the last line; invalid lines are skipped.
    """
    path = run_directory / METRICS
    content = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
    records = []
    for line in content.split("\n"):
        with contextlib.suppress(json.JSONDecodeError):
            record = json.loads(line)
            if isinstance(record, dict):
                records.append(record)
    return records


def read_validations(run_directory: Path) -> list[dict[str, Any]]:
    """Return the validation records of a run in order."""
    return [record for record in read_metrics(run_directory) if record.get("kind") == "valid"]
