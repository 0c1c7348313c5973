"""The `hard_sigmoid` of Keras 2 said with that of Keras 3.

It was `clip(0.2 x + 0.5)` and is `clip(x / 6 + 0.5)` now; before Keras 2.3 the gates of every LSTM
and GRU used it. With the weights that lead to a gate 1.2 times as large, `x` is so too, and the new
function gives what the old one gave.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

_logger = logging.getLogger("seq2seq")
_RATIO = 6 / 5
# Which quarters (LSTM: input, forget, cell, output) or thirds (GRU: update, reset, candidate) of
# the columns of a weight lead to a gate.
GATED = {"LSTM": (True, True, False, True), "GRU": (True, True, False)}


def scale_gates(layers: list[Any]) -> None:
    """Scale the gates with a `hard_sigmoid` among layers that were read from a Keras 2 file."""
    for layer in layers:
        kind = type(layer).__name__
        if kind not in GATED or layer.get_config()["recurrent_activation"] != "hard_sigmoid":
            continue
        gates = GATED[kind]
        scaled = []
        for weight in layer.get_weights():
            factors = np.repeat([_RATIO if gate else 1.0 for gate in gates], layer.units)
            scaled.append((weight * factors).astype(weight.dtype))
        layer.set_weights(scaled)
        _logger.warning(
            "layer %r (%s) had the hard_sigmoid of Keras 2 in its gates; their weights are now 1.2 "
            "times as large, with which that of Keras 3 gives the same answers",
            layer.name,
            kind,
        )
