"""Memory estimate of the largest batch, checked before the first step."""

from __future__ import annotations

from pathlib import Path

from seq2seq.config.registry import ENCODERS
from seq2seq.config.schema import ModelSettings
from seq2seq.data.batching import EpochPlan
from seq2seq.errors import TrainingError
from seq2seq.model.decoder import Decoder
from seq2seq.model.encoder import Encoder
from seq2seq.training.tasks.cross_entropy import block_positions

_FLOAT = 4  # bytes


def estimated_bytes(
    plan: EpochPlan, model: ModelSettings, *, parameters: int, vocab_size: int
) -> int:
    """Return the estimated memory of a step on the largest batch: weights, activations, logits.

    A CRF keeps the scores of all pairs of classes at each step.

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
    encoder: type[Encoder] = ENCODERS.load(model.encoder)
    reading = encoder.activation_values(model, rows=rows, length=source)
    writing = Decoder.activation_values(model, rows=rows, source=source, target=target)
    edges = rows * (source + target) * model.embedding_dim * 6
    logits = 4 * min(block_positions(vocab_size), rows * target) * vocab_size
    pairs = 4 * rows * source * vocab_size**2 if model.head == "crf" else 0
    weights = 5 * parameters  # weights, gradients, two optimizer slots, and one copy
    return _FLOAT * (reading + writing + edges + logits + pairs + weights)


def available_bytes() -> int | None:
    """Return the memory in bytes that this process can still use; None if it is unknown.

    It is the smaller of two values: the available memory of the machine, as the kernel reports it,
    and the available memory of the control group.
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
        f"the largest batch ({len(plan.batch(largest))} pairs padded to {width} tokens) needs "
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
