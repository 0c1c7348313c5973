"""Durations, rates and levels of the sound files of a split."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seq2seq.data.filters import Tally
from seq2seq.data.sounds import SoundFacts

_SILENT = -60.0  # dBFS; below it nothing can be understood
_CLIPPED = 0.001  # share of samples at full scale from which a sound is clipped
_RATES = 5  # rates that are shown


@dataclass
class SoundReport:
    """Facts about the sounds that were kept.

    Attributes:
        seconds, shortest, longest: total, least and greatest duration.
        longest_line: line of the longest sound.
        rates: number of sounds by sampling rate; the rate is text, in Hz.
        mixed: number of sounds with several channels, mixed to one.
        loudness, quietest, loudest: sum, least and greatest level of the sounds that are not
            silent, in dBFS (0 is full scale).
        silent: sounds below -60 dBFS.
        clipped: sounds with at least a thousandth of their samples at full scale.
    """

    files: int = 0
    seconds: float = 0.0
    shortest: float = math.inf
    longest: float = 0.0
    longest_line: int = 0
    rates: dict[str, int] = field(default_factory=dict)
    mixed: int = 0
    loudness: float = 0.0
    quietest: float = 0.0
    loudest: float = _SILENT
    silent: Tally = field(default_factory=Tally)
    clipped: Tally = field(default_factory=Tally)

    def add(self, facts: SoundFacts, line: int) -> None:
        """Add the sound of a line."""
        self.files += 1
        self.seconds += facts.seconds
        self.shortest = min(self.shortest, facts.seconds)
        if facts.seconds > self.longest:
            self.longest, self.longest_line = facts.seconds, line
        rate = str(facts.rate)
        self.rates[rate] = self.rates.get(rate, 0) + 1
        self.mixed += facts.channels > 1
        level = 10 * math.log10(max(facts.power, 1e-12))
        if level < _SILENT:
            self.silent.add(line)
        else:
            self.loudness += level
            self.quietest = min(self.quietest, level)
            self.loudest = max(self.loudest, level)
        if facts.clipped >= _CLIPPED:
            self.clipped.add(line)

    def lines(self, name: str, location: str) -> list[str]:
        """Return the facts as lines of text for the split `name` of the manifest `location`."""
        rates = sorted(self.rates.items(), key=lambda rate: -rate[1])
        shown = ", ".join(f"{int(rate):,} Hz {count:,}" for rate, count in rates[:_RATES])
        text = [
            f"{name}: {_duration(self.seconds)} of sound, {self.shortest:.2f} to "
            f"{self.longest:.2f} s (mean {self.seconds / self.files:.2f}, longest in line "
            f"{self.longest_line:,}); {shown}{', …' if len(rates) > _RATES else ''}; "
            f"{self.mixed:,} mixed to one channel"
        ]
        audible = self.files - self.silent.count
        if audible:
            text[0] += (
                f"; mean level {round(self.loudness / audible)} dBFS ({round(self.quietest)} to "
                f"{round(self.loudest)})"
            )
        for what, tally in (("silent", self.silent), ("clipped", self.clipped)):
            if tally.count:
                text.append(f"warning: {location}: {tally.count:,} {what} ({tally.where()})")
        return text

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> SoundReport:
        """Return the report from the values of `dataclasses.asdict`."""
        tallies = {name: Tally(**values[name]) for name in ("silent", "clipped")}
        return SoundReport(**{**values, **tallies})


def _duration(seconds: float) -> str:
    """Return a duration as text: `35 s`, `12.3 min` or `4.5 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
