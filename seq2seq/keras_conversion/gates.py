"""The `hard_sigmoid` of Keras 2 expressed by that of Keras 3.

It was `clip(0.2 x + 0.5)` and is now `clip(x / 6 + 0.5)`; before Keras 2.3 the gates of every LSTM
and GRU used it. If the weights of a gate are multiplied by 1.2, `x` is 1.2 times as large too, and
the new function gives the same result as the old one did.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

_logger = logging.getLogger("seq2seq")
_RATIO = 6 / 5
# Quarters (LSTM: input, forget, cell, output) or thirds (GRU: update, reset, candidate) of the
# columns of a weight that belong to a gate.
GATED = {"LSTM": (True, True, False, True), "GRU": (True, True, False)}


def scale_gates(layers: list[Any]) -> None:
    """Scale the weights of gates with a `hard_sigmoid` in layers read from a Keras 2 file."""
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
