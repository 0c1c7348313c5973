"""On what TensorFlow computes, and what is said where there is no GPU."""

from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

from seq2seq.errors import TrainingError
from seq2seq.model import backend


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU here")
def test_a_gpu_that_is_missing_is_told_with_what_was_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "7")
    with pytest.raises(TrainingError) as caught:
        backend.choose_device("gpu", deterministic=False)
    message = str(caught.value)
    assert "\n" not in message
    for part in ("training.device received gpu", "/proc/driver/nvidia/version", "/dev/nvidia*"):
        assert part in message
    assert "CUDA_VISIBLE_DEVICES: '7'" in message
    assert "cuDNN" in message and message.endswith("or set training.device=cpu")


@pytest.mark.parametrize(("cores", "shown"), [({0}, "CPU, 1 core"), ({0, 1, 5}, "CPU, 3 cores")])
def test_the_cores_are_those_that_the_process_may_use(
    cores: set[int], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend.os, "sched_getaffinity", lambda process: cores)
    assert backend.choose_device("cpu", deterministic=False) == shown


def test_the_version_of_the_driver_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = tmp_path / "version"
    monkeypatch.setattr(backend, "_DRIVER", version)
    assert backend._driver() is None
    version.write_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan 23\n")
    assert backend._driver() == "570.86.15"
