"""Client of the job server of a Ray cluster: the REST interface of Ray's dashboard.

Source of the interface: "Ray Jobs REST API", in Ray's documentation of clusters.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from seq2seq.errors import JobError, SettingsError

ENDED = ("SUCCEEDED", "FAILED", "STOPPED")
_TIMEOUT_S = 60.0
_STARTING = "No available agent to submit job"  # Ray's text while the node's agent is starting
_START_S = 120.0  # time for a cluster that has just started to accept its first job
_PAUSE_S = 1.0
_LOCAL = ("localhost", "127.0.0.1", "::1")


class ServerUnreachable(JobError):
    """Error of a server that does not reply, or of its proxy; the error may be temporary."""


class ServerStarting(JobError):
    """Error of a server whose cluster has just started and cannot run a job yet."""


@dataclass(frozen=True)
class Job:
    """Job as reported by the server; times are in seconds since 1970.

    Attributes:
        identifier: identifier of the job for the other commands.
        status: status of the job: PENDING, RUNNING, SUCCEEDED, FAILED or STOPPED.
        message: message of Ray about the job; for a failed job, the end of its log.
        metadata: metadata that was sent with the job.
        started, ended: start and end time; None if the job has not started or ended yet.
    """

    identifier: str
    status: str
    message: str
    metadata: dict[str, str]
    started: float | None
    ended: float | None

    @property
    def has_ended(self) -> bool:
        """Return whether the job has ended."""
        return self.status in ENDED


class JobServer:
    """Client of the job server at an address, `http://HOST:8265`.

    Its methods raise a one-line `JobError` if there is no server, or if the server is of another
    kind, needs another token, or fails.
    """

    def __init__(self, address: str, *, token: str | None = None) -> None:
        """Create the client; nothing is sent yet.

        Raises:
            SettingsError: the address is invalid.
        """
        host = _host(address)
        if host is None:
            raise SettingsError(
                f"--address received {address!r}; write the address of the cluster's dashboard: "
                "http://HOST:8265."
            )
        self.address, self._token = address.rstrip("/"), token
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if host in _LOCAL:
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def check(self) -> None:
        """Check that a Ray job server replies and accepts the token."""
        version = self._json("GET", "/api/version")
        if not isinstance(version, dict) or "ray_version" not in version:
            raise self._other_kind()

    def submit(self, request: dict[str, Any], *, start_s: float = _START_S) -> str:
        """Submit a job and return its identifier.

        A cluster that has just started has a server before it can run a job. The request is then
        sent again; it names the job, so that no second job is made.

        Args:
            request: job as the REST interface describes it, with its `submission_id`.
            start_s: seconds after which a cluster that still cannot run a job is an error.

        Raises:
            ServerStarting: the cluster cannot run a job yet.
        """
        end = time.monotonic() + start_s
        while True:
            try:
                reply = self._json("POST", "/api/jobs/", request)
                return str(self._field(reply, "submission_id"))
            except ServerStarting:
                if time.monotonic() >= end:
                    raise
            time.sleep(_PAUSE_S)
            with contextlib.suppress(JobError):  # Ray says the same if the start took too long
                return self.job(request["submission_id"]).identifier

    def jobs(self) -> list[Job]:
        """Return the submitted jobs, the oldest first."""
        reply = self._json("GET", "/api/jobs/")
        if not isinstance(reply, list):
            raise self._other_kind()
        jobs = [self._job(each) for each in reply if each.get("type") == "SUBMISSION"]
        return sorted(jobs, key=lambda job: job.started or 0.0)

    def job(self, identifier: str) -> Job:
        """Return one job."""
        return self._job(self._json("GET", _path(identifier)))

    def log(self, identifier: str) -> str:
        """Return the complete log of a job so far."""
        reply = self._json("GET", _path(identifier, "/logs"))
        return str(self._field(reply, "logs") or "")

    def stop(self, identifier: str) -> bool:
        """Ask a job to stop by SIGTERM; return False if it had already ended."""
        reply = self._json("POST", _path(identifier, "/stop"), {})
        return bool(self._field(reply, "stopped"))

    def upload(self, package: str, content: bytes) -> None:
        """Upload the package to the cluster, unless it is already there."""
        path = f"/api/packages/gcs/{package}"
        try:
            self._request("GET", path)
        except _NotThere:
            self._request("PUT", path, content)

    def _job(self, reply: Any) -> Job:
        times = [self._field(reply, key) for key in ("start_time", "end_time")]
        started, ended = (None if not time else float(time) / 1000.0 for time in times)
        return Job(
            identifier=str(self._field(reply, "submission_id")),
            status=str(self._field(reply, "status")),
            message=str(reply.get("message") or ""),
            metadata=dict(reply.get("metadata") or {}),
            started=started,
            ended=ended,
        )

    def _field(self, reply: Any, key: str) -> Any:
        if not isinstance(reply, dict) or key not in reply:
            raise self._other_kind()
        return reply[key]

    def _json(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        sent = None if content is None else json.dumps(content).encode()
        reply = self._request(method, path, sent)
        try:
            return json.loads(reply)
        except ValueError as error:
            raise self._other_kind() from error

    def _request(self, method: str, path: str, content: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.address + path, data=content, method=method)
        if content is not None:
            request.add_header("Content-Type", "application/json")
        if self._token is not None:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        with self._told(), self._opener.open(request, timeout=_TIMEOUT_S) as reply:
            read: bytes = reply.read()
        return read

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Re-raise client errors as a one-line `JobError`."""
        try:
            yield
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error.code, error.read(100_000)) from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise ServerUnreachable(
                f"no job server answers at {self.address} ({reason}); is the cluster running, and "
                "is this the address of its dashboard?"
            ) from error

    def _refusal(self, status: int, content: bytes) -> JobError:
        lines = content.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        if status == 401:
            return JobError(
                f"{self.address} asks for a token; put it into a file and set RAY_AUTH_TOKEN_PATH "
                "to its name."
            )
        if status == 403:
            return JobError(
                f"{self.address} does not take this token; it comes from RAY_AUTH_TOKEN, the file "
                "RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token."
            )
        missing = re.fullmatch(r"Job (\S+) does not exist", lines[0])
        if status == 404 and missing:
            return JobError(
                f"{self.address} has no job {missing[1]}; `seq2seq jobs list` shows those it has."
            )
        if status == 404:
            return _NotThere(self._other_kind())
        if 300 <= status < 400:
            return JobError(
                f"{self.address} sends its callers elsewhere (status {status}), and the token is "
                "for it alone; give the address that it leads to."
            )
        if status in (502, 503, 504):
            return ServerUnreachable(f"{self.address} cannot answer now (status {status}).")
        if lines[0].startswith(_STARTING):
            return ServerStarting(
                f"{self.address} has no agent that can start a job; if the cluster has just "
                "started, try again in a minute, else see `ray status` on its head node."
            )
        return JobError(f"{self.address} fails: {lines[-1][:300]} (status {status}).")

    def _other_kind(self) -> JobError:
        return JobError(
            f"{self.address} answers, but not as a Ray job server does; is it the address of the "
            "cluster's dashboard (port 8265 unless set otherwise)?"
        )


class _NotThere(JobError):
    """Error of a reply with status 404."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Handler that rejects redirects: requests are only for the server that the user named."""

    def redirect_request(self, *arguments: Any, **options: Any) -> None:
        """Return None, so that no redirect is followed."""


def _host(address: str) -> str | None:
    """Return the host of an `http://` or `https://` address, or None if it is invalid."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:  # the port is not a number
        return None
    return parts.hostname if known else None


def _path(identifier: str, rest: str = "") -> str:
    return f"/api/jobs/{quote(identifier, safe='')}{rest}"


def read_token() -> str | None:
    """Return the token of the cluster, or None if there is none.

    The token is the value of `RAY_AUTH_TOKEN`. If that is not set, it is read from the file that
    `RAY_AUTH_TOKEN_PATH` names, by default `~/.ray/auth_token`. It is never read from the command
    line, which other users of the machine can see.

    Raises:
        SettingsError: the file cannot be read, or its content is not a valid token.
    """
    origin, token = "RAY_AUTH_TOKEN", os.environ.get("RAY_AUTH_TOKEN", "")
    if not token:
        named = os.environ.get("RAY_AUTH_TOKEN_PATH")
        path = Path(named) if named else Path.home() / ".ray" / "auth_token"
        origin = str(path)
        if not named and not path.exists():
            return None
        try:
            token = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the token in {path} cannot be read ({getattr(error, 'strerror', error)}); set "
                "RAY_AUTH_TOKEN_PATH to the file that holds it."
            ) from error
    token = token.strip()
    if re.fullmatch(r"[!-~]+", token) is None:
        raise SettingsError(f"{origin} holds no token; it is one word of printable ASCII.")
    return token
