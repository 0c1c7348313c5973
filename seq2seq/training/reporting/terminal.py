"""Reports of a run during training: a live bar on a terminal, plain lines elsewhere.

All output goes to stderr; stdout is for results.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TextIO

if TYPE_CHECKING:
    from seq2seq.training.reporting.sample import Sample


_SCORES = {  # display name and number format of each score
    "bleu": ("BLEU", ".2f"),
    "chrf": ("chrF", ".2f"),
    "symbol_error_rate": ("symbols wrong %", ".2f"),
    "sequence_error_rate": ("sequences wrong %", ".2f"),
    "accuracy": ("accuracy", ".4f"),
    "macro_f1": ("macro-F1", ".4f"),
    "span_f1": ("span F1", ".4f"),
    "mae": ("MAE", ".4g"),
    "rmse": ("RMSE", ".4g"),
    "r2": ("R²", ".4f"),
}


class Status(NamedTuple):
    """State of training, for a progress bar or a log line.

    `loss` is NaN if no recent update was applied, for example at the start of training in float16.
    `share` is the finished share of the run, 0.0 to 1.0; None if the length of the run is unknown.
    """

    step: int
    epoch: int
    batch: int
    batches: int
    loss: float
    learning_rate: float
    per_second: float
    unit: str
    padding: float
    seconds: float
    share: float | None


class Report(Protocol):
    """Receiver of the events of a run."""

    def note(self, text: str) -> None:
        """Show one line of information."""

    def preparing(self, stage: str, done: int, total: int | None) -> None:
        """Show the progress of the preparation of the corpus."""

    def status(self, status: Status, *, logged: bool) -> None:
        """Show the status after an update; `logged` is true for every `log_steps`-th update."""

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Sample], *, best: bool
    ) -> None:
        """Show the scores and samples of a validation."""

    def close(self) -> None:
        """Close the display of progress."""


def make_report() -> Report:
    """Return a report to stderr, live if stderr is a terminal."""
    return TerminalReport() if sys.stderr.isatty() else LineReport()


class SilentReport:
    """Report that shows nothing, for training inside another program."""

    def note(self, text: str) -> None:
        """See `Report`."""

    def preparing(self, stage: str, done: int, total: int | None) -> None:
        """See `Report`."""

    def status(self, status: Status, *, logged: bool) -> None:
        """See `Report`."""

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Sample], *, best: bool
    ) -> None:
        """See `Report`."""

    def close(self) -> None:
        """See `Report`."""


class LineReport:
    """Report in plain lines, for logs."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Create a report that writes to `stream`, by default stderr."""
        self._stream = stream
        self._last_preparing = time.monotonic()

    def note(self, text: str) -> None:
        """See `Report`."""
        self._write(text)

    def preparing(self, stage: str, done: int, total: int | None) -> None:
        """See `Report`; writes at most one line every five seconds."""
        if time.monotonic() - self._last_preparing >= 5.0:
            self._last_preparing = time.monotonic()
            self._write(f"preparing {stage}: {done:,}" + (f" of {total:,}" if total else ""))

    def status(self, status: Status, *, logged: bool) -> None:
        """See `Report`."""
        if logged:
            self._write(status_line(status))

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Sample], *, best: bool
    ) -> None:
        """See `Report`."""
        values = "  ".join(f"{name} {value:.3f}" for name, value in scores.items())
        self._write(f"validation at step {step}: {values}{'  (best)' if best else ''}")
        for sample in samples:
            self._write(f"  source     {sample.source}")
            self._write(f"  reference  {sample.reference}")
            self._write(f"  output     {sample.output}")

    def close(self) -> None:
        """See `Report`."""

    def _write(self, text: str) -> None:
        stream = self._stream or sys.stderr
        stream.write(text + "\n")
        stream.flush()


class TerminalReport:
    """Report with a live progress bar, and a table at each validation."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=10),
            TextColumn("{task.percentage:>3.0f}%"),
            console=self._console,
            transient=True,
        )
        self._task: Any = None
        self._stage = ""

    def note(self, text: str) -> None:
        """See `Report`."""
        self._console.print(text, markup=False, soft_wrap=True)

    def preparing(self, stage: str, done: int, total: int | None) -> None:
        """See `Report`."""
        if stage != self._stage or self._task is None:
            self._stage = stage
            self._restart(f"preparing {stage}", total)
        self._bar.update(self._task, completed=done, total=total)
        if total is not None and done >= total:
            self.close()

    def status(self, status: Status, *, logged: bool) -> None:
        """See `Report`."""
        if self._stage != "training" or self._task is None:
            self._stage = "training"
            self._restart("training", 1.0)
        share = status.batch / max(1, status.batches) if status.share is None else status.share
        self._bar.update(self._task, description=short_line(status), completed=share)

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Sample], *, best: bool
    ) -> None:
        """See `Report`."""
        from rich.table import Table

        title = f"validation at step {step}" + (" (best so far)" if best else "")
        self._console.print(title)
        table = Table(show_header=False)
        for name, value in scores.items():
            table.add_row(name, f"{value:.3f}")
        self._console.print(table)
        shown = Table(show_header=False, box=None, pad_edge=False)
        for sample in samples:
            shown.add_row("source", _plain(sample.source))
            shown.add_row("reference", _plain(sample.reference))
            shown.add_row("output", _plain(sample.output), end_section=True)
        self._console.print(shown)

    def close(self) -> None:
        """See `Report`."""
        self._bar.stop()
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def _restart(self, description: str, total: float | None) -> None:
        self.close()
        self._task = self._bar.add_task(description, total=total)
        self._bar.start()


def status_line(status: Status) -> str:
    """Return a line such as `epoch 3  step 1,200  batch 310/445  loss 2.345  ...`."""
    return (
        f"epoch {status.epoch + 1}  step {status.step:,}  batch {status.batch}/{status.batches}  "
        f"loss {_loss_text(status, '.3f')}  lr {status.learning_rate:.2e}  "
        f"{status.per_second:,.0f} {status.unit}/s  padding {status.padding:.1%}  "
        f"{clock(status.seconds)}{_time_left(status)}"
    )


def short_line(status: Status) -> str:
    """Return a short form of `status_line`, for a progress bar on a terminal of 80 columns."""
    return (
        f"epoch {status.epoch + 1} step {status.step:,} loss {_loss_text(status, '.2f')} "
        f"{status.per_second:,.0f} {status.unit}/s pad {status.padding:.0%}"
        f"{_time_left(status) or ', ' + clock(status.seconds)}"
    )


def _loss_text(status: Status, form: str) -> str:
    return "-" if math.isnan(status.loss) else f"{status.loss:{form}}"


def _time_left(status: Status) -> str:
    if status.share is None or status.share <= 0.0:
        return ""
    return f", {clock(status.seconds * (1.0 - status.share) / status.share)} left"


def scores_text(metrics: Mapping[str, Any], split: str) -> str:
    """Return the scores of a split as text, such as `BLEU 34.10  chrF 57.32`."""
    found = [
        f"{name} {metrics[key]:{form}}"
        for key, name, form in ((f"{split}_{key}", *shown) for key, shown in _SCORES.items())
        if key in metrics
    ]
    return "  ".join(found)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, such as `1 epoch` or `1,200 epochs`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def parameters_text(number: int) -> str:
    """Return text such as `8.8 M parameters`; a number below a million keeps all its digits."""
    return f"{number / 1e6:.1f} M parameters" if number >= 1e6 else counted(number, "parameter")


def clock(seconds: float) -> str:
    """Return a number of seconds as `1:02:03` or `2:03`."""
    minutes, second = divmod(round(max(0.0, seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)
