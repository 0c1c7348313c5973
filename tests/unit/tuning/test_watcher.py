"""What Tune reports of trials is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from seq2seq.tuning.sweep import load_sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords
from seq2seq.tuning.watcher import Watcher


class Screen:
    """Keeps what would be shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int]] = []

    def note(self, text: str) -> None:
        """See `SweepDisplay`."""

    def changed(self, trial: Trial, trials: Sequence[Trial]) -> None:
        """See `SweepDisplay`."""
        self.shown.append((trial.state, trial.validations))

    def close(self) -> None:
        """See `SweepDisplay`."""


def test_a_finished_trial_is_shown_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sweep, screen = load_sweep(["name=s", "model.units=64,128"]), Screen()
    records = TrialRecords(sweep.directory)
    records.write(Trial(0, {"model.units": "64"}))
    watcher = Watcher(sweep, records, over=lambda: False, display=screen)
    trial = SimpleNamespace(config={"number": 0})
    watcher.on_trial_start(1, [], trial)
    for validations in (1, 2):
        records.update(0, validations=validations, scores=[1.0])
        watcher.on_trial_result(1, [], trial, {})
    records.update(0, state="finished")
    watcher.on_trial_result(1, [], trial, {})
    watcher.on_trial_complete(1, [], trial)
    assert screen.shown == [("running", 0), ("running", 1), ("running", 2), ("finished", 2)]
