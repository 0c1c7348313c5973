"""Files are opened by what they hold, pipes too, which cannot be read twice."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from seq2seq.data.files import is_compressed, open_bytes
from seq2seq.errors import DataError
from seq2seq.text.lines import iter_lines


def feed(path: Path, *parts: bytes) -> threading.Thread:
    def write() -> None:
        with path.open("wb", buffering=0) as stream:
            for part in parts:
                stream.write(part)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


@pytest.mark.parametrize("raw", [b"", b"\n", b"a\nb", b"\x1f", b"\xfd7z", b"\x28\xb5\x2fx\n" * 3])
def test_a_pipe_gives_what_it_brings(tmp_path: Path, raw: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = feed(pipe, *[raw[n : n + 1] for n in range(len(raw))])
    with open_bytes(pipe) as stream:
        assert stream.read() == raw
    writer.join()


@pytest.mark.parametrize("compress", [lambda raw: raw, gzip.compress])
def test_a_long_pipe_plain_or_compressed(tmp_path: Path, compress: type[bytes]) -> None:
    raw = b"".join(b"line %d\n" % number for number in range(100_000))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = feed(pipe, compress(raw))
    with open_bytes(pipe) as stream:
        assert b"".join(iter_lines(stream)) == raw
    writer.join()


def test_a_short_line_in_a_pipe_does_not_wait_for_the_next(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    keeper = os.open(pipe, os.O_RDWR)  # so that opening waits for nobody
    os.write(keeper, b"\n")
    with open_bytes(pipe) as stream:
        lines = iter_lines(stream)
        assert next(lines) == b"\n"
        os.write(keeper, b"b\n")
        assert next(lines) == b"b\n"
    os.close(keeper)


def test_compression_is_known_by_content(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(b"a\n")
    packed.write_bytes(gzip.compress(b"a\n"))
    assert (is_compressed(plain), is_compressed(packed)) == (False, True)
    (tmp_path / "a.gz").write_bytes(b"a line\n")
    with pytest.raises(DataError, match=r"named .gz but does not hold .*a line"):
        is_compressed(tmp_path / "a.gz")
