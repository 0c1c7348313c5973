"""Scores in ranges of length."""

from __future__ import annotations

import numpy as np

from seq2seq.data.sequences.target_schema import Scale, TargetSchema
from seq2seq.evaluation.label_scores import LengthScore, length_scores, length_table

LENGTHS = np.array([1, 5, 6, 300, 2, 250])


def test_a_class_is_right_or_wrong() -> None:
    answers = TargetSchema("classification", per_step=False, several=False, classes=("a", "b"))
    predicted, wanted = np.array([0, 1, 1, 0, 0, 1]), np.array([0, 1, 0, 0, 1, 1])
    found = length_scores(LENGTHS, predicted, wanted, answers)
    assert found == [LengthScore(5, 3, 2 / 3), LengthScore(6, 1, 0.0), LengthScore(300, 2, 1.0)]


def test_of_several_classes_all_must_be_right() -> None:
    answers = TargetSchema("classification", per_step=False, several=True, classes=("a", "b"))
    predicted = np.array([[0.9, 0.1], [0.9, 0.8]])
    found = length_scores(np.array([3, 4]), predicted, np.array([[1, 0], [1, 0]]), answers)
    assert found == [LengthScore(4, 2, 0.5)]


def test_a_number_is_off_by_so_much() -> None:
    scale = Scale((0.0, 0.0), (1.0, 1.0))
    answers = TargetSchema("regression", per_step=False, several=False, scale=scale)
    predicted, wanted = np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[2.0, 2.0], [0.0, -4.0]])
    found = length_scores(np.array([1, 40]), predicted, wanted, answers)
    assert found == [LengthScore(1, 1, 0.5), LengthScore(40, 1, 2.0)]


def test_the_table_has_a_bar_for_each_range() -> None:
    table = length_table("accuracy", [LengthScore(5, 1200, 0.912345), LengthScore(2000, 1, 1.0)])
    assert table == [
        "up to length   answers   accuracy",
        "5                1,200     0.9123  ########################",
        "2,000                1          1  #",
    ]
