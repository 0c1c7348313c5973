"""Spoken phrases: short sentences of the phrasebook, spoken by the synthesiser espeak-ng.

    sounds/<split>/<number>.flac        utterances, each with its own voice, speed, pitch and noise
    <split>.jsonl                       manifests: path, English, German, voice
    <split>.en, <split>.de              the same sentences as text

Validation and test have other voices and other sentences than training. The same version of
espeak-ng always gives the same corpus. These voices are synthetic: results may differ for human
voices.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.recipe_files import phrasebook_directory
from seq2seq.data.sounds import packages, write_flac
from seq2seq.disk import replace_text, replaced_directory, writing_into
from seq2seq.errors import DataError, SettingsError

Samples = NDArray[np.float32]

PROGRAM = "espeak-ng"
RATE = 16_000
ACCENTS = ("en-gb", "en-us", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd")
MOST_WORDS = 8  # of a sentence
_SPEEDS = (120, 200)  # words per minute
_PITCHES = (25, 75)  # of espeak-ng, from 0 to 99
_LEVELS = (0.1, 0.9)  # peak of an utterance; full scale is 1
_NOISES = (10.0, 40.0)  # ratio of speech to noise, in decibels
_COLOURS = (0.0, 2.0)  # exponent by which noise power falls with frequency: 0 white, 2 brown
_PAUSES = (0.05, 0.3)  # seconds before and after the speech
_SEED = 1
_LOGGED = 1000  # utterances between two messages
_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class Split:
    """Size and voices of a split.

    Attributes:
        sentences: largest number of different sentences.
        takes: number of utterances of each sentence.
        variants: variants of espeak-ng's voice; each speaks with any of the accents.
    """

    sentences: int
    takes: int
    variants: tuple[str, ...]


# Variants that resemble each other (f2 and f5, linda and belinda, m7 and m8) are in one split.
_TRAIN = (
    "adam Alex Alicia Andrea antonio aunty benjamin boris caleb croak david Denis ed edward f1 "
    "f3 Gene grandma grandpa Henrique Hugo iven Jacky john klatt klatt3 klatt4 Lee m1 m3 m4 m6 "
    "marcelo Marco Mario max miguel Nguyen norbert pablo paul pedro rob robert steph travis "
    "victor zac"
)
SPLITS = {
    "train": Split(12_000, 1, tuple(_TRAIN.split())),
    "valid": Split(300, 1, ("Annie", "f4", "m5", "Michael")),
    "test": Split(300, 2, ("Andy", "belinda", "f2", "f5", "linda", "m7", "m8", "quincy")),
}


@dataclass(frozen=True)
class Utterance:
    """English sentence with the path of its sound, its German translation, and its voice."""

    source: str
    english: str
    german: str
    voice: str


def write_spoken_phrases(directory: Path) -> None:
    """Write the utterances and their manifests into `directory`.

    Raises:
        DataError: they cannot be written, or espeak-ng fails.
        SettingsError: espeak-ng, one of its voices, or a package of the extra `audio` is missing.
    """
    packages()
    _check_voices()
    splits = {split: _utterances(split) for split in SPLITS}
    with writing_into(directory):
        with replaced_directory(directory / "sounds") as partial:
            for split, utterances in splits.items():
                (partial / split).mkdir()
                _speak_all(utterances, partial / split, split)
        for split, utterances in splits.items():
            _write_texts(directory, split, utterances)


def _check_voices() -> None:
    """Raise `SettingsError` if espeak-ng or one of its voices is missing."""
    try:
        lists = [_run(f"--voices={kind}") for kind in ("en", "variant")]
    except FileNotFoundError as error:
        raise SettingsError(
            f"spoken_phrases is spoken by {PROGRAM}, which is not installed; install it, as "
            f"`apt-get install {PROGRAM}` does"
        ) from error
    accents, variants = (text.decode(errors="replace").split() for text in lists)
    missing = [name for name in ACCENTS if name not in accents]
    # With an unknown variant espeak-ng speaks with its usual voice, and reports no error.
    for split in SPLITS.values():
        missing += [name for name in split.variants if f"!v/{name}" not in variants]
    if missing:
        raise SettingsError(
            f"{PROGRAM} has no voice {missing[0]!r}; spoken_phrases was made with version 1.51: "
            "install that or a newer one"
        )


def _run(*arguments: str, text: str = "") -> bytes:
    """Return the output of espeak-ng.

    Raises:
        DataError: it fails.
        FileNotFoundError: it is not installed.
    """
    command = [PROGRAM, *arguments]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode or not done.stdout:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise DataError(
            f"{' '.join(command)} failed ({reason[-1] if reason else 'no output'}); "
            "see whether it speaks by itself, or install it again"
        )
    return done.stdout


def _utterances(split: str) -> list[Utterance]:
    """Return the utterances of a split, with voices drawn at random."""
    rng, size = _rng(split), SPLITS[split]
    pairs = _short_pairs(split)
    chosen = rng.permutation(len(pairs))[: size.sentences]
    voices = [f"{accent}+{variant}" for accent in ACCENTS for variant in size.variants]
    utterances = []
    for number, pair in enumerate(np.repeat(chosen, size.takes)):
        english, german = pairs[pair]
        voice = voices[int(rng.integers(len(voices)))]
        utterances.append(Utterance(f"sounds/{split}/{number}.flac", english, german, voice))
    return utterances


def _short_pairs(split: str) -> list[tuple[str, str]]:
    """Return the pairs of a phrasebook split whose English is short, each pair once.

    Sentences with digits are left out: several spellings of a time or a price sound the same.
    """
    files = [phrasebook_directory() / f"{split}.{language}" for language in ("en", "de")]
    english, german = (path.read_text(encoding="utf-8").split("\n")[:-1] for path in files)
    return [
        (source, target)
        for source, target in dict.fromkeys(zip(english, german, strict=True))
        if len(source.split()) <= MOST_WORDS and not any(map(str.isdigit, source))
    ]


def _rng(split: str, *number: int) -> np.random.Generator:
    """Return the generator of a split, or of one of its utterances."""
    return np.random.default_rng([_SEED, list(SPLITS).index(split), *number])


def _speak_all(utterances: list[Utterance], place: Path, split: str) -> None:
    """Write the sounds of the utterances into `place`; raise `OSError` if that fails."""

    def write(number: int) -> None:
        samples = _spoken(utterances[number], _rng(split, number))
        write_flac(place / f"{number}.flac", samples, RATE)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        for done, _ in enumerate(threads.map(write, range(len(utterances))), start=1):
            if done % _LOGGED == 0:
                _LOG.info("%s: %d of %d spoken", split, done, len(utterances))


def _spoken(utterance: Utterance, rng: np.random.Generator) -> Samples:
    """Return the samples of an utterance, with pauses around it and noise."""
    soundfile, soxr, _ = packages()
    speed, pitch = int(rng.integers(*_SPEEDS)), int(rng.integers(*_PITCHES))
    options = ["-v", utterance.voice, "-s", str(speed), "-p", str(pitch)]
    wav = _run(*options, "-b", "1", "-z", "--stdin", "--stdout", text=utterance.english)
    speech, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    speech = soxr.resample(speech, rate, RATE)
    around = [np.zeros(int(rng.uniform(*_PAUSES) * RATE), np.float32) for _ in range(2)]
    sound = np.concatenate([around[0], speech, around[1]])
    loudness = float(np.sqrt(np.square(speech).mean()))
    sound = sound + _noise(len(sound), rng) * loudness * 10 ** (-rng.uniform(*_NOISES) / 20)
    samples: Samples = (sound * rng.uniform(*_LEVELS) / np.abs(sound).max()).astype(np.float32)
    return samples


def _noise(count: int, rng: np.random.Generator) -> Samples:
    """Return noise with a mean square of 1, between white and brown."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    frequencies = np.maximum(np.arange(len(spectrum)), 50 * count / RATE)  # flat below 50 Hz
    noise = np.fft.irfft(spectrum * frequencies ** (-rng.uniform(*_COLOURS) / 2), count)
    scaled: Samples = (noise / np.sqrt(np.square(noise).mean())).astype(np.float32)
    return scaled


def _write_texts(directory: Path, split: str, utterances: list[Utterance]) -> None:
    """Write the manifest of a split, and its sentences as text."""
    lines = [json.dumps(vars(one), ensure_ascii=False) for one in utterances]
    replace_text(directory / f"{split}.jsonl", "".join(f"{line}\n" for line in lines))
    for suffix, texts in (
        ("en", [one.english for one in utterances]),
        ("de", [one.german for one in utterances]),
    ):
        replace_text(directory / f"{split}.{suffix}", "".join(f"{text}\n" for text in texts))
