"""A Ray of one's own for the time of a sweep: on this machine, quiet, and closed to others."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from seq2seq.cluster.local_ray import set_environment, start_local_ray
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
    """Run Ray while the context lasts.

    Its files lie in a directory of `/tmp` that belongs to the sweep in `directory`, because the
    paths of sockets must be short.

    Args:
        directory: of the sweep.
        cpus, gpus: that one trial needs; checked, because Ray would wait for them for ever.

    Raises:
        SettingsError: this machine has not so many.
        TrainingError: the directory of `/tmp` belongs to someone else, or Ray does not start.
    """
    processors = len(os.sched_getaffinity(0))
    if cpus > processors:
        raise SettingsError(
            f"tune.cpus received {cpus:g}; this machine has {processors} processors to give."
        )
    place = _private_directory(directory)
    set_environment(**_ENVIRONMENT)
    import ray  # reads its environment here and never again

    for name in ("ray", "ray.tune"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # trials say themselves why they fail
    try:
        start_local_ray(cpus=processors, files=place / "ray")
        available = ray.cluster_resources().get("GPU", 0.0)
        if gpus > available:
            raise SettingsError(
                f"tune.gpus received {gpus:g}; Ray sees {available:g} GPUs here: set tune.gpus=0 "
                "to train on processors."
            )
        yield
    finally:
        ray.shutdown()
        shutil.rmtree(place, ignore_errors=True)


def _private_directory(directory: Path) -> Path:
    """A new, empty directory for this sweep; what a killed one has left is removed."""
    digest = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:8]
    place = Path("/tmp") / f"seq2seq-{os.getuid()}-{digest}"
    shutil.rmtree(place, ignore_errors=True)
    try:
        place.mkdir(mode=0o700)
    except FileExistsError as error:
        raise TrainingError(f"{place} cannot be replaced; remove it") from error
    return place
