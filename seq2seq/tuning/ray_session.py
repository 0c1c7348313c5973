"""A Ray of one's own for the time of a sweep: on this machine, quiet, and closed to others."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import SettingsError, TrainingError

_OBJECT_STORE_BYTES = 80 * 2**20  # Ray's least; nothing but small records passes through it
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_worker_niceness": "0",  # a trial is as nice as any other run
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

    It listens on the loopback address and asks for a token that only this user can read; its
    files lie in a directory of `/tmp` that belongs to the sweep in `directory`, because the paths
    of sockets must be short.

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
    token = place / "token"
    token.write_text(secrets.token_hex(32), encoding="ascii")
    os.environ.update(_ENVIRONMENT, RAY_AUTH_TOKEN_PATH=str(token))
    import ray  # reads its environment here and never again

    for name in ("ray", "ray.tune"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # trials say themselves why they fail
    try:
        _start(place, processors=processors)
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


def _start(place: Path, *, processors: int) -> None:
    """Start Ray.

    Raises:
        TrainingError: it did not start; what it left running ends with this process.
    """
    import ray

    try:
        with _closed_stderr():
            ray.init(
                address="local",
                num_cpus=processors,
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                _node_ip_address="127.0.0.1",
                _temp_dir=str(place / "ray"),
            )
    except Exception as error:  # Ray's errors have no common class
        reason = " ".join(str(error).split())[:120]
        raise TrainingError(
            f"Ray did not start ({reason}); it gives itself 30 seconds: run the same command again "
            "when the machine has less to do"
        ) from error


@contextlib.contextmanager
def _closed_stderr() -> Iterator[None]:
    """Without what Ray's compiled parts write there whatever they are told."""
    sys.stderr.flush()
    stderr, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(silence)


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
