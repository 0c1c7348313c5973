"""Replicas on several devices of one machine train what one alone would, up to rounding."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

DRIVER = Path(__file__).with_name("replicated_steps.py")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("replicas") / "found.npz"
    subprocess.run([sys.executable, str(DRIVER), str(path)], check=True)
    with np.load(path) as arrays:
        return dict(arrays)


@pytest.mark.parametrize("count", [2, 3])
def test_losses_and_weights_are_those_of_one(count: int, found: Any) -> None:
    results = found[f"results{count}"]
    assert len(results) == 50
    np.testing.assert_allclose(results, found["results1"], rtol=2e-5)
    np.testing.assert_allclose(found[f"weights{count}"], found["weights1"], atol=2e-5)
    assert not np.array_equal(results, found["results1"])  # it was really computed in parts


@pytest.mark.parametrize("count", [2, 3])
def test_every_replica_has_the_same_weights(count: int, found: Any) -> None:
    assert found[f"same{count}"]
