"""PyTorch's side of `bench training`: the same model, whichever way its encoder reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from seq2seq.bench.training_batches import made_batches
from seq2seq.bench.training_cases import CLASSES, FEATURES, Case

torch = pytest.importorskip("torch")

from seq2seq.bench import torch_training  # noqa: E402

TRANSLATION = Case(layers=2, units=16, vocab_size=40, length=9, positions=60, batches=1)
CLASSIFICATION = Case("classification", units=16, length=9, positions=60, batches=1)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Several threads wait for each other longer than such small models compute."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def training(case: Case, form: str) -> torch_training.Training:
    shape = {"dropout": 0.0, "features": FEATURES, "classes": CLASSES}
    batches = made_batches(case)
    return torch_training.Training({**asdict(case), **shape}, form, batches, "cpu")


def test_both_layers_give_the_same_outputs_and_hidden_states() -> None:
    packed = torch_training.PackedLayer(5, 8)
    by_gather = torch_training.ReversedLayer(5, 8)
    weights: dict[str, Any] = {}
    for name, value in packed.lstm.state_dict().items():
        side = "backwards" if name.endswith("_reverse") else "forwards"
        weights[f"{side}.{name.removesuffix('_reverse')}"] = value
    by_gather.load_state_dict(weights)
    rows = torch_training.rows_of(np.array([4, 6, 1]), 6, "cpu")
    inputs = torch.randn(3, 6, 5)
    outputs, (hidden, _) = packed(inputs, rows)
    others, (other, _) = by_gather(inputs, rows)
    real = rows.mask[..., None]
    torch.testing.assert_close(others * real, outputs * real)
    torch.testing.assert_close(other, hidden)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("form", ["packed", "reversed"])
@pytest.mark.parametrize("case", [TRANSLATION, CLASSIFICATION])
def test_every_form_learns_a_batch(case: Case, form: str, precision: str) -> None:
    learner = training(Case(**{**asdict(case), "precision": precision}), form)
    first, last = (learner.steps(count) for count in (1, 30))
    assert last["loss"] < 0.9 * first["loss"]
    assert len(last["seconds"]) == 30


@pytest.mark.parametrize("case", [TRANSLATION, CLASSIFICATION])
def test_the_model_is_ours_with_a_second_bias_for_each_gate(case: Case) -> None:
    from seq2seq.bench.training_steps import make_step

    _, ours = make_step(case)
    directions, decoders = case.layers, case.layers if case.task == "translation" else 0
    biases = 4 * case.units * (directions + decoders)
    for form in ("packed", "reversed"):
        assert training(case, form).about["parameters"] == ours + biases
