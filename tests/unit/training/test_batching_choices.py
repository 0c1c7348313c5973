"""Settings of batching that are `auto`: a number for the device, the corpus and the model."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from seq2seq.config.schema import BatchingSettings, Settings, TrainingSettings
from seq2seq.data.batching import plan_epoch
from seq2seq.training import batching_choices
from seq2seq.training.batching_choices import chosen_max_tokens, with_batching
from seq2seq.training.memory import estimated_bytes

# Few long pairs: a plan takes time for each pair, and the choices depend on the tokens.
GPU_LENGTHS = np.full(160_000, 60, np.int32)


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
    lengths = GPU_LENGTHS[:10_000]
    tokens = chosen(80, lengths)
    batching = BatchingSettings(max_tokens=tokens)
    assert len(plan_epoch(lengths, lengths, batching, seed=1, epoch=0)) >= 100
    assert tokens < 64_000


def resolved(
    settings: Settings, lengths: NDArray[np.int32] = GPU_LENGTHS[:2_000]
) -> BatchingSettings:
    found, _ = with_batching(settings, (lengths, lengths), parameters=1, vocab_size=10)
    return found.batching


def test_what_auto_stands_for_is_told_and_an_explicit_number_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batching_choices, "cpu_threads", lambda: 2)
    settings, lines = with_batching(
        Settings(), (GPU_LENGTHS, GPU_LENGTHS), parameters=1, vocab_size=10
    )
    assert (settings.batching.max_tokens, settings.batching.shares) == (2000, 2)
    assert lines == [
        "batching.max_tokens=auto is 2,000 on a CPU",
        "batching.shares=auto is 2: each batch is computed in 2 parts",
    ]
    explicit = Settings(batching=BatchingSettings(max_tokens=300, shares=1))
    lengths = (GPU_LENGTHS, GPU_LENGTHS)
    assert with_batching(explicit, lengths, parameters=1, vocab_size=10) == (explicit, [])


def test_batches_are_shared_only_where_there_are_cores_and_rows_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batching_choices, "cpu_threads", lambda: 8)
    assert resolved(Settings()).shares == 2
    single = Settings(batching=BatchingSettings(strategy="single"))
    assert resolved(single).shares == 1
    assert resolved(Settings(), np.full(800, 900, np.int32)).shares == 1
    together = Settings(training=TrainingSettings(workers="2"))
    assert resolved(together).shares == 1
    monkeypatch.setattr(batching_choices, "cpu_threads", lambda: 1)
    assert resolved(Settings()).shares == 1
