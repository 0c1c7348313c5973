"""Picture of the features of a few sounds, as a model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.data_schema import AudioSettings
from seq2seq.disk import atomic_file

MOST_SPECTROGRAMS = 8
_COLUMNS = 2


class Spectrogram(NamedTuple):
    """Features of a sound, `[steps, mel_bins * stack]`, and a displayed title."""

    steps: NDArray[Any]
    title: str


def draw_spectrograms(sounds: Sequence[Spectrogram], audio: AudioSettings, path: Path) -> None:
    """Draw the sounds in two columns as a PNG file, which is replaced atomically.

    Args:
        sounds: sounds, at least one.
        audio: settings of their features.
        path: path of the PNG file.
    """
    from matplotlib.figure import Figure

    rows = -(-len(sounds) // _COLUMNS)
    figure = Figure(figsize=(11, 0.6 + 2.2 * rows), layout="constrained")
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).flatten()
    for panel, sound in zip(panels, sounds, strict=False):
        frames = np.asarray(sound.steps, np.float32).reshape(-1, audio.mel_bins)
        seconds = len(frames) * audio.shift / 1000
        image = panel.imshow(
            frames.T,
            origin="lower",
            aspect="auto",
            interpolation="nearest",
            extent=(0, seconds, 0, audio.mel_bins),
        )
        figure.colorbar(image, ax=panel)
        panel.set_title(sound.title)
        panel.set_xlabel("seconds")
        panel.set_ylabel("mel band")
    for panel in panels[len(sounds) :]:
        panel.set_axis_off()
    with atomic_file(path) as unfinished:
        figure.savefig(unfinished, format="png")
