"""A file of results is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seq2seq.commands.destination import destination
from seq2seq.errors import SettingsError


def test_appears_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with destination(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with pytest.raises(error), destination(path) as stream:
        stream.write(b"half")
        raise error
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real").write_text("old")
    with destination(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with destination(pipe) as stream:
        stream.write(b"line\n")
    assert os.read(reader, 10) == b"line\n"
    os.close(reader)
    assert pipe.is_fifo()


def test_impossible_places(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is a directory"), destination(tmp_path):
        pass
    with pytest.raises(SettingsError, match="no directory"), destination(tmp_path / "a" / "b"):
        pass


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with destination(None) as stream:
        stream.write(b"\xff\n")
        stream.flush()
    assert capfdbinary.readouterr().out == b"\xff\n"
