"""`seq2seq tune` shows its space, and names what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.commands.main import main


def test_show_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["tune", "--show", "model.units=64,128", "model.dropout=interval(0,0.5)"]
    assert main([*command, "tune.trials=3", "name=s"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"3 trials in {tmp_path}/runs/s, judged by valid_bleu (high is good)"
    )
    assert lines[1:3] == ["  model.units: 64, 128", "  model.dropout: numbers from 0 to 0.5"]
    assert len([line for line in lines if line.startswith("  model.units=")]) == 3
    assert not (tmp_path / "runs").exists()


def test_the_helps_example_is_two_trials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tune", "model.units=64,128", "training.max_epochs=2", "--show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"2 trials in {tmp_path}/runs/phrasebook, judged by ")
    assert lines[2] == "trials"
    assert sorted(lines[3:]) == ["  model.units=128", "  model.units=64"]


def test_options_stand_between_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tune", "model.units=64,128", "--show", "name=s", "tune.trials=9"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"2 trials in {tmp_path}/runs/s, ")
    assert lines[-1] == (
        "tune.trials received 9; the space has 2 different points, and each is run once"
    )


@pytest.mark.parametrize("package", ["ray", "optuna"])
def test_a_missing_package_names_the_extra(package: str, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from seq2seq.commands.main import main\n"
        "sys.exit(main(['tune', 'model.units=64,128']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"seq2seq: error: This command needs the package {package}, which is not installed: "
        "pip install 'seq2seq-lstm[tune]'.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "model.units=glob(*)"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1
    assert "model.units received glob(...)" in shown.err
