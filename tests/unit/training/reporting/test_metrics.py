"""Sinks of metrics, `metrics.jsonl` truncated to a checkpoint, and the picture made of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from seq2seq.config.registry import SINKS
from seq2seq.config.schema import Settings, TrainingSettings, settings_from_mapping
from seq2seq.errors import SettingsError
from seq2seq.training.reporting.curves import draw_curves
from seq2seq.training.reporting.metrics import RunFacts, open_metrics, sink_kinds
from seq2seq.training.reporting.metrics_file import read_metrics


def facts(directory: Path, *sinks: str, **fields: Any) -> RunFacts:
    return RunFacts(directory, Settings(training=TrainingSettings(sinks=sinks)), **fields)


class Kept:
    """A sink from outside the package, which keeps what it receives, or fails."""

    made: list[Kept]

    def __init__(self, run: RunFacts) -> None:
        self.run, self.events, self.fails = run, list[Any](), False
        self.made.append(self)

    def write(self, kind: str, record: Mapping[str, Any]) -> None:
        if self.fails:
            raise OSError("the service\nis gone")
        self.events.append((kind, dict(record)))

    def finish(self) -> None:
        self.events.append("finished")

    def close(self) -> None:
        self.events.append("closed")


@pytest.fixture
def kept() -> Iterator[type[Kept]]:
    Kept.made = []
    SINKS.add("kept", Kept)
    yield Kept
    del SINKS._added["kept"]


def test_a_sink_from_outside_receives_the_records_in_order(
    tmp_path: Path, kept: type[Kept]
) -> None:
    settings = settings_from_mapping({"training": {"sinks": ["kept"]}})
    run = RunFacts(tmp_path, settings, step=3)
    metrics = open_metrics(run)
    metrics.write("train", {"step": 4, "loss": 2.0})
    metrics.finish()
    metrics.close()
    (sink,) = kept.made
    assert sink.run is run
    assert sink.events == [("train", {"step": 4, "loss": 2.0}), "finished", "closed"]
    assert [record["step"] for record in read_metrics(tmp_path)] == [4]
    assert not (tmp_path / "tensorboard").exists()


def test_a_sink_that_fails_ends_neither_the_run_nor_other_sinks(
    tmp_path: Path, kept: type[Kept], caplog: pytest.LogCaptureFixture
) -> None:
    metrics = open_metrics(facts(tmp_path, "kept", "tensorboard"))
    kept.made[0].fails = True
    for step in (1, 2):
        metrics.write("train", {"step": step, "loss": 2.0})
    metrics.close()
    assert len(read_metrics(tmp_path)) == 2
    assert len(list((tmp_path / "tensorboard").iterdir())) == 1
    assert [record.message for record in caplog.records] == [
        "the sink kept failed (OSError: the service is gone) and gets nothing more; metrics.jsonl "
        "has all"
    ]
    assert kept.made[0].events == ["closed"]


def test_an_unknown_sink_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping({"training": {"sinks": ["tensorbord"]}})
    assert str(caught.value) == (
        "training.sinks received ['tensorbord']; it must be a list of any of jsonl, tensorboard, "
        "wandb, each at most once, such as [] or [jsonl]. Nearest: tensorboard."
    )


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    monkeypatch.delitem(sys.modules, "seq2seq.training.reporting.wandb_sink", raising=False)
    with pytest.raises(SettingsError) as caught:
        sink_kinds(["jsonl", "wandb"])
    assert str(caught.value) == (
        "training.sinks received wandb, but the package wandb is not installed; pip install "
        "'seq2seq-lstm[wandb]', or leave wandb out of training.sinks"
    )


def test_nothing_of_a_sink_is_imported_before_it_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from seq2seq.config.schema import Settings, TrainingSettings\n"
        "from seq2seq.training.reporting.metrics import RunFacts, open_metrics\n"
        "settings = Settings(training=TrainingSettings(sinks=('jsonl',)))\n"
        f"open_metrics(RunFacts(Path({str(tmp_path)!r}), settings)).write('run', {{}})\n"
        "print({'wandb', 'tensorflow'} & sys.modules.keys())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"


def test_the_id_of_a_run_stays_the_same(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    first = facts(tmp_path).stable_id()
    assert len(first) == 32
    assert facts(tmp_path).stable_id() == first != facts(other).stable_id()


def test_a_trial_is_named_by_its_place_in_the_sweep(tmp_path: Path) -> None:
    run = facts(tmp_path / "trials" / "003", sweep=tmp_path)
    assert run.name == "trials/003"
    assert replace(run, sweep=None).name == "phrasebook"


def test_a_resumed_log_holds_no_step_twice(tmp_path: Path) -> None:
    log = open_metrics(facts(tmp_path, "tensorboard"))
    log.write("train", {"step": 1, "loss": 2.0})
    known = log.length
    log.write("train", {"step": 2, "loss": 1.0})
    resumed = open_metrics(facts(tmp_path, "tensorboard", metrics_bytes=known))
    resumed.write("train", {"step": 2, "loss": 1.5})
    records = read_metrics(tmp_path)
    assert [(r["kind"], r["step"], r["loss"]) for r in records] == [
        ("train", 1, 2.0),
        ("train", 2, 1.5),
    ]
    assert list((tmp_path / "tensorboard").iterdir())


def test_a_line_cut_off_by_a_kill_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"kind": "train", "step": 1}\n{"kind": "tr', encoding="utf-8")
    assert read_metrics(tmp_path) == [{"kind": "train", "step": 1}]


def test_curves_are_a_picture(tmp_path: Path) -> None:
    records = [
        {"kind": "run", "commit": "x"},
        {"kind": "train", "step": 1, "negative_log_likelihood": 4.0},
        {"kind": "valid", "step": 1, "valid_loss": 3.0, "valid_bleu": 5.0, "valid_chrf": 20.0},
    ]
    draw_curves(records, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]


def test_the_sink_of_the_documentation_works(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, Any]] = []

    class Service(ModuleType):
        def __getattr__(self, name: str) -> Any:
            return lambda *values, **options: calls.append((name, (*values, *options.values())))

    monkeypatch.setitem(sys.modules, "mlflow", Service("mlflow"))
    page = (repository / "docs" / "metrics.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.+?)```", page, flags=re.DOTALL)
    exec(block, {})
    try:
        run = facts(tmp_path, "mlflow")
        metrics = open_metrics(run)
        metrics.write("run", {"device": "CPU"})
        metrics.write("train", {"step": 3, "epoch": 0, "loss": 0.5})
        metrics.finish()
        metrics.close()
    finally:
        del SINKS._added["mlflow"]
    assert [name for name, _ in calls] == [
        *("start_run", "log_dict", "log_metrics", "log_artifact", "log_artifacts", "end_run")
    ]
    assert calls[0][1] == ("phrasebook", {"seq2seq_run": run.stable_id()})
    assert calls[2][1] == ({"train/loss": 0.5}, 3)
    assert calls[4][1] == (str(tmp_path / "export"), "export")
