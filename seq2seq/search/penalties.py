"""What is added to or divides a log-probability before outputs are compared.

Source: Wu et al. 2016, "Google's neural machine translation system", equation 14.
"""

from __future__ import annotations

import numpy as np

from seq2seq.search.step_model import Floats, Ints


def length_penalty(length: int, alpha: float) -> float:
    """Divisor of an output's log-probability, `((5 + length) / 6) ** alpha`.

    `length` is in pieces, the end symbol counted.
    """
    return float(((5.0 + length) / 6.0) ** alpha)


def coverage_penalty(coverage: Floats, source_lengths: Ints, beta: float) -> Floats:
    """What to add to a score for source pieces that nothing was looked at for; 0 or less.

    Args:
        coverage: attention each source piece got, summed over the output,
            `[rows, hypotheses, source_len] float32`.
        source_lengths: pieces of each row, `[rows] int32`; what is behind them is padding.
        beta: weight.

    Returns:
        `[rows, hypotheses] float32`.
    """
    # A piece never looked at would cost infinitely much.
    logarithms = np.log(np.clip(coverage, 1e-6, 1.0))
    width = coverage.shape[-1]
    is_token = np.arange(width)[np.newaxis, :] < source_lengths[:, np.newaxis]
    return np.asarray(
        beta * np.where(is_token[:, np.newaxis, :], logarithms, 0.0).sum(axis=-1), np.float32
    )
