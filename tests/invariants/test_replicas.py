"""Replicas on several devices of one machine train what one alone would, up to rounding."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked_process import ForkedProcess

DRIVER = Path(__file__).with_name("replicated_steps.py")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """What one, two and three replicas came to."""
    directory = tmp_path_factory.mktemp("replicas")
    by_count: dict[int, Any] = {}
    for count in (1, 2, 3):
        path, errors = directory / f"{count}.npz", directory / f"{count}.log"
        command = [str(DRIVER), str(count), str(path)]
        process = ForkedProcess(command, output=Path(os.devnull), errors=errors)
        assert process.wait(300) == 0, errors.read_text()
        with np.load(path) as arrays:
            by_count[count] = dict(arrays)
    return by_count


@pytest.mark.parametrize("count", [2, 3])
def test_losses_and_weights_are_those_of_one(count: int, found: dict[int, Any]) -> None:
    alone, together = found[1], found[count]
    assert len(together["results"]) == 50
    np.testing.assert_allclose(together["results"], alone["results"], rtol=2e-5)
    np.testing.assert_allclose(together["weights"], alone["weights"], atol=2e-5)
    # It was really computed in parts.
    assert not np.array_equal(together["results"], alone["results"])


@pytest.mark.parametrize("count", [2, 3])
def test_every_replica_has_the_same_weights(count: int, found: dict[int, Any]) -> None:
    assert found[count]["same"]
