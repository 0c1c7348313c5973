"""Submission of a run as a Ray Job."""

from __future__ import annotations

import shlex
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.config.schema import Settings
from seq2seq.errors import JobError
from seq2seq.jobs.package import RECIPE, make_package
from seq2seq.jobs.server import JobServer

# Ray gives a stopped job three seconds before SIGKILL, too few to save and upload a checkpoint.
_SECONDS_TO_STOP = 300


@dataclass(frozen=True)
class Share:
    """Share of a machine for a job. A job that reserves nothing runs on the head node.

    Attributes:
        cpus: number of reserved CPUs; None for no reservation.
        gpus: number of reserved GPUs; None reserves one if `training.device` is `gpu`, otherwise 0.
    """

    cpus: float | None = None
    gpus: float | None = None


def submit_run(
    settings: Settings, server: JobServer, *, overrides: Sequence[str], share: Share
) -> str:
    """Submit the run and return the identifier of its job.

    Args:
        settings: checked settings with absolute paths.
        server: job server of the cluster.
        overrides: overrides as given by the user, stored for display.
        share: share of a machine for the job.

    Raises:
        SettingsError, DataError: the package cannot be made; see `make_package`. Nothing was sent.
        JobError: the server cannot be reached or rejects the job, or another job works on this run.
    """
    package, content = make_package(settings, working_directory=Path.cwd())
    server.check()
    location = f"{settings.runs.rstrip('/')}/{settings.name}"
    for job in server.jobs():
        if not job.has_ended and job.metadata.get("run") == location:
            raise JobError(
                f"job {job.identifier} works on {location} already ({job.status}); wait for it, "
                f"stop it with `seq2seq jobs stop {job.identifier}`, or give this run another name "
                "(name=...)"
            )
    server.upload(package, content)
    metadata = {"run": location, "overrides": shlex.join(overrides)}
    return server.submit(_request(settings, package, metadata=metadata, share=share))


def _request(
    settings: Settings, package: str, *, metadata: dict[str, str], share: Share
) -> dict[str, Any]:
    gpus = share.gpus
    if gpus is None and settings.training.device == "gpu":
        gpus = 1
    began = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    request = {
        # `exec` replaces the shell, so that Ray's signal reaches the run itself.
        "entrypoint": f"exec {shlex.join(['seq2seq', 'train', f'experiment={RECIPE}'])}",
        "submission_id": f"{settings.name}-{began}-{uuid.uuid4().hex[:4]}",
        "runtime_env": {
            "working_dir": f"gcs://{package}",
            "env_vars": {"RAY_JOB_STOP_WAIT_TIME_S": str(_SECONDS_TO_STOP)},
        },
        "metadata": metadata,
        "entrypoint_num_cpus": share.cpus,
        "entrypoint_num_gpus": gpus,
    }
    return {key: value for key, value in request.items() if value is not None}
