"""A Ray of this machine's own: on the loopback address, quiet, and closed to others."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import TrainingError

_OBJECT_STORE_BYTES = 80 * 2**20  # Ray's least; nothing but small records passes through it


def set_environment(**more: str) -> None:
    """How our own Ray behaves, where the user has not said otherwise; before Ray is imported.

    Nobody is let in who does not know its token, which this process makes up.
    """
    if "RAY_AUTH_MODE" not in os.environ:
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    # Workers are what the command is for, so they are as nice as it is.
    for name, value in {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", **more}.items():
        os.environ.setdefault(name, value)


def start_local_ray(*, cpus: int, files: Path | None = None) -> None:
    """Start it and connect this process to it.

    Args:
        cpus: that it may give away.
        files: where it keeps its own; by default where Ray does.

    Raises:
        TrainingError: it did not start; what it left running ends with this process.
    """
    import ray

    try:
        with _closed_stderr():
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
