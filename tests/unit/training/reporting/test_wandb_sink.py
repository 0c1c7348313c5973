"""A run in Weights & Biases, offline: what its file for `wandb sync` holds."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.errors import TrainingError
from seq2seq.training.reporting.curves import draw_curves
from seq2seq.training.reporting.metrics import Metrics, RunFacts, open_metrics

wandb = pytest.importorskip(
    "wandb", reason="wandb is not installed: pip install 'seq2seq-lstm[wandb]'"
)


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    for name in ("WANDB_PROJECT", "WANDB_ENTITY", "WANDB_RUN_GROUP", "WANDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    yield
    wandb.teardown()


def settings(**model: Any) -> Settings:
    return settings_from_mapping(
        {"name": "größer", "training": {"sinks": ["wandb"]}, "model": model}
    )


def train(metrics: Metrics, *steps: int) -> None:
    """Write what a run writes for some steps."""
    metrics.write("run", {"from_step": steps[0] - 1, "device": "CPU"})
    for step in steps:
        metrics.write("train", {"step": step, "epoch": 0, "loss": 1.0 / step})
    metrics.write("valid", {"step": steps[-1], "epoch": 0, "valid_loss": 3.0, "best": True})


def finish(metrics: Metrics, directory: Path) -> None:
    metrics.write("result", {"steps": 4, "metrics": {"test_accuracy": 0.75}})
    draw_curves([{"kind": "valid", "step": 1, "valid_loss": 3.0}], directory / "curves.png")
    (directory / "export").mkdir()
    (directory / "export" / "weights.npz").write_bytes(b"numbers")
    metrics.finish()


def records(run_directory: Path) -> list[list[Any]]:
    """Return the records of each W&B file of a run, in order.

    A file has a header of 7 bytes, then for each record a checksum, a length and a type of 4, 2 and
    1 bytes. The records of these tests are smaller than a block of 32 KiB, and none is split.
    """
    from wandb.proto.wandb_internal_pb2 import Record

    wandb.teardown()  # everything is on the disk after it
    files = sorted(run_directory.glob("wandb/offline-run-*/*.wandb"))
    found = []
    for path in files:
        content, start, kept = path.read_bytes(), 7, []
        assert len(content) < 32768
        while start < len(content):
            _, length, kind = struct.unpack("<IHB", content[start : start + 7])
            assert kind == 1
            kept.append(Record.FromString(content[start + 7 : start + 7 + length]))
            start += 7 + length
        found.append(kept)
    return found


def history(file: list[Any]) -> list[dict[str, Any]]:
    """Return the rows of the metrics of a W&B file."""
    return [
        {".".join(item.nested_key) or item.key: json.loads(item.value_json) for item in one.item}
        for one in (each.history for each in file if each.HasField("history"))
    ]


def config(file: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in (each.config for each in file if each.HasField("config")):
        found |= {item.key: json.loads(item.value_json) for item in one.update}
    first = next(each.run for each in file if each.HasField("run"))
    return {item.key: json.loads(item.value_json) for item in first.config.update} | found


def test_a_run_sends_settings_metrics_curves_and_its_export(tmp_path: Path) -> None:
    metrics = open_metrics(RunFacts(tmp_path, settings(units=12)))
    train(metrics, 1, 2)
    finish(metrics, tmp_path)
    metrics.close()
    (file,) = records(tmp_path)
    run = next(each.run for each in file if each.HasField("run"))
    assert run.run_id == (tmp_path / "run_id.txt").read_text()
    assert (run.project, run.display_name, run.run_group) == ("seq2seq", "größer", "")
    sent = config(file)
    assert sent["model"]["units"] == 12 and sent["training"]["sinks"] == ["wandb"]
    assert sent["run"] == {"from_step": 0, "device": "CPU"}
    rows = history(file)
    assert [(row["_step"], row["train/loss"]) for row in rows] == [(1, 1.0), (2, 0.5)]
    assert (rows[1]["valid/valid_loss"], rows[1]["valid/best"]) == (3.0, 1.0)
    assert rows[1]["curves._type"] == "image-file"
    (image,) = tmp_path.glob("wandb/offline-run-*/files/media/images/curves_*.png")
    assert image.read_bytes() == (tmp_path / "curves.png").read_bytes()
    (artifact,) = [each.artifact for each in file if each.HasField("artifact")]
    assert (artifact.name, artifact.type) == ("gr--er-export", "model")
    assert [one.path for one in artifact.manifest.contents] == ["weights.npz"]
    summary = {
        item.key: json.loads(item.value_json)
        for each in file
        if each.HasField("summary")
        for item in each.summary.update
    }
    assert summary["metrics"] == {"test_accuracy": 0.75}
    assert next(each.exit.exit_code for each in file if each.HasField("exit")) == 0


def test_a_resumed_run_is_the_same_run_and_goes_on_by_steps(tmp_path: Path) -> None:
    first = open_metrics(RunFacts(tmp_path, settings()))
    train(first, 1, 2, 3)
    first.close()  # stopped: it has no export
    second = open_metrics(RunFacts(tmp_path, settings(), step=2))
    train(second, 3, 4)
    finish(second, tmp_path)
    second.close()
    one, other = records(tmp_path)
    ids = [next(each.run.run_id for each in file if each.HasField("run")) for file in (one, other)]
    assert ids[0] == ids[1]
    assert [row["_step"] for row in history(one)] == [1, 2, 3]
    assert [row["_step"] for row in history(other)] == [3, 4]
    assert history(other)[0]["train/loss"] == history(one)[2]["train/loss"]
    codes = [
        next(each.exit.exit_code for each in file if each.HasField("exit")) for file in (one, other)
    ]
    assert codes == [1, 0]


def test_the_trials_of_a_sweep_are_a_group(tmp_path: Path) -> None:
    sweep = tmp_path / "sizes"
    for number in ("000", "001"):
        directory = sweep / "trials" / number
        directory.mkdir(parents=True)
        metrics = open_metrics(RunFacts(directory, settings(), sweep=sweep))
        train(metrics, 1)
        metrics.close()
    for number in ("000", "001"):
        (file,) = records(sweep / "trials" / number)
        run = next(each.run for each in file if each.HasField("run"))
        assert (run.display_name, run.run_group) == (f"trials/{number}", "sizes")


def test_a_start_that_fails_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: Any) -> None:
        raise wandb.errors.UsageError("api_key not configured\n(no-tty)")

    monkeypatch.setattr(wandb, "init", fails)
    with pytest.raises(TrainingError) as caught:
        open_metrics(RunFacts(tmp_path, settings()))
    assert str(caught.value) == (
        "training.sinks received wandb, and W&B did not start (api_key not configured (no-tty)); "
        "run `wandb login`, set WANDB_MODE=offline, or leave wandb out"
    )


def test_a_whole_run_is_sent(tmp_path: Path) -> None:
    from seq2seq.commands.main import main

    rows = [{"source": [[n % 2, 1.0]] * (1 + n % 3), "target": "ab"[n % 2]} for n in range(20)]
    (tmp_path / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    recipe = [
        *("data=sequences", "task=classification", "name=mine", f"runs={tmp_path}/runs"),
        *(f"data.directory={tmp_path}", "data.train.source=data.jsonl", "model.units=4"),
        *("data.valid.source=data.jsonl", "training.max_epochs=2", "training.log_steps=1"),
    ]
    assert main(["train", *recipe, "training.sinks=[wandb]"]) == 0
    (file,) = records(tmp_path / "runs" / "mine")
    sent = history(file)
    lines = (tmp_path / "runs" / "mine" / "metrics.jsonl").read_text().splitlines()
    valid = [one for one in map(json.loads, lines) if one["kind"] == "valid"]
    found = [row["valid/valid_loss"] for row in sent if "valid/valid_loss" in row]
    assert found == [one["valid_loss"] for one in valid]
    assert sent[-1]["curves._type"] == "image-file"
