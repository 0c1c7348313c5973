"""Turns: their order, and which of them count."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest

from seq2seq.bench import turns
from seq2seq.bench.machine import OtherLoad, peak_bytes, resident_bytes
from seq2seq.bench.spread import Spread, ratios, shown, spread
from seq2seq.bench.turns import Rules, take_turns


class FakeLoad:
    """Stand-in of `OtherLoad` that gives planned loads."""

    planned: Iterator[float | None]

    def __init__(self, processes: Sequence[int]) -> None:
        assert list(processes) == [1, 2]

    def __enter__(self) -> FakeLoad:
        self.cores = next(self.planned)
        return self

    def __exit__(self, *raised: object) -> None:
        pass


def taken(
    monkeypatch: pytest.MonkeyPatch, loads: Sequence[float | None], *, repeat: int, most: int
) -> tuple[turns.Taken[int], str]:
    """Take turns of forms a and b, whose results count their calls; also returns the order."""
    FakeLoad.planned = iter(loads)
    monkeypatch.setattr(turns, "OtherLoad", FakeLoad)
    order: list[str] = []

    def run(name: str) -> int:
        order.append(name)
        return len(order)

    forms = {"a": lambda: run("a"), "b": lambda: run("b")}
    found = take_turns(forms, rules=Rules(repeat, most), processes=lambda: [1, 2])
    return found, "".join(order)


def test_forms_take_turns_after_one_that_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found, order = taken(monkeypatch, [0.0, 0.1, 0.2, None], repeat=2, most=4)
    assert order == "ab" * 3
    assert found.first == {"a": 1, "b": 2}
    assert (found.results("a"), found.results("b")) == ([3, 5], [4, 6])
    assert found.quiet == 2


def test_a_busy_turn_is_dropped_and_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found, order = taken(monkeypatch, [0.0, 0.9, 0.0, 0.1], repeat=1, most=4)
    assert order == "ab" * 3
    assert [turn.others for turn in found.turns] == [0.9, 0.1]
    assert found.results("a") == [5]
    assert found.quiet == 1


def test_busy_turns_count_where_none_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = taken(monkeypatch, [0.3] * 6, repeat=2, most=3)
    assert found.quiet == 0
    assert found.results("b") == [4, 6, 8]


def test_the_work_of_others_is_seen_and_ours_is_not() -> None:
    code = "import time\nend = time.time() + 60\nwhile time.time() < end: pass"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        with OtherLoad([]) as everyone, OtherLoad([process.pid]) as others:
            time.sleep(1.5)
    finally:
        process.kill()
        process.wait()
    if everyone.cores is None or others.cores is None:
        pytest.skip("this system does not show the time of its processors")
    assert everyone.cores - others.cores > 0.05


def test_memory_of_a_process_that_has_ended_is_none() -> None:
    command = [sys.executable, "-c", "print(flush=True); input()"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline()  # its memory grows no more
        assert peak_bytes(process.pid) >= resident_bytes(process.pid) > 0
    finally:
        process.communicate()
    assert peak_bytes(process.pid) == 0


def test_medians_and_ratios() -> None:
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert ratios([2.0, 4.0], [1.0, 4.0]) == Spread(1.5, 1.0, 2.0)
    assert shown(Spread(1234.56, 1.0, 20000.0)) == "1,234.6 (1.0-20,000.0)"
