"""Display of a sweep: a live table on a terminal, one line per event elsewhere.

All output goes to stderr; stdout is for results.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol

from seq2seq.training.reporting.terminal import clock
from seq2seq.tuning.space import Value
from seq2seq.tuning.trial_records import Trial


class SweepDisplay(Protocol):
    """Receiver of the events of a sweep."""

    def note(self, text: str) -> None:
        """Show one line of information."""

    def changed(self, trial: Trial, trials: Sequence[Trial]) -> None:
        """Show a trial that began, was validated or ended; `trials` are all trials."""

    def close(self) -> None:
        """Close the display."""


def make_display(metric: str) -> SweepDisplay:
    """Return a display on stderr, live if stderr is a terminal."""
    return LiveTable(metric) if sys.stderr.isatty() else Lines(metric)


class Lines:
    """Display in plain lines, for logs."""

    def __init__(self, metric: str) -> None:
        self._metric = metric

    def note(self, text: str) -> None:
        """See `SweepDisplay`."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def changed(self, trial: Trial, trials: Sequence[Trial]) -> None:
        """See `SweepDisplay`."""
        self.note(trial_line(trial, metric=self._metric))

    def close(self) -> None:
        """See `SweepDisplay`."""


class LiveTable:
    """Display of all trials in a table that is redrawn at each change."""

    def __init__(self, metric: str) -> None:
        from rich.console import Console
        from rich.live import Live

        self._metric = metric
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False)

    def __reduce__(self) -> tuple[type[LiveTable], tuple[str]]:
        """Return class and metric for pickling: Tune pickles the display, except its terminal."""
        return LiveTable, (self._metric,)

    def note(self, text: str) -> None:
        """See `SweepDisplay`."""
        self._console.print(text, markup=False, soft_wrap=True)

    def changed(self, trial: Trial, trials: Sequence[Trial]) -> None:
        """See `SweepDisplay`."""
        self._live.start()
        self._live.update(self._table(trials), refresh=True)

    def close(self) -> None:
        """See `SweepDisplay`."""
        self._live.stop()

    def _table(self, trials: Sequence[Trial]) -> Any:
        from rich.table import Table
        from rich.text import Text

        shown = _fitting(trials, rows=max(5, self._console.height - 6))
        table = Table(caption=None if len(shown) == len(trials) else f"of {len(trials)} trials")
        keys = list(trials[0].values)
        for heading in ("trial", "state", *keys, "epochs", "step", self._metric):
            table.add_column(heading.rpartition(".")[2])
        for trial in shown:
            values = [value_text(trial.values[key]) for key in keys]
            row = [trial.name, trial.state, *values, f"{trial.epochs:g}", f"{trial.step:,}"]
            table.add_row(*(Text(cell) for cell in [*row, score_text(trial)]))
        return table


def trial_line(trial: Trial, *, metric: str) -> str:
    """Return a line such as `trial 003 running: model.units=128  epochs 2  valid_bleu 12.30`."""
    parts = [" ".join(f"{key}={value_text(value)}" for key, value in trial.values.items())]
    if trial.step:
        parts.append(f"epochs {trial.epochs:g}  step {trial.step:,}  {clock(trial.seconds)}")
    if trial.scores:
        parts.append(f"{metric} {score_text(trial)}")
    if trial.reason:
        parts.append(trial.reason)
    return f"trial {trial.name} {trial.state}: {'  '.join(parts)}"


def score_text(trial: Trial) -> str:
    """Return a text such as `12.3456`, or `12.3456 ± 0.1234` with several seeds.

    It is empty if the trial has no score.
    """
    if trial.score is None:
        return ""
    deviation = "" if trial.deviation is None else f" ± {trial.deviation:.4f}"
    return f"{trial.score:.4f}{deviation}"


def value_text(value: Value) -> str:
    """Return a value as written on the command line."""
    return value if isinstance(value, str) else f"{value:g}"


def _fitting(trials: Sequence[Trial], *, rows: int) -> Sequence[Trial]:
    """Return the trials that fit on the screen: running ones, then done, then waiting ones."""
    if len(trials) <= rows:
        return trials
    order = {"running": 0, "waiting": 2}
    ranked = sorted(trials, key=lambda trial: (order.get(trial.state, 1), -trial.number))
    return sorted(ranked[:rows], key=lambda trial: trial.number)
