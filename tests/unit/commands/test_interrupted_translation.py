"""Processes that are killed, stopped or left by their reader: whole lines, and work goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

STAND_IN = Path(__file__).with_name("translate_with_stand_in.py")
LINES = [b"line number %d" % number for number in range(1, 6001)]
RAW = b"\n".join(LINES) + b"\nbro\xffken\nand the last"
EXPECTED = RAW.upper().replace(b"\xff", "\ufffd".encode()) + b"\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(RAW)
    return path


def start(seconds: float, *arguments: str | Path, **pipes: object) -> subprocess.Popen[bytes]:
    """The command, with a translator that takes `seconds` a call."""
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [sys.executable, STAND_IN, str(seconds), "--threads", "2", *arguments],
        stderr=subprocess.PIPE,
        # Tests started in the background ignore the signal, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **pipes,
    )


def ended(process: subprocess.Popen[bytes], *, within: float = 15) -> tuple[int, str]:
    """How the process ended and what it said."""
    begin = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - begin < within
    assert b"Traceback" not in errors
    return process.returncode, errors.decode()


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def done(path: Path) -> int:
    """Lines that the journal of `path` vouches for."""
    journal = path.with_name(f".{path.name}.partial.json")
    return int(json.loads(journal.read_bytes())["lines"]) if journal.exists() else 0


@pytest.mark.parametrize("from_pipe", [False, True])
def test_killed_again_and_again(tmp_path: Path, source: Path, from_pipe: bool) -> None:
    output = tmp_path / "output"
    signals = [signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGTERM]
    chosen = [] if from_pipe else ["--input", source]
    for number in signals:
        before = done(output)
        with source.open("rb") as stdin:
            process = start(0.03, "--output", output, *chosen, stdin=stdin)
            wait_for(lambda: done(output) > before)  # noqa: B023
            process.send_signal(number)
            status, said = ended(process)
        assert status == (-number if number == signal.SIGKILL else 128 + number)
        assert (f"goes on at line {before + 1:,}\n" in said) == (before > 0)
        assert not output.exists()
    with source.open("rb") as stdin:
        status, said = ended(start(0, "--output", output, *chosen, stdin=stdin))
    assert status == 0
    assert said.splitlines()[0] == f"{output} goes on at line {done_lines(said):,}"
    assert "line 6001 is not UTF-8" in said
    assert output.read_bytes() == EXPECTED
    assert sorted(os.listdir(tmp_path)) == ["output", "source"]


def done_lines(said: str) -> int:
    first = int(said.split("goes on at line ")[1].split("\n")[0].replace(",", ""))
    assert 64 < first < 6000
    return first


def test_ctrl_c_leaves_whole_lines_on_a_slow_pipe(source: Path) -> None:
    whole = b"".join(b"line number %d\n" % number for number in range(100_000))
    source.write_bytes(whole)  # more than is read ahead
    process = start(0, "--input", source, stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.read(10)
    process.send_signal(signal.SIGINT)  # while it waits for the pipe to take more
    time.sleep(0.05)
    written = first + process.stdout.read()
    assert ended(process) == (130, "")
    assert written.endswith(b"\n")
    assert whole.upper().startswith(written) and len(written) < len(whole)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_busy_workers_do_not_keep_the_process(number: signal.Signals) -> None:
    process = start(0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"a\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"A\n"
    process.stdin.write(b"sleep\n")
    process.stdin.flush()
    time.sleep(0.3)
    process.send_signal(number)
    assert ended(process, within=10) == (128 + number, "")


def test_a_reader_that_leaves_ends_it_at_once(source: Path) -> None:
    process = start(0.2, "--input", source, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"LINE NUMBER 1\n"
    process.stdout.close()
    assert ended(process) == (141, "")


def test_a_reader_that_leaves_while_nothing_is_written() -> None:
    process = start(0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"a\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"A\n"
    process.stdout.close()
    process.wait(10)  # with the input still open
    process.wait(5)
    assert ended(process) == (141, "")


def test_mistakes_end_it_in_one_sentence(tmp_path: Path) -> None:
    process = start(0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, errors = process.communicate(b"a\nb\nraise\nc\n", timeout=10)
    assert (process.returncode, out) == (1, b"")
    assert errors == b"seq2seq: error: line 3: this cannot be said; leave it out\n"
    full = Path("/dev/full").open("wb")  # noqa: SIM115
    process = start(0, "one", stdout=full)
    full.close()
    assert ended(process) == (1, "seq2seq: error: standard output: No space left on device.\n")
    process = start(0, "raise", "--output", tmp_path / "out")
    assert ended(process)[0] == 1
    assert os.listdir(tmp_path) == []


def test_two_processes_do_not_write_one_file(tmp_path: Path, source: Path) -> None:
    output = tmp_path / "output"
    first = start(0.03, "--input", source, "--output", output)
    wait_for(lambda: done(output))
    first.send_signal(signal.SIGSTOP)  # it would end before a slow machine has started the second
    status, said = ended(start(0, "--input", source, "--output", output))
    first.send_signal(signal.SIGCONT)
    assert status == 1
    assert said.startswith("seq2seq: error: another process is writing ") and said.count("\n") == 1
    assert ended(first)[0] == 0
    assert output.read_bytes() == EXPECTED


def test_what_changes_no_line_may_change(tmp_path: Path) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.write_bytes(b"".join(b"%d\n" % number for number in range(600)) + b"raise\n")
    seen = []
    for options in ([], ["--threads", "3", "--batch-tokens", "50"], ["--scores"], ["--beam", "2"]):
        status, said = ended(start(0.05, "--input", source, "--output", output, *options))
        first, *_, last = said.splitlines()
        assert status == 1 and last.startswith("seq2seq: error: line 601: ")
        seen.append(first.removeprefix(str(output)).partition(" at line")[0].partition(":")[0])
    assert seen[1:] == [" goes on", " starts over", " starts over"]
