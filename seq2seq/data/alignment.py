"""Detection of the line from which two parallel files are out of step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Least improvement that the shift must bring in the explanation of the lengths, as a sum of
# differences of logarithms. It is worth a few lines, so that a last line that fits by chance is not
# enough.
_EVIDENCE = 2.0


def parting_line(
    source_lengths: NDArray[np.int32], target_lengths: NDArray[np.int32]
) -> int | None:
    """Return the first line (from 1) from which the two sides look shifted against each other.

    Translations are about as long as their sources. The line is the one that explains the lengths
    best when the sides agree before it and are shifted by the difference in counts after it. None
    means that only the end of the shorter side seems to be missing.

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
