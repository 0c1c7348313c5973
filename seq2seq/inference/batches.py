"""Calls of a function on batches of similar length, with the original order restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from seq2seq.data.batch_building import padded_sequences
from seq2seq.data.batching import order_by_length
from seq2seq.data.sequences.batches import source_batch
from seq2seq.data.sequences.inputs import Inputs

Result = TypeVar("Result")
Pad = Callable[[Sequence[Any]], Any]


def padding_of(inputs: Inputs) -> Pad:
    """Return the function that pads rows from `Inputs.encode` and makes a batch of them."""
    if inputs.scale is None:
        return padded_sequences
    return partial(source_batch, inputs=inputs)


def map_by_length(
    function: Callable[[Any, list[int]], Sequence[Result]],
    sequences: Sequence[Any],
    *,
    max_tokens: int,
    pad: Pad = padded_sequences,
) -> list[Result]:
    """Return the results of `function` for each sequence, in the order of the sequences.

    Args:
        function: function of a batch and the indices of its rows in `sequences`; it returns one
            result for each row.
        sequences: token sequences without end symbols, or sequences that `pad` takes.
        max_tokens: maximum number of positions of a batch, padding included.
        pad: function that returns sequences as a batch, by default token ids `[rows, width] int32`,
            each row with its end symbol.
    """
    lengths = np.array([len(sequence) + 1 for sequence in sequences], dtype=np.int32)
    results: dict[int, Result] = {}
    for rows in order_by_length(lengths, max_tokens=max_tokens):
        numbers = rows.tolist()
        batch = pad([sequences[number] for number in numbers])
        results.update(zip(numbers, function(batch, numbers), strict=True))
    return [results[number] for number in range(len(sequences))]
