"""Spoken numbers: joined from clips of one speaker, each split from clips of its own."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.data.readers import spoken_numbers
from seq2seq.data.readers.spoken_digits import SPEAKERS
from seq2seq.data.readers.spoken_numbers import WORDS, write_spoken_numbers
from seq2seq.errors import DataError

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
LENGTH = 400  # samples of a clip
SPLITS = {"train": (range(2, 4), 20), "valid": (range(1, 2), 5), "test": (range(1), 8)}


def level(digit: int, speaker: int, take: int) -> float:
    """The one value of all samples of a clip."""
    return (1 + digit + 10 * speaker + 50 * take) / 256


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with recordings in which every sample tells the clip."""
    monkeypatch.setattr(spoken_numbers, "SPLITS", SPLITS)
    (tmp_path / "recordings").mkdir()
    for digit, speaker, take in product(range(10), range(len(SPEAKERS)), range(4)):
        path = tmp_path / "recordings" / f"{digit}_{SPEAKERS[speaker]}_{take}.flac"
        soundfile.write(path, np.full(LENGTH, level(digit, speaker, take)), 8000)
    return tmp_path


def clips(path: Path) -> list[tuple[int, int, int]]:
    """The digit, speaker and recording of each clip of a string."""
    samples, rate = soundfile.read(path)
    assert rate == 8000
    numbers = (samples * 256).round().astype(int) * (samples > 0.003)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], numbers, [0]])))
    runs = [numbers[start] for start in edges[:-1] if numbers[start]]
    places = [divmod(int(number) - 1, 50) for number in runs]
    return [(rest % 10, rest // 10, take) for take, rest in places]


def test_a_string_is_clips_of_one_speaker_and_its_words(corpus: Path) -> None:
    write_spoken_numbers(corpus)
    for split, (takes, count) in SPLITS.items():
        lines = (corpus / f"numbers-{split}.tsv").read_text().splitlines()
        assert len(lines) == count
        for line in lines:
            path, text = line.split("\t")
            found = clips(corpus / path)
            assert text.split() == [WORDS[digit] for digit, _, _ in found]
            assert 1 <= len(found) <= 6 and len({speaker for _, speaker, _ in found}) == 1
            assert {take for _, _, take in found} <= set(takes)


def test_a_held_out_speaker_is_the_test_and_nothing_else(corpus: Path) -> None:
    write_spoken_numbers(corpus, held_out="lucas")
    spoken = {
        split: {
            SPEAKERS[speaker]
            for path in sorted((corpus / "numbers" / split).iterdir())
            for _, speaker, _ in clips(path)
        }
        for split in SPLITS
    }
    assert spoken["test"] == {"lucas"} and spoken["train"] == {*SPEAKERS} - {"lucas"}
    assert spoken["valid"] <= spoken["train"]


def test_the_same_recordings_give_the_same_strings(corpus: Path) -> None:
    def written() -> dict[str, Any]:
        write_spoken_numbers(corpus)
        files = (path for path in corpus.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    assert written() == written()


def test_a_full_disk_is_one_sentence(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any, **options: Any) -> None:
        raise soundfile.SoundFileError("Error writing: System error.")

    monkeypatch.setattr(soundfile, "write", full)
    with pytest.raises(DataError, match=r"cannot be written \(0.flac: Error writing: System"):
        write_spoken_numbers(corpus)
    assert [path.name for path in corpus.iterdir()] == ["recordings"]
