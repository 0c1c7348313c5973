"""Learning rates by step."""

from __future__ import annotations

import pytest

from seq2seq.config.schema import OptimizerSettings
from seq2seq.training.optimizer import learning_rate


def rate(step: int, *, total: int | None = 100, plateaus: int = 0, **fields: object) -> float:
    settings = OptimizerSettings(learning_rate=0.1, minimum_learning_rate=0.001, **fields)  # type: ignore[arg-type]
    return learning_rate(settings, step=step, total_steps=total, plateaus=plateaus)


@pytest.mark.parametrize("schedule", ["plateau", "constant", "inverse_sqrt", "cosine", "linear"])
def test_warm_up_rises_to_the_peak(schedule: str) -> None:
    options = {"schedule": schedule, "warmup_steps": 10}
    assert rate(1, **options) == pytest.approx(0.01)
    assert rate(10, **options) == pytest.approx(0.1)
    assert rate(11, **options) == pytest.approx(0.1, rel=0.06)


def test_plateaus_halve_down_to_the_minimum() -> None:
    assert rate(50, schedule="plateau", plateaus=2) == pytest.approx(0.025)
    assert rate(50, schedule="plateau", plateaus=50) == 0.001


def test_inverse_sqrt_falls_with_the_root() -> None:
    assert rate(400, schedule="inverse_sqrt", warmup_steps=100) == pytest.approx(0.05)


@pytest.mark.parametrize(("schedule", "middle"), [("cosine", 0.05), ("linear", 0.05)])
def test_falling_schedules_end_at_the_minimum(schedule: str, middle: float) -> None:
    assert rate(50, schedule=schedule) == pytest.approx(middle)
    assert rate(100, schedule=schedule) == 0.001
    assert rate(200, schedule=schedule) == 0.001
    assert rate(25, schedule=schedule, decay_steps=50) == pytest.approx(middle)


def test_constant_stays() -> None:
    assert rate(10_000, schedule="constant") == 0.1
