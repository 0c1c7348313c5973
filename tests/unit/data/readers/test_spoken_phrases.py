"""Spoken phrases: sentences of the phrasebook in synthetic voices, each split with its own."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.commands.main import main
from seq2seq.config.recipe_files import phrasebook_directory
from seq2seq.data.readers import spoken_phrases
from seq2seq.data.readers.spoken_phrases import (
    ACCENTS,
    MOST_WORDS,
    RATE,
    SPLITS,
    Split,
    write_spoken_phrases,
)
from seq2seq.errors import DataError, SettingsError

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
SMALL = {
    "train": Split(5, 1, ("m1", "f1")),
    "valid": Split(2, 1, ("f4",)),
    "test": Split(2, 2, ("m7", "f5")),
}
# Says a tone instead of the text: the longer the text, the longer the tone.
STAND_IN = f"""#!{sys.executable}
import io, math, struct, sys, wave
arguments = sys.argv[1:]
if arguments[0].startswith("--voices="):
    names = {{"en": {" ".join(ACCENTS)!r}, "variant": "VARIANTS"}}
    sys.exit(print(names[arguments[0][9:]]))
text = sys.stdin.read()
file = io.BytesIO()
with wave.open(file, "wb") as sound:
    sound.setparams((1, 2, 22050, 0, "NONE", ""))
    tone = [int(9999 * math.sin(0.1 * n)) for n in range(500 * len(text))]
    sound.writeframes(struct.pack(f"<{{len(tone)}}h", *tone))
sys.stdout.buffer.write(file.getvalue())
"""


def install(directory: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let `program` be the espeak-ng that is found."""
    (directory / "bin").mkdir()
    path = directory / "bin" / "espeak-ng"
    path.write_text(program)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(directory / "bin"))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for a small corpus, with a stand-in for espeak-ng."""
    monkeypatch.setattr(spoken_phrases, "SPLITS", SMALL)
    variants = " ".join(f"!v/{name}" for split in SMALL.values() for name in split.variants)
    install(tmp_path, monkeypatch, STAND_IN.replace("VARIANTS", variants))
    return tmp_path / "corpus"


def entries(corpus: Path, split: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (corpus / f"{split}.jsonl").read_text().splitlines()]


def phrasebook(split: str) -> set[tuple[str, str]]:
    files = [phrasebook_directory() / f"{split}.{language}" for language in ("en", "de")]
    return set(zip(*(path.read_text().splitlines() for path in files), strict=True))


def test_an_utterance_is_a_short_pair_of_its_split_in_a_voice_of_its_split(corpus: Path) -> None:
    assert main(["download", "spoken_phrases", "--directory", str(corpus)]) == 0
    for split, size in SMALL.items():
        found = entries(corpus, split)
        pairs = [(one["english"], one["german"]) for one in found]
        assert len(found) == size.sentences * size.takes
        assert len(set(pairs)) == size.sentences and set(pairs) <= phrasebook(split)
        for number, one in enumerate(found):
            accent, _, variant = one["voice"].partition("+")
            assert accent in ACCENTS and variant in size.variants
            assert len(one["english"].split()) <= MOST_WORDS
            assert not any(map(str.isdigit, one["english"]))
            assert one["source"] == f"sounds/{split}/{number}.flac"
            samples, rate = soundfile.read(corpus / one["source"])
            spoken = 500 * len(one["english"]) / 22050  # seconds, before pauses
            assert rate == RATE and 0.1 < len(samples) / RATE - spoken < 0.6
            assert 0.09 < np.abs(samples).max() < 0.91
        for suffix, side in (("en", 0), ("de", 1)):
            text = (corpus / f"{split}.{suffix}").read_text()
            assert text.splitlines() == [pair[side] for pair in pairs]


def test_the_same_program_gives_the_same_corpus(corpus: Path) -> None:
    def written() -> dict[str, Any]:
        write_spoken_phrases(corpus)
        return {str(path): path.read_bytes() for path in corpus.rglob("*") if path.is_file()}

    assert written() == written()


def test_takes_of_a_sentence_differ(corpus: Path) -> None:
    write_spoken_phrases(corpus)
    first, second, *_ = entries(corpus, "test")
    assert first["english"] == second["english"]
    sounds = [(corpus / one["source"]).read_bytes() for one in (first, second)]
    assert sounds[0] != sounds[1]


def test_no_voice_of_a_split_speaks_in_another() -> None:
    voices = [name for split in SPLITS.values() for name in split.variants]
    assert len(voices) == len(set(voices)) and len(SPLITS["train"].variants) >= 40


def test_a_missing_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["download", "spoken_phrases", "--directory", str(tmp_path / "corpus")]) == 2
    assert capsys.readouterr().err == (
        "seq2seq: error: spoken_phrases is spoken by espeak-ng, which is not installed; install "
        "it, as `apt-get install espeak-ng` does\n"
    )
    assert not (tmp_path / "corpus").exists()


def test_a_missing_voice_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, STAND_IN.replace("VARIANTS", "!v/m1"))
    with pytest.raises(SettingsError, match="espeak-ng has no voice 'adam'"):
        write_spoken_phrases(tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_a_failing_program_leaves_no_partial_corpus(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_spoken_phrases(corpus)
    before = sorted(corpus.rglob("*"))
    program = corpus.parent / "bin" / "espeak-ng"
    fails = "text = 0; sys.exit('no data')"
    program.write_text(program.read_text().replace("text = sys.stdin.read()", fails))
    with pytest.raises(DataError, match=r"espeak-ng -v .* failed \(no data\)"):
        write_spoken_phrases(corpus)
    assert sorted(corpus.rglob("*")) == before


def test_a_full_disk_is_one_sentence(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any, **options: Any) -> None:
        raise soundfile.SoundFileError("Error writing: System error.")

    monkeypatch.setattr(soundfile, "write", full)
    with pytest.raises(DataError, match=r"corpus cannot be written \(0.flac: Error writing"):
        write_spoken_phrases(corpus)
    assert list(corpus.iterdir()) == []


def test_a_mirror_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["download", "spoken_phrases", "--base-url", "http://x"]) == 2
    assert "spoken_phrases, which is spoken by the installed espeak-ng" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs the program espeak-ng")
def test_espeak_ng_has_the_voices_and_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken_phrases._check_voices()
    monkeypatch.setattr(spoken_phrases, "SPLITS", SMALL)
    write_spoken_phrases(tmp_path)
    for one in entries(tmp_path, "test"):
        samples, rate = soundfile.read(tmp_path / one["source"])
        seconds = len(samples) / rate
        assert 0.04 < seconds / len(one["english"]) < 0.25  # a character takes some 0.07 s
