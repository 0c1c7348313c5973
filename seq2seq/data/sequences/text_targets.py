"""Targets that are texts: their tokenizer, and labels as token ids."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.filters import text_error
from seq2seq.data.sequences.item import Label
from seq2seq.data.sequences.labels import class_name
from seq2seq.data.store import Values
from seq2seq.text.tokenizer import Tokenizer

_MOST_CLASSES = 50
_EACH_CLASS = 3  # targets look like classes if each occurs this many times on average


class TextTargets:
    """Conversion of the labels of a corpus to token ids."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Use the tokenizer of the target side."""
        self.tokenizer = tokenizer

    def targets(self, label: Label | None, *, steps: int) -> tuple[NDArray[Any], str | None]:
        """Return a label as token ids without end symbol, `[tokens] int32`, or the error in it."""
        text, error = target_text(label)
        if error is not None:
            return np.zeros(0, np.int32), error
        (ids,) = self.tokenizer.encode([text])
        return np.array(ids, np.int32), None if ids else "target empty once it is normalised"

    @property
    def stored(self) -> Values:
        """Return the type of stored targets."""
        return Values.ids(self.tokenizer.vocab_size)


class TargetTexts:
    """Collector of the target texts of a training set; implements `TargetCollector`."""

    def __init__(self) -> None:
        self._count = 0
        self._different: set[str] = set()

    def add(self, label: Label | None, *, steps: int | None, position: int) -> str | None:
        """Add the target of one sequence, or return the error in it."""
        text, error = target_text(label)
        if error is None:
            self._count += 1
            if len(self._different) <= _MOST_CLASSES:
                self._different.add(text)
        return error

    def doubts(self, *, lines: bool) -> list[str]:
        """Return a warning if the targets look like classes."""
        count = len(self._different)
        if not count or count > min(_MOST_CLASSES, self._count / _EACH_CLASS):
            return []
        return [
            f"its {self._count:,} sequences have {count} different targets; if these are classes, "
            "task=classification gives their probabilities"
        ]


def target_text(label: Label | None) -> tuple[str, str | None]:
    """Return a label as text, or the error in it; the number 1 is the text "1"."""
    if label is None or label == "":
        return "", "no target"
    text = label if isinstance(label, str) else None
    if isinstance(label, float):
        text = class_name(label) or repr(label)
    if text is None:
        return "", "a list as target, where a text is wanted"
    return text, text_error(text, "target")
