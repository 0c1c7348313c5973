"""Placeholders stand in an output as in its source: no others, and none twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.search.step_model import Floats


class OwnPlaceholders:
    """A rule: an output holds no placeholder but those of its source, and none twice."""

    def __init__(self, pieces: Sequence[int], own: Sequence[frozenset[int]]) -> None:
        """`pieces` are those of all placeholders, `own` those that each sentence holds."""
        self._pieces = frozenset(pieces)
        self._own = tuple(own)

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make the other placeholders `IMPOSSIBLE`, in place (see `Rule`)."""
        for row, sentence, place, ids in hypotheses.live():
            free = self._own[sentence].difference(ids)
            log_probs[row, place, np.array([*self._pieces - free], np.int64)] = IMPOSSIBLE
