"""Comparison of several runs: their progress, scores, and different settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from seq2seq.config.monitors import HIGHER_IS_BETTER
from seq2seq.config.schema import settings_to_mapping
from seq2seq.training.reporting.metrics_file import read_validations
from seq2seq.training.reporting.terminal import clock
from seq2seq.training.result import read_result_values
from seq2seq.training.run_directory import RESULT, SETTINGS, flat, read_settings

Facts = dict[str, Any]
_LOCATIONS = ("runs", "data.directory")  # paths do not count as a difference between runs
_WIDEST = 24  # maximum width of a settings value in characters


def find_runs(paths: Iterable[Path]) -> list[Path]:
    """Return the runs in `paths`, and the runs inside each multirun or sweep in `paths`."""
    runs: list[Path] = []
    for path in paths:
        if (path / SETTINGS).exists():
            runs.append(path)
            continue
        for pattern in ("*", "trials/*", "trials/*/seed-*"):
            below = [found.parent for found in path.glob(f"{pattern}/{SETTINGS}")]
            runs += sorted(below, key=lambda one: (len(one.name), one.name))
    return runs


def compare(runs: Sequence[Path]) -> Facts:
    """Return the outcome of each run, and the keys in which their settings differ.

    Raises:
        ModelError: the settings of a run cannot be read.
    """
    settings = {str(run): flat(settings_to_mapping(read_settings(run))) for run in runs}
    keys = [key for key in next(iter(settings.values()), {}) if key not in _LOCATIONS]
    differing = [key for key in keys if len({str(one[key]) for one in settings.values()}) > 1]
    return {
        "kind": "runs",
        "differing": differing,
        "runs": [
            {
                "path": str(run),
                **_outcome(run, monitor=settings[str(run)]["training.monitor"]),
                "settings": {key: settings[str(run)][key] for key in differing},
            }
            for run in runs
        ],
    }


def comparison_text(facts: Facts) -> list[str]:
    """Return the table of `compare` as lines, with the best run of each monitored metric first."""
    runs = sorted(facts["runs"], key=_order)
    scores = list(dict.fromkeys(name for run in runs for name in run["scores"]))
    head = ["run", "state", "epochs", "steps", "time", *scores, *facts["differing"]]
    rows = [
        [
            run["path"],
            "finished" if run["finished"] else "not finished",
            str(run["epoch"]),
            f"{run['step']:,}",
            clock(run["seconds"]),
            *(f"{run['scores'][name]:.4f}" if name in run["scores"] else "" for name in scores),
            *(_short(run["settings"][key]) for key in facts["differing"]),
        ]
        for run in runs
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]


def _outcome(run: Path, *, monitor: str) -> Facts:
    """Return the progress of a run and the scores of its exported weights or best validation."""
    seen = read_validations(run)
    last = {"step": 0, "epoch": 0, "seconds": 0.0, **(seen[-1] if seen else {})}
    facts: Facts = {
        "finished": (run / RESULT).exists(),
        "step": last["step"],
        "epoch": last["epoch"],
        "seconds": last["seconds"],
        "monitor": monitor,
        "scores": {},
    }
    if facts["finished"]:
        metrics = read_result_values(run)["metrics"]
        facts["scores"] = {
            name: value
            for name, value in metrics.items()
            if name == monitor or (name.startswith("test_") and isinstance(value, float))
        }
    elif seen and monitor in seen[-1]:
        better = max if HIGHER_IS_BETTER[monitor] else min
        facts["scores"] = {monitor: better(record[monitor] for record in seen)}
    return facts


def _order(run: Facts) -> tuple[str, float]:
    score = run["scores"].get(run["monitor"])
    if score is None:
        return run["monitor"], float("inf")
    return run["monitor"], -score if HIGHER_IS_BETTER[run["monitor"]] else score


def _short(value: Any) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
