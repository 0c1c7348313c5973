"""Checkpoints that are whole or not there."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.training import checkpoint
from seq2seq.training.checkpoint import CheckpointDirectory, average


def save(directory: CheckpointDirectory, step: int) -> None:
    directory.save(
        step,
        weights={"a/b": np.full(3, step, np.float32)},
        optimizer={"updates": np.array(step)},
        state={"step": step},
    )


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    directory = CheckpointDirectory(tmp_path / "checkpoints")
    assert directory.latest() is None
    save(directory, 5)
    save(directory, 12)
    latest = directory.latest()
    assert latest is not None
    assert latest.state == {"step": 12}
    assert latest.weights["a/b"].tolist() == [12.0] * 3
    assert int(latest.optimizer["updates"]) == 12
    assert directory.weights(5)["a/b"].tolist() == [5.0] * 3


def test_pruning_keeps_the_latest_whole_and_the_weights_of_the_best(tmp_path: Path) -> None:
    directory = CheckpointDirectory(tmp_path)
    for step in (1, 2, 3, 4, 5):
        save(directory, step)
    directory.prune(keep_latest=2, keep_weights=[2, 5])
    assert directory.steps() == [2, 4, 5]
    assert not (tmp_path / "step-00000002" / "optimizer.npz").exists()
    assert directory.weights(2)["a/b"].tolist() == [2.0] * 3
    latest = directory.latest()
    assert latest is not None and latest.state["step"] == 5


@pytest.mark.parametrize("name", ["weights.npz", "optimizer.npz", "state.json"])
@pytest.mark.parametrize("harm", ["cut", "flip"])
def test_a_damaged_checkpoint_is_named_and_passed_over(
    name: str, harm: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = CheckpointDirectory(tmp_path)
    save(directory, 1)
    save(directory, 2)
    path = tmp_path / "step-00000002" / name
    content = bytearray(path.read_bytes())
    if harm == "cut" or name == "state.json":
        content = content[: len(content) // 2]
    else:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING, "seq2seq"):
        latest = directory.latest()
    assert latest is not None and latest.state["step"] == 1
    assert name in caplog.text and "before it" in caplog.text


def test_pickled_objects_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, evil=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match="cannot be read"):
        checkpoint.read_arrays(path, sha256=checkpoint._digest(path))


def test_a_full_disk_loses_no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = CheckpointDirectory(tmp_path)
    save(directory, 1)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        save(directory, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]
    latest = directory.latest()
    assert latest is not None and latest.state["step"] == 1


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".unfinished-step-00000007").mkdir()
    directory = CheckpointDirectory(tmp_path)
    assert directory.steps() == []
    save(directory, 8)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000008"]


def test_average_is_the_mean() -> None:
    mean = average([{"w": np.array([1.0, 2.0])}, {"w": np.array([3.0, 6.0])}])
    assert mean["w"].tolist() == [2.0, 4.0] and mean["w"].dtype == np.float32
