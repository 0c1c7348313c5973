"""Inputs of a model: texts as token ids, or steps of scaled features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import ModelError
from seq2seq.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Inputs:
    """Conversion of the content of an item to rows for the model.

    Either a tokenizer or a scaling is given.

    Attributes:
        tokenizer: tokenizer of texts.
        scale: scaling of features.
        words: true if each word of a text has its own label; white space separates words.
    """

    tokenizer: Tokenizer | None = None
    scale: Scale | None = None
    words: bool = False

    @staticmethod
    def of(source: Tokenizer | Scale) -> Inputs:
        """Return the inputs for a tokenizer of texts, or for a scaling of features."""
        return Inputs(source) if isinstance(source, Tokenizer) else Inputs(scale=source)

    @property
    def source(self) -> Tokenizer | Scale:
        """Return the tokenizer or the scaling, whichever is given."""
        source = self.tokenizer or self.scale
        if source is None:
            raise ValueError("neither a tokenizer nor a scaling is given")
        return source

    @property
    def features(self) -> int:
        """Return the number of features of a step; 0 for text."""
        return 0 if self.scale is None else len(self.scale.mean)

    @property
    def text_tokenizer(self) -> Tokenizer:
        """Return the tokenizer.

        Raises:
            ModelError: the model reads sequences of numbers.
        """
        self.check_texts()
        if self.tokenizer is None:
            raise ValueError("the inputs have neither a tokenizer nor a scaling")
        return self.tokenizer

    def check_texts(self) -> None:
        """Raise `ModelError` if the model reads sequences of numbers."""
        if self.scale is not None:
            raise ModelError(
                "this model reads sequences of numbers, and texts are wanted here; give a model "
                "that was trained on texts"
            )

    def answered(self, row: NDArray[Any]) -> NDArray[np.bool_]:
        """Return flags for the positions of an encoded row that can have their own label.

        For features, these are all steps; for text, these are the first tokens of the words.
        """
        if self.word_starts is None:
            return np.ones(len(row), np.bool_)
        return np.asarray(self.word_starts[row])

    @property
    def word_starts(self) -> NDArray[np.bool_] | None:
        """Return flags of the tokens that begin a word, `[vocab_size] bool`; None for features."""
        return None if self.tokenizer is None else self.tokenizer.word_starts

    def error_in(self, content: Content) -> str | None:
        """Return the reason why the model cannot read this content, or None."""
        if isinstance(content, str):
            return None if self.tokenizer else "a text, where sequences of numbers are wanted"
        if self.scale is None:
            return "a sequence of numbers, where texts are wanted"
        if content.shape[1] != self.features:
            return f"{content.shape[1]} features, where {self.features} are wanted"
        return None

    def encode(self, contents: list[Content]) -> list[NDArray[Any]]:
        """Return a row per content: ids `[tokens] int32`, or unscaled steps `[time, features]`.

        The contents must be valid (see `error_in`); blank text gives an empty row.
        """
        if self.scale is not None:
            return [np.asarray(content, self.scale.precision) for content in contents]
        texts = [content for content in contents if isinstance(content, str)]
        encode = self.text_tokenizer.encode_words if self.words else self.text_tokenizer.encode
        return [np.array(row, np.int32) for row in encode(texts)]
