"""Log-mel features of sound files: exact, complete, and one sentence for what is no sound."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.config.data_schema import AudioSettings
from seq2seq.data.sounds import LogMel, check_audio, log_mel
from seq2seq.errors import DataError, SettingsError

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
PLAIN = AudioSettings(rate=8000, mel_bins=20)
OPUS = {"format": "OGG", "subtype": "OPUS"}


def noise(seconds: float, rate: int = 8000, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(0, 0.1, int(seconds * rate)).astype(np.float32)


def write(path: Path, samples: Any, rate: int = 8000, **options: Any) -> Path:
    soundfile.write(path, samples, rate, **options)
    return path


def of_library(samples: Any) -> Any:
    """The features that the library gives for all samples at once."""
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither, options.frame_opts.samp_freq = 0.0, 8000
    options.frame_opts.snip_edges = False
    options.mel_opts.num_bins = 20
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(8000, samples.tolist())
    bank.input_finished()
    return np.stack([bank.get_frame(number) for number in range(bank.num_frames_ready)])


def test_features_of_a_long_file_read_in_blocks_are_those_of_all_samples(tmp_path: Path) -> None:
    samples = noise(30)
    path = write(tmp_path / "a.wav", samples, subtype="FLOAT")
    values, facts = log_mel(path, PLAIN)
    assert values.dtype == np.float32 and values.shape == (3000, 20)
    assert (values == of_library(samples)).all()
    assert (values == log_mel(path, PLAIN)[0]).all()
    assert facts.seconds == 30 and facts.rate == 8000 and facts.channels == 1
    assert facts.power == pytest.approx(0.01, rel=0.02) and facts.peak == np.abs(samples).max()


def test_formats_without_loss_give_the_same_features(tmp_path: Path) -> None:
    samples = (noise(1) * 32768).round().astype(np.int16)
    found = [log_mel(write(tmp_path / name, samples), PLAIN)[0] for name in ("a.wav", "a.flac")]
    assert (found[0] == found[1]).all()
    lossy, _ = log_mel(write(tmp_path / "a.ogg", samples), PLAIN)
    assert lossy.shape == found[0].shape and np.abs(lossy - found[0]).mean() < 0.5


def test_the_name_of_a_file_does_not_decide_its_format(tmp_path: Path) -> None:
    flac = write(tmp_path / "a.flac", noise(0.5))
    (tmp_path / "a.raw").write_bytes(flac.read_bytes())
    assert (log_mel(tmp_path / "a.raw", PLAIN)[0] == log_mel(flac, PLAIN)[0]).all()


def test_channels_are_mixed_to_one(tmp_path: Path) -> None:
    left, right = noise(1), noise(1, seed=1)
    both = write(tmp_path / "both.wav", np.stack([left, right], axis=1), subtype="FLOAT")
    mixed = write(tmp_path / "mixed.wav", (left + right) / 2, subtype="FLOAT")
    values, facts = log_mel(both, PLAIN)
    assert np.abs(values - log_mel(mixed, PLAIN)[0]).max() < 1e-4
    assert facts.channels == 2 and facts.seconds == 1


@pytest.mark.parametrize("rate", [4000, 11025, 44100, 48000])
def test_another_rate_is_resampled(tmp_path: Path, rate: int) -> None:
    def tone(rate: int) -> Any:
        return 0.3 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)

    given, _ = log_mel(write(tmp_path / "given.wav", tone(rate), rate), PLAIN)
    wanted, _ = log_mel(write(tmp_path / "wanted.wav", tone(8000)), PLAIN)
    assert given.shape == wanted.shape
    middle = slice(10, 90)
    assert (given[middle].argmax(axis=1) == wanted[middle].argmax(axis=1)).all()
    assert np.abs(given[middle].max(axis=1) - wanted[middle].max(axis=1)).max() < 0.05


@pytest.mark.parametrize(("samples", "frames"), [(1, 3), (199, 3), (200, 3), (240, 3), (8000, 100)])
def test_a_short_sound_has_the_frames_of_one_window(
    tmp_path: Path, samples: int, frames: int
) -> None:
    values, _ = log_mel(write(tmp_path / "a.wav", noise(samples / 8000)), PLAIN)
    assert len(values) == frames and np.isfinite(values).all()


def test_the_last_samples_count(tmp_path: Path) -> None:
    samples = noise(1) * 0
    quiet, _ = log_mel(write(tmp_path / "quiet.wav", samples), PLAIN)
    samples[-1] = 0.5
    click, _ = log_mel(write(tmp_path / "click.wav", samples), PLAIN)
    assert (quiet[-1] != click[-1]).all() and np.isfinite(quiet).all()


def test_frames_are_stacked_and_none_is_lost(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", noise(1))
    frames, _ = log_mel(path, PLAIN)
    steps, _ = log_mel(path, replace(PLAIN, stack=3))
    assert steps.shape == (34, 60)
    assert (steps.reshape(-1, 20)[:100] == frames).all()
    assert (steps[-1].reshape(3, 20)[1:] == frames[-1]).all()


@pytest.mark.parametrize("stack", [1, 3])
def test_samples_that_arrive_in_pieces_give_the_same_steps(tmp_path: Path, stack: int) -> None:
    samples = noise(1)
    settings = replace(PLAIN, stack=stack)
    whole, _ = log_mel(write(tmp_path / "a.wav", samples, subtype="FLOAT"), settings)
    features = LogMel(settings)
    found = []
    for start in range(0, len(samples), 77):
        features.add(samples[start : start + 77])
        found.append(features.complete_steps())
    found.append(features.last_steps())
    assert len(found[50]) <= 1 and (np.concatenate(found) == whole).all()


def test_levels_of_silence_and_clipping(tmp_path: Path) -> None:
    _, silent = log_mel(write(tmp_path / "silent.wav", np.zeros(8000)), PLAIN)
    assert silent.peak == silent.power == silent.clipped == 0.0
    _, clipped = log_mel(write(tmp_path / "clipped.wav", noise(1) * 50), PLAIN)
    assert clipped.peak == 1.0 and clipped.clipped > 0.5


def cut(path: Path, share: float = 0.5) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_what_is_no_whole_sound_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("no sound\n" * 100)
    (tmp_path / "directory.wav").mkdir()
    flac = write(tmp_path / "junk.flac", noise(2))
    content = flac.read_bytes()
    flac.write_bytes(content[:5000] + os.urandom(2000) + content[7000:])
    infinite = np.array([0, np.inf, 0.5])
    cases = [
        (tmp_path / "missing.wav", "missing.wav does not exist"),
        (tmp_path / "empty.wav", "empty.wav is empty"),
        (tmp_path / "text.wav", "cannot be decoded"),
        (tmp_path / "directory.wav", "is no file"),
        (tmp_path / ("x" * 300), "cannot be read"),
        (flac, "junk.flac cannot be decoded"),
        (write(tmp_path / "none.wav", noise(0)), "it has no sample"),
        (write(tmp_path / "infinite.wav", infinite, subtype="FLOAT"), "is not a finite number"),
        (write(tmp_path / "slow.wav", noise(1), 100), "100 samples a second; allowed are 1,000"),
        (cut(write(tmp_path / "cut.wav", noise(2))), "cut.wav is cut off"),
        (cut(write(tmp_path / "cut.aiff", noise(2))), "cut.aiff is cut off"),
        (cut(write(tmp_path / "cut.ogg", noise(2))), "cut.ogg is cut off"),
        (cut(write(tmp_path / "cut.opus", noise(2), **OPUS)), "cut.opus"),
        (cut(write(tmp_path / "cut.flac", noise(2))), "cut.flac"),
    ]
    for path, words in cases:
        with pytest.raises(DataError) as found:
            log_mel(path, PLAIN)
        assert words in str(found.value) and str(path) in str(found.value)
        assert "\n" not in str(found.value)


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_FFFF])
def test_a_wav_file_written_into_a_pipe_is_whole(tmp_path: Path, size: int) -> None:
    content = write(tmp_path / "a.wav", noise(1)).read_bytes()
    (tmp_path / "b.wav").write_bytes(content[:40] + size.to_bytes(4, "little") + content[44:])
    found = [log_mel(tmp_path / name, PLAIN)[0] for name in ("a.wav", "b.wav")]
    assert (found[0] == found[1]).all()


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(SettingsError, match="mel_bins=128 with rate=8000 and window=25"):
        check_audio(AudioSettings(rate=8000, mel_bins=128))


@pytest.mark.parametrize("package", ["soundfile", "soxr", "kaldi_native_fbank"])
def test_a_missing_package_is_told_with_its_extra(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.wav", noise(1))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SettingsError, match=r"pip install 'seq2seq-lstm\[audio\]'"):
        log_mel(path, PLAIN)


@pytest.mark.parametrize("stack", [1, 3])
def test_each_band_of_a_recording_is_normalised_over_its_own_frames(
    tmp_path: Path, stack: int
) -> None:
    path = write(tmp_path / "a.wav", noise(0.5) * np.linspace(0.1, 2, 4000, dtype=np.float32))
    plain, _ = log_mel(path, PLAIN)
    settings = replace(PLAIN, stack=stack)
    mean, _ = log_mel(path, replace(settings, normalise="mean"))
    both, _ = log_mel(path, replace(settings, normalise="mean_variance"))
    assert mean.dtype == both.dtype == np.float32 and mean.shape == both.shape
    wanted = plain - plain.mean(axis=0, dtype=np.float64)
    for found, frames in ((mean, wanted), (both, wanted / wanted.std(axis=0))):
        np.testing.assert_allclose(found.reshape(-1, 20)[: len(plain)], frames, atol=1e-5)


@pytest.mark.parametrize("normalise", ["level", "mean", "mean_variance"])
def test_a_normalised_recording_is_the_same_at_any_level(tmp_path: Path, normalise: Any) -> None:
    samples, settings = noise(0.5), replace(PLAIN, normalise=normalise)
    loud, quiet = (
        log_mel(write(tmp_path / "a.wav", samples * level, subtype="FLOAT"), settings)[0]
        for level in (1.0, 0.05)
    )
    np.testing.assert_allclose(loud, quiet, atol=0.02)


def test_a_level_is_the_mean_power_of_all_bands(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", noise(0.5))
    plain, _ = log_mel(path, PLAIN)
    found, _ = log_mel(path, replace(PLAIN, normalise="level"))
    assert np.exp(found.astype(np.float64)).mean() == pytest.approx(1)
    assert np.ptp(plain - found) < 1e-5


@pytest.mark.parametrize("normalise", ["level", "mean", "mean_variance"])
@pytest.mark.parametrize("count", [1, 5000])
def test_normalised_silence_is_zero(tmp_path: Path, normalise: Any, count: int) -> None:
    path = write(tmp_path / "a.wav", np.zeros(count))
    values, _ = log_mel(path, replace(PLAIN, normalise=normalise))
    assert len(values) and not values.any()


def test_normalised_steps_come_at_the_end_of_a_sound() -> None:
    samples, settings = noise(0.3), replace(PLAIN, stack=2, normalise="mean")
    features = LogMel(settings)
    for block in np.split(samples, 6):
        features.add(block)
        assert features.complete_steps().shape == (0, 40)
    whole = LogMel(settings)
    whole.add(samples)
    assert (features.last_steps() == whole.last_steps()).all()
