"""The threads of one operation on a CPU are chosen once and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seq2seq.config.schema import Settings, TrainingSettings
from seq2seq.training import threads
from seq2seq.training.run_directory import check_resumed_settings
from seq2seq.training.threads import threads_of_shares, with_threads


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight cores, of which TensorFlow uses four for an operation."""
    monkeypatch.setattr(threads, "cpu_threads", lambda: 8)
    monkeypatch.setattr(threads, "operation_threads", lambda: 4)
    monkeypatch.setattr(threads, "has_gpu", lambda: False)


@pytest.mark.parametrize(("shares", "wanted"), [("auto", 4), (1, 8), (2, 4), (3, 2), (64, 1)])
def test_each_share_gets_its_part_of_the_threads(shares: Any, wanted: int) -> None:
    assert threads_of_shares(shares) == wanted


def test_auto_becomes_what_tensorflow_uses() -> None:
    settings, warnings = with_threads(Settings())
    assert settings.training.threads == 4 and not warnings
    assert with_threads(settings) == (settings, [])


def test_a_run_goes_on_with_the_threads_it_began_with(tmp_path: Path) -> None:
    began, _ = with_threads(Settings())
    began = replace(began, batching=replace(began.batching, shares=1))
    check_resumed_settings(tmp_path, began, begun=False)
    resumed = check_resumed_settings(tmp_path, Settings(), begun=True)
    assert (resumed.batching.shares, resumed.training.threads) == (1, 4)


def test_another_number_in_this_process_is_said() -> None:
    asked = Settings(training=TrainingSettings(threads=2))
    settings, (warning,) = with_threads(asked)
    assert settings == asked
    assert "training.threads is 2, but TensorFlow has already computed with 4" in warning


def test_threads_of_a_gpu_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "has_gpu", lambda: True)
    assert with_threads(Settings()) == (Settings(), [])
