"""Facts learned from the training set before the weights: classes or numbers, scaling."""

from __future__ import annotations

from typing import Protocol

from seq2seq.data.filters import Tallies
from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.sequences.cleaning import number_of
from seq2seq.data.sequences.item import Content, Item, Label
from seq2seq.data.sequences.scaling import Scale, ScalingStatistics
from seq2seq.data.sounds import SUFFIXES


class TargetCollector(Protocol):
    """Collector of the labels of a training set."""

    def add(self, label: Label | None, *, steps: int | None, position: int) -> str | None:
        """Add the label of one sequence, or return the error in it."""

    def doubts(self, *, lines: bool) -> list[str]:
        """Return warnings about labels that are probably not the intended ones."""


class SequenceLearner:
    """Collector of the labels and the feature statistics of the training set.

    Attributes:
        first: content of the first usable sequence; None until there is one.
        read: number of items added.
        errors: reasons why items cannot be used, and their positions.
    """

    def __init__(self, labels: TargetCollector, limit: LengthLimit, *, lines: bool) -> None:
        """Create a collector.

        Args:
            labels: collector to which labels are passed on.
            limit: limit of the length; only steps that the model reads count for the scaling.
            lines: true if items are lines, of which the first may be a header.
        """
        self.first: Content | None = None
        self.read = 0
        self.errors = Tallies()
        self._labels = labels
        self._limit, self._lines = limit, lines
        self._statistics: ScalingStatistics | None = None
        self._texts = self._number_texts = self._sound_names = 0

    def add(self, item: Item) -> str | None:
        """Add an item, or return the error in it."""
        self.read += 1
        content = item.content
        if item.error is not None or content is None:
            error = item.error
        else:
            steps = None if isinstance(content, str) else len(content)
            error = self._labels.add(item.label, steps=steps, position=item.position)
        if error is not None or content is None:
            self.errors.add(str(error), item.position)
            return str(error)
        self.first = content if self.first is None else self.first
        if isinstance(content, str):
            self._texts += 1
            self._number_texts += _is_number(content)
            self._sound_names += content.lower().endswith(SUFFIXES)
        elif not isinstance(self.first, str):
            self._statistics = self._statistics or ScalingStatistics(self.first.shape[1])
            if content.shape[1] == self.first.shape[1]:
                self._statistics.add(self._limit.shortened(content))
        return None

    def scale(self, *, normalise: bool) -> Scale | None:
        """Return the scaling of the features; None for texts."""
        if self._statistics is None:
            return None
        scale = self._statistics.scale()
        return scale if normalise else Scale.none(len(scale.mean))

    def doubts(self, *, normalise: bool) -> list[str]:
        """Return signs that the file is not the expected one, each as a sentence."""
        doubts = self._labels.doubts(lines=self._lines)
        if self._number_texts > 2 and self._texts - self._number_texts <= 1:  # one: a header
            doubts.append(
                "every text is a number; see that it is the right column, or give sequences of "
                "numbers as JSON lines, CSV, .npz or .ts"
            )
        if self._texts > 2 and self._texts - self._sound_names <= 1:
            doubts.append(
                "every text is the name of a sound file; data.format=audio reads the sounds"
            )
        if not normalise and self._statistics and self._statistics.scale().precision == "float64":
            doubts.append(
                "differences between its numbers are lost in float32; set "
                "data.features.normalise=true, which scales them in float64"
            )
        return doubts


def _is_number(text: str) -> bool:
    try:
        number_of(text)
    except ValueError:
        return False
    return True
