"""What a trial's process does around the training function."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from ray import tune

from seq2seq.training.reporting.metrics_file import read_validations
from seq2seq.tuning import trial as trial_module
from seq2seq.tuning.trial import TrialPlan, cap_threads, failure_reason
from seq2seq.tuning.trial_records import Trial, TrialRecords
from seq2seq.tuning.watcher import death_reason


@pytest.fixture
def plan(tmp_path: Path) -> TrialPlan:
    return TrialPlan(
        directory=str(tmp_path),
        working_directory=str(tmp_path),
        overrides=(),
        config_dir=None,
        first_seed=1,
        seeds=1,
        metric="valid_loss",
        higher_is_better=False,
        cpus=1.0,
        exchanges=True,
    )


def write_run(records: TrialRecords, number: int, *, loss: float) -> Path:
    records.write(Trial(number, {"model.dropout": 0.1 * number}, "running"))
    run = records.trial_directory(number)
    (run / "checkpoints" / "step-00000005").mkdir(parents=True)
    (run / "checkpoints" / "step-00000005" / "weights.npz").write_text(f"weights {number}")
    record = {"kind": "valid", "step": 5, "epoch": 1, "seconds": 1.0, "valid_loss": loss}
    (run / "metrics.jsonl").write_text(json.dumps(record) + '\n{"kind"')
    (run / "settings.yaml").write_text(f"name: {number}")
    (run / "log.txt").write_text(f"process of {number}\n")
    return run


def test_weights_are_taken_over_with_their_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = TrialRecords(tmp_path)
    strong, weak = write_run(records, 1, loss=2.0), write_run(records, 2, loss=9.0)
    with trial_module._learned_state(strong, number=1) as state:
        monkeypatch.setattr(tune, "get_checkpoint", lambda: tune.Checkpoint(str(state)))
        trial_module._take_over(records, 1, {"model.dropout": 0.1})
        assert (strong / "settings.yaml").exists(), "its own state is left as it is"
        trial_module._take_over(records, 2, {"model.dropout": 0.12})
    assert (weak / "checkpoints/step-00000005/weights.npz").read_text() == "weights 1"
    assert [one["valid_loss"] for one in read_validations(weak)] == [2.0]
    assert not (weak / "settings.yaml").exists(), "the new values are settled by the run itself"
    assert "taking over the weights of trial 001" in (weak / "log.txt").read_text()
    known = records.read(2)
    assert known is not None and known.values == {"model.dropout": 0.12}
    assert (strong / "checkpoints/step-00000005/weights.npz").read_text() == "weights 1"
    assert {path.name for path in (tmp_path / "trials").iterdir()} == {"001", "002"}
    assert not list(strong.glob(".state-*"))


def test_a_validation_is_told_once_it_is_saved(
    plan: TrialPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(tune, "report", lambda record, checkpoint: told.append(record))
    records = TrialRecords(tmp_path)
    run = write_run(records, 1, loss=2.0)
    log = io.StringIO()
    observer = trial_module._Observer(records, 1, plan, runs=[run], log=log)
    observer.saved()
    assert told == []
    observer.validated(5, {"valid_loss": 2.0}, [], best=True)
    assert told == [] and "validation at step 5" in log.getvalue()
    observer.saved()
    observer.saved()
    assert told == [{"number": 1, "validations": 1, "epochs": 1, "step": 5, "valid_loss": 2.0}]
    known = records.read(1)
    assert known is not None and (known.scores, known.step) == ([2.0], 5)


def test_threads_are_as_many_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    for cpus, threads in ((0.5, "1"), (1.0, "1"), (4.0, "4")):
        for name in trial_module._THREADS:
            monkeypatch.setenv(name, "9")
        cap_threads(cpus)
        assert {trial_module.os.environ[name] for name in trial_module._THREADS} == {threads}


def test_reasons_are_one_line() -> None:
    assert failure_reason(ValueError("a\n b")) == "a b"
    assert failure_reason(KeyError()) == "KeyError"
    assert failure_reason(MemoryError("no room")).startswith("out of memory: no room")
    assert death_reason("Task was killed due to the node running low on memory.") == (
        "out of memory: Ray ended its process"
    )
    assert "was killed" in death_reason("The actor died unexpectedly before finishing\n(1) SIGKILL")
    assert death_reason("Traceback\n  File\nOSError: disk") == "its process died: OSError: disk"
    assert death_reason(None) == "its process died"
