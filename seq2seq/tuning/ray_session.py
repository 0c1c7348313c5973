"""Local Ray instance for the duration of a sweep: quiet, and protected by a token."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from seq2seq.distributed.local_ray import set_environment, start_local_ray
from seq2seq.errors import SettingsError, TrainingError

_ENVIRONMENT = {
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",
    "TUNE_DISABLE_STRICT_METRIC_CHECKING": "1",
    "TUNE_WARN_EXCESSIVE_EXPERIMENT_CHECKPOINT_SYNC_THRESHOLD_S": "0",
}


@contextlib.contextmanager
def ray_session(directory: Path, *, cpus: float, gpus: float) -> Iterator[None]:
    """Run Ray for the duration of the context.

    Ray's files are in a directory of `/tmp` that belongs to the sweep in `directory`, because the
    paths of sockets must be short.

    Args:
        directory: directory of the sweep.
        cpus, gpus: number of CPUs and GPUs per trial. They are checked, because Ray would wait
            forever for missing ones.

    Raises:
        SettingsError: this machine has fewer CPUs or GPUs.
        TrainingError: the directory of `/tmp` cannot be replaced, or Ray does not start.
    """
    processors = len(os.sched_getaffinity(0))
    if cpus > processors:
        raise SettingsError(
            f"tune.cpus received {cpus:g}; this machine has {processors} processors to give."
        )
    location = _private_directory(directory)
    set_environment(**_ENVIRONMENT)
    import ray  # Ray reads its environment only at import

    for name in ("ray", "ray.tune"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # trials log their own errors
    try:
        start_local_ray(cpus=processors, files=location / "ray")
        available = ray.cluster_resources().get("GPU", 0.0)
        if gpus > available:
            raise SettingsError(
                f"tune.gpus received {gpus:g}; Ray sees {available:g} GPUs here: set tune.gpus=0 "
                "to train on processors."
            )
        yield
    finally:
        ray.shutdown()
        shutil.rmtree(location, ignore_errors=True)


def _private_directory(directory: Path) -> Path:
    """Create a new, empty directory for this sweep; remove one that a killed sweep left.

    Raises:
        TrainingError: the old directory cannot be removed.
    """
    digest = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:8]
    location = Path("/tmp") / f"seq2seq-{os.getuid()}-{digest}"
    shutil.rmtree(location, ignore_errors=True)
    try:
        location.mkdir(mode=0o700)
    except FileExistsError as error:
        raise TrainingError(f"{location} cannot be replaced; remove it") from error
    return location
