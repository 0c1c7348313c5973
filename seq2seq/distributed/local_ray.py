"""Local Ray instance: on the loopback address, quiet, and protected by a token."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from seq2seq.errors import TrainingError
from seq2seq.model.backend import discarded_stderr

_OBJECT_STORE_BYTES = 80 * 2**20  # Ray's minimum; only small records pass through it


def set_environment(**more: str) -> None:
    """Set default environment variables of a local Ray; call it before Ray is imported.

    Variables that the user has set stay unchanged. Without `RAY_AUTH_MODE`, access needs a token
    that this process generates.
    """
    if "RAY_AUTH_MODE" not in os.environ:
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    # The workers do the work of the command, so they get the same niceness.
    for name, value in {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", **more}.items():
        os.environ.setdefault(name, value)


def start_local_ray(*, cpus: int, files: Path | None = None) -> None:
    """Start Ray on this machine and connect this process to it.

    Args:
        cpus: number of CPUs that Ray may assign.
        files: directory of Ray's files, by default Ray's own.

    Raises:
        TrainingError: Ray did not start; its remaining processes end with this process.
    """
    import ray

    try:
        with discarded_stderr():  # Ray's compiled parts write to it despite all options
            ray.init(
                address="local",
                num_cpus=cpus,
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                _node_ip_address="127.0.0.1",
                _temp_dir=None if files is None else str(files),
            )
    except Exception as error:  # Ray's errors have no common base class
        reason = " ".join(str(error).split())[:120]
        raise TrainingError(
            f"Ray did not start ({reason}); it gives itself 30 seconds: run the same command again "
            "when the machine has less to do"
        ) from error
