"""What all tests share: where public corpora lie, and which tests wait for SLOW=1."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from seq2seq.settings import ModelSettings

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says more about the machine than about the code.
settings.register_profile("seq2seq", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("seq2seq")


def pytest_configure() -> None:
    # TensorFlow's own log lines would hide what a failing test says.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SLOW") == "1":
        return
    skip = pytest.mark.skip(reason="slow: set SLOW=1 to run it")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of public corpora, which are not part of the repository."""
    directory = Path(os.environ.get("SEQ2SEQ_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not directory.is_dir():
        pytest.skip(f"no public corpora in {directory}; set SEQ2SEQ_SHARED_DATA")
    return directory


@pytest.fixture(scope="session")
def make_model() -> Callable[..., Any]:
    """A model of given `ModelSettings` fields, all else small."""
    from seq2seq.model.translation import build_model
    from seq2seq.model.weights import initialise_weights

    def make(*, vocab: int = 30, precision: str = "float32", **fields: Any) -> Any:
        small = {"embedding_dim": 8, "units": 12, "dropout": 0.0}
        shared = fields.pop("shared_vocabulary", True)
        model = build_model(
            ModelSettings(**{**small, **fields}),
            source_vocab=vocab,
            target_vocab=vocab,
            shared_vocabulary=shared,
            precision=precision,
        )
        initialise_weights(model, seed=3)
        for variable in model.trainable_variables:
            variable.assign(2.0 * variable)
        return model

    return make


@pytest.fixture(scope="session")
def ragged() -> Callable[..., Any]:
    """Random rows of given lengths as a padded batch, `[rows, width] int32`."""

    def make(lengths: list[int], *, seed: int = 0, width: int | None = None, pre: bool = False):  # type: ignore[no-untyped-def]
        random = np.random.default_rng(seed)
        batch = np.zeros((len(lengths), width or max(lengths)), dtype=np.int32)
        for row, length in enumerate(lengths):
            ids = random.integers(4, 30, length)
            ids[-1] = 3
            batch[row, slice(-length, None) if pre else slice(length)] = ids
        return batch

    return make
