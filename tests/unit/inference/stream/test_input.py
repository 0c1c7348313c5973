"""Lines are counted and summed as they are read, and what is done is skipped or read again."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from seq2seq.inference.stream.input import (
    FIRST_LINES,
    WINDOW_LINES,
    InputLines,
    Position,
    read_groups,
)


def numbers(count: int) -> list[bytes]:
    return [b"line %d\n" % number for number in range(1, count + 1)]


def input_lines(raw: list[bytes]) -> InputLines:
    return InputLines(read_groups(io.BytesIO(b"".join(raw))))


def position(raw: list[bytes]) -> Position:
    return Position(len(raw), hashlib.sha256(b"".join(raw)).hexdigest())


def texts(lines: InputLines) -> list[tuple[int, str]]:
    return [(line.number, line.text) for group, _ in lines for line in group]


def test_groups_are_small_at_first_and_each_has_its_end() -> None:
    raw = numbers(5000)
    lines = input_lines(raw)
    groups = list(lines)
    assert [len(group) for group, _ in groups[:4]] == [FIRST_LINES * 2**n for n in range(4)]
    assert max(len(group) for group, _ in groups) == WINDOW_LINES
    end = 0
    for group, after in groups:
        assert [line.number for line in group] == list(range(end + 1, end + 1 + len(group)))
        end += len(group)
        assert after == position(raw[:end])
    assert lines.bytes == sum(map(len, raw))


def test_long_lines_make_small_groups() -> None:
    raw = [b"x" * 300_000 + b"\n"] * 30
    groups = list(read_groups(io.BytesIO(b"".join(raw))))
    assert [line for group in groups for line in group] == raw
    assert max(map(len, groups)) <= 5


def test_a_pipe_that_does_not_wait_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb", buffering=0) as stream:
        groups = read_groups(stream)  # type: ignore[arg-type]
        os.write(writing, b"a\n")
        assert next(groups) == [b"a\n"]
        later = threading.Timer(0.05, lambda: (os.write(writing, b"b\n"), os.close(writing)))
        later.start()
        assert list(groups) == [[b"b\n"]]
        later.join()


def test_what_is_done_is_skipped() -> None:
    raw = [*numbers(3000), b"the last, without an end"]
    for done in (1, 64, 1500, 3001):
        lines = input_lines(raw)
        assert lines.skip(position(raw[:done]))
        assert lines.position == position(raw[:done])
        rest = texts(lines)
        assert [number for number, _ in rest] == list(range(done + 1, 3002))
        assert lines.position == position(raw)


def test_another_input_is_read_from_its_beginning(tmp_path: Path) -> None:
    raw = [*numbers(3000), b"the last, without an end"]
    expected = texts(input_lines(raw))
    others = [position([*numbers(1499), b"x\n"]), position(numbers(9000)), Position(64, "")]
    for other in others:
        lines = input_lines(raw)
        assert not lines.skip(other, spool=tmp_path)
        assert lines.count == lines.bytes == 0
        assert texts(lines) == expected
        assert lines.position == position(raw)
    assert os.listdir(tmp_path) == []


def test_skipping_does_not_read_further_than_it_must() -> None:
    asked = []

    def groups() -> Iterator[list[bytes]]:
        for line in numbers(10):
            asked.append(line)
            yield [line]

    assert InputLines(groups()).skip(position(numbers(4)))
    assert asked == numbers(4)


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    raw = ["\ufeffone\n".encode(), "\ufefftwo\n".encode()]
    lines = input_lines(raw)
    assert texts(lines) == [(1, "one"), (2, "\ufefftwo")]
    assert lines.position == position(raw)  # which counts the bytes as they are
