"""An artefact comes back as it was written, and anything else is refused in one sentence."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece

from seq2seq.artefact.artefact import (
    Artefact,
    find_artefact,
    read_artefact,
    replacing,
)
from seq2seq.artefact.export import write_artefact
from seq2seq.errors import ArtefactError
from seq2seq.inference import artefact as artefacts
from seq2seq.inference.translator import Translator


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "copy"))


def edit_manifest(directory: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = directory / "artefact.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def replace_file(directory: Path, name: str, content: bytes) -> None:
    """Put other content in place of a file, with the right checksum."""
    (directory / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    edit_manifest(directory, lambda m: m["files"][name].update(sha256=digest))


def test_what_is_written_is_read(artefact: Artefact, exported: Path) -> None:
    again = read_artefact(exported)
    assert again.settings == artefact.settings
    assert again.metrics == artefact.metrics
    assert again.source_tokenizer.model_bytes == artefact.source_tokenizer.model_bytes
    assert again.target_tokenizer.model_bytes == artefact.target_tokenizer.model_bytes
    assert again.weights.keys() == artefact.weights.keys()
    for name, array in artefact.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)
    assert not list(exported.parent.glob(".*"))


def test_every_file_is_listed(exported: Path) -> None:
    listed = json.loads((exported / "artefact.json").read_text())["files"]
    found = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()}
    assert set(listed) == found - {"artefact.json"}
    assert "saved_model/saved_model.pb" in listed


def test_found_in_a_run_directory(exported: Path, tmp_path: Path) -> None:
    assert find_artefact(exported) == exported
    assert find_artefact(exported.parent) == exported
    with pytest.raises(ArtefactError, match="nowhere is not there"):
        find_artefact(tmp_path / "nowhere")
    with pytest.raises(ArtefactError, match="no run directory"):
        find_artefact(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    with pytest.raises(ArtefactError, match="seq2seq export"):
        find_artefact(tmp_path)


@pytest.mark.parametrize(
    "name", ["settings.json", "weights.npz", "target.model", "saved_model/saved_model.pb"]
)
def test_a_damaged_or_missing_file(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ArtefactError, match=f"{name} is damaged: its checksum"):
        read_artefact(copy)
    (copy / name).write_bytes(content[:-5])
    with pytest.raises(ArtefactError, match="is damaged"):
        read_artefact(copy)
    (copy / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name} is missing"):
        read_artefact(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(format=2, seq2seq="9.1"), "format 2, written by seq2seq 9.1"),
        (lambda m: m.update(format=0), "not the manifest"),
        (lambda m: m.pop("vocabulary"), "look at 'vocabulary'|look at vocabulary"),
        (lambda m: m["files"].pop("weights.npz"), "does not list weights.npz"),
        (lambda m: m["vocabulary"].update(source=7), "tokenizers hold"),
        (lambda m: m["files"].update({"../x": {}}), "no file name inside"),
        (lambda m: m["files"].update({"/etc/passwd": {}}), "no file name inside"),
        (lambda m: m["files"].update({"a/../../x": {}}), "no file name inside"),
        (lambda m: m["files"].update({"": {}}), "no file name inside"),
        (lambda m: m["files"].update({"a\\..\\x": {}}), "no file name inside"),
        (lambda m: m["files"].update({"x": {"sha256": "0"}}), "file x is missing"),
        (lambda m: m["files"].update({"settings.json": []}), "settings.json is damaged"),
    ],
)
def test_a_manifest_that_is_not_ours(
    copy: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    edit_manifest(copy, change)
    with pytest.raises(ArtefactError, match=message):
        read_artefact(copy)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_manifest_that_is_no_json(copy: Path, content: bytes) -> None:
    (copy / "artefact.json").write_bytes(content)
    with pytest.raises(ArtefactError, match=r"artefact\.json"):
        read_artefact(copy)


def test_links_are_refused(copy: Path, exported: Path) -> None:
    (copy / "weights.npz").unlink()
    (copy / "weights.npz").symlink_to(exported / "weights.npz")
    with pytest.raises(ArtefactError, match="is a link"):
        read_artefact(copy)
    shutil.rmtree(copy / "saved_model")
    (copy / "saved_model").symlink_to(exported / "saved_model")
    (copy / "weights.npz").unlink()
    shutil.copy(exported / "weights.npz", copy / "weights.npz")
    with pytest.raises(ArtefactError, match="is a link"):
        read_artefact(copy)


def test_a_file_beside_the_saved_model_is_refused(copy: Path) -> None:
    (copy / "saved_model" / "extra.pb").write_bytes(b"x")
    with pytest.raises(ArtefactError, match="not listed"):
        read_artefact(copy)


def archive(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"junk", "does not hold plain arrays"),
        (archive(x=np.array([{"a": 1}], dtype=object)), "does not hold plain arrays"),
        (archive(x=np.zeros(2)), "finite float32"),
        (archive(x=np.array([np.nan], np.float32)), "finite float32"),
    ],
)
def test_weights_that_are_no_weights(copy: Path, content: bytes, message: str) -> None:
    replace_file(copy, "weights.npz", content)
    with pytest.raises(ArtefactError, match=message):
        read_artefact(copy)


def test_weights_of_another_shape(copy: Path, artefact: Artefact) -> None:
    arrays = {name: array[..., :-1] for name, array in artefact.weights.items()}
    replace_file(copy, "weights.npz", archive(**arrays))
    with pytest.raises(ArtefactError, match=r"copy: the weights do not fit the model.*has shape"):
        Translator.load(copy)


def test_a_tokenizer_with_other_ids(copy: Path) -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["ab cd"] * 9), model_writer=model, vocab_size=8, minloglevel=2
    )
    replace_file(copy, "source.model", model.getvalue())
    with pytest.raises(ArtefactError, match=r"source\.model has the ids pad -1"):
        read_artefact(copy)


@pytest.mark.parametrize("change", [{"new_key": 1}, {"seed": "x"}])
def test_settings_of_another_version(copy: Path, change: dict[str, Any]) -> None:
    settings = json.loads((copy / "settings.json").read_text())
    replace_file(copy, "settings.json", json.dumps({**settings, **change}).encode())
    with pytest.raises(ArtefactError, match=rf"does not fit this version.*{next(iter(change))}"):
        read_artefact(copy)


def test_a_failed_write_leaves_the_former(copy: Path, artefact: Artefact) -> None:
    before = {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()}
    with pytest.raises(ArtefactError, match="do not fit"):
        write_artefact(replace(artefact, weights={}), copy)
    assert before == {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()}
    assert os.listdir(copy.parent) == ["copy"]


def test_a_rename_that_fails_brings_the_former_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "export"
    with replacing(target) as partial:
        (partial / artefacts.MANIFEST).write_text("old")
    rename = Path.rename

    def fail_once(self: Path, other: Path) -> Path:
        if self.name.endswith(".partial"):
            raise OSError(28, "No space left on device")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="No space"), replacing(target) as partial:
        (partial / artefacts.MANIFEST).write_text("new")
    assert (target / artefacts.MANIFEST).read_text() == "old"
    assert os.listdir(tmp_path) == ["export"]


def test_replaces_an_artefact_and_what_a_killed_process_left(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "export"
    for text in ("one", "two"):
        with replacing(target) as partial:
            (partial / artefacts.MANIFEST).write_text(text)
        (target.parent / ".export.partial").mkdir()
    assert (target / artefacts.MANIFEST).read_text() == "two"


def test_never_replaces_what_is_no_artefact(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    for target in (tmp_path, tmp_path / "letters.txt"):
        with pytest.raises(ArtefactError, match="is there and"), replacing(target):
            pass
    assert (tmp_path / "letters.txt").read_text() == "dear"
