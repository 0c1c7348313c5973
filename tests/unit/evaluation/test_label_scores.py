"""Scores against what they are by definition."""

from __future__ import annotations

import numpy as np
import pytest

from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.evaluation.label_scores import confusion, mark_scores, number_scores, scores

CLASSES = TargetSchema("classification", False, False, classes=("a", "b", "c"), counts=(1, 1, 1))


def test_accuracy_and_macro_f1_of_classes() -> None:
    wanted, predicted = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    found = scores(predicted, wanted, CLASSES)
    assert found["accuracy"] == 0.75
    # a: precision 1, recall 2/3; b: precision 1/2, recall 1; c occurs nowhere.
    assert found["macro_f1"] == pytest.approx((0.8 + 2 / 3) / 2)
    assert confusion(predicted, wanted, 3).tolist() == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_several_classes_are_right_together() -> None:
    wanted = np.array([[1, 0], [1, 1], [0, 0]], bool)
    predicted = np.array([[1, 0], [1, 0], [0, 0]], bool)
    found = mark_scores(predicted, wanted)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["macro_f1"] == pytest.approx((1.0 + 0.0) / 2)


def test_errors_of_numbers() -> None:
    wanted = np.array([[1.0], [3.0], [5.0]])
    found = number_scores(np.array([[1.0], [4.0], [3.0]]), wanted)
    assert found["mae"] == pytest.approx(1.0)
    assert found["rmse"] == pytest.approx(np.sqrt(5 / 3))
    assert found["r2"] == pytest.approx(1 - 5 / 8)
    assert number_scores(wanted * 0.0, wanted * 0.0)["r2"] == 0.0
