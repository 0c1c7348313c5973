"""Decoder step with the output layer over the whole vocabulary, in one graph."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.joined_graph import joined_graph
from seq2seq.inference.session import Session
from seq2seq.search.step_model import Floats

_TOP = ("end_log_probs", "top_log_probs", "top_ids")

Arrays = dict[str, NDArray[Any]]


class Predicted(NamedTuple):
    """Log-probabilities of the next token; the fields are those of `Step`."""

    end_log_probs: Floats
    top_log_probs: Floats | None = None
    top_ids: NDArray[np.int64] | None = None
    log_probs: Floats | None = None


class FullOutput:
    """Runner of a step with the whole output layer; may be used from several threads at once."""

    def __init__(self, step: bytes, output: bytes, *, vocab_size: int) -> None:
        """Load the graphs; raise `ArtefactError` if ONNX Runtime does not accept them."""
        self._vocab_size = vocab_size
        self._session = Session(joined_graph(step, output), "step")
        self.inputs = [name for name in self._session.inputs if name != "top"]

    def step(
        self, feeds: Arrays, names: list[str], shape: tuple[int, ...], top: int | None
    ) -> tuple[list[NDArray[Any]], Predicted]:
        """Run a step.

        Args:
            feeds: inputs of the step.
            names: names of the requested outputs of the step.
            shape: shape `[rows, open]` of its tokens.
            top: number of most probable tokens to return; None for all.

        Returns:
            the outputs `names`, and the prediction.
        """
        feeds = {**feeds, "top": np.array([top or 1])}
        if top is None:
            ends, log_probs, *found = self._session.run(
                ["end_log_probs", "log_probs", *names], feeds
            )
            log_probs = log_probs[:, : self._vocab_size].reshape(*shape, self._vocab_size)
            return found, Predicted(ends.reshape(shape), log_probs=log_probs)
        ends, best, ids, *found = self._session.run([*_TOP, *names], feeds)
        shape_of_top = (*shape, top)
        return found, Predicted(
            ends.reshape(shape), best.reshape(shape_of_top), ids.reshape(shape_of_top)
        )
