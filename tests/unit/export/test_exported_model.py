"""an exported model comes back as it was written, and anything else is refused in one sentence."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece

from seq2seq.errors import ModelError
from seq2seq.export.exported_model import (
    ExportedModel,
    find_exported_model,
    read_exported_model,
    read_inference_model,
)
from seq2seq.export.writer import write_exported_model

ReplaceFile = Callable[[str, bytes], None]
EditManifest = Callable[[Callable[[dict[str, Any]], object]], None]
READERS = [read_exported_model, read_inference_model]


def test_what_is_written_is_read(exported_model: ExportedModel, exported: Path) -> None:
    again, inference_model = read_exported_model(exported), read_inference_model(exported)
    for found in (again, inference_model):
        assert found.settings == exported_model.settings
        assert found.metrics == exported_model.metrics
        assert found.version == exported_model.version
        assert found.source_tokenizer.model_bytes == exported_model.source_tokenizer.model_bytes
        assert found.target_tokenizer.model_bytes == exported_model.target_tokenizer.model_bytes
    assert again.weights.keys() == exported_model.weights.keys()
    for name, array in exported_model.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)
    assert inference_model.precision == "float32"
    assert not list(exported.parent.glob(".*"))


def test_every_file_is_listed(exported: Path) -> None:
    listed = json.loads((exported / "manifest.json").read_text())["files"]
    found = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()}
    assert set(listed) == found - {"manifest.json"}
    assert {"saved_model/1/saved_model.pb", "weights.npz"} < set(listed)


def test_found_in_a_run_directory(small: Path, tmp_path: Path) -> None:
    assert find_exported_model(small) == small
    run = tmp_path / "run"
    run.mkdir()
    (run / "export").symlink_to(small)  # where an exported model stands is the user's business
    assert find_exported_model(run) == run / "export"
    assert read_inference_model(find_exported_model(run)).precision == "float32"
    with pytest.raises(ModelError, match="nowhere is not there"):
        find_exported_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="no run directory"):
        find_exported_model(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    with pytest.raises(ModelError, match="seq2seq export"):
        find_exported_model(tmp_path)


def test_integers_cannot_be_trained(
    write_small_exported_model: Callable[..., Path], tmp_path: Path
) -> None:
    directory = write_small_exported_model(tmp_path / "int8", precision="int8")
    assert read_inference_model(directory).precision == "int8"
    with pytest.raises(ModelError, match=r"holds weights in int8.*float32 export"):
        read_exported_model(directory)


def test_reading_it_for_inference_loads_nothing_heavy(small: Path) -> None:
    code = (
        "import sys, pathlib; from seq2seq.export.exported_model import read_inference_model\n"
        f"read_inference_model(pathlib.Path({str(small)!r})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"tensorflow", "keras", "onnx", "onnxruntime", "google", "yaml"} == set()


@pytest.mark.parametrize(
    "name",
    ["settings.json", "metrics.json", "weights.npz", "target.model"],
)
def test_a_damaged_or_missing_file(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    for reader in READERS:
        (copy / name).write_bytes(content)
        with pytest.raises(ModelError, match=f"{name} is damaged: its checksum"):
            reader(copy)
    for reader in READERS:
        (copy / name).write_bytes(content[:-5])
        with pytest.raises(ModelError, match=f"{name} is damaged: it has .* bytes"):
            reader(copy)
        (copy / name).unlink()
        with pytest.raises(ModelError, match=f"{name} is missing"):
            reader(copy)


@pytest.mark.parametrize("name", ["settings.json", "source.model", "weights.npz"])
def test_a_needed_file_that_is_not_listed(
    copy: Path, edit_manifest: EditManifest, name: str
) -> None:
    edit_manifest(lambda m: m["files"].pop(name))
    with pytest.raises(ModelError, match=f"does not list {name}"):
        read_inference_model(copy)


def test_vocabularies_that_are_not_the_tokenizers(copy: Path, edit_manifest: EditManifest) -> None:
    edit_manifest(lambda m: m["vocabulary"].update(source=7))
    for reader in READERS:
        with pytest.raises(ModelError, match="tokenizers hold"):
            reader(copy)


def test_a_file_beside_the_saved_model_is_refused(copy: Path) -> None:
    (copy / "saved_model").mkdir()
    (copy / "saved_model" / "extra.pb").write_bytes(b"x")
    with pytest.raises(ModelError, match="not listed"):
        read_exported_model(copy)


def test_a_tokenizer_with_other_ids(copy: Path, replace_file: ReplaceFile) -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["ab cd"] * 9), model_writer=model, vocab_size=8, minloglevel=2
    )
    replace_file("source.model", model.getvalue())
    for reader in READERS:
        with pytest.raises(ModelError, match=r"source\.model has the ids pad -1"):
            reader(copy)


def test_a_tokenizer_that_spells_no_text(copy: Path, replace_file: ReplaceFile) -> None:
    whole = (copy / "source.model").read_bytes()
    token = "▁".encode()
    place = whole.rindex(token)
    replace_file("source.model", whole[:place] + b"\xff" + whole[place + 1 :])
    with pytest.raises(ModelError, match=r"source\.model (spells a token|is not a Sent)"):
        read_inference_model(copy)


def test_a_tokenizer_of_no_sane_size(copy: Path, replace_file: ReplaceFile) -> None:
    replace_file("source.model", bytes(2**24 + 1))
    with pytest.raises(ModelError, match=r"source\.model is not a SentencePiece model"):
        read_inference_model(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"new_key": 1}, "new_key is not a setting"),
        ({"seed": "x"}, "seed received 'x'"),
        ({"search": {"max_length_factor": 1e30}}, "search.max_length_factor received 1e.30"),
        ({"search": {"max_source_length": 10**9}}, "search.max_source_length received"),
        ({"model": {"units": 2**40}}, "model.units received"),
    ],
)
def test_settings_that_cannot_be(
    copy: Path, replace_file: ReplaceFile, change: dict[str, Any], message: str
) -> None:
    settings = json.loads((copy / "settings.json").read_text())
    replace_file("settings.json", json.dumps({**settings, **change}).encode())
    for reader in READERS:
        with pytest.raises(ModelError, match=rf"does not fit this version.*{message}"):
            reader(copy)


def test_settings_of_a_larger_model(copy: Path, replace_file: ReplaceFile) -> None:
    settings = json.loads((copy / "settings.json").read_text())
    settings["model"]["units"] = 16_384
    replace_file("settings.json", json.dumps(settings).encode())
    for reader in READERS:
        with pytest.raises(ModelError, match=r"weights\.npz does not fit settings\.json: 'encoder"):
            reader(copy)


def test_a_failed_write_leaves_the_former(exported: Path, exported_model: ExportedModel) -> None:
    before = {p: p.read_bytes() for p in exported.rglob("*") if p.is_file()}
    with pytest.raises(ModelError, match="do not fit"):
        write_exported_model(replace(exported_model, weights={}), exported)
    assert before == {p: p.read_bytes() for p in exported.rglob("*") if p.is_file()}
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]
