"""No command writes over a file that it reads, under whatever name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.commands.main import main

TEXT = "Where is the train station?\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`a.txt` with a link, a link to the link, and a hard link."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    Path("link.txt").symlink_to("a.txt")
    Path("second.txt").symlink_to("link.txt")
    os.link("a.txt", "hard.txt")
    Path("here").symlink_to(".")
    return path


@pytest.mark.parametrize("name", ["a.txt", "link.txt", "second.txt", "hard.txt", "here/a.txt"])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["translate", "--model", "m", "--input", "a.txt"], "--output"),
        (["translate", "--model", "m", "text", "--glossary", "a.txt"], "--output"),
        (["predict", "--model", "m", "--input", "a.txt"], "--output"),
        (["evaluate", "--model", "m", "--source", "a.txt", "--target", "b.txt"], "--picture"),
        (["evaluate", "--model", "m", "--source", "b.txt", "--target", "a.txt"], "--picture"),
    ],
)
def test_an_output_that_is_an_input_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], command: list[str], option: str, name: str
) -> None:
    assert main([*command, option, name]) == 2
    shown = capsys.readouterr()
    assert shown.err == (
        f"seq2seq: error: {option} {name} is the same file as the input a.txt, which would be "
        "lost; give another file.\n"
    )
    assert shown.out == ""
    assert file.read_text() == TEXT and Path("link.txt").is_symlink()


def test_a_report_that_is_an_input_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("old").mkdir()
    os.link("a.txt", "old/report.html")
    command = ["evaluate", "--model", "m", "--source", "b.txt", "--target", "a.txt"]
    assert main([*command, "--report", "old"]) == 2
    assert "--report old/report.html is the same file as the input" in capsys.readouterr().err
    assert file.read_text() == TEXT


@pytest.mark.parametrize("command", ["translate", "predict"])
def test_standard_streams_count_as_files(file: Path, command: str) -> None:
    arguments = [sys.executable, "-m", "seq2seq", command, "--model", "m"]
    with file.open() as stdin:
        done = subprocess.run(
            [*arguments, "--output", "hard.txt"], stdin=stdin, capture_output=True, check=False
        )
    assert done.returncode == 2
    assert b"--output hard.txt is the same file as standard input" in done.stderr
    with file.open("a") as stdout:
        done = subprocess.run(
            [*arguments, "--input", "link.txt"], stdout=stdout, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"standard output is the same file as the input link.txt" in done.stderr
    assert file.read_text() == TEXT


def test_a_device_may_be_both(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = ["--input", "/dev/null", "--output", "/dev/null"]
    assert main(["translate", "--model", "m", *both]) == 1
    assert "m is not there" in capsys.readouterr().err


def test_a_recipe_is_not_written_over_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    corpus = Path("conf/experiment/mine.yaml")
    corpus.parent.mkdir(parents=True)
    corpus.write_text("a\tb\n")
    sides = ["--source", str(corpus), "--valid-source", str(corpus), "--format", "tsv"]
    assert main(["init", *sides, "--force"]) == 2
    assert "--name mine" in capsys.readouterr().err
    assert corpus.read_text() == "a\tb\n"
