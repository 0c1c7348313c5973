"""No placeholder but those of the source, and none twice."""

from __future__ import annotations

import numpy as np

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.search.placeholders import OwnPlaceholders


def test_others_and_used_ones_are_forbidden() -> None:
    rule = OwnPlaceholders([4, 5, 6, 7], [frozenset(), frozenset({4, 6})])
    open_ = OpenHypotheses(
        sentences=np.array([1, 0]),
        ids=np.array([[[8, 9], [8, 4]], [[8, 9], [8, 8]]], np.int32),
        log_probs=np.zeros([2, 2], np.float32),
    )
    log_probs = np.zeros([2, 2, 10], np.float32)
    rule(log_probs, open_)
    forbidden = [[np.flatnonzero(one == IMPOSSIBLE).tolist() for one in row] for row in log_probs]
    assert forbidden == [[[5, 7], [4, 5, 7]], [[4, 5, 6, 7], [4, 5, 6, 7]]]
