"""Log and status of a job, followed until the job ends."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from seq2seq.jobs.server import Job, JobServer, ServerUnreachable

_LOG = logging.getLogger("seq2seq")
_PATIENCE_S = 120.0  # maximum absence of a server, for example while its machine is replaced


def follow(
    server: JobServer,
    identifier: str,
    write: Callable[[str], object],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Job:
    """Pass the log of a job to `write` as it grows, until the job has ended; return the job.

    The complete log is requested each time, which works through every proxy and survives a short
    absence of the server. The interval between requests grows with the length of the log.

    Raises:
        JobError: there is no such job, or the server is unreachable for two minutes.
    """
    shown, status, last = 0, "", time.monotonic()
    while True:
        try:
            # The job is requested first, so that the log of an ended job is complete.
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
    """Wait until the job has ended, and return it.

    Raises:
        JobError: there is no such job, or the server is unreachable.
    """
    while not (job := server.job(identifier)).has_ended:
        pause(1.0)
    return job
