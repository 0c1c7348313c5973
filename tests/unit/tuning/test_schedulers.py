"""Ray's schedulers and Optuna's search go on with what earlier processes saw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ray.tune.schedulers import TrialScheduler
from ray.tune.search import Searcher

from seq2seq.tuning.schedulers import PastTrial, make_scheduler
from seq2seq.tuning.searcher import TreeParzenSearch
from seq2seq.tuning.study import escaped, unescaped
from seq2seq.tuning.sweep import Sweep, load_sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    monkeypatch.chdir(tmp_path)
    return load_sweep(["name=s", "model.attention=luong,none", "model.dropout=interval(0,0.5)"])


def scheduled(sweep: Sweep, scheduler: str, **options: Any) -> Sweep:
    return replace(sweep, tune=replace(sweep.tune, scheduler=scheduler, **options))


def results(*scores: float) -> list[dict[str, Any]]:
    return [
        {"validations": place, "valid_bleu": score} for place, score in enumerate(scores, start=1)
    ]


@pytest.mark.parametrize(("scheduler", "options"), [("asha", {"reduction": 2.0}), ("median", {})])
def test_a_new_process_judges_as_the_old_one_would(
    sweep: Sweep, scheduler: str, options: dict[str, Any]
) -> None:
    past = {number: results(20.0 + number, 30.0 + number, 40.0) for number in range(4)}
    own = scheduled(sweep, scheduler, **options)
    made: Any = make_scheduler(own, past, done=set(past))
    bad, good = (PastTrial(name, {"number": 4 + place}) for place, name in enumerate("ab"))
    for trial in (bad, good):
        made.on_trial_add(None, trial)
    assert made.on_trial_result(None, bad, results(1.0)[0]) == TrialScheduler.STOP
    assert made.on_trial_result(None, good, results(50.0)[0]) == TrialScheduler.CONTINUE


def test_a_trial_that_goes_on_is_known_by_its_earlier_validations(sweep: Sweep) -> None:
    past = {0: results(20.0), 1: results(30.0), 2: results(40.0)}
    made: Any = make_scheduler(scheduled(sweep, "asha", reduction=2.0), past, done={0, 1})
    trial = PastTrial("now", {"number": 2})
    made.on_trial_add(None, trial)
    rungs = dict(made._brackets[0]._rungs)
    assert rungs[1.0] == {"past-0": 20.0, "past-1": 30.0, "now": 40.0}
    assert made.on_trial_result(None, trial, results(0, 45.0)[1]) == TrialScheduler.CONTINUE


def test_who_takes_over_keeps_its_number_and_the_limits(sweep: Sweep) -> None:
    made: Any = make_scheduler(scheduled(sweep, "pbt"), {}, done=set())
    weak = PastTrial("weak", {"number": 1, "values": {"model.attention": "none"}})
    values = {"model.attention": "luong", "model.dropout": 0.45}
    strong = PastTrial("strong", {"number": 2, "values": values})
    seen = set()
    for _ in range(20):
        config, _ = made._get_new_config(weak, strong)
        assert config["number"] == 1
        assert config["values"]["model.attention"] == "luong", "of the model it takes over"
        seen.add(config["values"]["model.dropout"])
    assert seen == {0.36, 0.5}
    assert values["model.dropout"] == 0.45


def test_tpe_hands_out_what_is_left_and_then_new_trials(sweep: Sweep) -> None:
    own = replace(sweep, tune=replace(sweep.tune, search="tpe", trials=4))
    records = TrialRecords(own.directory)
    done = Trial(0, {"model.attention": "luong", "model.dropout": 0.25}, "finished", "", [30.0])
    left = Trial(1, {"model.attention": "none", "model.dropout": 0.125}, "running")
    for trial in (done, left):
        records.write(trial)
    search = TreeParzenSearch(own, records, waiting=[left])
    given = [search.suggest(f"id{place}") for place in range(4)]
    assert given[0] == {"number": 1, "values": left.values}
    assert [one["number"] for one in given[1:3]] == [2, 3]
    assert given[3] == Searcher.FINISHED
    for one in given[1:3]:
        assert 0.0 <= one["values"]["model.dropout"] <= 0.5
        assert records.read(one["number"]) == Trial(one["number"], one["values"])
    search.on_trial_complete("id0", {"valid_bleu": 10.0})
    search.on_trial_complete("id1", {"valid_bleu": 10.0})
    search.on_trial_complete("id2", error=True)


def test_keys_with_a_slash_survive_ray() -> None:
    values = {"data/deep": "a", "model.units": 64, "model.dropout": 0.25}
    assert not any("/" in key for key in escaped(values))
    assert unescaped(escaped(values)) == values
