"""TPE through Ray Tune never runs equal trials."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ray.tune.search import Searcher

from seq2seq.tuning.searcher import TreeParzenSearch
from seq2seq.tuning.sweep import Sweep, load_sweep
from seq2seq.tuning.trial_records import TrialRecords

SPACE = ["tune.search=tpe", "name=s", "model.attention=luong,none", "training.max_epochs=null,1,2"]


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    monkeypatch.chdir(tmp_path)
    return load_sweep(SPACE)


def run(search: TreeParzenSearch, records: TrialRecords, *, most: int = 99) -> list[dict[str, Any]]:
    """The values of all trials; the first point is by far the best, so that TPE wants it again."""
    found: list[dict[str, Any]] = []
    for number in range(most):
        suggested = search.suggest(f"t{number}")
        if suggested == Searcher.FINISHED:
            break
        score = 90.0 if not found else 1.0
        found.append(suggested["values"])
        records.update(suggested["number"], state="finished", scores=[score])
        result = {search.metric: score, "training_iteration": 1}
        search.on_trial_result(f"t{number}", result)
        search.on_trial_complete(f"t{number}", result)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_finite_space_is_gone_through_once(sweep: Sweep, seed: int) -> None:
    sweep = replace(sweep, tune=replace(sweep.tune, seed=seed))
    assert sweep.trials == 6
    records = TrialRecords(sweep.directory)
    values = run(TreeParzenSearch(sweep, records, waiting=[]), records)
    assert len(values) == 6 == len({tuple(sorted(one.items())) for one in values})
    assert {one["training.max_epochs"] for one in values} == {"null", "1", "2"}


def test_a_resumed_sweep_runs_the_rest(sweep: Sweep) -> None:
    records = TrialRecords(sweep.directory)
    first = run(TreeParzenSearch(sweep, records, waiting=[]), records, most=4)
    records.update(3, state="running", scores=[])
    rest = run(TreeParzenSearch(sweep, records, waiting=[]), records)
    assert len(rest) == 2
    assert len({tuple(sorted(one.items())) for one in [*first, *rest]}) == 6


def test_numbers_without_end_are_chosen_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sweep = load_sweep(["tune.search=tpe", "model.dropout=interval(0,0.5)", "tune.trials=8"])
    records = TrialRecords(sweep.directory)
    values = run(TreeParzenSearch(sweep, records, waiting=[]), records)
    assert len({one["model.dropout"] for one in values}) == 8
