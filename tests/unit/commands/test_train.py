"""`seq2seq train` as a Hydra application, with a stand-in for the training itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from seq2seq.commands.main import main
from seq2seq.config.schema import Settings
from seq2seq.errors import TrainingError


@dataclass
class Result:
    run_directory: str
    metrics: dict[str, float]
    export: str = ""

    def summary(self) -> list[str]:
        return ["test: BLEU 12.35", f"run: {self.run_directory}"]


Calls = list[tuple[Settings, Path]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Calls:
    """What was trained; a run with seed 13 fails, one with seed 14 is a defect of ours."""
    monkeypatch.chdir(tmp_path)
    made: Calls = []

    def train(settings: Settings, run_directory: Path, **options: object) -> Result:
        made.append((settings, run_directory))
        if settings.seed == 13:
            raise TrainingError("loss is NaN at step 5")
        if settings.seed == 14:
            raise ValueError("a defect")
        return Result(str(run_directory), {"valid_bleu": 20.0, "test_bleu": 12.345})

    module = ModuleType("seq2seq.training.run")
    module.train = train  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


def test_one_run_gets_its_directory(
    calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "name=a", "model.units=64"]) == 0
    [(settings, directory)] = calls
    assert directory == tmp_path / "runs" / "a"
    assert settings.model.units == 64
    assert capsys.readouterr().out == f"test: BLEU 12.35\nrun: {directory}\n"
    assert list(tmp_path.iterdir()) == [], "Hydra leaves nothing behind"


def test_options_and_overrides_mix(calls: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "seed=5", "--cfg", "job", "name=b"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert (shown["seed"], shown["name"], shown["task"]["name"]) == (5, "b", "translation")
    assert "hydra" not in shown
    assert calls == []


def test_help_lists_groups_keys_and_examples(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--help"]) == 0
    shown = capsys.readouterr().out
    for part in (
        "experiment: japanese_vowels, multi30k",
        "  bucket_width: ",
        "--multirun model.units=128,256",
    ):
        assert part in shown
    assert calls == []


def test_a_multirun_gives_each_job_its_own_directory(
    calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--multirun", "model.units=64,128", "name=a"]) == 0
    assert [(s.model.units, d) for s, d in calls] == [
        (64, tmp_path / "runs/a/0"),
        (128, tmp_path / "runs/a/1"),
    ]
    assert {s.name for s, _ in calls} == {"a"}
    d = tmp_path / "runs" / "a"
    assert capsys.readouterr().out.splitlines() == [
        f"job 0 (model.units=64 name=a) done, valid BLEU 20.00, test BLEU 12.35, {d}/0",
        f"job 1 (model.units=128 name=a) done, valid BLEU 20.00, test BLEU 12.35, {d}/1",
    ]
    found = {path.name for path in (tmp_path / "runs/a").iterdir()}
    assert found == {"0", "1", "multirun.yaml"}
    assert {path.name for path in tmp_path.iterdir()} == {"runs"}


def test_a_job_that_fails_does_not_stop_the_others(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "-m", "seed=12,13,15", "name=a"]) == 1
    assert [s.seed for s, _ in calls] == [12, 13, 15]
    shown = capsys.readouterr()
    assert "job 1 (seed=13 name=a) failed: loss is NaN at step 5" in shown.out
    assert "job 2 (seed=15 name=a) done" in shown.out
    assert "Traceback" not in shown.err


def test_a_job_with_impossible_settings_fails_alone(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "-m", "model.units=63,64"]) == 1
    assert len(calls) == 1
    assert "model.units received 63" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "start"),
    [
        (["model.unitz=3"], "model.unitz is not a setting"),
        (["--multirun", "model.unitz=3,4"], "model.unitz is not a setting"),
        (["experiment=nothing"], "experiment received 'nothing'"),
        (["--multirun", "experiment=nothing,multi30k"], "experiment received 'nothing'"),
        (["model.units=1,2"], "model.units received 1,2, several values; give one here, or"),
        (["model.units=63"], "model.units received 63"),
        (["--colour"], "--colour is not an option of this command"),
        (["--cfg", "jib"], "argument --cfg/-c: invalid choice"),
        (["--config-dir", "nowhere"], "--config-dir received nowhere; there is no such directory."),
        (["--config-name", "x"], "--config-name is not an option of this command; name a recipe"),
        (["--shell-completion"], "--shell-completion is not an option of this command; use `seq2"),
        (["--cfg", "job", "--multirun"], "received --multirun and --cfg; give one of the two."),
        (["--resolve"], "--resolve received without --cfg; add --cfg job."),
        (["experiment=null"], "experiment received null; allowed: japanese_vowels, multi30k"),
        (["model=1"], "model received '1'; allowed: default."),
        (["-m", "model=1,2"], "model received '1'; allowed: default."),
        (["-m", "model.units=interval(2,4)"], "The recipe cannot be composed: BasicSweeper"),
        (["hydra.run.dir=X"], "hydra.run.dir received 'X'; a run keeps everything in <runs>/<name"),
        (["-m", "seed=1,2", "hydra.sweep.dir=X"], "hydra.sweep.dir received 'X'; a run keeps"),
        (["-m", "seed=1,2", "hydra.sweep.subdir=X"], "hydra.sweep.subdir received 'X'; a run"),
        (["-m", "hydra.sweep.dir=X,Y"], "hydra.sweep.dir received 'X'; a run keeps everything"),
        (["hydra.output_subdir=.hydra"], "hydra.output_subdir received '.hydra'; a run keeps"),
        (["hydra.job.chdir=true"], "hydra.job.chdir received true; a run keeps everything in"),
        (["hydra.nothing=3"], "The recipe cannot be composed"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(
    calls: Calls,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    argv: list[str],
    start: str,
) -> None:
    assert main(["train", *argv]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"seq2seq: error: {start}")
    assert shown.err.count("\n") == 1
    assert calls == []
    assert list(tmp_path.iterdir()) == []


def test_directories_that_a_recipe_names_for_hydra_are_refused(
    calls: Calls, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "conf" / "experiment" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("# @package _global_\nhydra: {run: {dir: outputs/x}}\n")
    assert main(["train", "experiment=mine"]) == 2
    assert "hydra.run.dir received 'outputs/x'" in capsys.readouterr().err
    assert calls == [] and [one.name for one in tmp_path.iterdir()] == ["conf"]


def test_a_recipe_may_ask_for_a_multirun(calls: Calls, tmp_path: Path) -> None:
    path = tmp_path / "conf" / "experiment" / "mine.yaml"
    path.parent.mkdir(parents=True)
    sweeper = "sweeper: {params: {seed: '1,2'}}"
    path.write_text(f"# @package _global_\nname: a\nhydra: {{mode: MULTIRUN, {sweeper}}}\n")
    assert main(["train", "experiment=mine"]) == 0
    assert [directory for _, directory in calls] == [tmp_path / "runs/a/0", tmp_path / "runs/a/1"]


def test_hydras_own_help_stays() -> None:
    # In a process of its own: Hydra sets up logging for it.
    command = [sys.executable, "-m", "seq2seq", "train", "--hydra-help", "data=parallel"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Hydra" in done.stdout and done.stderr == ""


def test_chosen_files_leave_the_phrasebook_out_of_a_multirun(
    calls: Calls, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sides = ["data.train.source=a.tsv", "data.valid.source=b.tsv"]
    assert main(["train", "-m", "data=parallel", *sides, "model.units=64,128"]) == 0
    assert [(s.name, s.model.units, s.tokenizer.vocab_size) for s, _ in calls] == [
        ("parallel", 64, 4000),
        ("parallel", 128, 4000),
    ]
    first = capsys.readouterr().out.splitlines()[0]
    given = f"data=parallel {' '.join(sides)} model.units=64"
    assert first.startswith(f"job 0 ({given}) done") and first.endswith("runs/parallel/0")


def test_the_composed_recipe_is_shown_without_the_phrasebook(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = ["data.train.source=a.ts", "data.valid.source=b.ts"]
    assert main(["train", "--cfg", "job", "--resolve", "task=regression", *sides]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert (shown["name"], shown["model"]["units"]) == ("sequences", 512)
    assert shown["data"]["valid_share"] == 0.1


def test_a_multirun_of_recipes_by_their_files(
    calls: Calls, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, seed in (("a", 5), ("b", 6)):
        (tmp_path / f"{name}.yaml").write_text(f"# @package _global_\nseed: {seed}\n")
    assert main(["train", "--multirun", "experiment=a.yaml,b.yaml", "name=m"]) == 0
    assert [settings.seed for settings, _ in calls] == [5, 6]


def test_work_that_fails_is_one_line_and_status_1(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "seed=13"]) == 1
    assert capsys.readouterr().err == "seq2seq: error: loss is NaN at step 5\n"


def test_our_own_defect_is_not_hidden(calls: Calls) -> None:
    with pytest.raises(ValueError, match="a defect"):
        main(["train", "seed=14"])


def test_the_process_is_left_as_it_was(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    before = list(sys.argv)
    main(["train", "seed=3"])
    assert sys.argv == before
    assert "HYDRA_FULL_ERROR" not in os.environ


def test_recipes_of_another_directory(calls: Calls, tmp_path: Path) -> None:
    path = tmp_path / "recipes" / "experiment" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("# @package _global_\nseed: 21\n")
    assert main(["train", "experiment=mine", "--config-dir", "recipes"]) == 0
    assert calls[0][0].seed == 21
