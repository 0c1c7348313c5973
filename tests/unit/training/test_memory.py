"""A run whose largest batch cannot fit ends before its first step."""

from __future__ import annotations

import numpy as np
import pytest

from seq2seq.config.schema import BatchingSettings, ModelSettings
from seq2seq.data.batching import plan_epoch
from seq2seq.errors import TrainingError
from seq2seq.training.memory import (
    available_bytes,
    check_memory,
    estimated_bytes,
)

LENGTHS = np.array([5, 9, 30] * 10, dtype=np.int32)
PLAN = plan_epoch(LENGTHS, LENGTHS, BatchingSettings(max_tokens=90), seed=1, epoch=0)


def test_larger_models_and_batches_need_more() -> None:
    def need(max_tokens: int, **fields: object) -> int:
        batching = BatchingSettings(max_tokens=max_tokens)
        plan = plan_epoch(LENGTHS, LENGTHS, batching, seed=1, epoch=0)
        model = ModelSettings(**fields)  # type: ignore[arg-type]
        return estimated_bytes(plan, model, parameters=1000, vocab_size=100)

    assert need(90) < need(300)
    assert need(90) < need(90, units=1024)
    assert need(90, attention="none") < need(90) < need(90, attention="bahdanau")


def test_what_does_not_fit_says_which_key_to_change() -> None:
    with pytest.raises(TrainingError, match=r"3 pairs padded to 30 .*batching\.max_tokens"):
        check_memory(2**31, 2**30, PLAN)


def test_what_fits_or_cannot_be_told_goes_on() -> None:
    for free in (2**31, None):
        check_memory(2**30, free, PLAN)
    free = available_bytes()
    assert free is None or free > 0
