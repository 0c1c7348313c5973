"""Log-mel features of sound files, the same in training and in use.

A file is decoded in blocks, mixed to one channel, resampled to the rate of the settings, and turned
into the logarithms of the energy in mel bands, frame by frame. Samples are from -1 to 1, so that
the floor of the energy lies near one step of 16 bits. Nothing is random (no dither).
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import SoundNormalisation
from seq2seq.config.data_schema import AudioSettings
from seq2seq.errors import DataError, SettingsError

if TYPE_CHECKING:
    import soundfile

Samples = NDArray[np.float32]

SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au")
PACKAGES = ("soundfile", "soxr", "kaldi-native-fbank")
LOWEST_RATE, HIGHEST_RATE = 1000, 768_000  # Hz; a file with another rate counts as damaged
LOWEST_BAND = 20.0  # Hz at which the lowest mel band begins
_BLOCK = 1 << 16  # samples of all channels that are decoded at once
_CONSTANT = 1e-3  # deviation of a band, in nats, below which only rounding is left
_FULL_SCALE = 0.999  # absolute value from which a sample counts as full scale
_UNKNOWN_LENGTH = 2**62  # samples that a file claims if its writer did not know
# libsndfile reads a truncated file up to its end; only its log reports the truncation.
_CHUNK_SIZES = re.compile(r"^\s*(?:data|SSND)\s*: (\d+) \(should be (\d+)\)", re.MULTILINE)
_STREAMED = 0x7FFF_F000  # programs that write into a pipe claim a size of at least this
_NO_LAST_PAGE = "Last page lacks an end-of-stream bit"
_COPY_AGAIN = "copy it again, or write it anew if the rest is lost"


class SoundFacts(NamedTuple):
    """Facts about the sound in a file.

    Attributes:
        seconds, rate, channels: duration, samples per second, and number of channels.
        peak: largest absolute sample; 1 is full scale.
        power: mean square of the samples, mixed to one channel.
        clipped: share of the samples at full scale.
    """

    seconds: float
    rate: int
    channels: int
    peak: float
    power: float
    clipped: float


@dataclass
class _Levels:
    """Running peak, power and clipping of a sound, and its number of samples per channel."""

    count: int = 0
    peak: float = 0.0
    squares: float = 0.0
    clipped: int = 0

    def add(self, block: Samples, mono: Samples) -> None:
        size = np.abs(block)
        self.count += len(mono)
        self.peak = max(self.peak, float(size.max()))
        self.squares += float(np.square(mono, dtype=np.float64).sum())
        self.clipped += int((size >= _FULL_SCALE).sum())


def log_mel(path: Path, settings: AudioSettings) -> tuple[NDArray[np.float32], SoundFacts]:
    """Return the features of a sound file, `[steps, mel_bins * stack]`, and facts about it.

    A sound shorter than one frame is padded with silence to the length of a frame.

    Raises:
        DataError: the file cannot be used; the message begins with its path.
        SettingsError: the packages of the extra `audio` are missing, or the settings contradict
            each other.
    """
    features = LogMel(settings)
    levels = _Levels()
    with _opened(path) as file:
        resample = _resampler(file.samplerate, settings.rate)
        for block in _blocks(file, path):
            mono = block.mean(axis=1)
            levels.add(block, mono)
            features.add(resample(mono, False))
        if not levels.count:
            raise DataError(f"{path} holds no sound: it has no sample")
        features.add(resample(np.zeros(0, np.float32), True))
        facts = SoundFacts(
            seconds=levels.count / file.samplerate,
            rate=file.samplerate,
            channels=file.channels,
            peak=levels.peak,
            power=levels.squares / levels.count,
            clipped=levels.clipped / (levels.count * file.channels),
        )
    return features.last_steps(), facts


def check_audio(settings: AudioSettings) -> None:
    """Raise `SettingsError` if a package is missing or the settings contradict each other."""
    packages()
    LogMel(settings)


def library_versions() -> dict[str, str]:
    """Return the versions of the packages on which the values of the features depend."""
    from importlib.metadata import version

    return {name: version(name) for name in PACKAGES}


def packages() -> tuple[Any, Any, Any]:
    """Return the modules soundfile, soxr and kaldi_native_fbank.

    Raises:
        SettingsError: one is missing.
    """
    try:
        import kaldi_native_fbank
        import soundfile
        import soxr
    except (ImportError, OSError) as error:  # OSError: soundfile finds no libsndfile
        raise SettingsError(
            f"received sound files, and a package that reads them is missing ({error}); install "
            f"{', '.join(PACKAGES)}: pip install 'seq2seq-lstm[audio]'"
        ) from error
    return soundfile, soxr, kaldi_native_fbank


def write_flac(path: Path, samples: NDArray[Any], rate: int) -> None:
    """Write samples of one channel as a FLAC file of 16 bits.

    Raises:
        OSError: the file cannot be written; soundfile's own error, such as for a full disk, is
            converted.
    """
    soundfile, _, _ = packages()
    try:
        soundfile.write(path, samples, rate, subtype="PCM_16")
    except soundfile.SoundFileError as error:
        raise OSError(f"{path.name}: {error}") from error


class LogMel:
    """Log-mel features of samples that arrive in blocks.

    Attributes:
        samples: number of samples added so far.
    """

    def __init__(self, settings: AudioSettings) -> None:
        """Begin a sound.

        Raises:
            SettingsError: the settings contradict each other.
        """
        _, _, fbank = packages()
        options = fbank.FbankOptions()
        frame, mel = options.frame_opts, options.mel_opts
        frame.dither = 0.0
        frame.samp_freq = settings.rate
        frame.frame_length_ms, frame.frame_shift_ms = settings.window, settings.shift
        frame.snip_edges = False  # the last samples count too
        mel.num_bins, mel.low_freq = settings.mel_bins, LOWEST_BAND
        try:
            self._frames_of = fbank.OnlineFbank(options)
        except ValueError as error:
            raise SettingsError(
                f"data.audio received mel_bins={settings.mel_bins} with rate={settings.rate} and "
                f"window={settings.window:g}, which do not go together ({error}); take fewer "
                "mel_bins or a longer window"
            ) from error
        self._settings = settings
        self.samples = self._done = 0
        self._frames: list[Samples] = []

    def add(self, samples: Samples) -> None:
        """Add the next samples, at the rate of the settings."""
        if len(samples):
            self.samples += len(samples)
            self._frames_of.accept_waveform(self._settings.rate, samples)
            self._take()

    def complete_steps(self) -> NDArray[np.float32]:
        """Return the steps `[steps, features]` that are complete and were not returned before.

        If the settings require normalisation, no step is complete before the end of the sound.
        """
        if self._settings.normalise != "none":
            return self._joined(0)
        return self._joined(len(self._frames) // self._settings.stack)

    def last_steps(self) -> NDArray[np.float32]:
        """End the sound, and return its steps that were not returned before.

        The last frame is repeated to fill the last step.
        """
        settings = self._settings
        missing = math.ceil(settings.rate * settings.window / 1000) - self.samples
        if missing > 0:
            self.add(np.zeros(missing, np.float32))
        self._frames_of.input_finished()
        self._take()
        if settings.normalise != "none":
            self._frames = list(normalised(np.array(self._frames), settings.normalise))
        self._frames += self._frames[-1:] * (-len(self._frames) % settings.stack)
        return self._joined(len(self._frames) // settings.stack)

    def _joined(self, steps: int) -> NDArray[np.float32]:
        """Remove the frames of the next `steps` steps; return them as `[steps, features]`."""
        count, size = steps * self._settings.stack, self._settings.mel_bins * self._settings.stack
        taken, self._frames = self._frames[:count], self._frames[count:]
        return np.array(taken, np.float32).reshape(steps, size)

    def _take(self) -> None:
        ready = self._frames_of.num_frames_ready
        self._frames += [
            np.array(self._frames_of.get_frame(number)) for number in range(self._done, ready)
        ]
        self._frames_of.pop(ready - self._done)
        self._done = ready


def normalised(frames: Samples, kind: SoundNormalisation) -> Samples:
    """Return the frames of a recording, `[frames, mel_bins]`, normalised by its own statistics.

    `level` gives all bands together a mean power of 1, so that the volume does not matter; `mean`
    gives each band a mean of 0, so that the microphone does not matter; `mean_variance` also gives
    each band a deviation of 1. A band that is constant, as in silence, becomes 0.
    """
    if kind == "none":
        return frames
    exact = frames.astype(np.float64)
    if kind == "level":
        return np.asarray(exact - np.log(np.exp(exact).mean()), np.float32)
    exact -= exact.mean(axis=0)
    if kind == "mean_variance":
        deviation = exact.std(axis=0)
        exact /= np.where(deviation > _CONSTANT, deviation, 1.0)
    return exact.astype(np.float32)


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """Open a sound file.

    Raises:
        DataError: it is missing, empty, damaged, or of another kind.
    """
    soundfile, _, _ = packages()
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path} is no file; give a wav, flac or ogg file")
        with path.open("rb", buffering=0) as plain:
            if not os.fstat(plain.fileno()).st_size:
                raise DataError(f"{path} is empty; give a wav, flac or ogg file")
            # The file is opened by its descriptor, not by its name, whose suffix may be wrong.
            with soundfile.SoundFile(plain.fileno(), closefd=False) as file:
                _check_header(file, path)
                yield file
    except OSError as error:
        what = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
        reason = "" if isinstance(error, FileNotFoundError) else f": {error.strerror or error}"
        raise DataError(f"{path} {what}{reason}") from error
    except soundfile.SoundFileError as error:
        reason = str(getattr(error, "error_string", error)).rstrip(".")
        raise DataError(
            f"{path} cannot be decoded ({reason}); give a wav, flac or ogg file that is not damaged"
        ) from error


def _check_header(file: soundfile.SoundFile, path: Path) -> None:
    """Reject a file whose header, or whose log of libsndfile, shows that it is damaged.

    Raises:
        DataError: its sample rate is not allowed, or its end is missing.
    """
    if not LOWEST_RATE <= file.samplerate <= HIGHEST_RATE:
        raise DataError(
            f"{path} has {file.samplerate:,} samples a second; allowed are {LOWEST_RATE:,} to "
            f"{HIGHEST_RATE:,}: resample it, or make it again"
        )
    log = file.extra_info
    sizes = [tuple(map(int, found)) for found in _CHUNK_SIZES.findall(log)]
    if _NO_LAST_PAGE in log or any(there < said < _STREAMED for said, there in sizes):
        raise DataError(f"{path} is cut off: its end is missing; {_COPY_AGAIN}")


def _blocks(file: soundfile.SoundFile, path: Path) -> Iterator[Samples]:
    """Yield the samples of a file in blocks `[samples, channels]`.

    Raises:
        DataError: the file is shorter than its header states, or a sample is not a finite number.
    """
    size = max(1, _BLOCK // file.channels)
    promised = file.frames if file.frames < _UNKNOWN_LENGTH else 0
    done = 0
    while len(block := file.read(size, dtype="float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise DataError(f"{path} holds a sample that is not a finite number; make it again")
        done += len(block)
        yield block
    if done < promised:
        seconds, whole = done / file.samplerate, promised / file.samplerate
        raise DataError(
            f"{path} is cut off after {seconds:.2f} of {whole:.2f} seconds; {_COPY_AGAIN}"
        )


def _resampler(rate: int, wanted: int) -> Any:
    """Return a function that resamples a block; its second argument is true for the last block."""
    if rate == wanted:
        return lambda samples, last: samples
    _, soxr, _ = packages()
    stream = soxr.ResampleStream(rate, wanted, 1, dtype="float32", quality="HQ")
    return stream.resample_chunk
