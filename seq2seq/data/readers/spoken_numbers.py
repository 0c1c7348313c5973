"""Spoken numbers: strings of one to six digits, joined from the recordings of spoken digits.

    numbers/<split>/<number>.flac       clips of one speaker with pauses between
    numbers-<split>.tsv                 manifests, with the digits as words

Training, validation and test are joined from different recordings; those of the test are the
recordings 0 to 4, as in the usual split. The same recordings always give the same strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.readers.spoken_digits import RATE, RECORDINGS, SPEAKERS
from seq2seq.data.sounds import packages, write_flac
from seq2seq.disk import replace_text, replaced_directory, writing_into

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_DIGITS = 6
SPLITS = {"train": (range(10, 50), 4000), "valid": (range(5, 10), 300), "test": (range(5), 500)}
_PAUSES = (0.05, 0.4)  # shortest and longest pause, seconds
_NOISE = 0.0005  # deviation of the noise in a pause; full scale is 1
_SEED = 1


def write_spoken_numbers(directory: Path, *, held_out: str | None = None) -> None:
    """Write the strings and their manifests beside the recordings in `directory`.

    Args:
        directory: directory of the corpus.
        held_out: speaker of the whole test set, who is then in no other split; None to use all
            speakers in all splits.

    Raises:
        DataError: they cannot be written.
        SettingsError: a package of the extra `audio` is missing.
    """
    rng = np.random.default_rng(_SEED)
    with writing_into(directory):
        with replaced_directory(directory / "numbers") as partial:
            lines = {
                split: _write_split(directory, partial / split, rng, _speakers(split, held_out))
                for split in SPLITS
            }
        for split, entries in lines.items():
            replace_text(directory / f"numbers-{split}.tsv", "".join(entries))


def _speakers(split: str, held_out: str | None) -> Sequence[str]:
    """Return the speakers of a split (see `write_spoken_numbers`)."""
    if held_out is None:
        return SPEAKERS
    return [one for one in SPEAKERS if (one == held_out) == (split == "test")]


def _write_split(
    directory: Path, place: Path, rng: np.random.Generator, speakers: Sequence[str]
) -> list[str]:
    """Write the strings of a split into `place`, and return the lines of its manifest."""
    soundfile, _, _ = packages()
    takes, count = SPLITS[place.name]
    place.mkdir(parents=True)
    clips: dict[str, NDArray[np.float32]] = {}
    lines = []
    for number in range(count):
        speaker = speakers[int(rng.integers(len(speakers)))]
        digits = rng.integers(len(WORDS), size=int(rng.integers(1, MOST_DIGITS + 1))).tolist()
        parts = [_pause(rng)]
        for digit in digits:
            name = f"{digit}_{speaker}_{takes[int(rng.integers(len(takes)))]}"
            if name not in clips:
                path = directory / RECORDINGS / f"{name}.flac"
                clips[name], _ = soundfile.read(path, dtype="float32")
            parts += [clips[name], _pause(rng)]
        write_flac(place / f"{number}.flac", np.concatenate(parts), RATE)
        text = " ".join(WORDS[digit] for digit in digits)
        lines.append(f"numbers/{place.name}/{number}.flac\t{text}\n")
    return lines


def _pause(rng: np.random.Generator) -> NDArray[Any]:
    """Return the faint noise of a pause."""
    return rng.normal(0.0, _NOISE, int(rng.uniform(*_PAUSES) * RATE)).astype(np.float32)
