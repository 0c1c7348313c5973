"""Batches: what stands where, on either side of the padding, from any batch on."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batch_building import (
    EOS,
    Columns,
    epoch_batches,
    padded_rows,
    padded_sequences,
    prefetched,
)
from seq2seq.data.batching import plan_epoch
from seq2seq.data.store import Column


def column_of(rows: list[list[int]]) -> Column:
    flat = np.array([token for row in rows for token in row], dtype=np.uint16)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return Column(flat, offsets)


@given(
    rows=st.lists(st.lists(st.integers(4, 99), max_size=9), min_size=1, max_size=20),
    padding=st.sampled_from(["post", "pre"]),
    extra=st.integers(0, 3),
)
def test_rows_end_with_the_end_symbol_and_pad_on_their_side(
    rows: list[list[int]], padding: str, extra: int
) -> None:
    width = max(len(row) for row in rows) + 1 + extra
    numbers = np.arange(len(rows))
    batch = padded_rows(column_of(rows), numbers, width=width, padding=padding)
    assert batch.shape == (len(rows), width)
    for row, padded in zip(rows, batch.tolist(), strict=True):
        zeros = [0] * (width - len(row) - 1)
        full = [*row, EOS]
        assert padded == (full + zeros if padding == "post" else zeros + full)


def test_sequences_are_padded_to_the_longest() -> None:
    assert padded_sequences([[5], [], [6, 7]]).tolist() == [[5, 3, 0], [3, 0, 0], [6, 7, 3]]


@pytest.mark.parametrize("padding", ["post", "pre"])
def test_a_dataset_gives_the_plan_and_can_begin_anywhere(padding: str) -> None:
    random = np.random.default_rng(0)
    rows = [random.integers(4, 50, random.integers(1, 12)).tolist() for _ in range(60)]
    columns = Columns(column_of(rows), column_of([row[::-1] for row in rows]))
    plan = plan_epoch(*columns.lengths(), BatchingSettings(max_tokens=50), seed=1, epoch=0)
    whole = list(epoch_batches(columns, plan, padding=padding))
    ids = tf.TensorSpec([None, None], tf.int32)
    batches = partial(epoch_batches, columns, plan, first=3, padding=padding)
    later = list(prefetched(batches, [ids, ids]))
    assert len(whole) == len(plan) and len(later) == len(plan) - 3
    for (source, target), (other_source, other_target) in zip(whole[3:], later, strict=True):
        assert np.array_equal(source, other_source) and np.array_equal(target, other_target)


def test_no_thread_tunes_a_dataset() -> None:
    """The end of an epoch would wait for it, for up to a minute."""
    spec = tf.TensorSpec([1], tf.int32)
    dataset = prefetched(lambda: iter([(np.zeros(1, np.int32),)]), [spec])
    assert dataset.options().autotune.enabled is False
