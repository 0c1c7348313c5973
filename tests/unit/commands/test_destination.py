"""A file of results is there whole or not at all, and what is done is not done again."""

from __future__ import annotations

import io
import json
import logging
import os
from pathlib import Path

import pytest

from seq2seq.commands.destination import destination
from seq2seq.errors import SettingsError, UserError
from seq2seq.inference.stream.input import InputLines, read_groups

RAW = b"".join(b"line %d\n" % number for number in range(1, 1001))


def input_lines(raw: bytes = RAW) -> InputLines:
    return InputLines(read_groups(io.BytesIO(raw)))


def copy(
    path: Path,
    *,
    raw: bytes = RAW,
    fingerprint: str = "model",
    restart: bool = False,
    error_after: int | None = None,
) -> int:
    """Copy `raw` to `path`, up to an error after so many groups; how many lines were read."""
    lines = input_lines(raw)
    before = 0
    with destination(path, lines, fingerprint=fingerprint, restart=restart) as output:
        before = lines.count
        for number, (group, end) in enumerate(lines):
            if number == error_after:
                output.write(b"more than was marked\n")
                raise KeyboardInterrupt
            output.write("".join(line.text + "\n" for line in group).encode())
            output.mark(end)
    return lines.count - before


def interrupt(path: Path, *, after: int = 2) -> None:
    with pytest.raises(KeyboardInterrupt):
        copy(path, error_after=after)


def test_appears_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with destination(path, input_lines()) as output:
        output.write(b"new\n")
        assert path.read_text() == "old"
    assert path.read_text() == "new\n"
    assert os.listdir(tmp_path) == ["out"]


def test_an_error_before_anything_was_written_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    interrupt(path, after=0)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]


def test_goes_on_where_it_stopped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "out"
    interrupt(path)
    assert sorted(os.listdir(tmp_path)) == [".out.partial", ".out.partial.json"]
    caplog.clear()
    with caplog.at_level(logging.INFO, "seq2seq"):
        assert copy(path) == 1000 - 192
    assert caplog.messages == [f"{path} goes on at line 193"]
    assert path.read_bytes() == RAW
    assert os.listdir(tmp_path) == ["out"]


def test_interrupted_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "out"
    for _ in range(4):  # in groups of 64, then 64 and 128, ...
        interrupt(path, after=1)
    done = json.loads((tmp_path / ".out.partial.json").read_text())["lines"]
    assert done == 4 * 64
    interrupt(path, after=0)  # nothing new, and nothing lost
    assert copy(path) == 1000 - done
    assert path.read_bytes() == RAW


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fingerprint": "other"}, "another model or other options"),
        ({"raw": b"new\n" + RAW}, "the input does not begin with"),
        ({"raw": RAW[:500]}, "the input does not begin with"),
        ({"restart": True}, "as --restart says"),
    ],
)
def test_starts_over_where_it_must(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, changes: dict[str, object], reason: str
) -> None:
    path = tmp_path / "out"
    interrupt(path)
    caplog.clear()
    with caplog.at_level(logging.INFO, "seq2seq"):
        copy(path, **changes)  # type: ignore[arg-type]
    (message,) = caplog.messages
    assert message.startswith(f"{path} starts over: ") and reason in message
    raw = changes.get("raw", RAW)
    assert isinstance(raw, bytes)
    assert path.read_bytes() == (raw if raw.endswith(b"\n") else raw + b"\n")
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize(
    "journal", [b"", b"[]", b"{}", b'{"lines": 1}', b"\xff", b'{"lines": "1"}', None]
)
def test_a_journal_that_is_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, journal: bytes | None
) -> None:
    path = tmp_path / "out"
    interrupt(path)
    if journal is None:
        (tmp_path / ".out.partial.json").unlink()
    else:
        (tmp_path / ".out.partial.json").write_bytes(journal)
    caplog.clear()
    with caplog.at_level(logging.INFO, "seq2seq"):
        assert copy(path) == 1000
    assert ["starts over" in message for message in caplog.messages] == [True]
    assert path.read_bytes() == RAW


def test_a_partial_file_that_lost_its_end(tmp_path: Path) -> None:
    path = tmp_path / "out"
    interrupt(path)
    os.truncate(tmp_path / ".out.partial", 100)
    assert copy(path) == 1000
    assert path.read_bytes() == RAW


def test_killed_between_the_renaming_and_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "out"
    interrupt(path)
    (tmp_path / ".out.partial").rename(path)
    caplog.clear()
    with caplog.at_level(logging.INFO, "seq2seq"):
        copy(path)
    assert caplog.messages == []
    assert path.read_bytes() == RAW
    assert os.listdir(tmp_path) == ["out"]


def test_an_input_that_cannot_be_read_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    interrupt(path)
    before = [(tmp_path / name).read_bytes() for name in sorted(os.listdir(tmp_path))]

    def damaged():  # type: ignore[no-untyped-def]
        yield [b"line 1\n"]
        raise ValueError("damaged")

    with (
        pytest.raises(ValueError, match="damaged"),
        destination(path, InputLines(damaged()), fingerprint="model"),
    ):
        pass
    assert [(tmp_path / name).read_bytes() for name in sorted(os.listdir(tmp_path))] == before
    assert copy(path) == 1000 - 192


def test_two_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with destination(path, input_lines()) as output:
        with (
            pytest.raises(UserError, match=r"another process is writing .*out: wait for it"),
            destination(path, input_lines()),
        ):
            pass
        output.write(b"a\n")
    assert path.read_bytes() == b"a\n"
    assert os.listdir(tmp_path) == ["out"]


def test_a_full_disk_is_told_by_the_name_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "out"
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=f"No space left on device: '{path}'"):
        copy(path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []
    assert copy(path) == 1000
    assert path.read_bytes() == RAW


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real").write_text("old")
    copy(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == RAW


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    copy(pipe, raw=b"line\n")
    assert os.read(reader, 10) == b"line\n"
    os.close(reader)
    assert pipe.is_fifo()


def test_impossible_paths(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, match in (
        (tmp_path, "is a directory"),
        (tmp_path / "a" / "b", "no directory"),
        (tmp_path / "file" / "b", "no directory"),
        (tmp_path / ("x" * 250), "cannot be written: File name too long"),
    ):
        with pytest.raises(SettingsError, match=match), destination(path, input_lines()):
            pass
    assert os.listdir(tmp_path) == ["file"]


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with destination(None, input_lines()) as output:
        output.write(b"\xff\n")
    assert capfdbinary.readouterr().out == b"\xff\n"
