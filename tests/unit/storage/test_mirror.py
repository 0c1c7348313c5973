"""A run's directory and its copy at a URL, broken off at every step."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.errors import StorageError
from seq2seq.storage.location import Location
from seq2seq.storage.mirror import RunMirror, TakenOver

ARRAYS = ("weights.npz", "optimizer.npz")


class Killed(BaseException):
    """Stands for the end of the process between two requests to the storage."""


def write(directory: Path, name: str, content: bytes) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def save(directory: Path, step: int, *, keep: int = 1, mark: str = "") -> None:
    """A checkpoint as training writes it, and the older ones pruned."""
    place = f"checkpoints/step-{step:08d}"
    arrays = {name: f"{name} of {step} {mark}".encode() * 50 for name in ARRAYS}
    for name, content in arrays.items():
        write(directory, f"{place}/{name}", content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in arrays.items()}
    write(directory, f"{place}/state.json", json.dumps({"sha256": digests}).encode())
    with (directory / "metrics.jsonl").open("a") as file:
        file.write(f"{step}\n")
    for old in sorted((directory / "checkpoints").iterdir())[:-keep]:
        for path in old.iterdir():
            path.unlink()
        old.rmdir()


def whole_steps(directory: Path) -> list[int]:
    """The checkpoints of a directory; each that looks whole is."""
    steps = []
    for place in sorted((directory / "checkpoints").glob("step-*")):
        digests = json.loads((place / "state.json").read_text())["sha256"]
        for name in ARRAYS:
            content = (place / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digests[name], place
        steps.append(int(place.name[5:]))
    return steps


def fetched(url: str, directory: Path) -> RunMirror:
    mirror = RunMirror(Location(url), directory)
    mirror.fetch()
    return mirror


def files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


class DyingLocation(Location):
    """Ends the process before its `left`th change of the storage."""

    left = -1

    def _count(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def upload(self, source: Path, name: str) -> None:
        self._count()
        super().upload(source, name)

    def remove(self, name: str) -> None:
        self._count()
        super().remove(name)


def test_a_fresh_machine_gets_the_run(url: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    mirror = fetched(url, here)
    for step in (1, 2, 3):
        save(here, step, keep=2)
        write(here, ".lock", b"4711")
        mirror.push()
    write(here, "export/manifest.json", b"{}")
    write(here, "export/step.onnx", b"graph")
    write(here, "result.json", b"{}")
    mirror.push()
    fetched(url, there)
    expected = files(here)
    del expected[".lock"]
    assert files(there) == expected
    assert whole_steps(there) == [2, 3]


def test_only_what_has_changed_is_sent(url: str, tmp_path: Path) -> None:
    sent: list[str] = []

    class Counting(Location):
        def upload(self, source: Path, name: str) -> None:
            sent.append(name)
            super().upload(source, name)

    mirror = RunMirror(Counting(url), tmp_path / "here")
    mirror.fetch()
    save(tmp_path / "here", 1, keep=2)
    mirror.push()
    sent.clear()
    mirror.push()
    assert sent == []
    save(tmp_path / "here", 2, keep=2)
    mirror.push()
    place = "checkpoints/step-00000002"
    assert sent[-1] == f"{place}/state.json"
    assert sorted(sent) == [
        *(f"{place}/{name}" for name in ("optimizer.npz", "state.json", "weights.npz")),
        "metrics.jsonl",
    ]


def test_a_pruned_checkpoint_keeps_its_weights(url: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    mirror = fetched(url, here)
    save(here, 1)
    mirror.push()
    (here / "checkpoints/step-00000001/optimizer.npz").unlink()
    save(here, 2, keep=2)
    mirror.push()
    fetched(url, there)
    assert sorted(path.name for path in (there / "checkpoints/step-00000001").iterdir()) == [
        "state.json",
        "weights.npz",
    ]


def next_checkpoint(directory: Path) -> None:
    save(directory, 2, mark="next")


def same_step_again(directory: Path) -> None:
    save(directory, 1, mark="again")


def finished(directory: Path) -> None:
    save(directory, 2, mark="last")
    write(directory, "export/step.onnx", b"new")
    write(directory, "export/manifest.json", b"new")
    write(directory, "result.json", b"new")


@pytest.mark.parametrize("change", [next_checkpoint, same_step_again, finished])
def test_an_upload_killed_anywhere_leaves_a_whole_run(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    for left in range(100):
        url = f"file://{tmp_path}/{left}/storage"
        here, there = tmp_path / f"{left}/here", tmp_path / f"{left}/there"
        location = DyingLocation(url)
        mirror = RunMirror(location, here)
        mirror.fetch()
        save(here, 1)
        write(here, "export/manifest.json", b"old")
        write(here, "export/step.onnx", b"old")
        mirror.push()
        change(here)
        location.left = left
        try:
            mirror.push()
        except Killed:
            died = True
        else:
            died = False
        again = fetched(url, there)
        steps = whole_steps(there)
        assert steps or (change is same_step_again and died)
        assert steps == [2] or died or change is same_step_again
        export = {name: body for name, body in files(there).items() if name.startswith("export/")}
        assert len(set(export.values())) <= 1, "old and new files together"
        if "result.json" in files(there):
            assert 2 in steps and set(export.values()) == {b"new"}
        # What the next process saves is there whole, whatever was left behind.
        save(there, 3, mark="after")
        again.push()
        fetched(url, tmp_path / f"{left}/third")
        assert whole_steps(tmp_path / f"{left}/third") == [3]
        if not died:
            return
    raise AssertionError("never got through")


def test_the_process_that_came_last_has_the_run(url: str, tmp_path: Path) -> None:
    first = fetched(url, tmp_path / "first")
    save(tmp_path / "first", 1)
    first.push()
    second = fetched(url, tmp_path / "second")
    save(tmp_path / "first", 2)
    with pytest.raises(TakenOver, match=r"was taken over \(.*this process leaves it alone"):
        first.push()
    save(tmp_path / "second", 3)
    second.push()
    fetched(url, tmp_path / "third")
    assert whole_steps(tmp_path / "third") == [3]


def test_a_storage_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(StorageError, match=r"could not be written: .*Not a directory") as caught:
        fetched(f"file://{tmp_path}/file/run", tmp_path / "here")
    assert "\n" not in str(caught.value)
    with pytest.raises(StorageError, match="nonsense"):
        Location("nonsense://bucket/run")


def test_the_storage_is_what_counts(url: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    mirror = fetched(url, here)
    save(here, 1)
    mirror.push()
    save(here, 2)  # never uploaded: the machine went away
    os.truncate(here / "metrics.jsonl", 1)
    fetched(url, here)
    assert whole_steps(here) == [1]
    assert (here / "metrics.jsonl").read_text() == "1\n"
