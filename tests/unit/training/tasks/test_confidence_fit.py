"""Confidence is a probability: of the lines that get 0.8, about 80 % are right."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest

from seq2seq.export.confidence import EQUALITY, FEATURES, OVERLAP, Calibration, features
from seq2seq.training.tasks.confidence_fit import calibrate, same_text


@dataclass(frozen=True)
class Line:
    text: str
    token_log_probs: tuple[float, ...]
    source_tokens: tuple[str, ...] = ("\u2581one", "\u2581two")
    tokens: tuple[str, ...] = ("\u2581a", "b")


def lines(count: int, *, seed: int) -> tuple[list[Line], list[str], list[float]]:
    """Lines whose chance to be right is a logistic function of their log-probabilities."""
    rng = np.random.default_rng(seed)
    found, references, chances = [], [], []
    for _ in range(count):
        log_probs = -rng.exponential(0.5, 3)
        chance = 1.0 / (1.0 + np.exp(-(3.0 + 4.0 * log_probs.mean())))
        right = rng.random() < chance
        found.append(Line("yes, it is.", tuple(log_probs.tolist())))
        references.append("Yes, it is!" if right else "no, it was not there")
        chances.append(float(chance))
    return found, references, chances


def test_confidence_is_the_share_that_is_right() -> None:
    calibration = calibrate(*lines(4000, seed=1)[:2])
    assert calibration.measure == EQUALITY
    found, references, chances = lines(4000, seed=2)
    confidence = np.array([calibration.confidence(line) for line in found])
    assert np.abs(confidence - chances).mean() < 0.03
    right = np.array([same_text(a.text, b) for a, b in zip(found, references, strict=True)])
    for low in (0.2, 0.5, 0.8):
        chosen = (confidence >= low) & (confidence < low + 0.1)
        assert right[chosen].mean() == pytest.approx(low + 0.05, abs=0.08)


def test_where_few_lines_are_equal_it_is_the_overlap() -> None:
    found = [Line("the house is old", (-0.1, -0.1))] * 20 + [Line("zzz", (-3.0, -3.0))] * 20
    calibration = calibrate(found, ["the house is very old"] * 40)
    assert calibration.measure == OVERLAP
    assert calibration.confidence(found[0]) > 0.6 > 0.1 > calibration.confidence(found[-1])


def test_it_comes_back_from_json_as_it_was() -> None:
    calibration = calibrate(*lines(100, seed=3)[:2])
    again = Calibration.from_json(json.loads(json.dumps(calibration.to_json())))
    assert again == calibration


@pytest.mark.parametrize(
    "change",
    [
        {"weights": [1.0]},
        {"weights": [float("nan")] * len(FEATURES)},
        {"deviation": [0.0] * len(FEATURES)},
        {"bias": "1"},
        {"bias": 1e300},
        {"measure": "luck"},
        {"more": 1},
    ],
)
def test_what_is_no_calibration_is_refused(change: dict[str, object]) -> None:
    values = calibrate(*lines(100, seed=3)[:2]).to_json()
    with pytest.raises(ValueError):
        Calibration.from_json(json.loads(json.dumps({**values, **change})))


def test_features_are_finite_for_any_line() -> None:
    odd = Line("", (-50.0,), source_tokens=("\u2581", "<0x0A>"), tokens=())
    assert np.isfinite(features(odd)).all() and len(features(odd)) == len(FEATURES)
    assert calibrate(*lines(100, seed=3)[:2]).confidence(Line("", ())) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Ja.", "ja", True), ("Ja!", "Ja?", True), ("Ja, bitte.", "ja bitte", False), ("", "", True)],
)
def test_case_and_final_marks_do_not_matter(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) == same
