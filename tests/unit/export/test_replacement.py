"""A directory is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seq2seq.errors import ModelError
from seq2seq.export.manifest import MANIFEST, write_foreign_manifest
from seq2seq.export.replacement import replacing


def test_a_rename_that_fails_brings_the_former_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "export"
    with replacing(target) as partial:
        write_foreign_manifest(partial, name="x", version="old")
    rename = Path.rename

    def fail_once(self: Path, other: Path) -> Path:
        if self.name.endswith(".partial"):
            raise OSError(28, "No space left on device")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="No space"), replacing(target) as partial:
        write_foreign_manifest(partial, name="x", version="new")
    assert '"old"' in (target / MANIFEST).read_text()
    assert os.listdir(tmp_path) == ["export"]


def test_an_exported_model_and_the_rest_of_a_killed_process_are_replaced(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "export"
    for text in ("one", "two"):
        with replacing(target) as partial:
            write_foreign_manifest(partial, name="x", version=text)
        (target.parent / ".export.partial").mkdir()
    assert '"two"' in (target / MANIFEST).read_text()


def test_a_directory_that_is_no_exported_model_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    for target in (tmp_path, tmp_path / "letters.txt"):
        with pytest.raises(ModelError, match="is there and"), replacing(target):
            pass
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_a_manifest_of_another_program_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"name": "a web page", "icons": []}')
    with pytest.raises(ModelError, match="holds something else"), replacing(tmp_path):
        pass
    assert (tmp_path / MANIFEST).exists()


def test_an_export_of_an_older_format_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "artefact.json").write_text("{}")
    with replacing(tmp_path / "export") as partial:
        write_foreign_manifest(partial, name="x", version="1")
    assert os.listdir(tmp_path / "export") == [MANIFEST]
