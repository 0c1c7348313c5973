"""`seq2seq inspect` shows what a corpus, a run or an exported model holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from seq2seq.commands.main import main
from seq2seq.config.schema import Settings, settings_to_mapping

SMALL = ["tokenizer.kind=char", "batching.max_tokens=200"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with forty pairs, one of them without a translation."""
    monkeypatch.chdir(tmp_path)
    source = [f"the number {'very ' * (n % 7)}{n}" for n in range(40)]
    target = [f"die Zahl {'sehr ' * (n % 7)}{n}" for n in range(40)]
    target[12] = ""
    (tmp_path / "a.en").write_text("\n".join(source) + "\n")
    (tmp_path / "a.de").write_text("\n".join(target) + "\n")
    lines = [f"{one}\t{other}\n" for one, other in zip(source, target, strict=True)]
    (tmp_path / "pairs.tsv").write_text("".join(lines))
    return tmp_path


def as_json(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert main(["inspect", "--json", *argv]) == 0
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return facts


CORPUS = [
    "data=parallel",
    "data.train.source=a.en",
    "data.train.target=a.de",
    "data.valid.source=pairs.tsv",
    *SMALL,
]


def test_settings_show_the_corpus_a_run_would_have(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = as_json(capsys, *CORPUS)
    train = facts["report"]["splits"]["train"]
    assert (train["read"], train["kept"]) == (40, 39)
    assert sum(bucket["pairs"] for bucket in facts["buckets"]) == 39
    batches = facts["batches"]
    assert set(batches) == {"bucket", "dynamic", "fixed", "equal_length"}
    assert batches["equal_length"]["padding"] == 0.0
    assert batches["bucket"]["padding"] <= batches["dynamic"]["padding"]
    assert batches["dynamic"]["padding"] < batches["fixed"]["padding"]
    longest = facts["longest"][0]
    assert longest["line"] % 7 == 0, "line numbers start at 1; the longest has six more words"
    assert Path(facts["path"]).parent == files / "runs" / "corpora"


def test_the_text_says_the_same(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", *CORPUS]) == 0
    shown = capsys.readouterr().out
    assert "train: 39 pairs of 40 lines, 1 dropped" in shown
    assert "line 13" in shown
    assert "bucket *" in shown
    assert "#" in shown


@pytest.mark.parametrize("names", [["a.en", "a.de"], ["pairs.tsv"]])
def test_files_are_shown_without_a_trace(
    files: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    before = sorted(files.rglob("*"))
    facts = as_json(capsys, *names)
    assert list(facts["report"]["splits"]) == ["train"]
    assert facts["report"]["splits"]["train"]["kept"] == 39
    assert sorted(files.rglob("*")) == before


def test_files_of_sequences_and_of_csv_pairs_are_shown(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [json.dumps({"source": [[n]] * (n + 1), "target": n % 2}) for n in range(12)]
    (files / "s.jsonl").write_text("\n".join(steps))
    facts = as_json(capsys, "s.jsonl")
    assert (facts["kind"], facts["features"]) == ("sequences", 1)
    assert facts["report"]["splits"]["train"]["kept"] == 12
    assert facts["report"]["classes"] == {"0": 6, "1": 6}
    (files / "pairs.csv").write_text("english,german\n" + "the house,das Haus\n" * 20)
    facts = as_json(capsys, "pairs.csv")
    assert facts["report"]["splits"]["train"]["kept"] == 20


def test_settings_may_be_deletions_and_options_stand_anywhere(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [json.dumps({"source": [[n]] * (n + 1), "target": n % 2}) for n in range(40)]
    (files / "s.jsonl").write_text("\n".join(steps))
    corpus = ["data.train.source=s.jsonl", "data.valid_share=0.4"]
    assert main(["inspect", "~experiment", "task=classification", "--json", *corpus]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["kind"] == "sequences"
    assert main(["inspect", "task=classification", *corpus, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def write_run(path: Path, **changes: object) -> None:
    path.mkdir(parents=True)
    mapping = settings_to_mapping(Settings()) | changes
    (path / "settings.yaml").write_text(yaml.safe_dump(mapping))


def test_of_several_paths_the_runs_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(3):
        write_run(Path(f"sweep/trials/00{number}"), seed=number)
    for other in ("trials.csv", "best.yaml", "parallel.png"):
        Path("sweep", other).touch()
    Path("sweep/export").mkdir()
    facts = as_json(capsys, *sorted(map(str, Path("sweep").iterdir())))
    assert [run["path"] for run in facts["runs"]] == [f"sweep/trials/00{n}" for n in range(3)]
    assert facts["differing"] == ["seed"]
    others = ["sweep/export", "sweep/trials.csv", "sweep/best.yaml"]
    assert main(["inspect", *others]) == 1
    assert "sweep/export and the others hold no run" in capsys.readouterr().err


def test_json_is_json_where_the_terminal_knows_ascii_alone(tmp_path: Path) -> None:
    write_run(tmp_path / "übung")
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq", "inspect", "--json", "übung"],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["path"] == "übung"


def test_a_prepared_corpus_is_shown(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = as_json(capsys, *CORPUS)
    again = as_json(capsys, first["path"])
    assert again["report"] == first["report"]


def test_a_run_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = settings_to_mapping(Settings())
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(mapping))
    records = [
        {"kind": "train", "step": 50, "loss": 3.25},
        {"kind": "valid", "step": 50, "valid_bleu": 20.5, "samples": [["a", "b"]]},
        {"kind": "train", "step": 100, "loss": 2.125},
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "metrics.jsonl").write_text(lines + '{"kind": "tra')
    facts = as_json(capsys, str(tmp_path))
    assert facts["settings"] == mapping
    assert facts["validations"] == [records[1]]
    assert facts["last"]["train"] == records[2]
    assert not facts["finished"]
    assert main(["inspect", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "step=50 valid_bleu=20.5\n" in shown
    assert "last train: step=100 loss=2.125\n" in shown
    assert "  model.units: 512\n" in shown


@pytest.mark.parametrize(
    ("argv", "status", "part"),
    [
        (["nothing-here"], 2, "'nothing-here' is no file or directory here"),
        (["model.unitz=3"], 2, "Nearest: model.units."),
        (["experiment=multi3k"], 2, "Nearest: multi30k."),
        (["."], 1, "neither a run (settings.yaml)"),
        (["data=parallel", "data.train.source=x.tsv", "data.valid.source=x.tsv"], 1, "x.tsv"),
        (["--colour"], 2, "seq2seq inspect --help"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    status: int,
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["inspect", *argv]) == status
    shown = capsys.readouterr()
    assert part in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_a_damaged_exported_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text("{")
    assert main(["inspect", str(tmp_path)]) == 1
    assert "manifest.json" in capsys.readouterr().err


def test_an_exported_model_is_shown(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = as_json(capsys, str(exported))
    assert facts["kind"] == "exported model"
    assert facts["metrics"] == {"test_bleu": 12.5}
    assert facts["settings"]["model"]["units"] == 16
    assert facts["bytes"]["weights.npz"] == (exported / "weights.npz").stat().st_size
    assert main(["inspect", str(exported)]) == 0
    shown = capsys.readouterr().out
    assert "  test_bleu: 12.5\n" in shown
    assert "  model.units: 16\n" in shown
