"""Reading the `metrics.jsonl` of a run. Imports nothing heavy."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

METRICS = "metrics.jsonl"


def read_metrics(run_directory: Path) -> list[dict[str, Any]]:
    """The records of a run in their order; none where it has not begun.

    A kill may cut off the last line; a line that is no record is left out.
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
    """What the validations of a run measured, in their order."""
    return [record for record in read_metrics(run_directory) if record.get("kind") == "valid"]
