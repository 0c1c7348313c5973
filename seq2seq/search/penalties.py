"""Length and coverage penalties of output scores.

Source: Wu et al. 2016, "Google's neural machine translation system", equation 14.
"""

from __future__ import annotations

import numpy as np

from seq2seq.search.step_model import Floats, Ints


def length_penalty(length: int, alpha: float) -> float:
    """Return the divisor of an output's log-probability, `((5 + length) / 6) ** alpha`.

    `length` is the number of tokens, end symbol included.
    """
    return float(((5.0 + length) / 6.0) ** alpha)


def coverage_penalty(coverage: Floats, source_lengths: Ints, beta: float) -> Floats:
    """Return the addend to scores for source tokens that got little attention; 0 or less.

    Args:
        coverage: attention that each source token got, summed over the output, `[rows, hypotheses,
            source_len] float32`.
        source_lengths: number of tokens of each row, `[rows] int32`; the rest is padding.
        beta: weight of the penalty.

    Returns:
        penalties, `[rows, hypotheses] float32`.
    """
    # Without clipping, a token that got no attention would cost infinitely much.
    logarithms = np.log(np.clip(coverage, 1e-6, 1.0))
    width = coverage.shape[-1]
    is_token = np.arange(width)[np.newaxis, :] < source_lengths[:, np.newaxis]
    return np.asarray(
        beta * np.where(is_token[:, np.newaxis, :], logarithms, 0.0).sum(axis=-1), np.float32
    )
