"""A bar on a terminal and nowhere else, which messages do not tear and which does not stay."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

STAND_IN = Path(__file__).with_name("translate_with_stand_in.py")
ERASE = "\r\x1b[K"


def on_a_terminal(*arguments: str | Path, columns: int = 100, stdin: bytes | None = None) -> str:
    """What the command writes to a terminal as its standard error."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, STAND_IN, "0.03", "--threads", "1", *arguments]
    said = b""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        assert process.stdin is not None
        if stdin is not None:
            process.stdin.write(stdin)
        process.stdin.close()
        while chunk := read(ours):
            said += chunk
    os.close(ours)
    assert process.returncode == 0
    return said.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # what Linux says when the other side is closed
        return b""


def test_drawn_torn_by_nothing_and_gone(tmp_path: Path) -> None:
    path = tmp_path / "source"
    lines = [b"line number %04d" % number for number in range(2000)]
    lines[700] = b"\xff"
    path.write_bytes(b"\n".join(lines) + b"\n")
    said = on_a_terminal("--input", path)
    drawn = said.split(ERASE)
    assert drawn[0] == "" and drawn[-1] == ""
    bars = [text for text in drawn if text and "UTF-8" not in text]
    (message,) = [text for text in drawn if "UTF-8" in text]
    assert re.match(r"line 701 is not UTF-8: [^\r\n]*\r\n[\d,]+ / [\d,]+ lines", message)
    shown = [
        re.fullmatch(r"([\d,]+) / ([\d,]+) lines(  [\d.,]+ lines/s)?(  \d+:\d\d left)?", bar)
        for bar in bars
    ]
    assert len(shown) >= 3 and all(shown)
    counts = [int(match[1].replace(",", "")) for match in shown if match]
    totals = [int(match[2].replace(",", "")) for match in shown if match]
    assert counts == sorted(counts) and counts[-1] > 1000
    assert all(abs(total - 2000) < 20 for total in totals)


def test_a_narrow_terminal(tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1000)))
    drawn = on_a_terminal("--input", path, columns=20).split(ERASE)
    assert {len(text) for text in drawn} <= set(range(20))


def test_none_for_what_has_no_known_end() -> None:
    lines = b"".join(b"%d\n" % number for number in range(1000))
    assert on_a_terminal(stdin=lines) == ""
    assert on_a_terminal("a", "b") == ""


def test_none_where_there_is_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1000)))
    done = subprocess.run(
        [sys.executable, STAND_IN, "0.03", "--input", path], capture_output=True, check=True
    )
    assert done.stderr == b""
