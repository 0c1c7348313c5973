"""Plot of the losses and scores of a run over its steps (`curves.png`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seq2seq.disk import atomic_file
from seq2seq.training.reporting.metrics_file import RecordKind

Record = dict[str, Any]


def draw_curves(records: Sequence[Record], path: Path) -> None:
    """Draw the records of `metrics.jsonl` as a PNG file with two panels.

    Args:
        records: records from `metrics_file.read_metrics`.
        path: path of the PNG file, which is replaced atomically.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    train, valid = _of("train", records), _of("valid", records)
    _line(losses, train, "negative_log_likelihood", "training")
    _line(losses, valid, "valid_loss", "validation")
    losses.set_ylabel("negative log-likelihood a token")
    _line(scores, valid, "valid_bleu", "BLEU")
    _line(scores, valid, "valid_chrf", "chrF")
    _line(scores, valid, "valid_symbol_error_rate", "symbols wrong %")
    _line(scores, valid, "valid_sequence_error_rate", "sequences wrong %")
    scores.set_ylabel("validation score, greedy")
    for axes in (losses, scores):
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    with atomic_file(path) as unfinished:
        FigureCanvasAgg(figure).print_png(str(unfinished))


def _of(kind: RecordKind, records: Sequence[Record]) -> list[Record]:
    return [record for record in records if record["kind"] == kind]


def _line(axes: Any, records: Sequence[Record], name: str, label: str) -> None:
    points = [(record["step"], record[name]) for record in records if name in record]
    if points:
        axes.plot(*zip(*points, strict=True), label=label, marker="." if len(points) < 50 else "")
