"""Memory estimate of the largest batch, checked before the first step."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.batching import EpochPlan, plan_epoch
from seq2seq.errors import TrainingError
from seq2seq.model.backend import has_gpu
from seq2seq.settings import CPU_TOKENS, ModelSettings, Settings
from seq2seq.training.objective import block_positions

_FLOAT = 4  # bytes
_MOST_GPU_TOKENS = 64_000
_FEWEST_BATCHES = 100  # minimum number of batches of an epoch
_LSTM_VALUES = 14  # floats per unit and position: gates, states, their gradients, copies


def estimated_bytes(
    plan: EpochPlan, model: ModelSettings, *, parameters: int, vocab_size: int
) -> int:
    """Return the estimated memory of a step on the largest batch: weights, activations, logits.

    Args:
        plan: plan of any epoch.
        model: settings of the model.
        parameters: number of weights.
        vocab_size: size of the target vocabulary.
    """
    largest = plan.largest()
    rows = len(plan.batch(largest))
    source = int(plan.source_widths[largest])
    target = int(plan.target_widths[largest])
    positions = rows * (source * model.encoder_layers + target * model.decoder_layers)
    lstm = positions * model.units * _LSTM_VALUES
    scores = rows * source * target
    attention = {"none": 0, "luong": 3 * scores, "bahdanau": 3 * scores * model.units}
    edges = rows * (source + target) * model.embedding_dim * 6
    logits = 4 * min(block_positions(vocab_size), rows * target) * vocab_size
    weights = 5 * parameters  # weights, gradients, two optimizer slots, and one copy
    return _FLOAT * (lstm + attention[model.attention] + edges + logits + weights)


def with_max_tokens(
    settings: Settings,
    lengths: tuple[NDArray[np.int32], NDArray[np.int32]],
    *,
    parameters: int,
    vocab_size: int,
) -> tuple[Settings, list[str]]:
    """Return settings with a number as `batching.max_tokens`, and lines that report a choice.

    Args:
        settings: settings of the run.
        lengths: lengths of the training sources and targets, `[rows] int32` each.
        parameters, vocab_size: number of weights and vocabulary size; see `estimated_bytes`.

    Raises:
        TrainingError: the memory of a GPU cannot be read.
    """
    if settings.batching.max_tokens != "auto":
        return settings, []
    memory = gpu_bytes()
    chosen = chosen_max_tokens(
        *lengths, settings, parameters=parameters, vocab_size=vocab_size, gpu_bytes=memory
    )
    settings = replace(settings, batching=replace(settings.batching, max_tokens=chosen))
    device = "a CPU" if memory is None else f"a GPU of {memory / 2**30:.0f} GiB"
    return settings, [f"batching.max_tokens=auto is {chosen:,} on {device}"]


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

    On a GPU, the default is doubled while a step takes at most half of the memory and an epoch has
    at least a hundred batches: a model learns less from fewer updates, however fast they are.

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


def available_bytes() -> int | None:
    """Return the memory in bytes that this process can still use; None if it is unknown.

    It is the smaller of the available memory of the kernel and of the control group.
    """
    free = _meminfo_available()
    group = _cgroup_available()
    known = [value for value in (free, group) if value is not None]
    return min(known) if known else None


def check_memory(need: int, free: int | None, plan: EpochPlan) -> None:
    """Raise an error if the largest batch does not fit into memory.

    Raises:
        TrainingError: needed memory exceeds free memory; the message names the keys to lower.
    """
    if free is None or need <= free:
        return
    largest = plan.largest()
    width = max(int(plan.source_widths[largest]), int(plan.target_widths[largest]))
    raise TrainingError(
        f"the largest batch ({len(plan.batch(largest))} pairs padded to {width} pieces) needs "
        f"about {need / 2**30:.1f} GiB and {free / 2**30:.1f} GiB are free; lower "
        "batching.max_tokens, data.max_length or model.units"
    )


def _meminfo_available() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().split("\n")
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _cgroup_available() -> int | None:
    group = Path("/sys/fs/cgroup")
    try:
        limit = (group / "memory.max").read_text().strip()
        used = (group / "memory.current").read_text().strip()
    except OSError:
        return None
    return None if limit == "max" else max(0, int(limit) - int(used))
