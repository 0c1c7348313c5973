"""Test sources written as people type them, one kind of noise at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.data_schema import NoiseSettings
from seq2seq.data.noise import TypingNoise

KINDS = {
    "lower": "lower case",
    "capitals": "capitals",
    "no_final_mark": "no final mark",
    "no_accents": "no accents",
    "quotes": "other quotes",
    "spaces": "doubled spaces",
    "typo": "a typo in a word",
}
MOST_LINES = 1000  # lines that are drawn from a larger test set


class NoisySources(NamedTuple):
    """Sources with one kind of noise.

    Attributes:
        name: displayed name of the kind.
        lines: indices of the lines that the noise changes, ascending.
        sources: changed source of each of these lines.
    """

    name: str
    lines: NDArray[np.int64]
    sources: list[str]


def noisy_sources(
    sources: Sequence[str],
    *,
    carried: Sequence[str] = (),
    placeholders: Sequence[str] = (),
    seed: int,
) -> list[NoisySources]:
    """Return the sources with each kind of noise; only a sample of a large test set is used.

    Args:
        sources: test sources.
        carried: kinds of spans that stay unchanged.
        placeholders: tokens that stay unchanged.
        seed: seed of the sample and of the typos.
    """
    rng = np.random.default_rng([seed, len(sources)])
    drawn = np.arange(len(sources))
    if len(sources) > MOST_LINES:
        drawn = np.sort(rng.choice(len(sources), MOST_LINES, replace=False))
    off = NoiseSettings(**{field.name: 0.0 for field in fields(NoiseSettings)})
    found = []
    for kind, name in KINDS.items():
        noise = TypingNoise(replace(off, **{kind: 1.0}), carried=carried, placeholders=placeholders)
        typed = {line: noise.drawn(sources[line], rng) for line in drawn.tolist()}
        changed = [line for line, text in typed.items() if text != sources[line]]
        found.append(
            NoisySources(name, np.array(changed, np.int64), [typed[line] for line in changed])
        )
    return found
