"""Several runs in one table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from seq2seq import load_settings
from seq2seq.commands.main import main
from seq2seq.config.schema import settings_to_mapping


def write_run(path: Path, *overrides: str, bleu: float, finished: bool) -> None:
    path.mkdir(parents=True)
    settings = settings_to_mapping(
        load_settings([*overrides, "name=x", "training.monitor=valid_bleu"])
    )
    (path / "settings.yaml").write_text(yaml.safe_dump(settings))
    records = [
        {"kind": "valid", "step": step, "epoch": 1, "seconds": 9.0, "valid_bleu": score}
        for step, score in ((50, bleu), (100, bleu - 1))
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (path / "metrics.jsonl").write_text(lines + '{"kind": "val')
    if finished:
        metrics = {"valid_bleu": bleu, "test_bleu": bleu / 2, "bleu_signature": "13a"}
        (path / "result.json").write_text(json.dumps({"metrics": metrics}))


def test_a_damaged_result_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, bleu=20.0, finished=True)
    with (tmp_path / "b" / "metrics.jsonl").open("a") as metrics:
        metrics.write('\n[1]\n3\n{"kind": "valid"}\n')
    arguments = ["inspect", str(tmp_path / "a"), str(tmp_path / "b")]
    assert main(arguments) == 0
    capsys.readouterr()
    (tmp_path / "b" / "result.json").write_text('{"metrics": ')
    for command in (arguments, ["export", str(tmp_path / "b")]):
        assert main(command) == 1
        shown = capsys.readouterr().err
        assert f"{tmp_path}/b/result.json is damaged" in shown and shown.count("\n") == 1


def test_runs_are_compared_by_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = tmp_path / "runs"
    write_run(runs / "a", "model.units=64", bleu=20.0, finished=True)
    write_run(runs / "b", "model.units=128", bleu=30.0, finished=False)
    for job in (0, 1):
        write_run(runs / "multirun" / str(job), f"seed={job + 1}", bleu=25.0 + job, finished=True)
    write_run(runs / "sweep" / "trials" / "000", "model.units=32", bleu=10.0, finished=False)
    (runs / "corpora").mkdir()
    names = [str(path.relative_to(tmp_path)) for path in sorted(runs.iterdir())]
    assert main(["inspect", *names]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        *("run", "state", "epochs", "steps", "time", "valid_bleu", "test_bleu"),
        *("seed", "model.units"),
    ]
    order = [line.split()[0] for line in lines[1:]]
    assert order == [
        *("runs/b", "runs/multirun/1", "runs/multirun/0", "runs/a", "runs/sweep/trials/000"),
    ]
    assert "30.0000" in lines[1] and "not finished" in lines[1] and lines[1].endswith("128")
    assert main(["inspect", "--json", "runs/multirun"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["differing"] == ["seed"]
    assert [run["settings"] for run in facts["runs"]] == [{"seed": 1}, {"seed": 2}]


def test_directories_without_a_run_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert main(["inspect", str(tmp_path / "a"), str(tmp_path / "b")]) == 1
    assert "hold no run" in capsys.readouterr().err
