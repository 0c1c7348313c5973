"""Worker processes: tasks, results, errors, and their end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from seq2seq.bench.worker_process import Worker
from seq2seq.errors import UserError

PROGRAM = """
import os, sys
from seq2seq.bench.worker_process import serve
from seq2seq.errors import UserError

def start():
    if sys.argv[1] == "refuse":
        raise UserError("there is nothing")
    return {"threads": os.environ["TF_NUM_INTRAOP_THREADS"], "told": os.environ["TOLD"]}, handle

def handle(task):
    if task["do"] == "fail":
        raise UserError("it is broken")
    if task["do"] == "die":
        sys.exit(7)
    print("a library chatters")
    return 2 * task["number"]

serve(start)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def start(program: Path, argument: str = "work") -> Worker:
    command = [sys.executable, str(program), argument]
    return Worker("it", command, threads=3, TOLD="yes")


def test_results_come_back_whatever_libraries_print(program: Path) -> None:
    worker = start(program)
    try:
        assert worker.ready == {"threads": "3", "told": "yes"}
        assert [worker.ask({"do": "double", "number": n}) for n in (1, 2)] == [2, 4]
    finally:
        worker.close()


def test_an_error_is_raised_and_the_worker_goes_on(program: Path) -> None:
    worker = start(program)
    try:
        with pytest.raises(UserError, match=r"^it cannot be measured: it is broken$"):
            worker.ask({"do": "fail"})
        assert worker.ask({"do": "double", "number": 3}) == 6
    finally:
        worker.close()


def test_a_worker_that_cannot_start_reports_why(program: Path) -> None:
    with pytest.raises(UserError, match="there is nothing"):
        start(program, "refuse")


def test_a_dead_worker_is_an_error_at_every_task(program: Path) -> None:
    worker = start(program)
    try:
        for _ in range(2):
            with pytest.raises(UserError, match=r"ended \(status 7\)"):
                worker.ask({"do": "die"})
    finally:
        worker.close()
