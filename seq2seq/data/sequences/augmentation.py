"""Augmentation of sounds: random changes that imitate other voices, rooms and speeds.

Every training sound is changed anew in each epoch. The change is applied to its log-mel frames, not
to its samples; therefore no sound is decoded twice, and only the features of a corpus are stored.
The change is a function of (seed, epoch, row), so that a resumed run computes the same change.

Sources: Park et al. 2019, "SpecAugment"; Jaitly & Hinton 2013, "Vocal tract length perturbation";
Ko et al. 2015, "Audio augmentation for speech recognition", for the speed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.config.data_schema import AudioSettings, AugmentSettings, DataSettings
from seq2seq.data.sounds import LOWEST_BAND, normalised
from seq2seq.data.store import Column

Frames = NDArray[np.float32]  # [frames, mel_bins]

_SPEED, _CHANGE = 0x59EED, 0xC4A26E  # kinds of draws
_DECIBEL = math.log(10) / 10  # in natural logarithms of energy
_TILT = 3.0  # greatest difference in noise between the highest and the lowest band, in nats
_WAVES = 3  # cosines over all bands whose sum is the gain of a microphone
_FLUCTUATION = 0.5  # deviation of the noise from frame to frame, in nats
# Typical deviation of a band of speech over time, in nats; it undoes the scaling of features that
# were normalised to a deviation of 1.
_TYPICAL_DEVIATION = 2.5
_HIGHEST_MEL_SHARE = 0.85  # share of the mel scale above which the warping changes (see `_warped`)


@dataclass(frozen=True)
class Augmentation:
    """Random change of the sounds of one epoch.

    Attributes:
        settings: kinds and sizes of the changes.
        audio: settings of the features.
        longest: greatest number of steps of a changed sound.
        seed, epoch: seed of the run, and number of the epoch.
    """

    settings: AugmentSettings
    audio: AudioSettings
    longest: int
    seed: int
    epoch: int

    @property
    def active(self) -> bool:
        """Return whether anything is changed."""
        each = self.settings
        masks = each.time_masks * each.time_mask, each.band_masks * each.band_mask
        return any((each.speed, each.warp, each.channel, each.noise, *masks))

    def lengths(self, lengths: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the number of steps of each changed sound, `[rows]`, from the stored `lengths`."""
        rng = np.random.default_rng([self.seed, self.epoch, _SPEED])
        speed = 1.0 + self.settings.speed * rng.uniform(-1.0, 1.0, len(lengths))
        return np.clip(np.rint(lengths / speed), 1, self.longest).astype(np.int32)

    def apply(self, steps: NDArray[Any], row: int, length: int) -> NDArray[np.float32]:
        """Return the changed steps of a sound.

        Args:
            steps: stored steps of the sound, `[steps, mel_bins * stack]`.
            row: row of the sound.
            length: number of steps of the result.
        """
        settings, bands = self.settings, self.audio.mel_bins
        rng = np.random.default_rng([self.seed, self.epoch, _CHANGE, row])
        frames = np.asarray(steps, np.float32).reshape(-1, bands)
        frames = _stretched(frames, length * self.audio.stack)
        if settings.warp:
            frames = _warped(frames, 1.0 + settings.warp * rng.uniform(-1.0, 1.0), self.audio.rate)
        if settings.channel:
            frames = frames + _channel(bands, settings.channel, rng)
        if rng.random() < settings.noise:
            deviation = _TYPICAL_DEVIATION if self.audio.normalise == "mean_variance" else 1.0
            ratio = rng.uniform(settings.lowest_snr, settings.highest_snr)
            frames = _noisy(frames * deviation, ratio, rng) / np.float32(deviation)
        frames = normalised(frames, self.audio.normalise)
        mean = frames.mean(axis=0)
        for _ in range(settings.time_masks):
            frames[_span(len(frames), settings.time_mask, rng)] = mean
        for _ in range(settings.band_masks):
            masked = _span(bands, settings.band_mask, rng)
            frames[:, masked] = mean[masked]
        return frames.reshape(length, -1)


@dataclass(frozen=True, eq=False)
class AugmentedSounds(Column):
    """Column whose rows are changed when they are read; the stored `values` stay unchanged."""

    augmentation: Augmentation

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Return the number of steps of each changed row, `[n]`."""
        return self.augmentation.lengths(np.diff(self.offsets).astype(np.int32))

    def __getitem__(self, row: int) -> NDArray[np.float32]:
        """Return the changed steps of one row, `[steps, features]`."""
        stored = super().__getitem__(row)
        return self.augmentation.apply(stored, row, int(self.lengths[row]))

    def gather(self, rows: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return the given rows, changed and concatenated, and their lengths; see `Column`."""
        picked = np.asarray(rows, np.int64)
        return np.concatenate([self[int(row)] for row in picked]), self.lengths[picked]


def augmented(column: Column, data: DataSettings, *, seed: int, epoch: int) -> Column:
    """Return the sounds of an epoch: changed by `data.augment`, or unchanged if it is off."""
    augmentation = Augmentation(data.augment, data.audio, data.max_length, seed, epoch)
    if not augmentation.active:
        return column
    return AugmentedSounds(column.values, column.offsets, augmentation)


def _stretched(frames: Frames, count: int) -> Frames:
    """Return the sound, stretched or shortened to `count` frames by interpolation."""
    if count == len(frames):
        return frames.copy()
    places = np.linspace(0.0, len(frames) - 1.0, count)
    return _interpolated(frames, places)


def _warped(frames: Frames, factor: float, rate: int) -> Frames:
    """Return the frames with frequencies multiplied by `factor`; above 1, like a shorter throat.

    Above about 85 % of the mel scale of the features, the factor approaches 1, so that the highest
    frequency stays unchanged.
    """
    bands = frames.shape[1]
    low, high = _mel(LOWEST_BAND), _mel(rate / 2)
    width = (high - low) / (bands + 1)
    centres = low + width * np.arange(1, bands + 1)
    bend = low + _HIGHEST_MEL_SHARE * (high - low) * min(1.0, factor)
    sources = _mel(_hertz(np.minimum(centres, bend)) / factor)
    last = _mel(_hertz(bend) / factor)
    above = centres > bend
    sources[above] = last + (centres[above] - bend) * (high - last) / (high - bend)
    places = np.clip((sources - low) / width - 1.0, 0.0, bands - 1.0)
    return _interpolated(frames.T, places).T.copy()


def _mel(hertz: Any) -> Any:
    return 1127.0 * np.log1p(hertz / 700.0)


def _hertz(mel: Any) -> Any:
    return 700.0 * np.expm1(mel / 1127.0)


def _interpolated(values: Frames, places: NDArray[np.float64]) -> Frames:
    """Return the values `[places, ...]` at fractional positions of the first axis."""
    below = np.minimum(places.astype(np.int64), len(values) - 1)
    above = np.minimum(below + 1, len(values) - 1)
    share = (places - below).astype(np.float32)[:, np.newaxis]
    return np.asarray(values[below] * (1 - share) + values[above] * share, np.float32)


def _channel(bands: int, decibels: float, rng: np.random.Generator) -> Frames:
    """Return a random gain of each band, smooth over the bands and at most about `decibels`."""
    sizes = rng.normal(0.0, decibels * _DECIBEL / 2, _WAVES)
    places = np.pi * (np.arange(bands) + 0.5) / bands
    waves = np.cos(np.arange(1, _WAVES + 1)[:, np.newaxis] * places)
    return np.asarray(sizes @ waves, np.float32)


def _noisy(frames: Frames, ratio: float, rng: np.random.Generator) -> Frames:
    """Return the frames with noise of a random colour, `ratio` decibels below their mean power."""
    bands = frames.shape[1]
    level = np.log(np.mean(np.exp(frames.astype(np.float64)))) - ratio * _DECIBEL
    colour = _TILT * rng.uniform(-1.0, 1.0) * np.linspace(-0.5, 0.5, bands)
    noise = level + colour + _FLUCTUATION * rng.standard_normal(frames.shape)
    return np.asarray(np.logaddexp(frames, noise), np.float32)


def _span(count: int, share: float, rng: np.random.Generator) -> slice:
    """Return a random span of at most `share` of `count` positions."""
    size = int(rng.integers(0, int(share * count) + 1))
    start = int(rng.integers(0, count - size + 1))
    return slice(start, start + size)
