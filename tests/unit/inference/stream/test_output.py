"""Lines go out whole, whatever takes them."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.inference.stream.output import AT_ONCE, StreamOutput, whole_lines


@given(sizes=st.lists(st.integers(0, 3000), max_size=20))
def test_tokens_are_whole_lines(sizes: list[int]) -> None:
    lines = [b"x" * size + b"\n" for size in sizes]
    tokens = list(whole_lines(lines))
    assert b"".join(tokens) == b"".join(lines)
    assert all(token.endswith(b"\n") for token in tokens)
    assert all(len(token) <= AT_ONCE for token in tokens)


def test_a_long_line_is_alone() -> None:
    long = b"x" * 10_000 + b"\n"
    assert list(whole_lines([b"a\n", long, b"b\n", b"c\n"])) == [b"a\n", long, b"b\nc\n"]


def test_nothing_is_held_back(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as stream:
        StreamOutput(stream).write(b"a\n")
        assert (tmp_path / "out").read_bytes() == b"a\n"


@pytest.mark.parametrize("blocking", [True, False])
def test_a_full_pipe_is_waited_for(blocking: bool) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, blocking)
    lines = b"x" * 1_000_000 + b"\n"
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as other:
        thread = threading.Thread(target=StreamOutput(stream).write, args=(lines,))
        thread.start()
        assert other.read(len(lines)) == lines
        thread.join(5)


def test_a_closed_pipe_is_noticed() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream:
        output = StreamOutput(stream)
        output.check()
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            output.check()
        with pytest.raises(BrokenPipeError):
            output.write(b"a\n")


def test_an_error_names_the_output() -> None:
    with Path("/dev/full").open("wb", buffering=0) as stream:
        output = StreamOutput(stream, name="there")
        output.check()
        with pytest.raises(OSError, match="No space left on device: 'there'"):
            output.write(b"a\n")


def test_memory_is_an_output() -> None:
    stream = io.BytesIO()
    output = StreamOutput(stream)
    output.write(b"a\n")
    output.check()
    assert stream.getvalue() == b"a\n"
