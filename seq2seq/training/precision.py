"""Choice of the precision, if it is `auto`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seq2seq.config.choices import Precision
from seq2seq.config.schema import Settings
from seq2seq.model.backend import has_gpu

CPU_INFO = Path("/proc/cpuinfo")
_UNITS = "amx_bf16"  # flag of processors with units for products of matrices in bfloat16


def with_precision(settings: Settings) -> tuple[Settings, list[str]]:
    """Return settings whose precision is not `auto`, and lines that report a choice.

    The choice is float32 for a run of several processes, because their processors may differ, and
    on a GPU, which computes the LSTMs in float32 (see `seq2seq.model.recurrent`).
    """
    training = settings.training
    if training.precision != "auto":
        return settings, []
    alone = training.workers == "1" and not has_gpu()
    chosen: Precision = "bfloat16" if alone and _has_units() else "float32"
    settings = replace(settings, training=replace(training, precision=chosen))
    return settings, [f"training.precision=auto is {chosen} on this processor"] if alone else []


def _has_units() -> bool:
    """Return whether the processor has units for products in bfloat16; false if it is unknown."""
    try:
        return _UNITS in CPU_INFO.read_text(encoding="utf-8", errors="replace").split()
    except OSError:  # not Linux
        return False
