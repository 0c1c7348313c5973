"""Sentences batched by length, results in their own order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.data.batch_building import Ids
from seq2seq.inference.batches import map_by_length


@given(
    sequences=st.lists(st.lists(st.integers(4, 99), max_size=12), max_size=50),
    max_tokens=st.integers(1, 100),
)
def test_results_come_in_the_order_of_the_sequences(
    sequences: list[list[int]], max_tokens: int
) -> None:
    def echo(batch: Ids, numbers: list[int]) -> list[tuple[int, list[int]]]:
        assert len(numbers) == 1 or batch.size <= max_tokens
        rows = [row[: row.index(3)] for row in batch.tolist()]
        return list(zip(numbers, rows, strict=True))

    results = map_by_length(echo, sequences, max_tokens=max_tokens)
    assert results == list(enumerate(sequences))
