"""What a model answers: how labels become targets, and which classes or numbers there are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Label
from seq2seq.data.sequences.moments import Moments, Scale
from seq2seq.settings import TaskSettings

Targets = NDArray[Any]


class Reading(NamedTuple):
    """A label as the task understands it, an entry for each answer, or what is wrong with it.

    An entry is a class, a list of classes, or a list of numbers.
    """

    entries: list[Any]
    fault: str | None = None


@dataclass(frozen=True)
class Answers:
    """The answers of a trained task.

    Attributes:
        task, per_step, several: of the settings.
        classes: of a classification, in order; `counts` how often each was in training.
        scale: of a regression's numbers.
    """

    task: str
    per_step: bool
    several: bool
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    scale: Scale = field(default_factory=lambda: Scale((), ()))

    @property
    def outputs(self) -> int:
        """How many numbers the model gives for one answer."""
        return len(self.classes) if self.task == "classification" else len(self.scale.mean)

    @property
    def one_class(self) -> bool:
        """Whether an answer is one of the classes; its target is then a class number."""
        return self.task == "classification" and not self.several

    def targets(self, entries: list[Any]) -> tuple[Targets, str | None]:
        """Entries as `[answers] int32` class numbers or `[answers, outputs] float32`, or a fault.

        A regression's numbers are not scaled here.
        """
        if self.task == "regression":
            wrong = [entry for entry in entries if len(entry) != self.outputs]
            if wrong:
                fault = f"{len(wrong[0])} numbers as label, and the first has {self.outputs}"
                return np.zeros(0), fault
            return np.array(entries, np.float32), None
        number = {name: place for place, name in enumerate(self.classes)}
        for entry in entries:
            for name in entry if self.several else [entry]:
                if name not in number:
                    return np.zeros(0), f"label {name[:40]!r} was never seen in training"
        if self.one_class:
            return np.array([number[entry] for entry in entries], np.int32), None
        marks = np.zeros((len(entries), self.outputs), np.float32)
        for row, entry in enumerate(entries):
            marks[row, [number[name] for name in entry]] = 1.0
        return marks, None

    def to_json(self) -> dict[str, Any]:
        """Plain values for `from_json`."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Answers:
        """What `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is not that.
        """
        return Answers(
            task=values["task"],
            per_step=values["per_step"],
            several=values["several"],
            classes=tuple(values["classes"]),
            counts=tuple(values["counts"]),
            scale=Scale.from_json(values["scale"]),
        )


class AnswerLearner:
    """Collects the labels of the training set."""

    def __init__(self, task: TaskSettings) -> None:
        """For a task of these settings."""
        self._task = task
        self._counts: dict[str, int] = {}
        self._moments: Moments | None = None
        self._outputs = 0

    def add(self, entries: list[Any]) -> None:
        """Take in the entries of one label."""
        if self._task.name == "classification":
            for entry in entries:
                for name in entry if self._task.several_labels else [entry]:
                    self._counts[name] = self._counts.get(name, 0) + 1
            return
        if self._moments is None:
            self._outputs = len(entries[0])
            self._moments = Moments(self._outputs)
        if all(len(entry) == self._outputs for entry in entries):
            self._moments.add(np.array(entries, np.float32))

    def answers(self) -> Answers:
        """All that was learned."""
        names = sorted(self._counts, key=_natural)
        return Answers(
            task=self._task.name,
            per_step=self._task.per_step,
            several=self._task.several_labels,
            classes=tuple(names),
            counts=tuple(self._counts[name] for name in names),
            scale=Scale((), ()) if self._moments is None else self._moments.scale(),
        )


def read_label(label: Label | None, task: TaskSettings, *, steps: int | None) -> Reading:
    """A label as `task` understands it.

    Args:
        label: as the file has it.
        task: says what a label is.
        steps: of the sequence, which a label for each step must have too; None: not yet known.
    """
    if label is None or label == "":
        return Reading([], "no label")
    if not task.per_step:
        entry, fault = _entry(label, task)
        return Reading([entry], fault)
    if not isinstance(label, list):
        return Reading([], "one label, where task.per_step=true needs one for each step")
    if steps is not None and len(label) != steps:
        return Reading([], f"{len(label)} labels for {steps} steps")
    entries = [_entry(one, task) for one in label]
    faults = [fault for _, fault in entries if fault is not None]
    return Reading([entry for entry, _ in entries], faults[0] if faults else None)


def _entry(label: Any, task: TaskSettings) -> tuple[Any, str | None]:
    if task.name == "regression":
        return _numbers(label)
    if task.several_labels:
        parts = label.split(",") if isinstance(label, str) else label
        names = [_class_name(part) for part in (parts if isinstance(parts, list) else [parts])]
        known = [name for name in names if name is not None]
        fault = None if len(known) == len(names) else f"{label!r} is no list of classes"
        return [name for name in known if name], fault
    name = _class_name(label)
    if not name:
        return "", f"{str(label)[:40]!r} is no class"
    return name, None


def _class_name(label: Any) -> str | None:
    if isinstance(label, str):
        return label.strip()
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return None


def _numbers(label: Any) -> tuple[list[float], str | None]:
    parts = label.replace(",", " ").split() if isinstance(label, str) else label
    try:
        numbers = [float(part) for part in (parts if isinstance(parts, list) else [parts])]
    except (TypeError, ValueError):
        return [], f"{str(label)[:40]!r} is no number"
    if not numbers or not all(math.isfinite(number) for number in numbers):
        return [], f"{str(label)[:40]!r} is no finite number"
    return numbers, None


def _natural(name: str) -> tuple[float, str]:
    """Orders classes that are numbers as numbers, before the others."""
    try:
        return float(name), name
    except ValueError:
        return math.inf, name
