"""Attention of open hypotheses to the source."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.hypotheses import grown
from seq2seq.search.step_model import Floats, Ints


def most_attended(attention: Floats, source_lengths: Ints) -> NDArray[np.int64]:
    """Return the source position with most attention for each hypothesis, `[rows, open]`.

    The end symbol is excluded, because it often gets attention that belongs to no source token.
    Therefore each token is aligned with a source token.

    Args:
        attention: attention weights of the step, `[rows, open, source_len]`.
        source_lengths: number of tokens of each source, end symbol included, `[rows]`.
    """
    is_token = np.arange(attention.shape[2]) < source_lengths[:, np.newaxis] - 1
    most: NDArray[np.int64] = np.where(is_token[:, np.newaxis, :], attention, -1.0).argmax(axis=2)
    return most


def covered(
    coverage: Floats | None, attention: Floats | None, origins: NDArray[np.int64]
) -> Floats | None:
    """Return the summed attention that each source token got from the chosen hypotheses.

    Args:
        coverage: attention summed over the steps so far, `[rows, open, source_len]`; None if not
            needed.
        attention: attention of this step, of the same shape; None if not known.
        origins: index of the hypothesis that each chosen one extends, `[rows, open]`.
    """
    if coverage is None or attention is None:
        return None
    return np.take_along_axis(coverage + attention, origins[:, :, np.newaxis], axis=1)


def aligned(
    source_positions: Ints | None,
    attention: Floats | None,
    source_lengths: Ints,
    origins: NDArray[np.int64],
) -> Ints | None:
    """Return the most attended source position of each token of the chosen hypotheses.

    Args:
        source_positions: alignment so far, `[rows, open, length]`; None if not requested.
        attention: attention of this step, `[rows, open, source_len]`; None if not known.
        source_lengths: number of tokens of each source, end symbol included, `[rows]`.
        origins: index of the hypothesis that each chosen one extends, `[rows, open]`.
    """
    if source_positions is None or attention is None:
        return None
    positions = most_attended(attention, source_lengths)
    return grown(source_positions, origins, np.take_along_axis(positions, origins, axis=1))
