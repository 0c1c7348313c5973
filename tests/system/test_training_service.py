"""A training service: a real Ray head, started as `docker/compose.yaml` starts it, and real jobs.

Everything runs in a network namespace of its own that has loopback alone, as Ray listens widely.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray_network import Network
from tiny_run import TINY

TOKEN = "a-token-that-nobody-may-see"
ADDRESS = "http://127.0.0.1:8265"
LONGEST_S = 300.0  # for any one thing on a busy machine
RUN = [
    *TINY,
    "name=service",
    "model.bidirectional=false",
    "optimizer.schedule=constant",
    "training.max_epochs=null",
    "training.log_steps=10",
]


@dataclass
class Namespace:
    """A network with loopback alone, where commands are run."""

    network: Network
    directory: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """A process in it; what it says goes to the file `log`."""
        with (self.directory / log).open("ab") as file:
            process = subprocess.Popen(
                self.network.entered(*command),
                stdout=file,
                stderr=file,
                env=self.environment,
                cwd=self.directory,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def run(self, *command: str, **environment: str) -> tuple[int, str, str]:
        """A command's exit status, stdout and stderr."""
        done = subprocess.run(
            self.network.entered(*command),
            capture_output=True,
            text=True,
            env={**self.environment, **environment},
            cwd=self.directory,
            timeout=LONGEST_S,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def seq2seq(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Our command."""
        return self.run(sys.executable, "-m", "seq2seq", *arguments, **environment)

    def close(self) -> None:
        """End what was started, and all that it started in turn."""
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(60)
        self.network.close()
        for process in self.started:
            process.wait()


@pytest.fixture(scope="module")
def namespace(repository: Path) -> Iterator[Namespace]:
    directory = Path(tempfile.mkdtemp(prefix="s2s-", dir="/tmp"))  # Ray's sockets need short names
    network = Network.open(directory)
    if isinstance(network, str):
        pytest.skip(network)
    (directory / "ray-token").write_text(f"{TOKEN}\n")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(repository),
        "SEQ2SEQ_CACHE": str(directory / "cache"),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(directory / "ray-token"),
        "RAY_API_SERVER_ADDRESS": ADDRESS,
        "RAY_USAGE_STATS_ENABLED": "0",
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }
    made = Namespace(network, directory, environment)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def services(repository: Path) -> dict[str, Any]:
    """Those of the compose file."""
    read = yaml.safe_load((repository / "docker" / "compose.yaml").read_text())
    found: dict[str, Any] = read["services"]
    return found


def health(service: dict[str, Any]) -> list[str]:
    """The command that asks a service how it is; `head` is this machine."""
    test = service["healthcheck"]["test"]
    assert test[0] == "CMD"
    return [word.replace("head:", "127.0.0.1:") for word in test[1:]]


def started_healthy(
    namespace: Namespace, service: dict[str, Any], *words: str, log: str, says: str = ""
) -> bool:
    """Start a service with these words, and wait until it is healthy and has said `says`.

    Returns:
        False where it gave up.
    """
    process = namespace.start(*words, log=log)
    said = namespace.directory / log
    end = time.monotonic() + LONGEST_S
    while (state := namespace.run(*health(service)))[0] != 0 or says not in said.read_text():
        if process.poll() is not None:
            return False
        assert time.monotonic() < end, state
        time.sleep(2.0)  # each question is a new Python, which takes its time from the service
    return True


@pytest.fixture(scope="module")
def cluster(namespace: Namespace, services: dict[str, Any]) -> Namespace:
    """The head of the compose file, healthy; not so before it was started."""
    pytest.importorskip("ray")
    assert namespace.run(*health(services["head"]))[0] != 0
    small = [f"--temp-dir={namespace.directory}/ray", "--object-store-memory=80000000"]
    head = services["head"]
    words = [*head["entrypoint"], *head["command"], *small]
    # Ray's job server answers before its node has started, and on a busy machine the node may then
    # take longer than the 15 seconds that Ray allows: all of the head ends, and what was sent to it
    # is lost. The service would be started again, so it is here.
    for attempt in range(5):
        log = f"head-{attempt}"
        if started_healthy(namespace, head, *words, log=log, says="Ray runtime started"):
            return namespace
    raise AssertionError((namespace.directory / log).read_text(errors="replace")[-3000:])


def wait_for(path: Path, text: str, job: subprocess.Popen[bytes]) -> None:
    """Until a file holds a text."""
    end = time.monotonic() + LONGEST_S
    while text not in (content := path.read_text() if path.exists() else ""):
        assert time.monotonic() < end and job.poll() is None, content
        time.sleep(0.2)


def test_a_run_is_sent_followed_stopped_and_goes_on(cluster: Namespace) -> None:
    submit = ["submit", *RUN, f"runs=file://{cluster.directory}/storage", "--follow"]
    # One that would last for hours is stopped,
    long = [*submit, "training.max_steps=1000000"]
    following = cluster.start(sys.executable, "-m", "seq2seq", *long, log="followed")
    wait_for(cluster.directory / "followed", "step 20 ", following)
    status, out, err = cluster.seq2seq("jobs", "list")
    assert status == 0, err
    identifier, state = out.split()[:2]
    assert state == "RUNNING" and out.count("\n") == 1
    status, _, err = cluster.seq2seq(*long)
    assert status == 1 and f"job {identifier} works on file://" in err
    status, out, err = cluster.seq2seq("jobs", "stop", identifier)
    assert status == 0 and out.startswith(f"{identifier}  STOPPED"), err
    assert following.wait(LONGEST_S) == 1
    followed = (cluster.directory / "followed").read_text()
    assert f"job {identifier} was stopped; the same submit goes on with its run" in followed
    assert "Traceback" not in followed
    status, log, _ = cluster.seq2seq("jobs", "logs", identifier)
    assert "all of it saved; the same command goes on" in log
    # and what it saved is on the storage: another machine goes on from there.
    stopped_at = int(log.split("stopped at step ")[1].split(",")[0].replace(",", ""))
    checkpoints = cluster.directory / "storage" / "service" / "checkpoints"
    assert max(int(path.name[5:]) for path in checkpoints.iterdir()) == stopped_at >= 20
    shutil.rmtree(cluster.directory / "cache")
    status, out, log = cluster.seq2seq(*submit, f"training.max_steps={stopped_at + 5}")
    assert status == 0, log
    assert out.count("\n") == 1, "the identifier alone"
    assert f"going on from step {stopped_at:,}" in log
    assert f"run: file://{cluster.directory}/storage/service\n" in log
    result = json.loads((cluster.directory / "storage/service/result.json").read_text())
    assert result["steps"] == stopped_at + 5
    assert (cluster.directory / "storage/service/export/manifest.json").exists()
    status, out, _ = cluster.seq2seq("jobs", "list")
    assert [line.split()[1] for line in out.splitlines()] == ["STOPPED", "SUCCEEDED"]


def test_a_run_that_fails_there_says_why(cluster: Namespace) -> None:
    missing = ["name=fails", "training.max_steps=5", "data.directory=file:///no/such/place"]
    storage = f"runs=file://{cluster.directory}/storage"
    status, _, err = cluster.seq2seq("submit", *RUN, *missing, storage, "--follow")
    assert status == 1
    last = err.splitlines()[-1]
    assert last.startswith("seq2seq: error: job fails-") and "/no/such/place" in last


def test_the_token_is_asked_for_and_never_shown(cluster: Namespace) -> None:
    status, _, err = cluster.seq2seq("jobs", "list", RAY_AUTH_TOKEN="another")
    assert status == 1 and "does not take this token" in err and "another" not in err
    nowhere = {"RAY_AUTH_TOKEN_PATH": "", "HOME": "/nowhere"}
    status, _, err = cluster.seq2seq("jobs", "list", **nowhere)
    assert status == 1 and "asks for a token" in err
    status, _, err = cluster.seq2seq("jobs", "status", "no-such-job")
    assert status == 1 and "has no job no-such-job" in err
    for path in cluster.directory.iterdir():
        if path.is_file() and path.name != "ray-token":
            assert TOKEN not in path.read_text(errors="replace")


def test_the_worker_is_healthy_with_its_head(cluster: Namespace, services: dict[str, Any]) -> None:
    status, out, err = cluster.run(*health(services["worker"]))
    assert status == 0, out + err


def test_tensorboard_answers_its_health_check(
    namespace: Namespace, services: dict[str, Any]
) -> None:
    service = services["tensorboard"]
    (namespace.directory / "runs").mkdir()
    words = [*service["entrypoint"], *service["command"]]
    assert namespace.run(*health(service))[0] != 0
    words = [word.replace("/work", str(namespace.directory)) for word in words]
    assert started_healthy(namespace, service, *words, log="tensorboard")
