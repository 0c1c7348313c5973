"""Rule against repeated sequences of tokens in one output."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.search.step_model import Floats


class NoRepeatedNgrams:
    """Rule that no sequence of `n` tokens occurs twice in one output.

    Source: Paulus et al. 2017, "A deep reinforced model for abstractive summarization", with n = 3.
    """

    def __init__(self, n: int) -> None:
        """Set `n`, at least 1; 1 forbids every token that was written before."""
        self._n = n

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make tokens that would repeat a sequence `IMPOSSIBLE`, in place (see `Rule`)."""
        ids, n = hypotheses.ids, self._n
        length = ids.shape[2]
        if length < n:
            return
        windows = sliding_window_view(ids, n, axis=2)
        # The tokens that followed earlier occurrences of the last n - 1 tokens are forbidden now.
        last = ids[:, :, np.newaxis, length - n + 1 :]
        rows, places, starts = np.nonzero((windows[..., :-1] == last).all(axis=3))
        log_probs[rows, places, windows[rows, places, starts, -1]] = IMPOSSIBLE
