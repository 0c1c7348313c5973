"""Connection to the Ray cluster of the workers: a local cluster, or the one at `RAY_ADDRESS`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seq2seq.config.choices import Device
from seq2seq.distributed.local_ray import set_environment, start_local_ray
from seq2seq.errors import TrainingError

if TYPE_CHECKING:
    from seq2seq.training.reporting.terminal import Report

# Seconds that Ray waits for CPUs that it reports as free, before it counts them again: for a while
# it also counts the CPUs of a lost node. The loading time of the workers is not included.
_START_TIMEOUT = ("RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S", "15")


@contextmanager
def connected(workers: int, report: Report) -> Iterator[None]:
    """Connect to a Ray cluster for the duration of the block.

    An existing connection of this process is kept. A local cluster runs until the end of the
    block, has room for `workers`, and requires a token.

    Raises:
        TrainingError: the local cluster does not start, or the cluster at `RAY_ADDRESS` cannot be
            reached.
    """
    address = os.environ.get("RAY_ADDRESS", "local")
    os.environ.setdefault(*_START_TIMEOUT)
    if address == "local":
        set_environment()
    import ray  # Ray reads its environment at import

    if ray.is_initialized():
        yield
        return
    with _own_handlers():
        if address == "local":
            report.note("starting Ray")
            start_local_ray(cpus=workers)
        else:
            report.note(f"joining the Ray cluster {address}")
            _join(address)
    try:
        yield
    finally:
        ray.shutdown()


def _join(address: str) -> None:
    import ray

    try:
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise TrainingError(
            f"the Ray cluster {address} cannot be reached ({' '.join(str(error).split())}); "
            "correct RAY_ADDRESS, or unset it to train on this machine"
        ) from error


@contextmanager
def _own_handlers() -> Iterator[None]:
    """Keep the signal handler that `ray.init` would replace."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)


def gpus(device: Device, workers: int) -> int:
    """Return the number of GPUs of the cluster if each worker can have one, else 0 for CPUs.

    Raises:
        TrainingError: `device` is `gpu`, and there are fewer GPUs than workers.
    """
    import ray

    if device == "cpu":
        return 0
    found = int(ray.cluster_resources().get("GPU", 0))
    if device == "gpu" and found < workers:
        raise TrainingError(
            f"training.device received gpu with {workers} workers, but the Ray cluster has {found} "
            "GPUs; set training.workers to that number at most, or training.device=cpu"
        )
    return found if found >= workers else 0
