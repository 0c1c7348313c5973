"""Targets of a classification or regression, and conversion of labels to targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import Task
from seq2seq.config.schema import TaskSettings
from seq2seq.config.tasks import TASKS
from seq2seq.data.sequences.item import Label
from seq2seq.data.sequences.labels import read_classes, read_numbers, split_label
from seq2seq.data.sequences.scaling import Scale, ScalingStatistics, stored_kind
from seq2seq.data.store import Values

Targets = NDArray[Any]


@dataclass(frozen=True)
class TargetSchema:
    """Classes, or scaling of the target numbers, of a trained task.

    Attributes:
        task, per_step, several: values of the task settings.
        classes: class names of a classification, in order.
        counts: number of occurrences of each class in training.
        scale: scaling of a regression's numbers.
    """

    task: Task
    per_step: bool
    several: bool
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    scale: Scale = field(default_factory=lambda: Scale((), ()))

    @property
    def has_numbers(self) -> bool:
        """Return whether targets are numbers, not classes."""
        return not TASKS[self.task].classes

    @property
    def outputs(self) -> int:
        """Return the number of model outputs for one prediction."""
        return len(self.scale.mean) if self.has_numbers else len(self.classes)

    @property
    def one_class(self) -> bool:
        """Return whether a prediction is exactly one class; its target is then a class number."""
        return not self.has_numbers and not self.several

    def targets(self, label: Label | None, *, steps: int) -> tuple[Targets, str | None]:
        """Return the targets of a sequence, or the error in its label.

        The targets are class numbers `[targets] int32`, or `[targets, outputs]` with unscaled
        numbers or with a 1 for each class of the label; there is one row per sequence or per step.

        Args:
            label: label as written in the file.
            steps: number of steps or words; with `per_step`, `label` must have as many entries.
        """
        each, error = split_label(label, per_step=self.per_step, steps=steps)
        read = self._numbers if self.has_numbers else self._classes
        targets, wrong = read(each)
        return targets, error or wrong

    def _numbers(self, labels: list[Any]) -> tuple[Targets, str | None]:
        rows = []
        for label in labels:
            readings, error = read_numbers(label)
            if error is not None:
                return np.zeros(0), error
            row = next((row for row in readings if len(row) == self.outputs), None)
            if row is None:
                count = len(readings[-1])
                return np.zeros(0), f"{count} numbers as label, and the first has {self.outputs}"
            rows.append(row)
        return np.array(rows, self.scale.precision).reshape(-1, self.outputs), None

    def _classes(self, labels: list[Any]) -> tuple[Targets, str | None]:
        numbers = []
        for label in labels:
            names, error = read_classes(label, several=self.several)
            unknown = [name for name in names if name not in self._class_numbers]
            if unknown:
                error = error or f"label {unknown[0][:40]!r} was never seen in training"
            if error is not None:
                return np.zeros(0), error
            numbers.append([self._class_numbers[name] for name in names])
        if self.one_class:
            return np.array(numbers, np.int32).reshape(-1), None
        marks = np.zeros((len(labels), self.outputs), np.float32)
        for row, marked in enumerate(numbers):
            marks[row, marked] = 1.0
        return marks, None

    @property
    def stored(self) -> Values:
        """Return the type of stored targets."""
        return Values("<i4") if self.one_class else Values(stored_kind(self.scale), self.outputs)

    @cached_property
    def _class_numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.classes)}

    def to_json(self) -> dict[str, Any]:
        """Return plain values for `from_json`."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> TargetSchema:
        """Return the object from the values that `to_json` returned.

        Raises:
            KeyError, TypeError, ValueError: the values are not those of `to_json`.
        """
        return TargetSchema(
            task=values["task"],
            per_step=values["per_step"],
            several=values["several"],
            classes=tuple(values["classes"]),
            counts=tuple(values["counts"]),
            scale=Scale.from_json(values["scale"]),
        )


class TargetLearner:
    """Collector of the labels of the training set."""

    def __init__(self, task: TaskSettings) -> None:
        """Create a collector for a task of these settings."""
        self._task = task
        self._counts: dict[str, int] = {}
        self._first_position: int | None = None
        self._first_names: list[str] = []
        self._labels = 0
        # Labels read with a comma as separator (False) and as decimal comma (True); the reading
        # with more valid labels is used.
        self._readings = {False: _NumberReading(), True: _NumberReading()}
        self._comma: str | None = None  # a label that the two readings read differently

    def add(self, label: Label | None, *, steps: int | None, position: int) -> str | None:
        """Add the label of one sequence, or return the error in it.

        Args:
            label: label as written in the file.
            steps: length of the sequence; None if it is not known yet.
            position: position of the sequence in its file.
        """
        each, error = split_label(label, per_step=self._task.per_step, steps=steps)
        if error is not None:
            return error
        error = self._add_numbers(each) if self._task.has_numbers else self._add_names(each)
        if error is None:
            self._labels += 1
            if self._first_position is None:
                self._first_position = position
                self._first_names = list(self._counts)
        return error

    def _add_names(self, labels: list[Any]) -> str | None:
        entries = [read_classes(label, several=self._task.several_labels) for label in labels]
        for _, error in entries:
            if error is not None:
                return error
        for names, _ in entries:
            for name in names:
                self._counts[name] = self._counts.get(name, 0) + 1
        return None

    def _add_numbers(self, labels: list[Any]) -> str | None:
        read = [read_numbers(label) for label in labels]
        for _, error in read:
            if error is not None:
                return error
        for label, (readings, _) in zip(labels, read, strict=True):
            if len(readings) > 1 and self._comma is None:
                self._comma = label
        self._readings[True].add([readings[0] for readings, _ in read])
        self._readings[False].add([readings[-1] for readings, _ in read])
        return None

    def schema(self) -> TargetSchema:
        """Return the classes, or the scaling of the numbers, of all labels added."""
        names = sorted(self._counts, key=_natural)
        statistics = self._numbers().statistics
        return TargetSchema(
            task=self._task.name,
            per_step=self._task.per_step,
            several=self._task.several_labels,
            classes=tuple(names),
            counts=tuple(self._counts[name] for name in names),
            scale=Scale((), ()) if statistics is None else statistics.scale(),
        )

    def doubts(self, *, lines: bool) -> list[str]:
        """Return warnings about labels that are probably not the intended ones.

        Args:
            lines: true if the sequences are lines, of which the first may be a header.
        """
        doubts = []
        one_each = not self._task.per_step and self._labels > 2
        first = [name for name in self._first_names if self._counts[name] == 1]
        if one_each and not self._task.several_labels and len(self._counts) == self._labels:
            doubts.append(
                f"there are as many classes as sequences ({self._labels:,}); see that the label is "
                "the right column, or set task=regression for numbers"
            )
        elif one_each and lines and self._first_position == 1 and first:
            doubts.append(
                f"line 1 is the only one with the label {first[0][:40]!r}; if it is a header, "
                "remove it"
            )
        if self._comma is not None and self._numbers() is self._readings[True]:
            doubts.append(
                f"the label {self._comma[:40]!r} is read with a decimal comma; if it is several "
                "numbers, write a space between them"
            )
        return doubts

    def _numbers(self) -> _NumberReading:
        return max(self._readings[True], self._readings[False], key=lambda one: one.count)


class _NumberReading:
    """Numbers of labels read with one separator; a valid label has as many as the first one."""

    def __init__(self) -> None:
        self.count = 0  # labels with as many numbers as the first
        self.statistics: ScalingStatistics | None = None
        self._outputs = 0

    def add(self, rows: list[list[float]]) -> None:
        if self.statistics is None:
            self._outputs = len(rows[0])
            self.statistics = ScalingStatistics(self._outputs)
        if all(len(row) == self._outputs for row in rows):
            self.count += 1
            self.statistics.add(np.array(rows, np.float64))


def _natural(name: str) -> tuple[float, str]:
    """Return a sort key that puts numeric classes first, in numeric order."""
    try:
        return float(name), name
    except ValueError:
        return math.inf, name
