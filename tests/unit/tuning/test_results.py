"""What a sweep keeps of its trials, and what it makes of them at the end."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from seq2seq import load_settings
from seq2seq.config.schema import settings_to_mapping
from seq2seq.errors import ModelError, TrainingError
from seq2seq.tuning.display import Lines, trial_line
from seq2seq.tuning.importance import importances
from seq2seq.tuning.results import conclude, prune
from seq2seq.tuning.space import Value
from seq2seq.tuning.sweep import Sweep, load_sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    monkeypatch.chdir(tmp_path)
    return load_sweep(["name=s", "model.units=64,128", "model.dropout=interval(0,0.5)"])


@pytest.fixture
def records(sweep: Sweep) -> TrialRecords:
    """Ten trials: eight with scores that follow the dropout, one stopped, one failed."""
    records = TrialRecords(sweep.directory)
    for number in range(10):
        values: dict[str, Value] = {"model.units": str(64 * (1 + number % 2))}
        values["model.dropout"] = 0.05 * number
        trial = Trial(number, values, "finished", "", [50.0 - number], 3, 3.0, 90, 12.0)
        if number == 8:
            trial = replace(trial, state="stopped", reason="behind the others (asha)")
        if number == 9:
            trial = replace(trial, state="failed", reason="model.units received 63", scores=[])
        records.write(trial)
        run = records.trial_directory(number)
        (run / "checkpoints" / "step-00000090").mkdir(parents=True)
        (run / "export").mkdir()
        (run / "export" / "manifest.json").write_text(str(number))
        (run / "result.json").write_text("{}")
        units, dropout = 64 * (1 + number % 2), 0.05 * number
        model = replace(sweep.settings.model, units=units, dropout=dropout)
        settings = settings_to_mapping(replace(sweep.settings, model=model))
        (run / "settings.yaml").write_text(yaml.safe_dump(settings))
    return records


def test_the_end_of_a_sweep(sweep: Sweep, records: TrialRecords) -> None:
    result = conclude(sweep, records, note=lambda text: None)
    directory = sweep.directory
    assert [trial.number for trial in result.ranked] == list(range(9))
    rows = list(csv.DictReader((directory / "trials.csv").read_text().splitlines()))
    assert [row["trial"] for row in rows] == [f"{number:03d}" for number in range(10)]
    assert (rows[0]["valid_bleu"], rows[0]["model.units"]) == ("50.0", "64")
    assert (rows[9]["state"], rows[9]["reason"]) == ("failed", "model.units received 63")
    assert (directory / "export" / "manifest.json").read_text() == "0"
    for picture in ("parallel.png", "trials.png"):
        assert (directory / picture).read_bytes().startswith(b"\x89PNG")
    assert result.importance["model.dropout"] > result.importance["model.units"]
    assert sum(result.importance.values()) == pytest.approx(1.0)
    summary = "\n".join(result.summary())
    assert "without a score: 1 of 10" in summary and "PED-ANOVA" in summary
    left = [path.parent.name for path in sorted(directory.glob("trials/*/checkpoints"))]
    assert left == ["000"], "of the best alone"


def test_the_best_recipe_can_be_trained_at_once(sweep: Sweep, records: TrialRecords) -> None:
    conclude(sweep, records, note=lambda text: None)
    best = load_settings([f"experiment={sweep.directory / 'best.yaml'}", "runs=elsewhere"])
    judged = ["training.monitor=valid_bleu", "training.bleu_tokenizer=13a"]
    expected = load_settings(["name=s-best", "model.units=64", "model.dropout=0.0", *judged])
    assert replace(best, runs=expected.runs) == expected
    changed = load_settings(["experiment=runs/s/best.yaml", "model.units=32", "name=other"])
    assert (changed.model.units, changed.name) == (32, "other")


def test_where_less_is_better_the_least_is_best(sweep: Sweep, records: TrialRecords) -> None:
    less = replace(sweep, tune=replace(sweep.tune, mode="min", keep_trials=2))
    prune(less, records)
    left = {path.parent.name for path in sweep.directory.glob("trials/*/checkpoints")}
    assert left == {"007", "008"}


def test_all_failed_says_the_first_reason(sweep: Sweep, records: TrialRecords) -> None:
    for trial in records.trials():
        records.update(trial.number, state="failed", reason=f"reason {trial.number}")
    with pytest.raises(TrainingError, match=r"all 10 trials failed; the first: reason 0 \(log: "):
        conclude(sweep, records, note=lambda text: None)


def test_several_seeds_have_a_mean_and_a_deviation(capsys: pytest.CaptureFixture[str]) -> None:
    trial = Trial(7, {"model.units": "64"}, "finished", "", [10.0, 12.0], step=1200, epochs=4.0)
    assert (trial.score, trial.deviation) == (11.0, pytest.approx(2**0.5))
    line = trial_line(trial, metric="valid_bleu")
    assert line.startswith("trial 007 finished: model.units=64  epochs 4  step 1,200")
    assert line.endswith("valid_bleu 11.0000 ± 1.4142")
    Lines("valid_bleu").changed(trial, [trial])
    assert capsys.readouterr().err == line + "\n"


def test_few_trials_have_no_importance(sweep: Sweep) -> None:
    trials = [
        Trial(n, {"model.units": "64", "model.dropout": 0.1 * n}, scores=[n]) for n in range(3)
    ]
    assert importances(trials, sweep.space, maximise=True) == {}


def test_a_sweep_goes_on_only_as_the_same(sweep: Sweep, records: TrialRecords) -> None:
    records.settle(sweep.identity())
    records.keep_seconds(12.5)
    raised = replace(sweep, tune=replace(sweep.tune, trials=99, max_minutes=5.0, cpus=2.0))
    records.settle(raised.identity())
    assert records.seconds() == 12.5
    with pytest.raises(TrainingError, match="began with space"):
        records.settle(load_sweep(["name=s", "model.units=64,256"]).identity())
    (sweep.directory / "settings.yaml").touch()
    with pytest.raises(TrainingError, match="holds a training run"):
        records.settle(sweep.identity())


def test_a_record_is_changed_and_read_whole(records: TrialRecords) -> None:
    changed = records.update(3, state="running")
    assert records.read(3) == changed and changed.scores == [47.0]
    path = records.trial_directory(3) / "trial.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "of_a_later_version": 1}))
    assert records.read(3) == changed
    path.write_text("{")
    with pytest.raises(ModelError, match=r"trial\.json is damaged"):
        records.trials()
