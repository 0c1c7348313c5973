"""Calls of a function on batches of similar length, with the original order restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from seq2seq.data.batch_building import Ids, padded_sequences
from seq2seq.data.batching import order_by_length

Result = TypeVar("Result")


def map_by_length(
    function: Callable[[Ids, list[int]], Sequence[Result]],
    sequences: Sequence[Sequence[int]],
    *,
    max_tokens: int,
) -> list[Result]:
    """Return the results of `function` for each sequence, in the order of the sequences.

    Args:
        function: function of a batch `[rows, width] int32` (each row with its end symbol) and the
            indices of its rows in `sequences`; it returns one result for each row.
        sequences: token sequences, without end symbols.
        max_tokens: maximum number of positions of a batch, padding included.
    """
    lengths = np.array([len(sequence) + 1 for sequence in sequences], dtype=np.int32)
    results: dict[int, Result] = {}
    for rows in order_by_length(lengths, max_tokens=max_tokens):
        numbers = rows.tolist()
        batch = padded_sequences([sequences[number] for number in numbers])
        results.update(zip(numbers, function(batch, numbers), strict=True))
    return [results[number] for number in range(len(sequences))]
