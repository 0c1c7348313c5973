"""Figures and tables of measured training."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from seq2seq.bench.run_measurement import MeasuredRun, RunTurn, Sample
from seq2seq.bench.spread import Spread
from seq2seq.bench.training_cases import Case
from seq2seq.bench.training_measurement import OURS, UNORDERED, Facts, Machine, MeasuredCase
from seq2seq.bench.training_table import as_json, as_text, line, row

FACTS = Facts(1000, "", 4.5, 300_000_000, 1_590_000_000, None)
MEASURED = MeasuredCase(
    case=Case(),
    work=1000,
    operations=10**10,
    seconds={OURS: [1.0, 0.5, 0.5], "packed": [1.0, 1.0, 2.0], "reversed": [2.0, 2.0, 2.0]},
    facts={
        OURS: FACTS,
        "packed": FACTS._replace(peak_bytes=900_000_000),
        "reversed": FACTS,
    },
    failures={"compiled": "PyTorch compiled cannot be measured: no compiler"},
    turns=3,
    quiet=3,
)
PRODUCTS = {"float32": 100e9, "bfloat16": 400e9}
MACHINE = Machine("CPU, 2 cores", {"TensorFlow": "2.21.0"}, PRODUCTS)
ABOUT = {"date": "2026-11-27", "processor": "a processor"}


def table(*measured: MeasuredCase) -> list[str]:
    rows = [row(each, PRODUCTS) for each in measured]
    return [each for each in as_text(rows, [], MACHINE, ABOUT).splitlines() if each[:1] == "|"]


def test_the_best_of_pytorch_is_compared_turn_by_turn() -> None:
    found = row(MEASURED, PRODUCTS)
    assert found.best_torch == "packed"
    assert found.ratio == Spread(2.0, 1.0, 4.0)
    assert found.rates[OURS] == Spread(2000.0, 1000.0, 2000.0)
    assert found.shares == pytest.approx({OURS: 0.2, "packed": 0.1, "reversed": 0.05})
    assert found.freed is None


def test_a_row_of_the_table() -> None:
    head, rule, cells = table(MEASURED)
    assert head.count("|") == rule.count("|") == cells.count("|")
    assert cells == (
        "| 1 layer of 512, float32 | 2,000 (1,000-2,000) | 1,000 (500-1,000) packed "
        "| 2.00 (1.00-4.00) | 20% / 10% | 1.59 / 0.90 | 3 |"
    )


def test_the_heading_names_the_machine_and_what_failed() -> None:
    text = as_text([row(MEASURED, PRODUCTS)], [], MACHINE, ABOUT)
    assert text.startswith(
        "date 2026-11-27, processor a processor\n"
        "CPU, 2 cores; TensorFlow 2.21.0\n"
        "bare matrix products: 100 GFLOP/s in float32, 400 GFLOP/s in bfloat16\n"
    )
    assert "compiled failed, 1 layer of 512, float32: PyTorch compiled cannot" in text


def test_without_pytorch_its_columns_are_left_out() -> None:
    alone = replace(MEASURED, seconds={OURS: [0.5]}, facts={OURS: FACTS}, failures={}, turns=1)
    head, _, cells = table(replace(alone, quiet=1))
    assert "PyTorch" not in head
    assert cells == "| 1 layer of 512, float32 | 2,000 (2,000-2,000) | 20% | 1.59 | 1 |"


def test_a_failure_of_ours_stays_in_the_table() -> None:
    seconds = {"packed": [1.0]}
    failed = replace(MEASURED, seconds=seconds, failures={OURS: "ours cannot be measured: no"})
    _, _, first, second = table(MEASURED, failed)
    assert first.count("|") == second.count("|")
    assert "| failed | 1,000 (1,000-1,000) packed |  | - / 10% |" in second


def test_turns_that_were_not_quiet_are_marked() -> None:
    assert table(replace(MEASURED, turns=6))[-1].endswith("| 3 quiet of 6 |")
    assert table(replace(MEASURED, quiet=0))[-1].endswith("| 3, none quiet |")


def test_classification_is_told_in_seconds_and_a_gpu_in_its_memory() -> None:
    facts = FACTS._replace(device_bytes=2_000_000_000, note="without cuDNN")
    case = Case("classification", units=128, length=5000, positions=40_000)
    found = replace(MEASURED, case=case, facts={**MEASURED.facts, OURS: facts})
    assert "| 0.50 (0.50-1.00) s without cuDNN |" in table(found)[-1]
    assert "| 2.00 / 0.90 |" in table(found)[-1]


def test_what_determinism_costs_has_a_column() -> None:
    seconds = {**MEASURED.seconds, UNORDERED: [0.5, 0.25, 0.4]}
    found = replace(MEASURED, seconds=seconds, facts={**MEASURED.facts, UNORDERED: FACTS})
    head, _, cells = table(found)
    assert head.endswith("| without determinism |")
    assert cells.endswith("| 2.00 (1.25-2.00) |")


def test_json_holds_every_form() -> None:
    rows, run = [row(MEASURED, PRODUCTS)], MeasuredRun(Case(layers=2), [turn(50, 10.0, 10.0)])
    loaded = json.loads(json.dumps(as_json(rows, [run], MACHINE, ABOUT)))
    (found,) = loaded["rows"]
    assert found["forms"].keys() == {OURS, "packed", "reversed"}
    assert found["forms"]["packed"]["seconds"] == [1.0, 1.0, 2.0]
    assert found["forms"][OURS]["rate"] == [2000.0, 1000.0, 2000.0]
    assert found["ratio"] == [2.0, 1.0, 4.0]
    assert found["failures"].keys() == {"compiled"}
    assert loaded["machine"]["products"] == PRODUCTS
    assert loaded["runs"][0]["turns"][0]["run"]["bytes_now"] == 1_900_000_000


def turn(step: int, run: float, bare: float, *, counted: bool = True) -> RunTurn:
    def sample(rate: float) -> Sample:
        return Sample(rate, bytes_now=1_900_000_000, bytes_peak=2_000_000_000)

    return RunTurn(step, sample(run), sample(bare), counted)


def test_a_whole_run_is_shown_by_steps_beside_its_bare_ones() -> None:
    turns = [turn(50, 10.0, 90.0, counted=False), turn(100, 95.0, 100.0), turn(150, 100.0, 100.0)]
    text = as_text([], [MeasuredRun(Case(layers=2), turns)], None, ABOUT)
    assert "whole run, 2 layers of 512, float32: 0.975 (0.950-1.000) of the speed" in text
    assert "| 50 | (10) | (90) | 1.90 | 2.00 | 2.00 |" in text
    assert "| 150 | 100 | 100 | 1.90 | 2.00 | 2.00 |" in text


def test_progress_shows_a_row_in_a_line() -> None:
    assert line(row(MEASURED, PRODUCTS)) == (
        "1 layer of 512, float32: 2,000 (1,000-2,000); 1,000 (500-1,000) packed; 2.00 (1.00-4.00)"
    )
