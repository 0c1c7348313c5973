"""Sequences passed from Python to a trained model: texts, sound files, or arrays.

Arrays are cleaned, and sounds become features, as in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from seq2seq.data.sequences.cleaning import cleaned
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Content, Form, Item
from seq2seq.errors import DataError


def contents_of(sequences: Sequence[str | ArrayLike], inputs: Inputs, form: Form) -> list[Content]:
    """Return the sequences in the form that a model reads.

    Args:
        sequences: texts, or arrays `[time, features]` (`[time]` for a single feature); for a
            model of sound also paths of sound files.
        inputs: inputs of the model.
        form: format options of the training files.

    Raises:
        TypeError: `sequences` is a single text.
        DataError: a sequence is invalid; the message gives its number, from 1.
    """
    if isinstance(sequences, str | bytes):
        raise TypeError("sequences must be a list of texts or arrays, not one text: give [text]")
    contents = []
    for number, sequence in enumerate(sequences, start=1):
        content = _content(sequence, number, form)
        error = inputs.error_in(content)
        if error is not None:
            raise DataError(f"sequence {number} is {error}")
        contents.append(content)
    return contents


def _content(sequence: str | ArrayLike, number: int, form: Form) -> Content:
    if form.audio is not None and isinstance(sequence, str | Path):
        # Only here, so that models of texts start sooner.
        from seq2seq.data.readers.sound_manifest import sound_item

        return _checked(sound_item(Item(number, str(sequence)), Path(), form.audio))
    if isinstance(sequence, str):
        return sequence
    try:
        values = np.asarray(sequence)
        values = values.astype(np.float32 if values.dtype == np.float32 else np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise DataError(f"sequence {number} is no text and no array of numbers: {error}") from error
    if values.ndim == 1:
        values = values[:, np.newaxis]
    if values.ndim != 2 or not values.size:
        raise DataError(
            f"sequence {number} is an array of {list(values.shape)}; it must be numbers of "
            "[time, features] with at least one step"
        )
    return _checked(cleaned(number, values, None, form))


def _checked(item: Item) -> Content:
    if item.error is not None or item.content is None:
        raise DataError(f"sequence {item.position}: {item.error}")
    return item.content
