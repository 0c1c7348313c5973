"""Running a graph function over sentences of all lengths, batched by length, order restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from seq2seq.data.batching import order_by_length
from seq2seq.data.pipeline import Ids, padded_sequences

Result = TypeVar("Result")


def map_by_length(
    function: Callable[[Ids, list[int]], Sequence[Result]],
    sequences: Sequence[Sequence[int]],
    *,
    max_tokens: int,
) -> list[Result]:
    """Results of `function` for each sequence, in the order of the sequences.

    Args:
        function: takes a batch `[rows, width] int32` (each row with its end symbol) and the
            numbers of its rows in `sequences`; gives one result a row.
        sequences: pieces, without end symbols.
        max_tokens: most positions a batch may have, padding counted.
    """
    lengths = np.array([len(sequence) + 1 for sequence in sequences], dtype=np.int32)
    results: dict[int, Result] = {}
    for rows in order_by_length(lengths, max_tokens=max_tokens):
        numbers = rows.tolist()
        batch = padded_sequences([sequences[number] for number in numbers])
        results.update(zip(numbers, function(batch, numbers), strict=True))
    return [results[number] for number in range(len(sequences))]
