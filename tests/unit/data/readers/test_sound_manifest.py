"""Manifests of sounds: every format gives the same items, and each error has its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.config.data_schema import AudioSettings, CorpusFiles, DataSettings
from seq2seq.config.schema import settings_from_mapping
from seq2seq.data.readers.recognition import recognise
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.readers.sound_manifest import lists_sounds, sound_paths
from seq2seq.data.sequences.item import Form, Item
from seq2seq.data.sounds import log_mel
from seq2seq.errors import DataError, SettingsError

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
AUDIO = AudioSettings(rate=8000, mel_bins=10)
FORM = Form(audio=AUDIO)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with sounds in a folder."""
    (tmp_path / "clips").mkdir()
    random = np.random.default_rng(0)
    for name in ("a.wav", "b.flac", "ü, c.wav"):
        soundfile.write(tmp_path / "clips" / name, random.normal(0, 0.1, 2000), 8000)
    return tmp_path


def items(path: Path, form: Form = FORM) -> list[Item]:
    return list(ItemReader("audio", (path,), form))


def test_every_format_gives_the_same_sounds_and_labels(place: Path) -> None:
    rows = [("clips/a.wav", "yes"), ("clips/b.flac", "no"), ("clips/ü, c.wav", "yes")]
    (place / "m.tsv").write_text("".join(f"{path}\t{label}\n" for path, label in rows))
    records = [json.dumps({"source": path, "target": label}) for path, label in rows]
    (place / "m.jsonl").write_text("\n".join(records))
    lines = [f'{label},"{path}"' for path, label in rows]
    (place / "m.csv").write_text("\n".join(["target,source", *lines]))
    wanted = [log_mel(place / path, AUDIO)[0] for path, _ in rows]
    for name in ("m.tsv", "m.jsonl", "m.csv"):
        found = items(place / name)
        assert [item.error for item in found] == [None] * 3
        assert [item.label for item in found] == ["yes", "no", "yes"]
        assert all((item.content == one).all() for item, one in zip(found, wanted, strict=True))


def test_labels_are_optional(place: Path) -> None:
    (place / "m.txt").write_text("clips/a.wav\nclips/b.flac\n")
    (place / "m.csv").write_text("source\nclips/a.wav\nclips/b.flac\n")
    (place / "m.jsonl").write_text('{"source": "clips/a.wav"}\n{"source": "clips/b.flac"}\n')
    for name in ("m.txt", "m.csv", "m.jsonl"):
        assert [item.content is not None for item in items(place / name)] == [True, True]


def test_an_absolute_path_stays(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    manifest = tmp_path_factory.mktemp("elsewhere") / "m.tsv"
    manifest.write_text(f"{place}/clips/a.wav\tx\nclips/a.wav\tx\n")
    first, second = items(manifest)
    assert first.error is None and first.sound is not None and first.sound.rate == 8000
    assert second.error == f"{manifest.parent}/clips/a.wav does not exist"


def test_each_error_has_its_line(place: Path) -> None:
    (place / "m.tsv").write_bytes(
        b"clips/a.wav\tx\n\nclips/none.wav\tx\n\xff.wav\tx\nclips/a.wav\tx\ty\nclips\tx\n"
    )
    errors = [item.error for item in items(place / "m.tsv")]
    wanted = [None, "empty text", "does not exist", "not valid UTF-8", "3 columns", "is no file"]
    for error, words in zip(errors, wanted, strict=True):
        assert (error is None) == (words is None)
        assert words is None or words in str(error)
    (place / "m.jsonl").write_text('{"source": [[1, 2]]}\n{"target": "x"}\n')
    assert [item.error for item in items(place / "m.jsonl")] == [
        "field 'source' is no path",
        "no field 'source'",
    ]


def test_sounds_of_a_manifest_that_exist(place: Path) -> None:
    (place / "m.tsv").write_text("clips/a.wav\tx\nclips/none.wav\tx\nclips/a.wav\ty\nclips\tx\n")
    assert sound_paths(place / "m.tsv", FORM) == {"clips/a.wav": place / "clips/a.wav"}


@pytest.mark.parametrize("name", ["clips/a.wav", "m.npz"])
def test_a_file_that_is_no_manifest_is_refused(place: Path, name: str) -> None:
    (place / "m.npz").write_bytes(b"")
    with pytest.raises(DataError, match="give a list of sound files"):
        items(place / name)


def test_sounds_without_their_settings_are_refused(place: Path) -> None:
    (place / "m.tsv").write_text("clips/a.wav\tx\n")
    with pytest.raises(SettingsError, match=r"trained with data\.format=audio"):
        items(place / "m.tsv", Form())


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        (["yes", "no"] * 6, "classification"),
        ([f"{number}.5" for number in range(12)], "regression"),
        ([f"call number {number} now" for number in range(12)], "translation"),
    ],
)
def test_a_list_of_sounds_is_recognised(place: Path, labels: list[str], task: str) -> None:
    manifest = place / "m.tsv"
    manifest.write_text("".join(f"clips/{n}.WAV\t{label}\n" for n, label in enumerate(labels)))
    assert lists_sounds(manifest, FORM)
    found = recognise(CorpusFiles(str(manifest)), DataSettings())
    assert (found.format, found.task, found.texts) == ("audio", task, False)
    (place / "texts.tsv").write_text("a.wav\tx\nplay the file\ty\n")
    assert not lists_sounds(place / "texts.tsv", FORM)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"audio": {"rate": 8000}}, "data.audio.rate received 8000 with data.format=auto"),
        (
            {"format": "audio", "train": {"source": "a", "target": "b"}},
            "data.train.target received",
        ),
        ({"format": "audio", "features": {"padding_value": 0}}, "sounds are not padded"),
        ({"format": "audio", "directory": "s3://a/b"}, "sounds are read from a local directory"),
        ({"format": "audio", "audio": {"shift": 26.0}}, "would leave parts of a sound out"),
        ({"format": "audio", "audio": {"shift": 0.5}}, "data.audio.shift received 0.5"),
    ],
)
def test_settings_that_do_not_go_with_sounds_are_refused(data: Any, words: str) -> None:
    mapping = {"task": "classification", "data": data, "loss": {"label_smoothing": 0.0}}
    with pytest.raises(SettingsError, match=words):
        settings_from_mapping(mapping)
