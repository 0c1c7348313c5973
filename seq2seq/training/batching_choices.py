"""Choice of the settings of batching that are `auto`, by corpus, model and device."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import CPU_TOKENS, Settings
from seq2seq.data.batching import plan_epoch
from seq2seq.errors import TrainingError
from seq2seq.model.backend import cpu_threads, has_gpu
from seq2seq.training.memory import estimated_bytes

_MOST_GPU_TOKENS = 64_000
_FEWEST_BATCHES = 100  # minimum number of batches of an epoch
MOST_SHARES = 2  # on two cores, four are slower
_LEAST_WORK = 4096  # units x rows of a batch, below which the shares cost more than they gain

Lengths = tuple[NDArray[np.int32], NDArray[np.int32]]


def with_batching(
    settings: Settings, lengths: Lengths, *, parameters: int, vocab_size: int
) -> tuple[Settings, list[str]]:
    """Return settings in which `batching.max_tokens` and `batching.shares` are numbers, and notes.

    Args:
        settings: settings of the run.
        lengths: lengths of the training sources and targets, `[rows] int32` each.
        parameters, vocab_size: number of weights and vocabulary size; see `estimated_bytes`.

    Raises:
        TrainingError: the memory of a GPU cannot be read.
    """
    settings, size = _with_max_tokens(
        settings, lengths, parameters=parameters, vocab_size=vocab_size
    )
    settings, shares = _with_shares(settings, lengths)
    return settings, [*size, *shares]


def _with_max_tokens(
    settings: Settings,
    lengths: Lengths,
    *,
    parameters: int,
    vocab_size: int,
) -> tuple[Settings, list[str]]:
    """Return settings in which `batching.max_tokens` is a number, and lines about a choice."""
    if settings.batching.max_tokens != "auto":
        return settings, []
    memory = gpu_bytes()
    chosen = chosen_max_tokens(
        *lengths, settings, parameters=parameters, vocab_size=vocab_size, gpu_bytes=memory
    )
    settings = replace(settings, batching=replace(settings.batching, max_tokens=chosen))
    device = "a CPU" if memory is None else f"a GPU of {memory / 2**30:.0f} GiB"
    return settings, [f"batching.max_tokens=auto is {chosen:,} on {device}"]


def _with_shares(settings: Settings, lengths: Lengths) -> tuple[Settings, list[str]]:
    """Return settings in which `batching.shares` is a number, and lines about a choice."""
    if settings.batching.shares != "auto":
        return settings, []
    chosen, threads = 1, cpu_threads()
    # The plan takes a second for a million pairs, and is not needed with one thread.
    if settings.training.workers == "1" and threads > 1 and not has_gpu():
        plan = plan_epoch(*lengths, settings.batching, seed=settings.seed, epoch=0)
        rows = len(lengths[0]) / max(1, len(plan))
        chosen = chosen_shares(rows, units=settings.model.units, threads=threads)
    settings = replace(settings, batching=replace(settings.batching, shares=chosen))
    if chosen == 1:
        return settings, []
    return settings, [f"batching.shares=auto is {chosen}: each batch is computed in {chosen} parts"]


def chosen_max_tokens(
    source_lengths: NDArray[np.int32],
    target_lengths: NDArray[np.int32],
    settings: Settings,
    *,
    parameters: int,
    vocab_size: int,
    gpu_bytes: int | None,
) -> int:
    """Return the value of `batching.max_tokens=auto`.

    On a GPU, the default is doubled repeatedly, as long as a step with the new value needs at most
    half of the memory and an epoch has at least a hundred batches. An epoch with fewer batches has
    fewer updates, and the model learns less, even if the updates are fast.

    Args:
        source_lengths, target_lengths: lengths of the training set, `[rows] int32`.
        settings: settings of the run.
        parameters, vocab_size: number of weights and vocabulary size; see `estimated_bytes`.
        gpu_bytes: memory of the GPU; None for a CPU.
    """
    chosen = CPU_TOKENS
    if gpu_bytes is None:
        return chosen
    while chosen < _MOST_GPU_TOKENS:
        batching = replace(settings.batching, max_tokens=2 * chosen)
        plan = plan_epoch(source_lengths, target_lengths, batching, seed=settings.seed, epoch=0)
        need = estimated_bytes(plan, settings.model, parameters=parameters, vocab_size=vocab_size)
        if 2 * need > gpu_bytes or len(plan) < _FEWEST_BATCHES:
            break
        chosen *= 2
    return chosen


def gpu_bytes() -> int | None:
    """Return the memory in bytes of the smallest visible GPU; None if there is no GPU.

    Raises:
        TrainingError: `nvidia-smi` does not report the memory.
    """
    if not has_gpu():
        return None
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return min(int(megabytes) for megabytes in told) << 20
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise TrainingError(
            f"batching.max_tokens=auto needs the memory of the GPU, which nvidia-smi does not tell "
            f"({error}); set batching.max_tokens to a number, such as 16000"
        ) from error


def chosen_shares(rows: float, *, units: int, threads: int) -> int:
    """Return the value of `batching.shares=auto` on a CPU.

    Args:
        rows: mean number of rows of a batch.
        units: width of the LSTM layers.
        threads: number of threads that may compute.
    """
    return min(threads, MOST_SHARES) if rows * units >= _LEAST_WORK else 1
