"""What a run shows."""

from __future__ import annotations

import io
import math

import pytest
from rich.console import Console

from seq2seq.training.reporting.terminal import (
    LineReport,
    Status,
    TerminalReport,
    clock,
    counted,
    make_report,
    parameters_text,
    short_line,
    status_line,
)
from seq2seq.training.tasks.translation_validation import Sample

STATUS = Status(
    step=1200,
    epoch=2,
    batch=31,
    batches=44,
    loss=2.3456,
    learning_rate=1e-3,
    per_second=3456.7,
    unit="tokens",
    padding=0.051,
    seconds=90.0,
    share=0.25,
)
SCORES = {"valid_bleu": 12.345}
SAMPLES = [Sample("a [b]", "c", "d")]


def test_a_status_says_all_in_a_line() -> None:
    line = status_line(STATUS)
    for part in ("epoch 3", "step 1,200", "31/44", "2.346", "3,457 tokens/s", "5.1%", "4:30 left"):
        assert part in line
    assert "left" not in status_line(STATUS._replace(share=None))


def test_a_loss_that_is_not_known_is_not_zero() -> None:
    skipped = STATUS._replace(loss=math.nan)
    assert "  loss -  " in status_line(skipped)
    assert " loss - " in short_line(skipped)


def test_numbers_go_with_their_nouns() -> None:
    assert [counted(n, "epoch") for n in (0, 1, 2, 1200)] == [
        *("0 epochs", "1 epoch", "2 epochs", "1,200 epochs"),
    ]
    assert counted(2, "batch", "batches") == "2 batches"
    shown = {1: "1 parameter", 49_412: "49,412 parameters", 8_750_000: "8.8 M parameters"}
    assert {number: parameters_text(number) for number in shown} == shown


def test_beside_a_bar_it_fits_a_narrow_terminal() -> None:
    line = short_line(STATUS)
    for part in ("epoch 3", "step 1,200", "2.35", "3,457 tokens/s", "pad 5%", "4:30 left"):
        assert part in line
    assert len(short_line(STATUS._replace(step=123_456, per_second=12_345.0))) < 66


def test_plain_lines_go_to_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    report = LineReport()
    report.status(STATUS, logged=False)
    report.status(STATUS, logged=True)
    report.validated(1200, SCORES, SAMPLES, best=True)
    report.close()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("step 1,200") == 1 and "valid_bleu 12.345  (best)" in err and "a [b]" in err
    assert "\x1b" not in err


def test_a_terminal_shows_a_bar_and_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    report = TerminalReport()
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=160, highlight=False)
    monkeypatch.setattr(report, "_console", console)
    monkeypatch.setattr(report._bar.live, "console", console)
    report.note("hello [world]")
    report.preparing("train", 1, 2)
    report.preparing("train", 2, 2)
    report.status(STATUS, logged=True)
    report.validated(1200, SCORES, SAMPLES, best=False)
    report.close()
    shown = screen.getvalue()
    for part in ("hello [world]", "preparing train", "step 1,200", "valid_bleu", "12.345", "a [b]"):
        assert part in shown


def test_without_a_terminal_lines_are_plain() -> None:
    assert isinstance(make_report(), LineReport)


def test_clock() -> None:
    assert (clock(0), clock(61.2), clock(3723)) == ("0:00", "1:01", "1:02:03")
