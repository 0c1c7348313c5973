"""Numbers are scaled alike in training, where they come from a store, and in use."""

from __future__ import annotations

import numpy as np
import pytest

from seq2seq.data.sequences.scaling import Scale


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
def test_held_numbers_are_scaled_as_new_ones(precision: str) -> None:
    given = {"mean": [-4.0, 7.0], "deviation": [3.0, 0.5], "precision": precision}
    scale = Scale.from_json(given)
    values = np.random.default_rng(0).normal(0, 8, [500, 2])
    held = values.astype(precision)
    assert (scale.apply(held) == scale.apply(values)).all()
    exact = (values - scale.mean) / scale.deviation
    largest = {"float16": 0.02, "float32": 4e-6, "float64": 4e-6}[precision]
    assert np.abs(scale.apply(values) - exact).max() < largest
