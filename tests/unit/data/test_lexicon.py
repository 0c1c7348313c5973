"""Translations of tokens are learned from pairs of sentences alone."""

from __future__ import annotations

import numpy as np

from seq2seq.data.lexicon import likeliest_translations

# The token s means 10 + s, in any order, and 9 stands in every target.
PAIRS = [
    ([1, 2], [12, 11, 9]),
    ([2, 3], [9, 12, 13]),
    ([3, 1], [13, 9, 11]),
    ([4], [9, 14]),
    ([4, 1], [11, 14, 9]),
]


def test_a_toy_language() -> None:
    found = likeliest_translations(PAIRS, source_vocab=6, target_vocab=20, count=4)
    assert found.shape == (6, 4)
    assert found.dtype == np.int32
    assert found[1:5, 0].tolist() == [11, 12, 13, 14]
    # What never stood beside it does not translate it, and an unknown token has no translation.
    assert set(found[4].tolist()) == {14, 9, 11, 0}
    assert found[[0, 5]].tolist() == [[0] * 4] * 2


def test_the_order_of_the_pairs_does_not_matter() -> None:
    sizes = {"source_vocab": 6, "target_vocab": 20, "count": 3}
    arrays = [(np.array(one, np.uint16), np.array(two, np.uint16)) for one, two in PAIRS[::-1]]
    np.testing.assert_array_equal(
        likeliest_translations(PAIRS, **sizes), likeliest_translations(arrays, **sizes)
    )


def test_an_empty_side_teaches_nothing() -> None:
    found = likeliest_translations(
        [([], [5]), ([1], []), ([1], [4])], source_vocab=2, target_vocab=6, count=1
    )
    assert found.tolist() == [[0], [4]]
