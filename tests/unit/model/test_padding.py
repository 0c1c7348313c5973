"""Padding moved to the right, and rows reversed without it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.model.padding import pad_right, reverse_tokens, token_lengths, token_mask


@given(
    rows=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=6), min_size=1, max_size=5),
    left=st.integers(0, 3),
)
def test_pad_right_keeps_every_row(rows: list[list[int]], left: int) -> None:
    width = max(len(row) for row in rows) + left
    pre = np.array([[0] * (width - len(row)) + row for row in rows], np.int32)
    post = np.array([row + [0] * (width - len(row)) for row in rows], np.int32)
    assert np.array_equal(pad_right(pre), post)
    assert np.array_equal(pad_right(post), post)
    assert token_lengths(token_mask(pre)).numpy().tolist() == [len(row) for row in rows]


def test_reversal_leaves_padding_where_it_is() -> None:
    sequence = np.array([[[1.0], [2.0], [3.0]], [[4.0], [0.0], [0.0]]], np.float32)
    reversed_ = reverse_tokens(sequence, np.array([3, 1], np.int32)).numpy()[:, :, 0]
    assert reversed_.tolist() == [[3.0, 2.0, 1.0], [4.0, 0.0, 0.0]]
