"""`seq2seq jobs`: the jobs of a Ray cluster."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence

from seq2seq.commands.options import CommandParser
from seq2seq.errors import JobError, SettingsError
from seq2seq.jobs.following import follow, wait_until_ended
from seq2seq.jobs.server import Job, JobServer, read_token

_LOG = logging.getLogger("seq2seq")
_ADDRESS = "RAY_API_SERVER_ADDRESS"  # name in Ray's own command


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status."""
    options = _parser().parse_args(list(argv))
    server = find_server(options)
    if options.action == "list":
        for job in server.jobs():
            print(describe(job))
        return 0
    if options.action == "status":
        print(describe(server.job(options.id)))
        return 0
    if options.action == "stop":
        return _stop(server, options.id)
    if options.follow:
        return follow_to_its_end(server, options.id)
    _write(server.log(options.id))
    return 0


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add `--address`."""
    parser.add_argument(
        "--address",
        metavar="URL",
        help=f"the cluster's dashboard, http://HOST:8265 (default: ${_ADDRESS}); its token is read "
        "from RAY_AUTH_TOKEN, the file RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token",
    )


def find_server(options: argparse.Namespace) -> JobServer:
    """Return the job server of `--address`.

    Raises:
        SettingsError: no address is given, or it is invalid.
    """
    address = options.address or os.environ.get(_ADDRESS)
    if not address:
        raise SettingsError(
            f"no cluster is given; add --address http://HOST:8265 or set {_ADDRESS}."
        )
    return JobServer(address, token=read_token())


def follow_to_its_end(server: JobServer, identifier: str, *, to_stderr: bool = False) -> int:
    """Print the log of a job until it ends; return 0 if it succeeded.

    Raises:
        JobError: the job failed or was stopped, or the server cannot be reached.
    """
    try:
        job = follow(server, identifier, _write_error if to_stderr else _write)
    except KeyboardInterrupt:
        _LOG.info("job %s goes on; `seq2seq jobs stop %s` stops it", identifier, identifier)
        raise
    if job.status == "SUCCEEDED":
        return 0
    if job.status == "STOPPED":
        raise JobError(f"job {identifier} was stopped; the same submit goes on with its run")
    raise JobError(f"job {identifier} failed: {_reason(job)}")


def describe(job: Job) -> str:
    """Return one line about a job."""
    words = [job.identifier, job.status]
    if job.started is not None:
        words.append(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(job.started)))
        seconds = (job.ended or time.time()) - job.started
        words.append(f"{seconds / 60:.1f} min")
    words.append(job.metadata.get("run", ""))
    if job.status == "FAILED":
        words.append(_reason(job))
    return "  ".join(word for word in words if word)


def _reason(job: Job) -> str:
    """Return the last line of Ray's message about a failed job: the run's own error message."""
    lines = [line for line in job.message.splitlines() if line.strip()]
    return lines[-1].strip()[:500] if lines else "no reason is known"


def _stop(server: JobServer, identifier: str) -> int:
    """Stop a job, and wait until it has saved its state.

    Raises:
        JobError: the job has ended already, or does not exist.
    """
    if not server.stop(identifier):
        raise JobError(f"job {identifier} has ended already ({server.job(identifier).status})")
    job = wait_until_ended(server, identifier)
    print(describe(job))
    return 0


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _write_error(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(prog="seq2seq jobs", description="The jobs of a Ray cluster.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in {
        "list": "all jobs, one a line",
        "status": "one of them",
        "logs": "what it has written",
        "stop": "end it when its checkpoint is saved; the same submit goes on with the run",
    }.items():
        action = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name != "list":
            action.add_argument("id", metavar="ID", help="as submit printed it")
        if name == "logs":
            action.add_argument("--follow", action="store_true", help="until the job has ended")
        add_address(action)
    return parser
