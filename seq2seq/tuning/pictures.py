"""Plots of a sweep by Optuna: relation of values and scores, and scores over the trials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seq2seq.disk import atomic_file
from seq2seq.tuning.sweep import Sweep
from seq2seq.tuning.trial_records import Trial


def draw_parallel(trials: Sequence[Trial], sweep: Sweep, path: Path) -> None:
    """Draw parallel coordinates: a line per trial, an axis per key, coloured by score.

    Args:
        trials: trials with scores.
        sweep: sweep of the trials.
        path: path of the PNG file, which is replaced atomically.
    """
    from optuna.visualization.matplotlib import plot_parallel_coordinate

    from seq2seq.tuning.study import experimental, make_study

    study = make_study(trials, sweep.space, maximise=sweep.higher_is_better)
    with _plotting(), experimental():
        axes = plot_parallel_coordinate(study, target_name=sweep.metric)
        axes.set_title("")
        _save(axes.figure, path, width=3.0 + 2.2 * len(sweep.space.dimensions))


def draw_trials(trials: Sequence[Trial], sweep: Sweep, path: Path) -> None:
    """Draw the score of each trial in order, and the best score so far.

    Bars show the standard deviation over the seeds, crosses mark the trials that were stopped, and
    vertical lines mark the trials that failed.

    Args:
        trials: trials in the order of their numbers, from 0.
        sweep: sweep of the trials.
        path: path of the PNG file, which is replaced atomically.
    """
    from optuna.visualization.matplotlib import plot_optimization_history

    from seq2seq.tuning.study import experimental, make_study

    study = make_study(trials, sweep.space, maximise=sweep.higher_is_better)
    with _plotting(), experimental():
        axes = plot_optimization_history(study, target_name=sweep.metric)
        for trial in trials:
            if trial.state == "failed":
                axes.axvline(trial.number, color="0.4", linestyle=":", label="failed")
            elif trial.score is not None:
                stopped = trial.state == "stopped"
                axes.errorbar(
                    trial.number,
                    trial.score,
                    yerr=trial.deviation,
                    fmt="kx" if stopped else "none",
                    ecolor="tab:blue",
                    label="stopped" if stopped else None,
                )
        axes.set_title("")
        axes.xaxis.get_major_locator().set_params(integer=True)
        drawn, names = axes.get_legend_handles_labels()
        by_name = dict(zip(names, drawn, strict=True))  # one entry for all trials of a state
        axes.legend(by_name.values(), by_name.keys())
        _save(axes.figure, path, width=8.0)


@contextmanager
def _plotting() -> Iterator[None]:
    """Let Optuna use `pyplot` without a window, and restore the user's backend and style."""
    from matplotlib import pyplot

    backend = pyplot.get_backend()
    with pyplot.rc_context():
        pyplot.switch_backend("agg")
        try:
            yield
        finally:
            pyplot.close()
            pyplot.switch_backend(backend)


def _save(figure: Any, path: Path, *, width: float) -> None:
    figure.set_size_inches(width, 4)
    with atomic_file(path) as unfinished:
        figure.savefig(unfinished, format="png", bbox_inches="tight")
