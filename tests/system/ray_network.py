"""Processes in a network of their own that holds nothing but loopback: where tests run Ray."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Before a command: run it in a network of its own.
ISOLATED = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
MARK = "SEQ2SEQ_TEST_MARK"  # in the environment of what a test starts, to find it again


@dataclass
class Network:
    """A namespace that lives as long as its first process."""

    holder: subprocess.Popen[str]
    place: Path

    @staticmethod
    def open(place: Path) -> Network | str:
        """Open one, its Ray files below `place` (a short path); or the reason why not."""
        command = [*ISOLATED, "sh", "-c", "echo up && exec cat"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        try:
            holder = subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]
        except OSError as error:
            return f"no unshare here: {error}"
        if holder.stdout.readline() != "up\n":
            return f"no network namespace without root here: {holder.communicate()[1].strip()}"
        return Network(holder, place)

    def close(self) -> None:
        """End it, and kill what still runs in it."""
        for pid in self._inside():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.holder.communicate()

    def entered(self, *command: str) -> list[str]:
        """The command that runs `command` in it."""
        enter = ["nsenter", "--preserve-credentials", "--user", "--net"]
        return [*enter, "--target", str(self.holder.pid), *command]

    def start(
        self, *command: str, mark: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """A process of the namespace; what it starts bears the same mark."""
        variables = {
            **os.environ,
            "RAY_TMPDIR": str(self.place),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",
            "OMP_NUM_THREADS": "1",
            MARK: f"{self.place}/{mark}",
            **(environment or {}),
        }
        return subprocess.Popen(
            self.entered(*command),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=variables,
        )

    def seq2seq(self, *arguments: str, mark: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "seq2seq", *arguments]
        return self.start(*command, mark=mark, environment=environment)

    def pids(self, mark: str, name: str) -> list[int]:
        """Processes with this mark whose command line begins with `name` or a path that ends so."""
        wanted = f"{MARK}={self.place}/{mark}".encode()
        found = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                command = (directory / "cmdline").read_bytes().split(b"\0")[0].decode()
                marks = (directory / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it has just ended
            if wanted in marks and (command.startswith(name) or command.endswith(f"/{name}")):
                found.append(int(directory.name))
        return sorted(found)

    def _inside(self) -> list[int]:
        """The processes that have this network, but for the one that holds it."""
        network = os.readlink(f"/proc/{self.holder.pid}/ns/net")
        found = []
        for place in Path("/proc").glob("[0-9]*/ns/net"):
            with contextlib.suppress(OSError):
                if os.readlink(place) == network:
                    found.append(int(place.parts[2]))
        return [pid for pid in found if pid != self.holder.pid]

    def kill(self, mark: str, name: str) -> None:
        """SIGKILL for one of them."""
        os.kill(self.pids(mark, name)[-1], signal.SIGKILL)


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so, while `process` runs, for five minutes at most."""
    deadline = time.monotonic() + 300
    while not condition():
        if process.poll() is not None:
            raise RuntimeError(f"ended too early: {process.communicate()[1]}")
        if time.monotonic() > deadline:
            process.kill()
            raise TimeoutError(process.communicate()[1])
        time.sleep(0.05)
