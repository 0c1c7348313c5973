"""Spans of tags, and their scores, against cases counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.evaluation.tagged_spans import SpanCounts, SpanEvaluation, TagSet


def schema(*classes: str, per_step: bool = True, several: bool = False) -> TargetSchema:
    return TargetSchema("classification", per_step, several, classes, (1,) * len(classes))


def evaluated(wanted: str, predicted: str) -> SpanEvaluation:
    """Compare sequences separated by bars, such as `B-x I-x O | O`."""
    names = [[line.split() for line in text.split("|")] for text in (wanted, predicted)]
    classes = sorted({tag for text in names for line in text for tag in line} | {"O"})
    tags = TagSet.of(schema(*classes))
    assert tags is not None
    rows: list[Any] = [
        [np.array([classes.index(tag) for tag in line], np.int64) for line in text]
        for text in names
    ]
    return tags.evaluate(rows[1], rows[0])


CASES = {
    # target, prediction, (right, predicted, target)
    "equal": ("B-x I-x O B-y", "B-x I-x O B-y", (2, 2, 2)),
    "a part is not right": ("B-x I-x I-x O", "B-x I-x O O", (0, 1, 1)),
    "another type is not right": ("B-x I-x O", "B-y I-y O", (0, 1, 1)),
    "a span ends with its sentence": ("O B-x | I-x O", "O B-x | I-x O", (2, 2, 2)),
    "two spans side by side": ("B-x B-x I-x", "B-x I-x I-x", (0, 1, 2)),
    "an I after O begins a span": ("O B-x I-x", "O I-x I-x", (1, 1, 1)),
    "an I of another type begins a span": ("B-x B-y", "B-x I-y", (2, 2, 2)),
    "IOB1": ("I-x I-x B-x O I-y", "I-x I-x B-x O I-x", (2, 3, 3)),
    "BIOES": ("B-x I-x E-x O S-y", "B-x I-x E-x O S-y", (2, 2, 2)),
    "E alone": ("O S-x O", "O E-x O", (1, 1, 1)),
    "I after E begins a span": ("B-x E-x S-x", "B-x E-x I-x", (2, 2, 2)),
    "B without its E": ("B-x E-x O", "B-x I-x O", (1, 1, 1)),
    "BILOU": ("B-x I-x L-x U-y", "B-x I-x L-x O", (1, 1, 2)),
    "without types": ("B I O B", "B I O O", (1, 1, 2)),
    "types with hyphens": ("B-a-b I-a-b O B-a-c", "B-a-b I-a-b O B-a-b", (1, 2, 2)),
    "no span at all": ("O O B-x", "O O O", (0, 0, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_spans_are_counted_as_by_hand(name: str) -> None:
    wanted, predicted, counts = CASES[name]
    assert evaluated(wanted, predicted).total == SpanCounts(*counts)


def test_precision_recall_and_f1_come_from_the_counts() -> None:
    found = evaluated("B-x I-x O B-y O B-x", "B-x I-x O B-y B-y O")
    assert found.types == {"x": SpanCounts(1, 1, 2), "y": SpanCounts(1, 2, 1)}
    total = found.scores()
    assert total["span_precision"] == total["span_recall"] == total["span_f1"] == 2 / 3
    assert found.types["x"].f1 == found.types["y"].f1 == 2 / 3
    assert found.types["y"].precision == 0.5
    nothing = evaluated("O O", "O I-x")
    assert nothing.scores() == {"span_precision": 0.0, "span_recall": 0.0, "span_f1": 0.0}


def test_counts_are_kept_for_each_sequence() -> None:
    found = evaluated("B-x O | O | B-x B-x", "B-x O | B-x | O B-x")
    assert found.by_sequence.tolist() == [[1, 1, 1], [0, 1, 0], [1, 1, 2]]


@pytest.mark.parametrize(
    ("wanted", "predicted", "scheme", "invalid"),
    [
        ("B-x I-x O B-x", "I-x I-x O B-x", "IOB2", 1),
        ("B-x I-x O", "B-x I-y I-y", "IOB2", 1),
        ("I-x I-x O I-x B-x", "I-x B-x O B-x O", "IOB1", 1),
        ("I-x I-y | I-x", "I-x B-y | B-x", "IOB1", 2),
        ("B-x I-x E-x S-x", "B-x I-x O S-x", "BIOES", 1),
        ("B-x I-x E-x S-x", "E-x I-x E-x B-x", "BIOES", 3),
    ],
)
def test_the_scheme_is_recognised_and_what_breaks_it_is_counted(
    wanted: str, predicted: str, scheme: str, invalid: int
) -> None:
    found = evaluated(wanted, predicted)
    assert (found.scheme, found.invalid) == (scheme, invalid)
    assert evaluated(wanted, wanted).invalid == 0


@pytest.mark.parametrize(
    "classes",
    [
        ("noun", "verb"),
        ("B-x", "I-x", "verb"),
        ("A", "B", "O"),
        ("O",),
        ("B-x", "I-x"),
        ("S", "N", "E", "W"),
        ("E", "O"),
        ("b-x", "O"),
        ("B-", "O"),
    ],
)
def test_other_classes_are_no_tags_of_spans(classes: tuple[str, ...]) -> None:
    assert TagSet.of(schema(*classes)) is None


def test_only_one_class_for_each_step_is_a_tag() -> None:
    classes = ("B-x", "I-x", "O")
    assert TagSet.of(schema(*classes)) is not None
    assert TagSet.of(schema(*classes, per_step=False)) is None
    assert TagSet.of(schema(*classes, several=True)) is None
    numbers = TargetSchema("regression", True, False)
    assert TagSet.of(numbers) is None
