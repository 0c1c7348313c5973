"""Labels are read by what they mean, and written so that no column breaks."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import TaskSettings
from seq2seq.data.sequences.labels import class_name, class_word, read_numbers
from seq2seq.data.sequences.target_schema import TargetLearner, TargetSchema


def learned(labels: list[Any], name: str = "classification", **task: Any) -> TargetLearner:
    learner = TargetLearner(TaskSettings(name, **task))
    for place, label in enumerate(labels, start=1):
        assert learner.add(label, steps=None, position=place) is None
    return learner


@pytest.mark.parametrize("label", [1.0, "1", "1.0", " 1.00 "])
def test_one_class_however_it_is_written(label: Any) -> None:
    assert class_name(label) == "1"


@pytest.mark.parametrize("label", ["1.5", "01", "1e0", "v1.0", "1.", "a"])
def test_other_names_stay_as_they_are(label: str) -> None:
    assert class_name(label) == label


@pytest.mark.parametrize("label", [0.5, float("nan"), "\ud800", [1.0]])
def test_what_is_no_class(label: Any) -> None:
    assert class_name(label) is None


def test_floats_and_whole_numbers_are_the_same_classes() -> None:
    answers = learned(["0.0", 1.0, "1", "0", "1.0"]).schema()
    assert (answers.classes, answers.counts) == (("0", "1"), (2, 3))
    targets, error = answers.targets("1.00", steps=1)
    assert (targets.tolist(), error) == ([1], None)
    assert answers.targets("2.0", steps=1)[1] == "label '2' was never seen in training"


def test_labels_with_one_comma_each_are_decimal() -> None:
    learner = learned(["3,5", "1,0", "4,25"], "regression")
    answers = learner.schema()
    assert answers.scale.mean == (pytest.approx((3.5 + 1.0 + 4.25) / 3),)
    assert learner.doubts(lines=True) == [
        "the label '3,5' is read with a decimal comma; if it is several numbers, write a space "
        "between them"
    ]
    for label in ("2,5", "2.5", 2.5, [2.5], " 2,5 "):
        assert answers.targets(label, steps=1)[0].tolist() == [[2.5]]
    assert answers.targets("2 5", steps=1)[1] == "2 numbers as label, and the first has 1"


@pytest.mark.parametrize(
    ("labels", "means"),
    [
        (["3,5", "4", "1,0"], (8.5 / 3,)),
        (["4", "3,5", "1,0"], (8.5 / 3,)),
        (["3,5 1,0", "4,0 2,0"], (3.75, 1.5)),
        (["0.5,1.5", "1,2"], (0.75, 1.75)),
        (["1,2", "0.5,1.5"], (0.75, 1.75)),
        (["1, 2", "3, 4"], (2.0, 3.0)),
        (["1,2,3", "4,5,6"], (2.5, 3.5, 4.5)),
        (["1 2", "3 4"], (2.0, 3.0)),
        ([[3.0, 5.0], [1.0, 0.0]], (2.0, 2.5)),
    ],
)
def test_numbers_are_read_in_the_way_that_reads_all(
    labels: list[Any], means: tuple[float, ...]
) -> None:
    answers = learned(labels, "regression").schema()
    assert answers.scale.mean == pytest.approx(means)
    for label in labels:
        assert answers.targets(label, steps=1)[1] is None


@pytest.mark.parametrize("label", ["1,234.50", "1.234,5", "12,345,678.9", "-1.234.567,8"])
def test_separators_of_thousands_are_refused(label: str) -> None:
    readings, error = read_numbers(label)
    assert readings == [] and error is not None and "one number or several" in error


@pytest.mark.parametrize("label", ["x", "1_000", "", "1;2", None, "nan", "inf", "3,5x"])
def test_what_is_no_number(label: Any) -> None:
    readings, error = read_numbers(label)
    assert readings == [] and error is not None and "is no" in error


def test_labels_of_steps_may_have_decimal_commas() -> None:
    learner = TargetLearner(TaskSettings("regression", per_step=True))
    assert learner.add(["1,5", "2,5"], steps=2, position=1) is None
    assert learner.add(["3,5"], steps=2, position=2) == "1 labels for 2 steps"
    assert learner.schema().scale.mean == (2.0,)


def test_a_class_in_the_first_line_alone_is_doubted() -> None:
    labels = ["label", "good", "bad", "good", "bad"]
    (doubt,) = learned(labels).doubts(lines=True)
    assert doubt.startswith("line 1 is the only one with the label 'label'; if it is a header")
    assert learned(labels).doubts(lines=False) == []
    assert learned([*labels, "label"]).doubts(lines=True) == []
    assert learned(labels[1:]).doubts(lines=True) == []


def test_as_many_classes_as_sequences_are_doubted() -> None:
    labels = [str(number) for number in range(7)]
    assert learned(labels).doubts(lines=False) == [
        "there are as many classes as sequences (7); see that the label is the right column, or "
        "set task=regression for numbers"
    ]
    assert learned([*labels, "0"]).doubts(lines=False) == []
    assert learned(labels, several_labels=True).doubts(lines=False) == []


@pytest.mark.parametrize(
    "name", ["New York, NY", "it's", 'a "b"', "می\u200cخواهم", "a\u00a0b", "-"]
)
def test_a_class_that_breaks_no_column_stays(name: str) -> None:
    assert class_word(name) == name


@pytest.mark.parametrize(
    "name", ["tab\tin", "new\nline", "a\rb", "a\u2028b", "a\x85b", "\x00", "a\x0cb"]
)
def test_a_class_that_breaks_a_column_is_json(name: str) -> None:
    word = class_word(name)
    assert len(word.splitlines()) == 1 and "\t" not in word
    assert json.loads(word) == name


def test_separators_between_classes_are_escaped() -> None:
    assert class_word("New York, NY", separators=" ,") == '"New\\u0020York\\u002c\\u0020NY"'
    assert json.loads(class_word("New York, NY", separators=" ,")) == "New York, NY"
    assert class_word("-", reserved="-") == '"-"'


def test_targets_keep_the_precision_of_their_scale() -> None:
    seconds = [1_700_000_000.5, 1_700_000_001.0, 1_700_000_002.5]
    answers = learned(list(seconds), "regression").schema()
    assert answers.scale.precision == "float64"
    targets = np.concatenate([answers.targets(one, steps=1)[0] for one in seconds])
    assert targets[:, 0].tolist() == seconds
    scaled = answers.scale.apply(targets)
    assert scaled.dtype == np.float32
    assert np.allclose(answers.scale.undo(scaled), targets, rtol=0, atol=1e-5)
    assert TargetSchema.from_json(json.loads(json.dumps(answers.to_json()))) == answers
