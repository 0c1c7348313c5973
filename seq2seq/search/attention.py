"""What open hypotheses have looked at in the source."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.hypotheses import grown
from seq2seq.search.step_model import Floats, Ints


def looked_at(attention: Floats, source_lengths: Ints) -> NDArray[np.int64]:
    """Return the source position with most attention, `[rows, open]`.

    The end symbol, last of the `source_lengths` `[rows]`, often takes what belongs nowhere; it is
    left out, so that a token is linked to a token. `attention` is `[rows, open, source_len]`.
    """
    is_piece = np.arange(attention.shape[2]) < source_lengths[:, np.newaxis] - 1
    most: NDArray[np.int64] = np.where(is_piece[:, np.newaxis, :], attention, -1.0).argmax(axis=2)
    return most


def covered(
    coverage: Floats | None, attention: Floats | None, origins: NDArray[np.int64]
) -> Floats | None:
    """Return the attention that each source token got from the chosen hypotheses.

    Args:
        coverage: so far, `[rows, open, source_len]`; None if not needed.
        attention: of the step, of the same shape; None if not known.
        origins: number of the hypothesis that each chosen one goes on from, `[rows, open]`.
    """
    if coverage is None or attention is None:
        return None
    return np.take_along_axis(coverage + attention, origins[:, :, np.newaxis], axis=1)


def linked(
    links: Ints | None,
    attention: Floats | None,
    source_lengths: Ints,
    origins: NDArray[np.int64],
) -> Ints | None:
    """Return the source positions that the tokens of the chosen hypotheses looked at most.

    Args:
        links: so far, `[rows, open, length]`; None if not asked for.
        attention: of the step, `[rows, open, source_len]`; None if not known.
        source_lengths: with the end symbol, `[rows]`.
        origins: number of the hypothesis that each chosen one goes on from, `[rows, open]`.
    """
    if links is None or attention is None:
        return None
    positions = looked_at(attention, source_lengths)
    return grown(links, origins, np.take_along_axis(positions, origins, axis=1))
