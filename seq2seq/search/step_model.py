"""Interface of a model for searches: encode a batch of sources, then decode token by token."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.sources import Floats, Ints, Sources

__all__ = ["Floats", "Ints", "Step", "StepModel"]


class Step(NamedTuple):
    """Result of one step for all open hypotheses: `rows` sentences, `open` hypotheses each.

    Attributes:
        state: state for the next step; hypothesis `h` of row `r` has index `r * open + h`.
        end_log_probs: log-probability of the end symbol, `[rows, open] float32`.
        top_log_probs, top_ids: most probable tokens in descending order, `[rows, open, k]`; `k` is
            less than requested if there are no more; None if all tokens were requested.
        log_probs: log-probabilities of all tokens, `[rows, open, vocab_size] float32`; None if only
            the most probable ones were requested.
        attention: attention weights, `[rows, open, source_len] float32`; None unless requested.
    """

    state: Any
    end_log_probs: Floats
    top_log_probs: Floats | None
    top_ids: NDArray[np.int64] | None
    log_probs: Floats | None
    attention: Floats | None


class StepModel(Protocol):
    """Interface of a model for searches; may be used from several threads at once."""

    vocab_size: int
    has_attention: bool

    def encode(self, sources: Sources, *, shortlist: bool = False) -> tuple[Any, Any]:
        """Encode a batch of sources: token ids, or features for a model that reads these.

        With `shortlist`, steps that request the most probable tokens choose among the possible
        translations of the source, if the model knows these; probabilities are normalised over
        them.

        Returns:
            memory of the sources, and state before the first token (one for each row).
        """

    def step(
        self,
        memory: Any,
        state: Any,
        tokens: Ints,
        origins: NDArray[np.int64],
        *,
        top: int | None,
        attention: bool,
    ) -> Step:
        """Decode one token further.

        Args:
            memory: memory of the `rows` sources.
            state: state after the step before.
            tokens: previous tokens, `[rows, open] int32`.
            origins: index in `state` that each hypothesis continues, `[rows * open] int64`.
            top: number of most probable tokens to return; None returns the log-probabilities of
                all.
            attention: true to return the attention weights.
        """

    def keep(self, memory: Any, rows: NDArray[np.int64]) -> Any:
        """Return the memory of the given `rows` `[kept] int64` only, in that order."""
