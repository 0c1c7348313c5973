"""No sequence of pieces twice in one output."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.search.step_model import Floats


class NoRepeatedNgrams:
    """A rule: no `n` pieces in a row stand twice in one output.

    Source: Paulus et al. 2017, "A deep reinforced model for abstractive summarization", for
    three in a row.
    """

    def __init__(self, n: int) -> None:
        """`n` is at least 1; 1 forbids every piece that was written before."""
        self._n = n

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make the pieces that would repeat something `IMPOSSIBLE`, in place (see `Rule`)."""
        ids, n = hypotheses.ids, self._n
        length = ids.shape[2]
        if length < n:
            return
        windows = sliding_window_view(ids, n, axis=2)
        # Wherever the last n - 1 pieces stood before, what followed them there must not follow.
        last = ids[:, :, np.newaxis, length - n + 1 :]
        rows, places, starts = np.nonzero((windows[..., :-1] == last).all(axis=3))
        log_probs[rows, places, windows[rows, places, starts, -1]] = IMPOSSIBLE
