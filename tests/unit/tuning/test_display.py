"""What a sweep shows on a terminal."""

from __future__ import annotations

import io
import pickle

import pytest
from rich.console import Console

from seq2seq.tuning.display import Lines, LiveTable, make_display
from seq2seq.tuning.trial_records import Trial


def test_a_terminal_shows_a_table_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    display = LiveTable("valid_bleu")
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, height=20, highlight=False)
    monkeypatch.setattr(display, "_console", console)
    monkeypatch.setattr(display._live, "console", console)
    trials = [Trial(n, {"model.units": str(n)}, "finished", "", [float(n)]) for n in range(40)]
    trials[3] = Trial(3, {"model.units": "[3]"}, "running", epochs=2.0, step=1234)
    trials += [Trial(n, {"model.units": "64"}, "waiting") for n in range(40, 50)]
    display.note("hello [world]")
    display.changed(trials[3], trials)
    display.close()
    shown = screen.getvalue()
    for part in ("hello [world]", "units", "valid_bleu", "003", "[3]", "1,234", "of 50 trials"):
        assert part in shown
    assert "39.0000" in shown and "049" not in shown, "the newest that ran before those that wait"


def test_tune_can_write_down_what_shows_the_table() -> None:
    again = pickle.loads(pickle.dumps(LiveTable("valid_bleu")))
    assert isinstance(again, LiveTable)


def test_elsewhere_lines_are_plain() -> None:
    assert isinstance(make_display("valid_bleu"), Lines)
