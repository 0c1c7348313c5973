"""What a model reads: texts as ids of pieces, or steps of scaled features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.moments import Scale
from seq2seq.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Inputs:
    """How the content of an item becomes rows for the model.

    Exactly one of the two is given.

    Attributes:
        tokenizer: of texts.
        scale: of features.
    """

    tokenizer: Tokenizer | None = None
    scale: Scale | None = None

    @property
    def features(self) -> int:
        """Numbers a step; 0 of text."""
        return 0 if self.scale is None else len(self.scale.mean)

    def fault(self, content: Content) -> str | None:
        """Why this content cannot be read by the model, or None."""
        if isinstance(content, str):
            return None if self.tokenizer else "a text, where sequences of numbers are wanted"
        if self.scale is None:
            return "a sequence of numbers, where texts are wanted"
        if content.shape[1] != self.features:
            return f"{content.shape[1]} features, where {self.features} are wanted"
        return None

    def encode(self, contents: list[Content]) -> list[NDArray[Any]]:
        """Return a row each: ids `[pieces] int32`, or unscaled steps `[time, features]`.

        Only for contents without fault; blank text gives an empty row.
        """
        if self.scale is not None:
            return [np.asarray(content, self.scale.precision) for content in contents]
        texts = [content for content in contents if isinstance(content, str)]
        rows = [] if self.tokenizer is None else self.tokenizer.encode(texts)
        return [np.array(row, np.int32) for row in rows]
