"""A run whose largest batch cannot fit ends before its first step."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from seq2seq.data.batching import plan_epoch
from seq2seq.errors import TrainingError
from seq2seq.settings import BatchingSettings, ModelSettings, Settings
from seq2seq.training.memory import (
    available_bytes,
    check_memory,
    chosen_max_tokens,
    estimated_bytes,
    with_max_tokens,
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


GPU_LENGTHS = np.full(800_000, 12, np.int32)


def chosen(gpu_gigabytes: float | None, lengths: NDArray[np.int32] = GPU_LENGTHS) -> int:
    memory = None if gpu_gigabytes is None else int(gpu_gigabytes * 2**30)
    return chosen_max_tokens(
        lengths, lengths, Settings(), parameters=10_000_000, vocab_size=6000, gpu_bytes=memory
    )


def test_a_batch_fills_the_device() -> None:
    assert chosen(None) == 2000
    sizes = [chosen(gigabytes) for gigabytes in (1, 4, 16, 80)]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1] == 64_000
    plan = plan_epoch(
        GPU_LENGTHS, GPU_LENGTHS, BatchingSettings(max_tokens=sizes[1]), seed=1, epoch=0
    )
    need = estimated_bytes(plan, Settings().model, parameters=10_000_000, vocab_size=6000)
    assert need < 2 * 2**30


def test_a_small_corpus_keeps_a_hundred_batches_an_epoch() -> None:
    lengths = GPU_LENGTHS[:50_000]
    tokens = chosen(80, lengths)
    batching = BatchingSettings(max_tokens=tokens)
    assert len(plan_epoch(lengths, lengths, batching, seed=1, epoch=0)) >= 100
    assert tokens < 64_000


def test_what_auto_stands_for_is_told_and_an_explicit_number_stays() -> None:
    settings, lines = with_max_tokens(
        Settings(), (GPU_LENGTHS, GPU_LENGTHS), parameters=1, vocab_size=10
    )
    assert settings.batching.max_tokens == 2000
    assert lines == ["batching.max_tokens=auto is 2,000 on a CPU"]
    explicit = Settings(batching=BatchingSettings(max_tokens=300))
    assert with_max_tokens(explicit, (GPU_LENGTHS, GPU_LENGTHS), parameters=1, vocab_size=10) == (
        explicit,
        [],
    )
