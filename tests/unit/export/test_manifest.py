"""The manifest: what it may say, and that what it says of a file is so."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq.errors import ModelError
from seq2seq.export.exported_model import find_exported_model
from seq2seq.export.manifest import read_manifest, write_manifest

EditManifest = Callable[[Callable[[dict[str, Any]], object]], None]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_bytes(b"abc")
    write_manifest(tmp_path, version="1.2", precision="int8", vocabulary={"source": 7, "target": 9})
    manifest = read_manifest(tmp_path)
    assert (manifest.version, manifest.precision) == ("1.2", "int8")
    assert manifest.vocabulary == {"source": 7, "target": 9}
    assert {name: listed.size for name, listed in manifest.files.items()} == {"deep/a.txt": 3}
    manifest.check_sizes()
    assert manifest.read("deep/a.txt") == b"abc"
    with pytest.raises(ModelError, match="does not list b"):
        manifest.read("b")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 5, "seq2seq": "9.1"}, "format 5, written by seq2seq '9.1'.*install the newer"),
        (
            {"format": 3},
            "format 3 of an older seq2seq.*export its run again with `seq2seq export RUN`$",
        ),
        ({"format": "onnx"}, "exported in the format 'onnx' for other programs; give the run"),
        ({"format": 0}, "look at 'format'"),
        ({"format": True}, "look at 'format'"),
        ({"format": None}, "look at 'format'"),
        ({"seq2seq": "1\x1b[31m"}, "look at 'seq2seq'"),
        ({"precision": "int4"}, "look at 'precision'"),
        ({"precision": ["int8"]}, "look at 'precision'"),
        ({"vocabulary": {"source": 1}}, "look at 'vocabulary'"),
        ({"vocabulary": {"source": True, "target": 1}}, "look at 'vocabulary'"),
        ({"vocabulary": 3, "files": []}, "look at 'vocabulary', 'files'"),
    ],
)
def test_a_manifest_that_is_not_ours(
    copy: Path, edit_manifest: EditManifest, change: dict[str, Any], message: str
) -> None:
    edit_manifest(lambda m: m.update(change))
    with pytest.raises(ModelError, match=message):
        read_manifest(copy)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/../../x", "a/..", "/etc/passwd", "//etc/passwd", "./x", "a//b"),
        *("a\\..\\x", "\\\\host\\x", "C:/x", "C:x", "x\0y", "x\n", "x/", "a\u202eb"),
    ],
)
def test_names_that_lead_elsewhere(copy: Path, edit_manifest: EditManifest, name: str) -> None:
    edit_manifest(lambda m: m["files"].update({name: {"bytes": 0, "sha256": "0" * 64}}))
    with pytest.raises(ModelError, match="is no file name inside the exported model"):
        read_manifest(copy)


@pytest.mark.parametrize(
    "said", [[], {}, {"bytes": 1}, {"bytes": "1", "sha256": "0" * 64}, {"bytes": 1, "sha256": "0"}]
)
def test_a_file_without_size_or_checksum(
    copy: Path, edit_manifest: EditManifest, said: Any
) -> None:
    edit_manifest(lambda m: m["files"].update({"settings.json": said}))
    with pytest.raises(ModelError, match=r"size and sha256 of settings\.json"):
        read_manifest(copy)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 10**6])
def test_a_manifest_that_is_no_json(copy: Path, content: bytes) -> None:
    (copy / "manifest.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"manifest\.json"):
        read_manifest(copy)


def test_a_directory_of_an_older_format_says_how_to_export_again(copy: Path) -> None:
    (copy / "manifest.json").rename(copy / "artefact.json")
    assert find_exported_model(copy) == copy
    with pytest.raises(ModelError, match=r"older seq2seq .*reads format 4; export its run again"):
        read_manifest(copy)


def test_links_are_refused(copy: Path, small: Path) -> None:
    (copy / "weights.npz").unlink()
    (copy / "weights.npz").symlink_to(small / "weights.npz")
    with pytest.raises(ModelError, match=r"weights\.npz is a link"):
        read_manifest(copy).check_sizes()
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").symlink_to(small / "manifest.json")
    with pytest.raises(ModelError, match=r"manifest\.json is a link"):
        read_manifest(copy)


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saved_model" / "variables").mkdir(parents=True)
    (tmp_path / "saved_model" / "variables" / "x").write_bytes(b"x")
    write_manifest(tmp_path, version="1", precision="int8", vocabulary={"source": 7, "target": 9})
    (tmp_path / "saved_model").rename(tmp_path / "elsewhere")
    (tmp_path / "saved_model").symlink_to("elsewhere")
    manifest = read_manifest(tmp_path)
    for read in (manifest.check_sizes, lambda: manifest.read("saved_model/variables/x")):
        with pytest.raises(ModelError, match="saved_model is a link"):
            read()


@pytest.mark.parametrize("name", ["manifest.json", "settings.json"])
@pytest.mark.parametrize("kind", ["pipe", "directory", "device"])
def test_what_is_no_plain_file_is_refused_at_once(copy: Path, name: str, kind: str) -> None:
    path = copy / name
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    else:
        try:
            os.mknod(path, 0o20666, os.makedev(1, 5))  # /dev/zero has no end
        except PermissionError:
            pytest.skip("making a device takes privileges")
    start = time.monotonic()
    with pytest.raises(ModelError, match=rf"{name} is no plain file"):
        read_manifest(copy).read(name)
    assert time.monotonic() - start < 1


def test_a_name_that_no_file_can_have(copy: Path, edit_manifest: EditManifest) -> None:
    name = "x" * 300 + "/" + "y" * 300
    edit_manifest(lambda m: m["files"].update({name: {"bytes": 0, "sha256": "0" * 64}}))
    with pytest.raises(ModelError, match="missing or cannot be read"):
        read_manifest(copy).check_sizes()


def test_a_manifest_that_is_too_large(copy: Path) -> None:
    shutil.copy(copy / "manifest.json", copy / "kept")
    (copy / "manifest.json").write_bytes((copy / "kept").read_bytes() + b" " * (5 * 2**20))
    with pytest.raises(ModelError, match=r"at most .* are read"):
        read_manifest(copy)
