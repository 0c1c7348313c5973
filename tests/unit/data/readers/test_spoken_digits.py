"""Spoken digits from an archive: verified by their samples, whoever packed them."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.commands.main import main
from seq2seq.data.readers import spoken_digits
from seq2seq.data.readers.spoken_digits import VERSION, fetch_spoken_digits
from seq2seq.errors import DataError

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
NAMES = tuple(f"{digit}_george_{number}" for digit in (0, 1) for number in range(7))


def recordings(seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {name: random.integers(-9999, 9999, 500).astype(np.int16) for name in NAMES}


def archive(samples: dict[str, Any], *more: tuple[str, bytes]) -> bytes:
    """A `.tar.gz` as the address of the dataset gives it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as file:
        files = [*more, ("dataset/README.md", b"read me")]
        for name, values in samples.items():
            content = io.BytesIO()
            soundfile.write(content, values, 8000, format="WAV")
            files.append((f"dataset/recordings/{name}.wav", content.getvalue()))
        for path, data in files:
            member = tarfile.TarInfo(path)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return stream.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], str]]:
    """A server of an archive, and a table of names that is as small as the archive."""
    monkeypatch.setattr(spoken_digits, "_NAMES", NAMES)
    root = tmp_path / "server"
    (root / "tags").mkdir(parents=True)
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()

    def give(content: bytes) -> str:
        (root / "tags" / f"{VERSION}.tar.gz").write_bytes(content)
        return f"http://127.0.0.1:{http.server_address[1]}/tags"

    yield give
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def right(tmp_path: Path, serve: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Recordings whose checksum is the expected one."""
    (tmp_path / "right").mkdir()
    samples = recordings()
    for name, values in samples.items():
        soundfile.write(tmp_path / "right" / f"{name}.flac", values, 8000)
    checksum = spoken_digits._checksum(tmp_path / "right")
    monkeypatch.setattr(spoken_digits, "CHECKSUM", checksum)
    return samples


def test_recordings_are_fetched_once_with_the_usual_split(
    tmp_path: Path, serve: Any, right: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    other = ("dataset/recordings/0_theo_0.wav", b"of another speaker")
    url = serve(archive(right, other, ("../../recordings/0_george_9.wav", b"outside")))
    place = tmp_path / "corpus"
    arguments = ["download", "spoken_digits", "--directory", str(place), "--base-url", url]
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{place}\n"
    assert sorted(path.name for path in place.iterdir()) == ["recordings", "test.tsv", "train.tsv"]
    assert {path.stem for path in (place / "recordings").iterdir()} == set(NAMES)
    for name, values in right.items():
        samples, rate = soundfile.read(place / "recordings" / f"{name}.flac", dtype="int16")
        assert rate == 8000 and (samples == values).all()
    test = (place / "test.tsv").read_text().splitlines()
    assert test[0] == "recordings/0_george_0.flac\t0" and len(test) == 10
    train = (place / "train.tsv").read_text().splitlines()
    assert train == [f"recordings/{d}_george_{n}.flac\t{d}" for d in (0, 1) for n in (5, 6)]
    (place / "train.tsv").unlink()
    serve(b"no longer there")
    assert main(arguments) == 0 and (place / "train.tsv").exists()


@pytest.mark.parametrize("kind", ["other", "missing", "cut", "changed", "no archive"])
def test_other_recordings_are_refused_and_nothing_is_kept(
    tmp_path: Path, serve: Any, right: dict[str, Any], kind: str
) -> None:
    content = archive(right)
    if kind == "other":
        content = archive(recordings(seed=1))
    elif kind == "missing":
        content = archive(dict(list(right.items())[:-1]))
    elif kind == "cut":
        content = content[: len(content) // 2]
    elif kind == "changed":
        middle = len(content) // 2
        content = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
    elif kind == "no archive":
        content = b"<html>not found</html>"
    with pytest.raises(DataError, match=f"is not {VERSION} of the Free Spoken Digit Dataset"):
        fetch_spoken_digits(tmp_path / "corpus", base_url=serve(content))
    assert list((tmp_path / "corpus").iterdir()) == []


def test_recordings_that_are_there_and_are_others_stay(
    tmp_path: Path, serve: Any, right: dict[str, Any]
) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "mine.flac").write_bytes(b"mine")
    with pytest.raises(DataError, match="is there already and holds other recordings"):
        fetch_spoken_digits(tmp_path, base_url=serve(archive(right)))
    assert (tmp_path / "recordings" / "mine.flac").read_bytes() == b"mine"


def test_the_recordings_that_we_have_are_those_of_the_dataset(shared_data: Path) -> None:
    directory = shared_data / "spoken_digits" / "recordings"
    if not directory.is_dir():
        pytest.skip(f"no spoken digits in {directory.parent}")
    assert spoken_digits._checksum(directory) == spoken_digits.CHECKSUM
