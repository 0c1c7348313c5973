"""Angles of rotary positions, the same for Keras and ONNX graphs, computed without TensorFlow.

Source: Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BASE = 10_000.0


def rotation_frequencies(width: int) -> NDArray[np.float32]:
    """Return the angle by which each value of a head turns from one position to the next.

    Value `i` and value `i + width / 2` are a pair of coordinates and turn by the same angle.

    Args:
        width: number of values of a head, even.

    Returns:
        angles in radians, `[width] float32`.
    """
    half = _BASE ** (-np.arange(width // 2) / (width // 2))
    return np.concatenate([half, half]).astype(np.float32)
