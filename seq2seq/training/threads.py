"""Number of threads of one operation on a CPU, which a run chooses once and keeps.

A product of matrices on two threads adds up other partial sums than on one. The numbers of a run
are therefore equal bit for bit only if each of its processes uses the same number of threads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from seq2seq.config.monitors import AUTO
from seq2seq.config.schema import Settings
from seq2seq.model.backend import cpu_threads, has_gpu, operation_threads
from seq2seq.training.batching_choices import MOST_SHARES


def threads_of_shares(shares: int | Literal["auto"]) -> int:
    """Return the value of `training.threads=auto`: an equal part of the threads for each share.

    The value of `shares=auto` is not known before TensorFlow starts; its largest choice counts.
    """
    return max(1, cpu_threads() // (MOST_SHARES if shares == "auto" else shares))


def with_threads(settings: Settings) -> tuple[Settings, list[str]]:
    """Return settings in which `training.threads` is a number, and warnings.

    Call the function after `choose_device`. On a GPU the settings stay as they are.
    """
    asked, used = settings.training.threads, operation_threads()
    if has_gpu() or asked == used:
        return settings, []
    if asked == AUTO:
        return replace(settings, training=replace(settings.training, threads=used)), []
    return settings, [
        f"warning: training.threads is {asked}, but TensorFlow has already computed with {used} in "
        "this process, and its sums may be rounded in another way; train in a new process"
    ]
