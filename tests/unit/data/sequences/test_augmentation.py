"""Augmentation of sounds: a function of (seed, epoch, row), of the size that the settings allow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from seq2seq.config.data_schema import AudioSettings, AugmentSettings, DataSettings
from seq2seq.data.sequences.augmentation import augmented
from seq2seq.data.store import Column

BANDS, STACK = 20, 2
LENGTHS = np.array([30, 1, 12, 57])
ALL = {"speed": 0.3, "warp": 0.2, "channel": 6.0, "noise": 0.5, "time_masks": 2, "band_masks": 2}


def frames(seed: int = 3, *, mean: float = -5.0) -> Any:
    """Frames that change smoothly from band to band, `[frames, BANDS] float32`."""
    random = np.random.default_rng(seed)
    rough = random.normal(mean, 3, (int(LENGTHS.sum()) * STACK, BANDS + 8))
    smooth = np.stack([rough[:, band : band + 8].mean(axis=1) for band in range(BANDS)], axis=1)
    return smooth.astype(np.float32)


def column(values: Any = None) -> Column:
    values = frames() if values is None else values
    offsets = np.concatenate([[0], np.cumsum(LENGTHS)]).astype(np.int64)
    return Column(values.reshape(-1, BANDS * STACK), offsets)


def data(*, normalise: Any = "none", longest: int = 60, **settings: Any) -> DataSettings:
    audio = AudioSettings(rate=8000, mel_bins=BANDS, stack=STACK, normalise=normalise)
    return DataSettings(
        format="audio", audio=audio, augment=AugmentSettings(**settings), max_length=longest
    )


def changed(rows: Any = (0, 1, 2, 3), *, seed: int = 1, epoch: int = 0, **settings: Any) -> Any:
    """The rows of an epoch as `[frames, BANDS]`, and their numbers of steps."""
    values, lengths = augmented(column(), data(**settings), seed=seed, epoch=epoch).gather(rows)
    return values.reshape(-1, BANDS), lengths


def test_without_settings_the_stored_column_itself_is_used() -> None:
    stored = column()
    assert augmented(stored, data(), seed=1, epoch=0) is stored
    for name in ("time_masks", "band_masks"):  # masks of no width
        settings = {name: 3, name.removesuffix("s"): 0.0}
        assert augmented(stored, data(**settings), seed=1, epoch=0) is stored


@pytest.mark.parametrize("normalise", ["none", "level", "mean", "mean_variance"])
def test_a_row_depends_on_seed_epoch_and_row_alone(normalise: Any) -> None:
    together, lengths = changed(normalise=normalise, **ALL)
    again, _ = changed(normalise=normalise, **ALL)
    assert together.dtype == np.float32 and (together == again).all()
    assert np.isfinite(together).all() and len(together) == lengths.sum() * STACK
    ends = np.cumsum(lengths) * STACK
    for row, end in enumerate(ends):
        alone, (length,) = changed([row], normalise=normalise, **ALL)
        assert length == lengths[row] and (alone == together[end - length * STACK : end]).all()
    for other in ({"seed": 2}, {"epoch": 1}):
        found, _ = changed(normalise=normalise, **other, **ALL)
        assert found.shape != together.shape or (found != together).mean() > 0.5


def test_speed_changes_the_length_within_its_limits() -> None:
    found = np.array([changed(epoch=epoch, speed=0.25)[1] for epoch in range(200)])
    for length, drawn in zip(LENGTHS, found.T, strict=True):
        least, most = math.floor(length / 1.25), min(60, math.ceil(length / 0.75))
        assert least <= drawn.min() and drawn.max() <= most and drawn.min() >= 1
    assert (found[:, 0].min(), found[:, 0].max()) == (24, 40)
    assert found[:, 3].max() == 60  # data.max_length
    stored = frames()[: LENGTHS[0] * STACK]
    one, (length,) = changed([0], speed=0.25)
    at = np.linspace(0, len(stored) - 1, length * STACK)
    wanted = [np.interp(at, np.arange(len(stored)), band) for band in stored.T]
    np.testing.assert_allclose(one, np.transpose(wanted), atol=1e-5)


def test_warp_moves_a_peak_to_the_frequency_of_another_voice() -> None:
    rate, peak = 8000, 9
    values = np.full((int(LENGTHS.sum()) * STACK, BANDS), -10, np.float32)
    values[:, peak - 1 : peak + 2] = [-5, 0, -5]
    mel = 1127 * np.log1p(np.array([20, rate / 2]) / 700)
    centres = 700 * np.expm1((mel[0] + np.diff(mel) / (BANDS + 1) * np.arange(1, BANDS + 1)) / 1127)
    shifted = set()
    for epoch in range(60):
        found, _ = augmented(column(values), data(warp=0.3), seed=1, epoch=epoch).gather([0])
        rows = found.reshape(-1, BANDS)
        assert (rows == rows[0]).all()  # the same for the whole recording
        shifted.add(int(rows[0].argmax()))
    lowest, highest = (int(np.abs(centres - centres[peak] * f).argmin()) for f in (0.7, 1.3))
    assert min(shifted) == lowest and max(shifted) == highest and peak in shifted


def test_noise_has_the_power_that_its_ratio_says() -> None:
    stored = frames().astype(np.float64)[: LENGTHS[0] * STACK]
    for ratio in (0.0, 10.0):
        settings = {"noise": 1.0, "lowest_snr": ratio, "highest_snr": ratio}
        added = []
        for epoch in range(100):
            found, _ = changed([0], epoch=epoch, **settings)
            assert (found >= stored - 1e-4).all()  # power is added, never taken away
            added.append(np.mean(np.exp(found.astype(np.float64)) - np.exp(stored)))
        measured = 10 * np.log10(np.mean(np.exp(stored)) / np.mean(added))
        assert measured == pytest.approx(ratio, abs=2.0)
    clean = [(changed([0], epoch=e, noise=0.3)[0] == frames()[:60]).all() for e in range(200)]
    assert 0.6 < np.mean(clean) < 0.8


def test_a_channel_is_one_smooth_gain_for_a_whole_recording() -> None:
    stored, gains = frames()[: LENGTHS[0] * STACK], []
    for epoch in range(100):
        found, _ = changed([0], epoch=epoch, channel=6.0)
        gain = (found - stored) * 10 / math.log(10)
        np.testing.assert_allclose(gain, np.broadcast_to(gain[0], gain.shape), atol=1e-3)
        gains.append(gain[0])
    assert 2 < np.std(gains) < 8  # decibels
    assert np.abs(np.diff(gains, axis=1)).mean() < 0.5 * np.abs(gains).mean()  # of noise: 1.4


@pytest.mark.parametrize("kind", ["time", "band"])
def test_masks_hold_the_mean_and_are_no_wider_than_their_share(kind: str) -> None:
    stored = frames()[: LENGTHS[0] * STACK]
    axis, count = (1, len(stored)) if kind == "time" else (0, BANDS)
    widths = []
    for epoch in range(200):
        found, _ = changed([0], epoch=epoch, **{f"{kind}_masks": 1, f"{kind}_mask": 0.25})
        masked = np.flatnonzero((found != stored).any(axis=axis))
        widths.append(len(masked))
        if len(masked):
            assert np.ptp(masked) + 1 == len(masked)  # one span
            mean = np.broadcast_to(stored.mean(axis=0), stored.shape)
            hidden = (found == mean).all(axis=axis)
            assert hidden[masked].all()
    assert min(widths) == 0 and max(widths) == count // 4


@pytest.mark.parametrize("normalise", ["mean", "mean_variance"])
def test_what_is_changed_is_normalised_again(normalise: Any) -> None:
    settings = {name: ALL[name] for name in ("speed", "warp", "channel", "noise")}
    found, lengths = changed([0, 2, 3], normalise=normalise, **settings)
    for rows in np.split(found, np.cumsum(lengths)[:-1] * STACK):
        assert np.abs(rows.mean(axis=0)).max() < 1e-4
        if normalise == "mean_variance":
            np.testing.assert_allclose(rows.std(axis=0), 1, atol=1e-3)


def test_silence_stays_finite() -> None:
    silent = column(np.full((int(LENGTHS.sum()) * STACK, BANDS), -15.94, np.float32))
    for normalise in ("none", "level", "mean", "mean_variance"):
        settings = data(normalise=normalise, **{**ALL, "noise": 1.0})
        values, _ = augmented(silent, settings, seed=1, epoch=0).gather([0, 1, 2, 3])
        assert np.isfinite(values).all()
