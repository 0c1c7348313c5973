"""Spoken digits: recordings of the Free Spoken Digit Dataset, with the usual split.

    recordings/<digit>_<speaker>_<number>.flac    50 of each digit by each of five speakers
    train.tsv, test.tsv                           manifests; recordings 0 to 4 form the test set

The recordings are CC BY-SA 4.0 (github.com/Jakobovski/free-spoken-digit-dataset); none is part of
this package. Their samples are verified by a checksum, whatever archive they come from.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.download import Progress, fetch
from seq2seq.data.sounds import packages, write_flac
from seq2seq.disk import replace_text, replaced_directory, writing_into
from seq2seq.errors import DataError

BASE_URL = "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags"
VERSION = "v1.0.10"
SPEAKERS = ("george", "jackson", "lucas", "nicolas", "yweweler")
RATE = 8000
CHECKSUM = "99d1fd368021c339f0513a21624d0a49734e3b98c785707b5ce5d87e6f487e19"
RECORDINGS = "recordings"
_TEST = 5  # recordings of each digit and speaker that are the test, from number 0 on
_NUMBERS = 50
_MOST_BYTES = 1_000_000  # maximum size of one recording
_NAMES = tuple(
    f"{digit}_{speaker}_{number}"
    for digit, speaker, number in product(range(10), SPEAKERS, range(_NUMBERS))
)


def fetch_spoken_digits(
    directory: Path, *, base_url: str | None = None, progress: Progress | None = None
) -> None:
    """Write the recordings and the manifests into `directory`; existing recordings are kept.

    Args:
        directory: directory of the corpus.
        base_url: address of a mirror of the archive.
        progress: see `seq2seq.data.download.download`.

    Raises:
        SettingsError: a package of the extra `audio` is missing, or the address is invalid.
        DataError: the archive cannot be fetched, or holds other recordings.
    """
    packages()
    recordings = directory / RECORDINGS
    if not recordings.exists():
        url = f"{(base_url or BASE_URL).rstrip('/')}/{VERSION}.tar.gz"
        archive = fetch(url, directory / f"{VERSION}.tar.gz", progress=progress)
        _unpack(archive, recordings)
    elif _checksum(recordings) != CHECKSUM:
        raise DataError(
            f"{recordings} is there already and holds other recordings than {VERSION} of the "
            "dataset; move it away and download again"
        )
    _write_manifests(directory)


def _unpack(archive: Path, recordings: Path) -> None:
    """Write the recordings of an archive as FLAC, and remove the archive.

    Raises:
        DataError: the archive is damaged or holds other recordings.
    """
    soundfile, _, _ = packages()
    try:
        with writing_into(recordings), replaced_directory(recordings) as partial:
            for name, content in _members(archive):
                samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
                write_flac(partial / f"{name}.flac", samples, rate)
            if _checksum(partial) != CHECKSUM:
                raise ValueError("other recordings")
    except (ValueError, soundfile.SoundFileError) as error:
        raise DataError(
            f"{archive} is not {VERSION} of the Free Spoken Digit Dataset ({error}); nothing was "
            "kept: try later or another --base-url"
        ) from error
    finally:
        archive.unlink(missing_ok=True)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each wanted recording; archive paths are never written to.

    Raises:
        ValueError: the archive is damaged.
    """
    wanted = set(_NAMES)
    try:
        with tarfile.open(archive, "r:gz") as file:
            for member in file:
                path = Path(member.name)
                wav = path.suffix == ".wav" and path.parent.name == RECORDINGS
                if not (wav and member.isfile() and path.stem in wanted):
                    continue
                content = file.extractfile(member)
                if content is not None and member.size <= _MOST_BYTES:
                    yield path.stem, content.read()
    except (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError) as error:
        raise ValueError(str(error)) from error


def _checksum(recordings: Path) -> str:
    """Return the checksum of the samples of all recordings, or a message about an invalid one."""
    soundfile, _, _ = packages()
    digest = sha256()
    for name in _NAMES:
        try:
            samples: NDArray[Any]
            samples, rate = soundfile.read(recordings / f"{name}.flac", dtype="int16")
        except (OSError, soundfile.SoundFileError):
            return f"{name} is missing or damaged"
        digest.update(f"{name} {rate} {len(samples)} ".encode())
        digest.update(np.ascontiguousarray(samples, "<i2").tobytes())
    return digest.hexdigest()


def _write_manifests(directory: Path) -> None:
    lines: dict[str, list[str]] = {"train": [], "test": []}
    for name in _NAMES:
        digit, _, number = name.split("_")
        split = "test" if int(number) < _TEST else "train"
        lines[split].append(f"{RECORDINGS}/{name}.flac\t{digit}\n")
    with writing_into(directory):
        for split, entries in lines.items():
            replace_text(directory / f"{split}.tsv", "".join(entries))
