"""A command line becomes one sweep, or one sentence on what is wrong with it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import yaml

from seq2seq.config.recipe_files import conf_directory
from seq2seq.config.schema import TuneSettings
from seq2seq.errors import SettingsError
from seq2seq.tuning.space import Choice, Interval
from seq2seq.tuning.sweep import load_sweep, trial_settings


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_group_says_what_the_dataclass_says() -> None:
    text = (conf_directory() / "tune/default.yaml").read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    assert written.pop("space") == {}
    assert written == dataclasses.asdict(TuneSettings())
    assert list(written) == [field.name for field in dataclasses.fields(TuneSettings)]
    assert all("# " in line for line in text.splitlines())


@pytest.mark.parametrize(
    "path", sorted((conf_directory() / "tune").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_space_composes(path: Path) -> None:
    sweep = load_sweep([f"tune={path.stem}", "model.attention=luong,none"])
    assert sweep.trials > 0 and "model.attention" in sweep.space.dimensions


def test_values_and_settings_are_told_apart(workplace: Path) -> None:
    sweep = load_sweep(
        ["name=s", "seed=3", "model.units=64,128", "tune.trials=5", "model.dropout=interval(0,0.5)"]
    )
    assert sweep.space.dimensions == {
        "model.units": Choice(("64", "128")),
        "model.dropout": Interval(0.0, 0.5),
    }
    assert (sweep.trials, sweep.settings.seed) == (5, 3)
    assert sweep.directory == workplace / "runs" / "s"
    judged = ("training.monitor=valid_bleu", "training.bleu_tokenizer=13a")
    assert sweep.overrides == ("name=s", "seed=3", *judged)
    assert (sweep.metric, sweep.higher_is_better) == ("valid_bleu", True)
    settings = trial_settings(sweep.overrides, {"model.units": "64", "model.dropout": 0.25}, seed=7)
    assert (settings.model.units, settings.model.dropout, settings.seed) == (64, 0.25, 7)


def test_a_groups_option_can_be_searched() -> None:
    sweep = load_sweep(["experiment=phrasebook,multi30k", "tune.search=grid"])
    assert sweep.trials == 2
    sizes = [trial_settings((), sweep.point(n)).model.encoder_layers for n in range(2)]
    assert sizes == [1, 2]


@pytest.mark.parametrize("search", ["random", "grid", "tpe"])
@pytest.mark.parametrize("trials", [[], ["tune.trials=5"], ["tune.trials=2"]])
def test_a_finite_space_has_no_more_trials_than_points(search: str, trials: list[str]) -> None:
    sweep = load_sweep(["model.units=64,128", f"tune.search={search}", *trials])
    assert sweep.trials == 2
    assert sorted(str(point["model.units"]) for point in sweep.points) == ["128", "64"]
    assert bool(sweep.notes()) == (trials == ["tune.trials=5"])


def test_a_large_space_has_sixteen_trials_and_a_population_may_begin_alike() -> None:
    assert load_sweep(["model.units=range(64,1000,2)"]).trials == 16
    assert load_sweep(["model.units=range(64,1000,2)", "tune.search=grid"]).trials == 468
    population = load_sweep(["loss.label_smoothing=0,0.1", "tune.scheduler=pbt", "tune.trials=4"])
    assert population.trials == 4 == len(population.points)


def test_a_recipes_null_is_null_in_its_trials(workplace: Path) -> None:
    space = "defaults: [default]\nsearch: grid\nspace: {training.max_steps: [null, 3]}\n"
    (workplace / "mine.yaml").write_text(space)
    sweep = load_sweep(["tune=mine.yaml"])
    steps = [trial_settings((), point).training.max_steps for point in sweep.points]
    assert steps == [None, 3]


SIDES = ["data.train.source=a.tsv", "data.valid.source=b.tsv"]


def test_a_sweep_over_corpora_is_not_the_phrasebooks(workplace: Path) -> None:
    (workplace / "b.tsv").write_text("one two\teins zwei drei vier\n")
    sweep = load_sweep(["data=parallel", *SIDES, "model.units=64,128"])
    assert (sweep.settings.name, sweep.settings.tokenizer.vocab_size) == ("parallel", 4000)
    first = trial_settings(sweep.overrides, sweep.points[0])
    assert (first.name, first.tokenizer.vocab_size) == ("parallel", 4000)
    several = load_sweep(["data.train.source=a.tsv,c.tsv", SIDES[1], "tune.search=grid"])
    assert several.settings.name == "parallel"
    assert trial_settings(several.overrides, several.points[1]).data.train.source == "c.tsv"
    tasks = load_sweep(["task=classification,regression", "data.train.source=a.ts"])
    assert tasks.settings.task.name == "classification"
    former = load_sweep(["~experiment", "data=parallel", *SIDES, "model.units=64,128"])
    assert former.settings == sweep.settings


def test_recipes_of_any_name_can_be_searched(workplace: Path) -> None:
    for name in ("2024", "true", "übung"):
        path = workplace / "conf" / "experiment" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# @package _global_\nname: own\nseed: {len(name)}\n")
    sweep = load_sweep(["experiment=2024,true,übung", "tune.search=grid", "name=s"])
    found = [trial_settings(sweep.overrides, point).seed for point in sweep.points]
    assert found == [4, 4, 5]


def test_the_command_line_wins_over_the_space() -> None:
    sweep = load_sweep(["tune=phrasebook", "model.units=64", "model.dropout=0.1,0.2"])
    assert set(sweep.space.dimensions) == {"model.dropout", "optimizer.learning_rate"}
    assert sweep.space.dimensions["model.dropout"] == Choice(("0.1", "0.2"))
    assert sweep.settings.model.units == 64


def test_a_space_of_ones_own_can_be_named_by_its_file(workplace: Path) -> None:
    (workplace / "mine.yaml").write_text("defaults: [default]\nspace: {model.units: [32, 64]}\n")
    assert load_sweep(["tune=mine.yaml"]).space.dimensions == {"model.units": Choice(("32", "64"))}


@pytest.mark.parametrize(
    ("overrides", "part"),
    [
        ([], "The space of the sweep is empty"),
        (["tune.trialz=3", "seed=1"], "Nearest: tune.trials."),
        (["tune.trials=0", "model.units=2,4"], "tune.trials received 0"),
        (["tune.search=grids", "model.units=2,4"], "Nearest: grid."),
        (["model.unitz=2,4"], "Nearest: model.units."),
        (["seed=1,2"], "for several seeds a trial set tune.seeds"),
        (["name=a,b"], "name received several values"),
        (["tune.trials=1,2"], "tune.trials received several values"),
        (
            ["tune.search=grid", "model.dropout=interval(0,1)"],
            "tune.search=grid takes listed values",
        ),
        (["tune.search=tpe", "model.units=tag(grid,choice(2,4))"], "leave the tag out"),
        (["tune.metric=bleu", "model.units=2,4"], "Nearest: valid_bleu."),
        (["tune.scheduler=pbt", "model.units=2,4"], "found no key to change"),
        (["tune.scheduler=pbt", "tune.seeds=2", "model.dropout=0.1,0.2"], "goes with"),
        (
            ["tune.scheduler=pbt", "model.dropout=0.1,0.2", "experiment=multi30k"],
            "set training.max_epochs",
        ),
        (["experiment=nowhere/best.yaml", "model.units=2,4"], "there is no such file"),
        (["optimizer=default,x"], "optimizer received 'x'; allowed: default, or the file of a"),
        (["experiment=multi30k,multi3k"], "Nearest: multi30k."),
        (["model=1,2"], "model received '1'; allowed: default"),
        (["experiment=null,multi30k"], "experiment received null; allowed: "),
        (["optimizer=interval(0,1)"], "optimizer received numbers from 0 to 1; allowed: defa"),
        (["model.attention=luong,loung"], "model.attention received 'loung'; allowed: luong"),
        (["model.units=64,null"], "model.units received null; it must be a whole number"),
        (["model.dropout=0.1,1.5"], "model.dropout received 1.5; it must be a number"),
        (["model.units=64,128", "hydra.run.dir=x"], "set runs= and name= instead"),
    ],
)
def test_what_cannot_be_is_one_sentence(overrides: list[str], part: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_sweep(overrides)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
