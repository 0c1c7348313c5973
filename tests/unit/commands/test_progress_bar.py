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
COLOUR = re.compile(r"\x1b\[[\d;]*m")
ERASE = "\r\x1b[2K"


def on_a_terminal(
    *arguments: str | Path,
    columns: int = 100,
    stdin: bytes | None = None,
    first_on_path: Path | None = None,
) -> str:
    """What the command writes to a terminal as its standard error."""
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("COLUMNS", None)  # which rich would take for the width
    if first_on_path is not None:
        environment["PYTHONPATH"] = str(first_on_path)
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, STAND_IN, "0.03", "--threads", "1", *arguments]
    said = b""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment,
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


def drawings(said: str) -> list[str]:
    """The bar each time that it was drawn, without colours and moves of the cursor."""
    plain = COLOUR.sub("", said).replace("\x1b[?25l", "").replace("\x1b[?25h", "")
    return plain.replace("\x1b[1A\x1b[2K", "").split(ERASE)


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
    assert said.endswith("\x1b[1A\x1b[2K")  # the line of the bar is erased
    drawn = [text.strip("\r\n━╸╺ ") for text in drawings(said)]
    (message,) = [text for text in drawn if "UTF-8" in text]
    assert re.match(r"line 701 is not UTF-8: [^\r\n]*\r\n[━╸╺]* [\d,]+ / [\d,]+ lines", message)
    shown = [
        re.match(r"([\d,]+) / ([\d,]+) lines(  [\d.,]+ lines/s)?(  \d+:\d\d left)?", text)
        for text in drawn
        if text and text != message
    ]
    assert len(shown) >= 3 and all(shown)
    counts = [int(match[1].replace(",", "")) for match in shown if match]
    totals = [int(match[2].replace(",", "")) for match in shown if match]
    assert counts == sorted(counts) and counts[-1] > 1000
    assert all(abs(total - 2000) < 20 for total in totals)


def test_a_narrow_terminal(tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1000)))
    drawn = drawings(on_a_terminal("--input", path, columns=20))
    assert any("lines" in text for text in drawn)
    assert max(len(line) for text in drawn for line in text.splitlines()) <= 20


def test_no_bar_without_rich(tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1000)))
    (tmp_path / "rich.py").write_text("raise ImportError")
    assert on_a_terminal("--input", path, first_on_path=tmp_path) == ""


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
