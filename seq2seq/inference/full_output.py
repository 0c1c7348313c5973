"""A decoder step with the last layer over the whole vocabulary, in one graph."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.artefact.joined_graph import joined_graph
from seq2seq.inference.session import Session, as_value
from seq2seq.search.step_model import Floats


class Predicted(NamedTuple):
    """Log-probabilities of the next token; the fields are those of `Step`."""

    end_log_probs: Floats
    top_log_probs: Floats | None = None
    top_ids: NDArray[np.int64] | None = None
    log_probs: Floats | None = None


class FullOutput:
    """Runs the step and the last layer. May be used from several threads at once."""

    def __init__(self, step: bytes, output: bytes, *, vocab_size: int) -> None:
        """Raises `ArtefactError` if ONNX Runtime does not take the graphs."""
        self._vocab_size = vocab_size
        self._session = Session(joined_graph(step, output), "step")
        self.inputs = [name for name in self._session.inputs if name != "top"]

    def step(
        self, feeds: dict[str, Any], names: list[str], shape: tuple[int, ...], top: int | None
    ) -> tuple[list[Any], Predicted]:
        """Run a step.

        Args:
            feeds: inputs of the step.
            names: outputs of the step that are asked for.
            shape: shape `[rows, open]` of its tokens.
            top: number of the most probable tokens to return; None for all.

        Returns:
            the outputs `names`, and the prediction.
        """
        found = self._session.run(
            [
                "end_log_probs",
                *(["log_probs"] if top is None else ["top_log_probs", "top_ids"]),
                *names,
            ],
            {**feeds, "top": count_value(top or 1)},
        )
        ends = found[0].numpy().reshape(shape)
        if top is None:
            log_probs = found[1].numpy()[:, : self._vocab_size]
            return found[2:], Predicted(ends, log_probs=log_probs.reshape(*shape, -1))
        best, ids = (value.numpy().reshape(*shape, top) for value in found[1:3])
        return found[3:], Predicted(ends, best, ids)


@lru_cache(maxsize=64)
def count_value(count: int) -> Any:
    """Return a number as a graph's input."""
    return as_value(np.array([count]))
