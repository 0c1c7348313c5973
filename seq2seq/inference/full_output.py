"""The last layer over the whole vocabulary."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.inference.session import Session, as_value
from seq2seq.search.step_model import Floats


class Predicted(NamedTuple):
    """Log-probabilities of the next piece; the fields are those of `Step`."""

    end_log_probs: Floats
    top_log_probs: Floats | None = None
    top_ids: NDArray[np.int64] | None = None
    log_probs: Floats | None = None


class FullOutput:
    """Runs the last layer. May be used from several threads at once."""

    def __init__(self, graph: bytes, *, vocab_size: int) -> None:
        """Raises `ArtefactError` if ONNX Runtime does not take the graph."""
        self._vocab_size = vocab_size
        self._session = Session(graph, "output")

    def predicted(self, features: Any, shape: tuple[int, ...], top: int | None) -> Predicted:
        """What follows `features`, of `shape` `[rows, open]` tokens: the likeliest, or all."""
        feeds = {"features": features, "top": as_value(np.array([top or 1]))}
        names = ["log_probs"] if top is None else ["top_log_probs", "top_ids"]
        found = [value.numpy() for value in self._session.run(["end_log_probs", *names], feeds)]
        ends = found[0].reshape(shape)
        if top is None:
            log_probs = found[1][:, : self._vocab_size].reshape(*shape, self._vocab_size)
            return Predicted(ends, log_probs=log_probs)
        return Predicted(ends, found[1].reshape(*shape, top), found[2].reshape(*shape, top))
