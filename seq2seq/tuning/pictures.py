"""Plots of a sweep: relation of values and scores, and scores over the trials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seq2seq.disk import atomic_file
from seq2seq.tuning.space import Choice, Dimension, Interval, Space, Value
from seq2seq.tuning.trial_records import Trial

_BAD, _GOOD = 0.05, 0.95  # positions in the colour map


def draw_parallel(trials: Sequence[Trial], space: Space, path: Path, *, metric: str) -> None:
    """Draw parallel coordinates: a line per trial, an axis per key, coloured by rank.

    Args:
        trials: trials with scores, best first.
        space: search space of their values.
        path: path of the PNG file, which is replaced atomically.
        metric: name of the metric.
    """
    figure, axes = _figure(width=3.0 + 1.8 * len(space.dimensions))
    scores = [trial.score or 0.0 for trial in trials]
    low, high = min(scores), max(scores)
    for position, trial in reversed(list(enumerate(trials))):
        heights = [_height(one, trial.values[key]) for key, one in space.dimensions.items()]
        heights.append((scores[position] - low) / (high - low) if high > low else 0.5)
        axes.plot(heights, color=_colour(position, len(trials)), alpha=0.8, linewidth=1.5)
    for position, dimension in enumerate(space.dimensions.values()):
        axes.axvline(position, color="0.7", linewidth=0.8, zorder=0)
        for height, text in _ticks(dimension):
            axes.annotate(
                text, (position, height), fontsize=8, textcoords="offset points", xytext=(3, 2)
            )
    last = len(space.dimensions)
    axes.axvline(last, color="0.7", linewidth=0.8, zorder=0)
    for height, score in ((0.0, low), (1.0, high)):
        axes.annotate(
            f"{score:.4g}", (last, height), fontsize=8, textcoords="offset points", xytext=(3, 2)
        )
    names = [key.rpartition(".")[2] for key in space.dimensions]
    axes.set_xticks(range(last + 1), [*names, metric])
    axes.set_yticks([])
    _save(figure, path)


def draw_trials(
    trials: Sequence[Trial], path: Path, *, metric: str, higher_is_better: bool
) -> None:
    """Draw the score of each trial in order, and the best score so far.

    Args:
        trials: trials by number.
        path: path of the PNG file, which is replaced atomically.
        metric: name of the metric.
        higher_is_better: direction of the metric.
    """
    figure, axes = _figure(width=8.0)
    scored = [trial for trial in trials if trial.scores and trial.state != "failed"]
    for state in dict.fromkeys(trial.state for trial in scored):
        some = [trial for trial in scored if trial.state == state]
        axes.errorbar(
            [trial.number for trial in some],
            [trial.score for trial in some],
            yerr=[trial.deviation or 0.0 for trial in some],
            fmt="o" if state == "finished" else "x",
            label=state,
        )
    better = max if higher_is_better else min
    best: list[float] = []
    for trial in scored:
        score = trial.score or 0.0
        best.append(better(best[-1], score) if best else score)
    axes.step([trial.number for trial in scored], best, where="post", color="0.5", label="best")
    failed = [trial.number for trial in trials if trial.state == "failed"]
    for position, number in enumerate(failed):
        axes.axvline(number, color="tab:red", alpha=0.3, label=None if position else "failed")
    axes.set_xlabel("trial")
    axes.set_ylabel(metric)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def _height(dimension: Dimension, value: Value) -> float:
    """Return the position of a value on its axis, from 0 to 1."""
    if isinstance(dimension, Choice):
        return dimension.values.index(str(value)) / max(1, len(dimension.values) - 1)
    low, high, at = dimension.low, dimension.high, float(value)
    if dimension.log:
        low, high, at = math.log(low), math.log(high), math.log(at)
    return (at - low) / (high - low)


def _ticks(dimension: Dimension) -> list[tuple[float, str]]:
    if isinstance(dimension, Interval):
        return [(0.0, f"{dimension.low:g}"), (1.0, f"{dimension.high:g}")]
    return [(_height(dimension, value), value[:16]) for value in dimension.values]


def _colour(position: int, count: int) -> Any:
    """Return the colour of a rank, from bright (the best trial) to dark."""
    from matplotlib import colormaps

    share = position / max(1, count - 1)
    return colormaps["viridis"](_GOOD + share * (_BAD - _GOOD))


def _figure(*, width: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 4), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Any, path: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with atomic_file(path) as unfinished:
        FigureCanvasAgg(figure).print_png(str(unfinished))
