"""Translation lexicon of tokens, learned from the pairs of a corpus.

Source: Brown et al. 1993, "The mathematics of statistical machine translation", model 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 3

Tokens = Sequence[int] | NDArray[Any]
Pair = tuple[Tokens, Tokens]


class _Cells(NamedTuple):
    """All combinations of a source token and a target token of the same sentence pair.

    Attributes:
        sources, targets: ids of the tokens, `[cells] int64`.
        positions: position of the target token in the corpus, `[cells] int64`.
    """

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    positions: NDArray[np.int64]


def likeliest_translations(
    pairs: Iterable[Pair], *, source_vocab: int, target_vocab: int, count: int
) -> NDArray[np.int32]:
    """Return for each source token the target tokens that translate it, most probable first.

    Args:
        pairs: token ids of sentences and of their translations, at least one pair. Each combination
            of a source token and a target token of the same pair needs about 50 bytes.
        source_vocab, target_vocab: sizes of the vocabularies.
        count: number of translations to return for each token.

    Returns:
        translations, `[source_vocab, count] int32`, padded with 0 where fewer are known.
    """
    cells = _cells(pairs)
    keys, index = np.unique(cells.sources * target_vocab + cells.targets, return_inverse=True)
    sources = keys // target_vocab
    probabilities = np.ones(len(keys))
    for _ in range(_ROUNDS):
        share = probabilities[index]
        share /= np.bincount(cells.positions, share)[cells.positions]
        expected = np.bincount(index, share)
        probabilities = expected / np.bincount(sources, expected, source_vocab)[sources]
    return _ranked(sources, keys % target_vocab, probabilities, source_vocab, count)


def _cells(pairs: Iterable[Pair]) -> _Cells:
    sources, targets, positions = [], [], []
    position = 0
    for source, target in pairs:
        width, length = len(source), len(target)
        sources.append(np.tile(np.asarray(source, np.int64), length))
        targets.append(np.repeat(np.asarray(target, np.int64), width))
        positions.append(np.repeat(np.arange(position, position + length), width))
        position += length
    return _Cells(np.concatenate(sources), np.concatenate(targets), np.concatenate(positions))


def _ranked(
    sources: NDArray[np.int64],
    targets: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    source_vocab: int,
    count: int,
) -> NDArray[np.int32]:
    """Return the `count` most probable targets of each source token."""
    order = np.lexsort((targets, -probabilities, sources))
    sources, targets = sources[order], targets[order]
    rank = np.arange(len(sources)) - np.searchsorted(sources, sources)
    kept = rank < count
    table = np.zeros([source_vocab, count], np.int32)
    table[sources[kept], rank[kept]] = targets[kept]
    return table
