"""Processes forked from one that has imported TensorFlow, which takes a new process 8 seconds.

The fork comes before TensorFlow has computed anything, as it may not come later: whatever a
process sets up for computing, its threads included, each of these sets up for itself.
`tests/invariants/test_resume.py` holds their runs against one of a new Python, bit for bit.
"""

from __future__ import annotations

import atexit
import io
import itertools
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

# What `seq2seq train` imports, first what sets TensorFlow up; and what it computes without it.
_PRELOADED = [
    *("seq2seq.training.run", "seq2seq.commands.main", "seq2seq.commands.train"),
    *("seq2seq.export.saved_model", "hydra", "default_normalizer"),
]
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(_PRELOADED)


class ForkedProcess:
    """A process with the methods of `subprocess.Popen`; what it writes goes to a file.

    Args:
        command: `["seq2seq", ...]`, or the path of a program and its arguments.
        output, errors: files that its stdout and stderr are appended to, which may be one.
        given: the file that its stdin reads; by default it is empty.
        cwd: its working directory.
        environment: its variables; by default those that this process has now.
    """

    def __init__(
        self,
        command: list[str],
        *,
        output: Path,
        errors: Path,
        given: Path = Path(os.devnull),
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command, self.errors = command, errors
        variables = dict(os.environ if environment is None else environment)
        place = os.fspath(cwd or Path.cwd())
        self._process: BaseProcess = _CONTEXT.Process(
            target=_run,
            args=(command, (str(given), str(output), str(errors)), place, variables),
        )
        _start_server()
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number, as the system counts processes."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative the signal that it died by; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return `returncode`."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return `returncode` once it has ended; kill it and raise where that takes longer."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self.kill()
            raise subprocess.TimeoutExpired(self.command, timeout, stderr=self.errors.read_text())
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, if it has not ended."""
        self.send_signal(signal.SIGKILL)


class PipedProcess(ForkedProcess):
    """A forked process whose stdin and stdout are pipes of text.

    Args:
        command, environment: those of `ForkedProcess`.
        directory: an empty directory for the pipes, and for what it writes to stderr.
    """

    def __init__(
        self, command: list[str], *, directory: Path, environment: Mapping[str, str]
    ) -> None:
        given, output = directory / "given", directory / "output"
        for path in (given, output):
            os.mkfifo(path)
        super().__init__(
            command,
            given=given,
            output=output,
            errors=directory / "errors",
            environment=environment,
        )
        # As the process opens them: each waits for the other end.
        self.stdin, self.stdout = given.open("w"), output.open()

    def communicate(self) -> None:
        """Close the pipes and wait until it has ended."""
        try:
            self.stdin.close()
        finally:
            self.stdout.close()
            self.wait(60)


def popen_that_forks(module: str, *arguments: str, place: Path) -> Callable[..., Any]:
    """Return a `subprocess.Popen` that forks a module of Python, and else starts what it is told.

    Args:
        module: the name of the module, which talks through pipes.
        arguments: what its arguments begin with.
        place: a directory for what belongs to each process.
    """
    popen, forked = subprocess.Popen, [sys.executable, "-m", module, *arguments]
    numbers = itertools.count()

    def start(command: list[str], **options: Any) -> Any:
        if command[: len(forked)] != forked:
            return popen(command, **options)
        found = find_spec(module)
        assert found is not None and found.origin is not None
        directory = place / f"forked-{next(numbers)}"
        directory.mkdir()
        program = [found.origin, *command[3:]]
        return PipedProcess(program, directory=directory, environment=options["env"])

    return start


def _start_server() -> None:
    """Start the process that the others are forked from, if it does not run."""
    # It does not get this process's `sys.path`.
    path = [os.fspath(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, path))):
        forkserver.ensure_running()


def _run(
    command: list[str], files: tuple[str, str, str], place: str, variables: dict[str, str]
) -> None:
    """Become the process of a command: its streams, place, variables and arguments."""
    appended = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, path in enumerate(files):  # stdin first: named pipes open when both ends do
        _open_as(number, path, appended if number else os.O_RDONLY)
    sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w")), encoding="utf-8", line_buffering=True
    )
    os.chdir(place)
    os.environ.clear()
    os.environ.update(variables)
    program, *_ = sys.argv = command
    try:
        if program == "seq2seq":
            from seq2seq.commands.main import main

            sys.exit(main())
        runpy.run_path(program, run_name="__main__")
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()


def _open_as(number: int, path: str, flags: int) -> None:
    """Open a file as the descriptor `number`."""
    descriptor = os.open(path, flags, 0o666)
    os.dup2(descriptor, number)
    os.close(descriptor)
