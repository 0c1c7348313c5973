"""What a search needs of a model: read a batch of sources, then go on piece by piece."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


class Step(NamedTuple):
    """One step of all open hypotheses: `rows` sentences, `open` hypotheses each.

    Attributes:
        state: what the next step takes; hypothesis `h` of row `r` is number `r * open + h`.
        end_log_probs: of the end symbol, `[rows, open] float32`.
        top_log_probs, top_ids: the likeliest pieces, likeliest first, `[rows, open, k]`, with
            fewer than were asked for where there are no more; None where all were asked for.
        log_probs: `[rows, open, vocab_size] float32`; None where only the likeliest were.
        attention: `[rows, open, source_len] float32`; None unless asked for.
    """

    state: Any
    end_log_probs: Floats
    top_log_probs: Floats | None
    top_ids: NDArray[np.int64] | None
    log_probs: Floats | None
    attention: Floats | None


class StepModel(Protocol):
    """A model as the search sees it. May be used from several threads at once."""

    vocab_size: int
    has_attention: bool

    def encode(self, source_ids: Ints, *, shortlist: bool = False) -> tuple[Any, Any]:
        """Read `source_ids` `[rows, source_len] int32`, each row with its end symbol.

        With `shortlist`, steps that ask for the likeliest pieces get those among what may
        translate the source, where the model knows that: probabilities are shared among these.

        Returns:
            the memory of the sources, and the state before the first piece (one a row).
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
        """One piece further.

        Args:
            memory: of the sources, `rows` of them.
            state: of the step before.
            tokens: `[rows, open] int32`, the piece before.
            origins: `[rows * open] int64`, the number in `state` that each goes on from.
            top: how many of the likeliest pieces to give; None gives the probability of all.
            attention: whether to give the attention weights.
        """

    def keep(self, memory: Any, rows: NDArray[np.int64]) -> Any:
        """The memory of some rows only, `[kept] int64`, in that order."""
