"""`seq2seq init` writes a recipe that composes, or nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from seq2seq import load_settings
from seq2seq.commands.main import main

PAIR = ["--source", "train.en", "--target", "train.de"]
VALID = ["--valid-source", "valid.en", "--valid-target", "valid.de"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a small corpus."""
    monkeypatch.chdir(tmp_path)
    for split, lines in (("train", 30), ("valid", 3), ("test", 2)):
        for side in ("en", "de"):
            (tmp_path / f"{split}.{side}").write_text("a sentence\n" * lines)
    (tmp_path / "pairs.tsv").write_text("a\tb\n" * 5)
    (tmp_path / "pairs.jsonl").write_text('{"en": "a", "de": "b"}\n' * 4)
    (tmp_path / 'odd name ${x} "ü".en').write_text("a\n" * 30)
    with gzip.open(tmp_path / "train.de.gz", "wt") as packed:
        packed.write("a\n" * 30)
    return tmp_path


def recipe_names(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*.yaml"))


def test_the_recipe_composes_and_the_next_command_is_named(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = ["--test-source", "test.en", "--test-target", "test.de"]
    assert main(["init", *PAIR, *VALID, *test, "--name", "own"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "conf/experiment/own.yaml\n"
    assert "train: 30 pairs" in shown.err
    assert "seq2seq train experiment=own" in shown.err
    settings = load_settings(["experiment=own"])
    assert settings.name == "own"
    assert settings.data.name == "own"
    assert settings.data.directory == str(files)
    assert (settings.data.train.source, settings.data.train.target) == ("train.en", "train.de")
    assert settings.data.test.target == "test.de"
    assert settings.tokenizer.vocab_size == 2000


def test_names_of_any_kind_survive(files: Path) -> None:
    name = 'odd name ${x} "ü".en'
    arguments = ["--source", name, "--target", "train.de.gz", *VALID, "--name", "1"]
    assert main(["init", *arguments]) == 0
    settings = load_settings(['experiment="1"'])
    assert settings.name == "1"
    assert settings.data.train.source == name
    assert settings.data.train.target == "train.de.gz"


def test_one_file_of_pairs(files: Path) -> None:
    tsv = ["--source", "pairs.tsv", "--valid-source", "pairs.tsv", "--name", "t"]
    assert main(["init", *tsv]) == 0
    assert load_settings(["experiment=t"]).data.train.target is None
    json_lines = ["--source", "pairs.jsonl", "--valid-source", "pairs.jsonl", "--name", "j"]
    assert main(["init", *json_lines, "--source-field", "en", "--target-field", "de"]) == 0
    data = load_settings(["experiment=j"]).data
    assert (data.source_field, data.target_field) == ("en", "de")


def test_another_directory_is_named_in_the_commands(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *PAIR, *VALID, "--directory", "my recipes"]) == 0
    assert "--config-dir 'my recipes' experiment=mine" in capsys.readouterr().err
    assert load_settings(["experiment=mine"], config_dir="my recipes").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (PAIR, 2, "--valid-source is not given"),
        ([*PAIR, "--valid-source", "valid.en"], 2, "data.valid.target"),
        (["--source", "train.en", *VALID], 2, "data.train.target"),
        ([*PAIR, *VALID, "--name", "../x"], 2, "name received '../x'"),
        ([*PAIR, *VALID, "--name", "multi30k"], 2, "choose another name"),
        ([*PAIR, *VALID, "--format", "csv"], 2, "data.format received csv"),
        ([*PAIR, *VALID, "--colour"], 2, "seq2seq init --help"),
        ([], 2, "--source"),
        (["--source", "train.en", "--target", "none.de", *VALID], 1, "none.de"),
        (["--source", "train.en", "--target", "valid.de", *VALID], 1, "train.en has 30 lines"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    files: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    part: str,
) -> None:
    found = main(["init", *arguments])
    shown = capsys.readouterr()
    assert part in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert found == status
    assert recipe_names(files) == []


def test_an_empty_file_is_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "empty.tsv").touch()
    assert main(["init", "--source", "empty.tsv", "--valid-source", "pairs.tsv"]) == 1
    assert "empty.tsv is empty" in capsys.readouterr().err
    assert recipe_names(files) == []


def test_a_recipe_is_not_written_over_unasked(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files / "conf/experiment/mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("precious\n")
    assert main(["init", *PAIR, *VALID]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "precious\n"
    assert main(["init", *PAIR, *VALID, "--force"]) == 0
    assert path.read_text() != "precious\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["mine.yaml"]
