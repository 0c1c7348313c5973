"""Watching a job until it ends."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from seq2seq.jobs.server import Job, JobServer, ServerUnreachable

_LOG = logging.getLogger("seq2seq")
_PATIENCE_S = 120.0  # a server may be away as long, as when its machine is replaced


def follow(
    server: JobServer,
    identifier: str,
    write: Callable[[str], object],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Job:
    """Hand what the job writes to `write`, as it comes, until the job has ended.

    The log is asked for again and again, whole, which passes through every proxy and outlives a
    server that is away for a while; the longer it is, the more rarely.

    Raises:
        JobError: there is no such job, or no server for two minutes.
    """
    shown, status, last = 0, "", time.monotonic()
    while True:
        try:
            # In this order: what has been written by an ended job is all that it wrote.
            job = server.job(identifier)
            log = server.log(identifier)
        except ServerUnreachable:
            if status == "" or time.monotonic() - last > _PATIENCE_S:
                raise
            pause(5.0)
            continue
        last = time.monotonic()
        if job.status != status and not job.has_ended:
            _LOG.info("job %s: %s", identifier, job.status)
        status = job.status
        if len(log) > shown:
            write(log[shown:])
            shown = len(log)
        if job.has_ended:
            return job
        pause(min(15.0, 1.0 + len(log) / 200_000))


def wait_until_ended(
    server: JobServer, identifier: str, *, pause: Callable[[float], None] = time.sleep
) -> Job:
    """The job, once it has ended.

    Raises:
        JobError: as `follow` does.
    """
    while not (job := server.job(identifier)).has_ended:
        pause(1.0)
    return job
