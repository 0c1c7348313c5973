"""Detection of the first line at which two parallel files no longer correspond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Least reduction of the cost that counts as evidence of a shift, as a sum of differences of
# logarithms. Only several lines together reach it; a last line that fits by chance is not enough.
_EVIDENCE = 2.0


def parting_line(
    source_lengths: NDArray[np.int32], target_lengths: NDArray[np.int32]
) -> int | None:
    """Return the line (from 1) from which the two sides look shifted against each other, or None.

    Translations are about as long as their sources. For each line, the function assumes that the
    sides agree before this line, and that from this line on they are shifted by the difference
    between their numbers of lines. The line for which the lengths fit best is returned. None means
    that only the end of the shorter side seems to be missing.

    Args:
        source_lengths: number of characters of each source line, `[n]` int32.
        target_lengths: number of characters of each target line, `[m]` int32, `m != n`.
    """
    shorter = min(len(source_lengths), len(target_lengths))
    shift = abs(len(source_lengths) - len(target_lengths))
    if not shorter:
        return None
    longer_side, shorter_side = (
        (source_lengths, target_lengths)
        if len(source_lengths) > shorter
        else (target_lengths, source_lengths)
    )
    longer_log = np.log1p(longer_side.astype(np.float64))
    shorter_log = np.log1p(shorter_side.astype(np.float64))
    offset = float(np.median(longer_log) - np.median(shorter_log))
    aligned = np.abs(longer_log[:shorter] - shorter_log - offset)
    shifted = np.abs(longer_log[shift:] - shorter_log - offset)
    # cost[k]: cost if the first k lines of the shorter side agree and the others are shifted.
    before = np.concatenate([[0.0], np.cumsum(aligned)])
    after = np.concatenate([[0.0], np.cumsum(shifted[::-1])])[::-1]
    cost = before + after
    first_shifted = int(np.argmin(cost))
    if cost[shorter] - cost[first_shifted] < _EVIDENCE:
        return None
    return first_shifted + 1
