"""Callback of Ray Tune that updates the trial records and the display."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ray import tune
from ray.tune.stopper import Stopper

from seq2seq.tuning.display import SweepDisplay
from seq2seq.tuning.results import prune
from seq2seq.tuning.sweep import Sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords


class Watcher(tune.Callback):
    """Callback of Tune in the process of the sweep."""

    def __init__(
        self,
        sweep: Sweep,
        records: TrialRecords,
        *,
        over: Callable[[], bool],
        display: SweepDisplay,
    ) -> None:
        self._sweep, self._records, self._over, self._display = sweep, records, over, display
        self._shown: dict[int, Trial] = {}  # last shown record of each trial

    def on_trial_start(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
        """Record that the trial is running."""
        self._change(trial, state="running")

    def on_trial_result(
        self, iteration: int, trials: Any, trial: Any, result: Any, **info: Any
    ) -> None:
        """Show a validation of the trial."""
        self._change(trial)

    def on_trial_complete(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
        """Record a trial that finished or was stopped by the scheduler.

        A trial that was interrupted by the end of the sweep keeps its state.
        """
        known = self._records.read(trial.config["number"])
        if known is None or (not known.done and self._over()):
            return
        if known.done:
            self._change(trial)
        else:
            scheduler = self._sweep.tune.scheduler
            self._change(trial, state="stopped", reason=f"behind the others ({scheduler})")
        prune(self._sweep, self._records)

    def on_trial_error(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
        """Record a failed trial; find the reason if its process died without recording it."""
        known = self._records.read(trial.config["number"])
        if known is not None and known.state == "failed":
            self._change(trial)
        else:
            self._change(trial, state="failed", reason=death_reason(trial.get_error()))

    def _change(self, trial: Any, **changes: Any) -> None:
        number = trial.config["number"]
        known = self._records.update(number, **changes) if changes else self._records.read(number)
        # Tune reports the end of a trial twice: with its last result, and as complete.
        if known is not None and self._shown.get(number) != known:
            self._shown[number] = known
            self._display.changed(known, self._records.trials())


def stopper(over: Callable[[], bool]) -> Stopper:
    """Return a stopper of Tune that ends all trials when `over` returns True."""

    class _WhenOver(Stopper):
        def __call__(self, trial_id: str, result: dict[str, Any]) -> bool:
            return False

        def stop_all(self) -> bool:
            return over()

    return _WhenOver()


def death_reason(trace: object) -> str:
    """Return in one line why the process of a trial died, from the error text of Ray."""
    lines = [line.strip() for line in str(trace or "").splitlines() if line.strip()]
    if any("low on memory" in line for line in lines):
        return "out of memory: Ray ended its process"
    if any("died unexpectedly" in line or "SIGKILL" in line for line in lines):
        return "its process was killed, as the kernel does when memory runs out"
    return f"its process died: {lines[-1][:200]}" if lines else "its process died"
