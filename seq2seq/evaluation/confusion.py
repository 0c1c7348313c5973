"""Confusion matrix as an image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seq2seq.disk import whole

_NUMBERED = 20  # maximum number of classes for which the image shows counts


def draw_confusion(table: list[list[int]], classes: Sequence[str], path: Path) -> None:
    """Draw a confusion matrix (rows: true class) as a PNG file, replaced atomically."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    size = max(4.0, 0.4 * len(classes) + 2.0)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    shares = [[count / max(1, sum(row)) for count in row] for row in table]
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("answer")
    axes.set_ylabel("right class")
    if len(classes) <= _NUMBERED:
        for row, counts in enumerate(table):
            for column, count in enumerate(counts):
                if count:
                    ink = "white" if shares[row][column] > 0.5 else "black"
                    axes.text(column, row, str(count), ha="center", va="center", color=ink)
    with whole(path) as unfinished:
        FigureCanvasAgg(figure).print_png(str(unfinished))
