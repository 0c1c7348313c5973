"""The client against real HTTP servers: none, of another kind, and with the answers of Ray."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from seq2seq.commands.main import main
from seq2seq.errors import JobError, SettingsError
from seq2seq.jobs.following import follow
from seq2seq.jobs.server import JobServer, ServerStarting, ServerUnreachable, read_token

TOKEN = "a-token-nobody-may-see"
Answer = tuple[int, str]
JOB = {
    "type": "SUBMISSION",
    "submission_id": "mine-1",
    "status": "RUNNING",
    "message": "Job is currently running.",
    "metadata": {"run": "s3://bucket/runs/mine"},
    "start_time": 1_700_000_000_000,
    "end_time": None,
}


@contextmanager
def serving(answer: Callable[[str, str, dict[str, str]], Answer]) -> Iterator[str]:
    """A server whose answer to a method, a path and headers is a status and a text."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text = answer(self.command, self.path, dict(self.headers))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", text)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "RAY_API_SERVER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status and the one line that a command says."""
    status = main(list(arguments))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("seq2seq: error: ") and err.count("\n") == 1
    assert TOKEN not in err
    return status, err


@pytest.mark.parametrize(
    ("status", "text", "says"),
    [
        (200, "<html>a web site</html>", "answers, but not as a Ray job server does"),
        (200, "[1, 2]", "answers, but not as a Ray job server does"),
        (200, '{"version": 3}', "answers, but not as a Ray job server does"),
        (404, "nothing here", "answers, but not as a Ray job server does"),
        (401, "Unauthorized: Missing authentication token", "asks for a token"),
        (403, "Forbidden: Invalid authentication token", "does not take this token"),
        (404, "Job mine-1 does not exist", "has no job mine-1; `seq2seq jobs list` shows"),
        (302, "http://127.0.0.1:1/", "sends its callers elsewhere (status 302)"),
        (500, "Traceback:\n  File\nValueError: no room", "fails: ValueError: no room (status 500)"),
        (503, "", "cannot answer now (status 503)"),
    ],
)
def test_every_other_answer_is_one_sentence(
    status: int, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda *_: (status, text)) as address:
        left, error = error_of(capsys, "jobs", "status", "mine-1", "--address", address)
    assert left == 1
    assert says in error and address in error


def test_no_server_and_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    status, error = error_of(capsys, "jobs", "list", "--address", address)
    assert status == 1 and f"no job server answers at {address}" in error
    assert "Connection refused" in error
    for wrong in ("ray://head:10001", "head:8265", "http://", "http://head:port"):
        status, error = error_of(capsys, "jobs", "list", "--address", wrong)
        assert status == 2 and "http://HOST:8265" in error
    status, error = error_of(capsys, "jobs", "list")
    assert status == 2 and "add --address http://HOST:8265" in error


def test_a_server_that_breaks_off_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.sendall(b"nonsense\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ServerUnreachable, match="no job server answers"):
            JobServer(f"http://127.0.0.1:{server.getsockname()[1]}").jobs()
        thread.join()


def test_the_token_goes_to_the_server_and_no_further(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str | None] = []

    def note(method: str, path: str, headers: dict[str, str]) -> Answer:
        seen.append(headers.get("Authorization"))
        return 200, json.dumps([JOB])

    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "token"))
    with serving(note) as address:
        assert main(["jobs", "list", "--address", address]) == 0
        out = capsys.readouterr().out
        assert out.startswith("mine-1  RUNNING  2023-11-1") and out.endswith("/runs/mine\n")
        with serving(lambda *_: (302, f"{address}/api/jobs/")) as elsewhere:
            error_of(capsys, "jobs", "list", "--address", elsewhere)
    assert seen == [f"Bearer {TOKEN}"]


def test_where_the_token_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_token() is None
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("default\n")
    assert read_token() == "default"
    (tmp_path / "file").write_text("of-the-file\n")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "file"))
    assert read_token() == "of-the-file"
    monkeypatch.setenv("RAY_AUTH_TOKEN", "of-the-environment")
    assert read_token() == "of-the-environment"
    monkeypatch.setenv("RAY_AUTH_TOKEN", f"{TOKEN}\nX-Other: header")
    with pytest.raises(SettingsError, match=r"^RAY_AUTH_TOKEN holds no token") as caught:
        read_token()
    assert TOKEN not in str(caught.value)
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="nowhere cannot be read"):
        read_token()


def test_following_outlives_a_server_that_is_away() -> None:
    log = "".join(f"step {number}\n" for number in range(6))
    calls = {"jobs": 0}

    def answer(method: str, path: str, headers: dict[str, str]) -> Answer:
        if path.endswith("/logs"):
            return 200, json.dumps({"logs": log[: 14 * calls["jobs"]]})
        calls["jobs"] += 1
        if calls["jobs"] == 2:
            return 503, ""
        status = "SUCCEEDED" if calls["jobs"] == 4 else "RUNNING"
        return 200, json.dumps({**JOB, "status": status})

    written: list[str] = []
    with serving(answer) as address:
        job = follow(JobServer(address), "mine-1", written.append, pause=lambda _: None)
    assert job.status == "SUCCEEDED"
    assert "".join(written) == log
    assert len(written) > 1


@pytest.mark.parametrize(
    ("status", "says"),
    [("FAILED", "job mine-1 failed: seq2seq: error: no such file"), ("STOPPED", "same submit")],
)
def test_a_job_that_did_not_do_its_work_is_an_error(
    status: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "Job entrypoint command failed, last logs:\nstep 1\nseq2seq: error: no such file\n\n"
    job = {**JOB, "status": status, "message": message}

    def answer(method: str, path: str, headers: dict[str, str]) -> Answer:
        return 200, json.dumps({"logs": ""} if path.endswith("/logs") else job)

    with serving(answer) as address:
        left, error = error_of(capsys, "jobs", "logs", "mine-1", "--follow", "--address", address)
    assert left == 1 and says in error


def test_stopping_what_has_ended_is_an_error() -> None:
    def answer(method: str, path: str, headers: dict[str, str]) -> Answer:
        return 200, json.dumps({"stopped": False} if method == "POST" else JOB)

    with serving(answer) as address:
        assert JobServer(address).stop("mine-1") is False


def test_a_failure_is_a_job_error() -> None:
    with serving(lambda *_: (500, "")) as address, pytest.raises(JobError, match="no reason"):
        JobServer(address).check()


STARTING = (500, "No available agent to submit job, please try again later.")


@pytest.mark.parametrize("known", [False, True])
def test_a_cluster_that_is_starting_is_asked_again_for_the_same_job(known: bool) -> None:
    asked: list[str] = []

    def answer(method: str, path: str, headers: dict[str, str]) -> Answer:
        asked.append(method)
        if method == "GET":
            return (200, json.dumps(JOB)) if known else (404, "Job mine-1 does not exist")
        return STARTING if len(asked) == 1 else (200, json.dumps({"submission_id": "mine-1"}))

    with serving(answer) as address:
        assert JobServer(address).submit({"submission_id": "mine-1"}) == "mine-1"
    # A job that the server accepted nevertheless is not submitted twice.
    assert asked == (["POST", "GET"] if known else ["POST", "GET", "POST"])


def test_a_cluster_without_an_agent_is_an_error_at_last() -> None:
    with (
        serving(lambda *_: STARTING) as address,
        pytest.raises(ServerStarting, match=f"{address} has no agent that can start a job"),
    ):
        JobServer(address).submit({"submission_id": "mine-1"}, start_s=0.0)
