"""Recipes compose to checked settings, and what Hydra finds wrong reaches the user as one line."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

from seq2seq import load_settings
from seq2seq.config import recipe
from seq2seq.config.recipe_files import conf_directory, phrasebook_directory
from seq2seq.config.schema import Settings, settings_from_mapping, settings_to_mapping
from seq2seq.errors import SettingsError

CONF = conf_directory()
GROUPS = ["tokenizer", "model", "batching", "optimizer", "loss", "training", "search"]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def error(*overrides: str, **options: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(overrides, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_status == 2
    return message


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_says_what_the_dataclass_says(group: str) -> None:
    written = yaml.safe_load((CONF / group / "default.yaml").read_text(encoding="utf-8"))
    default = settings_to_mapping(Settings())[group]
    assert written == default
    assert list(written) == list(default), "in the same order"


@pytest.mark.parametrize("group", GROUPS)
def test_every_key_of_a_group_is_explained(group: str) -> None:
    for line in (CONF / group / "default.yaml").read_text(encoding="utf-8").splitlines():
        assert "# " in line, line


def test_the_data_groups_have_every_key_and_its_default() -> None:
    default = settings_to_mapping(Settings())["data"]
    own = {"name", "directory", "train", "valid", "test"}
    for option in ("phrasebook", "parallel"):
        written = yaml.safe_load((CONF / "data" / f"{option}.yaml").read_text(encoding="utf-8"))
        assert list(written) == list(default)
        for key in default.keys() - own:
            assert written[key] == default[key], key


def test_the_default_recipe_is_the_phrasebook(workplace: Path) -> None:
    assert load_settings() == load_settings(["experiment=phrasebook"])
    assert load_settings().model.units == 256


@pytest.mark.parametrize("override", ["data=phrasebook", "task=translation", "~experiment"])
def test_without_an_experiment_every_group_has_its_defaults(override: str, workplace: Path) -> None:
    settings = load_settings([override])
    default = Settings()
    assert settings.name == "phrasebook"
    assert settings.data.directory == str(phrasebook_directory())
    assert settings.runs == str(workplace / "runs")
    for field in dataclasses.fields(Settings):
        if field.name not in ("data", "runs"):
            assert getattr(settings, field.name) == getattr(default, field.name)


@pytest.mark.parametrize("path", sorted((CONF / "experiment").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_experiment_composes(path: Path, workplace: Path) -> None:
    settings = load_settings([f"experiment={path.stem}"])
    assert settings.name == path.stem
    assert settings_from_mapping(settings_to_mapping(settings)) == settings


def test_multi30k_takes_its_data_from_where_it_is(workplace: Path) -> None:
    settings = load_settings(["experiment=multi30k"])
    assert settings.data.directory == str(workplace / "downloads" / "multi30k")
    assert settings.data.download == "multi30k"
    assert load_settings(["experiment=multi30k", "data.directory=/d"]).data.directory == "/d"
    other = load_settings(["experiment=multi30k", "data.directory=../d"])
    assert other.data.directory == str(workplace.parent / "d")


def test_an_override_wins_over_the_experiment() -> None:
    settings = load_settings(["model.units=64", "experiment=multi30k", "task=translation"])
    assert settings.model.units == 64
    assert settings.model.encoder_layers == 2


def test_what_a_recipe_needs_is_asked_for_by_name() -> None:
    assert error("data=parallel").startswith("data.train.source is not given")
    message = error("data=parallel", "data.train.source=a.tsv")
    assert message.startswith("data.valid.source is not given")


PAIRS = ["data.train.source=a.tsv", "data.valid.source=b.tsv"]
LABELLED = ["data.train.source=a.ts"]


@pytest.mark.parametrize(
    ("overrides", "name", "task"),
    [
        (["data=parallel", *PAIRS], "parallel", "translation"),
        (PAIRS, "parallel", "translation"),
        (["data.train={source: a.en, target: a.de}", PAIRS[1]], "parallel", "translation"),
        (["data=parallel", *PAIRS, "data.name=own"], "own", "translation"),
        (["data=parallel", *PAIRS, "name=other", "data.name=own"], "other", "translation"),
        (["task=classification", "data=sequences", *LABELLED], "sequences", "classification"),
        (["task=regression", *LABELLED], "sequences", "regression"),
        (["data.directory=elsewhere"], "phrasebook", "translation"),
    ],
)
@pytest.mark.parametrize("former", [[], ["~experiment"], ["~experiment=phrasebook"]])
def test_chosen_data_task_or_files_leave_the_phrasebook_out(
    overrides: list[str], name: str, task: str, former: list[str], workplace: Path
) -> None:
    settings = load_settings([*former, *overrides])
    assert (settings.name, settings.task.name) == (name, task)
    default = Settings()
    for group in ("tokenizer", "model", "batching", "optimizer"):
        assert getattr(settings, group) == getattr(default, group), group
    assert settings.training.max_epochs is None


def test_a_named_experiment_is_kept_beside_data_and_files() -> None:
    settings = load_settings(["experiment=multi30k", "data=parallel", *PAIRS, "data.max_pairs=9"])
    assert (settings.name, settings.model.encoder_layers) == ("multi30k", 2)
    assert load_settings(["data.max_pairs=9", "data.max_length=50"]).model.units == 256
    assert load_settings(["data.test={source: null, target: null}"]).model.units == 256
    assert load_settings(["data.test.source=/t.en", "data.test.target=/t.de"]).model.units == 512


def test_choices_that_lack_something_or_contradict_are_told() -> None:
    assert error("data=sequences", *LABELLED) == (
        "data=sequences received without a task; add task=classification, task=regression, or "
        "task=translation for sequences of numbers with texts as targets."
    )
    assert error("task=classification").startswith("data.train.source is not given")
    assert error("~experiment", "experiment=trec") == (
        "~experiment received with experiment=trec; leave one of the two out."
    )


@pytest.mark.parametrize("value", ["1", "1e3", "true", "[1]", "'2024'", "2024-01-01"])
@pytest.mark.parametrize("group", ["experiment", "model", "task"])
def test_an_option_is_text_whatever_it_looks_like(group: str, value: str) -> None:
    option = value.strip("[]'")
    assert error(f"{group}={value}").startswith(f"{group} received '{option}'; allowed")


@pytest.mark.parametrize("group", ["experiment", "model", "task", "data"])
@pytest.mark.parametrize("value", ["null", "[null]", "NULL"])
def test_no_option_is_null(group: str, value: str, workplace: Path) -> None:
    write(workplace / f"conf/{group}/null.yaml", "# @package _global_\nseed: 77\n")
    assert error(f"{group}={value}").startswith(f"{group} received null; allowed: ")
    if group == "experiment":
        assert load_settings(['experiment="null"']).seed == 77


@pytest.mark.parametrize("name", ["2024", "1e3", "true", "übung", "1.5", "हिन्दी", "v1.2"])
def test_a_recipe_may_have_any_name(name: str, workplace: Path) -> None:
    write(workplace / f"conf/experiment/{name}.yaml", "# @package _global_\nseed: 77\n")
    assert load_settings([f"experiment={name}"]).seed == 77


@pytest.mark.parametrize(
    ("override", "runs"),
    [
        ("runs=übung", "übung"),
        ("runs=größe mit Leerzeichen", "größe mit Leerzeichen"),
        ("runs=a&b#c!", "a&b#c!"),
        ("runs=a=b", "a=b"),
        ('runs="a, b"', "a, b"),
    ],
)
def test_text_beyond_the_grammar_needs_no_quotes(override: str, runs: str, workplace: Path) -> None:
    assert load_settings([override]).runs == str(workplace / runs)


def test_quoting_reaches_into_lists_and_mappings() -> None:
    train, valid = "data.train={source: ä.en, target: b.de}", "data.valid={source: ö.tsv}"
    settings = load_settings([train, valid])
    assert (settings.data.train.source, settings.data.train.target) == ("ä.en", "b.de")
    assert settings.data.valid.source == "ö.tsv"


def test_several_values_are_for_other_commands() -> None:
    assert error("model.units=64,128").startswith(
        "model.units received 64,128, several values; give one here, or"
    )


@pytest.mark.parametrize("directory", ["ünï cödé", "a,b", "[c]", 'q"uote', "it's", "=x"])
def test_recipes_are_found_in_a_directory_of_any_name(
    directory: str, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workplace / directory / "conf/experiment/mine.yaml", "# @package _global_\nseed: 9\n")
    write(workplace / directory / "more/experiment/other.yaml", "# @package _global_\nseed: 8\n")
    monkeypatch.chdir(workplace / directory)
    monkeypatch.setenv("TMPDIR", str(workplace / directory))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert load_settings(["experiment=mine"]).seed == 9
    assert load_settings(["experiment=other"], config_dir="more").seed == 8
    assert load_settings(["experiment=more/experiment/other.yaml"]).seed == 8


@pytest.mark.parametrize("prefix", ["", "+", "++", "~"])
def test_an_unknown_key_names_the_nearest(prefix: str) -> None:
    message = error(f"{prefix}model.unitz=3")
    assert message.startswith("model.unitz is not a setting (received model.unitz=3)")
    assert message.endswith("Nearest: model.units.")


def test_an_unknown_option_of_a_group_names_the_nearest() -> None:
    assert error("experiment=multi3k").endswith("Nearest: multi30k.")
    message = error("data=phrasebok")
    assert message == (
        "data received 'phrasebok'; allowed: parallel, phrasebook, sequences. Nearest: phrasebook."
    )
    assert error("experimnt=multi30k").endswith("Nearest: experiment.")


@pytest.mark.parametrize("override", ["model.units", "model.units=[1", "=3", "", "a b=1"])
def test_what_is_no_override_is_quoted(override: str) -> None:
    assert error(override).startswith(f"{override!r} is not an override; write key=value")


def test_wrong_values_are_refused_by_name() -> None:
    assert error("model.units=many").startswith("model.units received 'many'")
    assert error("name=2024").endswith("name='\"2024\"'.")
    assert load_settings(['name="2024"']).name == "2024"
    assert "model.units" in error("model.units=${nowhere}")
    assert "model.units" in error("model.units=1,2")


def test_a_recipe_of_ones_own_is_found_in_conf(workplace: Path, repository: Path) -> None:
    write(workplace / "conf/experiment/mine.yaml", "# @package _global_\nname: own\nseed: 7\n")
    settings = load_settings(["experiment=mine"])
    assert (settings.name, settings.seed) == ("own", 7)
    ours = {path.stem for path in (repository / "conf" / "experiment").glob("*.yaml")}
    allowed = ", ".join(sorted({*ours, "mine"}))
    assert error("experiment=mime").endswith(f"allowed: {allowed}. Nearest: mine.")


def test_a_strangers_conf_does_not_replace_ours(workplace: Path) -> None:
    write(workplace / "conf/train.yaml", "lr: 3\n")
    write(workplace / "conf/model/default.yaml", "layers: 3\n")
    assert load_settings(["data=phrasebook"]).model == Settings().model


def test_another_directory_of_recipes_can_be_named(workplace: Path) -> None:
    write(workplace / "recipes/experiment/mine.yaml", "# @package _global_\nseed: 9\n")
    assert load_settings(["experiment=mine"], config_dir="recipes").seed == 9


def test_mistakes_inside_a_recipe_are_one_line_too(workplace: Path) -> None:
    write(workplace / "conf/experiment/typo.yaml", "# @package _global_\nmodel:\n  unitz: 3\n")
    assert error("experiment=typo").endswith("Nearest: model.units.")
    write(workplace / "conf/experiment/broken.yaml", "# @package _global_\nmodel: [1\n")
    assert "broken.yaml" in error("experiment=broken")
    write(workplace / "conf/experiment/global.yaml", "model:\n  units: 64\n")
    assert error("experiment=global").endswith("# @package _global_")


def test_paths_are_resolved_once_against_the_working_directory(workplace: Path) -> None:
    settings = load_settings(["runs=r", "model.init_from=old/export"])
    assert settings.runs == str(workplace / "r")
    assert settings.model.init_from == str(workplace / "old/export")
    assert recipe.run_directory(settings) == workplace / "r" / "phrasebook"
    home = load_settings(["runs='~/r'"])
    assert home.runs == str(Path("~/r").expanduser())


def test_composing_leaves_no_trace(workplace: Path) -> None:
    load_settings(["experiment=multi30k"])
    load_settings()
    assert list(workplace.iterdir()) == []
