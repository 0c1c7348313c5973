"""A line ends at \\n only, comes as soon as it is whole, and output lines hold no break."""

from __future__ import annotations

import io
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.text.lines import decode_line, iter_lines, one_line, well_formed


@given(st.binary(max_size=300))
def test_lines_are_what_stands_between_newlines(raw: bytes) -> None:
    lines = list(iter_lines(io.BytesIO(raw)))
    assert b"".join(lines) == raw
    assert all(line.endswith(b"\n") for line in lines[:-1])
    assert all(line.count(b"\n") <= 1 and line for line in lines)


def test_only_a_newline_ends_a_line() -> None:
    raw = "a\r\u2028\x0b\x0c\x85\x00b\nc".encode()
    assert [decode_line(line) for line in iter_lines(io.BytesIO(raw))] == [
        ("a\r\u2028\x0b\x0c\x85\x00b", False),
        ("c", False),
    ]


def test_broken_bytes_are_replaced_and_told() -> None:
    assert decode_line(b"gr\xfc\xdf\n") == ("gr\ufffd\ufffd", True)
    assert decode_line(b"\xef\xbf\xbd\n") == ("\ufffd", False)


def test_a_line_comes_as_soon_as_it_is_whole() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        lines = iter_lines(stream)
        os.write(writing, b"first\nsec")
        assert next(lines) == b"first\n"
        os.write(writing, b"ond\n")
        assert next(lines) == b"second\n"
        os.write(writing, b"third")
        os.close(writing)
        assert list(lines) == [b"third"]


def test_long_lines_and_many(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"x" * 1_000_000 + b"\n" + b"y\n" * 100_000)
    with path.open("rb") as stream:
        lengths = [len(line) for line in iter_lines(stream)]
    assert lengths == [1_000_001] + [2] * 100_000


@given(st.text())
def test_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert len(one_line(text)) == len(text)


def test_well_formed() -> None:
    assert well_formed("a\ud83d\ude00\udfff\U0001f600") == "a\ufffd\ufffd\ufffd\U0001f600"
