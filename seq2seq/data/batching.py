"""Plan of an epoch: the pairs of each batch. This module needs only NumPy.

A plan is a pure function of the lengths, the settings, the seed and the epoch, so a resumed run
computes the same batches again, without any saved state.

Lengths here are those that the model sees: the tokens of a side and one end (or start) symbol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import Strategy
from seq2seq.config.schema import BatchingSettings
from seq2seq.errors import DataError

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
Lengths = NDArray[np.int32]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class EpochPlan:
    """The batches of one epoch, in the order of training.

    Attributes:
        rows: row numbers of the corpus, batch after batch, `[pairs] int64`.
        starts: start of each batch in `rows`, then end of the last batch, `[batches + 1] int64`.
        source_widths, target_widths: padded length of each batch's sides, `[batches] int32`.
        tokens: number of real tokens of both sides.
        padded_tokens: number of tokens including padding.
    """

    rows: Rows
    starts: NDArray[np.int64]
    source_widths: Lengths
    target_widths: Lengths
    tokens: int
    padded_tokens: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def batch(self, index: int) -> Rows:
        """Return the row numbers of batch `index`, `[batch] int64`."""
        return self.rows[self.starts[index] : self.starts[index + 1]]

    @property
    def padding(self) -> float:
        """Return the share of the positions that hold padding, 0.0 to 1.0."""
        return 1.0 - self.tokens / max(1, self.padded_tokens)

    def cost(self) -> NDArray[np.int64]:
        """Return the memory need of each batch: positions on its longer side, `[batches] int64`."""
        sizes = np.diff(self.starts)
        return sizes * np.maximum(self.source_widths, self.target_widths).astype(np.int64)

    def largest(self) -> int:
        """Return the index of the batch with the largest `cost`."""
        return int(np.argmax(self.cost()))


def plan_epoch(
    source_lengths: Lengths,
    target_lengths: Lengths,
    batching: BatchingSettings,
    *,
    seed: int,
    epoch: int,
) -> EpochPlan:
    """Divide a corpus into batches.

    The strategies: `bucket` groups pairs with similar source and similar target lengths, `dynamic`
    takes pairs in random order and pads to the longest rows of the batch, `fixed` pads all pairs to
    the longest rows of the corpus, `equal_length` groups pairs of the same lengths (no padding at
    all), and `single` trains one pair at a time. A pair longer than the budget becomes a batch of
    its own. `pad_to=edge` rounds the widths of `bucket` up to a multiple of `bucket_width`, so that
    there are few different shapes.

    Args:
        source_lengths, target_lengths: lengths with end and start symbols, `[pairs] int32`.
        batching: strategy and sizes.
        seed, epoch: seed of the run and number of the epoch; all random choices depend only on
            these two.

    Raises:
        DataError: the corpus is empty.
    """
    if len(source_lengths) == 0:
        raise DataError("the corpus holds no pairs to train on; see what was dropped above")
    random = np.random.default_rng([seed, epoch, 0x5E92])
    source = source_lengths.astype(np.int64)
    target = target_lengths.astype(np.int64)
    strategy = batching.strategy
    order = _order(source, target, batching, random)
    if strategy == "fixed":
        source_need = np.full_like(source, source.max())
        target_need = np.full_like(target, target.max())
    elif strategy == "bucket" and batching.pad_to == "edge":
        source_need = _round_up(source, batching.bucket_width)
        target_need = _round_up(target, batching.bucket_width)
    else:
        source_need, target_need = source, target
    starts = _cut(
        source_need[order],
        target_need[order],
        max_tokens=1 if strategy == "single" else batching.budget,
        same_lengths=strategy == "equal_length",
    )
    source_widths = np.maximum.reduceat(source_need[order], starts[:-1])
    target_widths = np.maximum.reduceat(target_need[order], starts[:-1])
    return _shuffled(order, starts, source_widths, target_widths, source, target, random)


def _round_up(lengths: Rows, width: int) -> Rows:
    return -(-lengths // width) * width


def _order(
    source: Rows, target: Rows, batching: BatchingSettings, random: np.random.Generator
) -> Rows:
    """Return the row numbers in the order in which they fill batches, `[pairs] int64`."""
    shuffled = random.permutation(len(source))
    if batching.strategy in ("dynamic", "fixed", "single"):
        return shuffled
    if batching.strategy == "equal_length":
        return shuffled[np.lexsort((source[shuffled], target[shuffled]))]
    # Pairs are grouped by similar length of the longer side and, in a group, sorted by the other
    # side. The offset moves the edges of the groups from epoch to epoch, so that batches differ.
    longer = np.maximum(source, target)
    shorter = np.minimum(source, target)
    offset = int(random.integers(batching.bucket_width))
    bucket = (longer + offset) // batching.bucket_width
    return shuffled[np.lexsort((shorter[shuffled], bucket[shuffled]))]


def _cut(source: Rows, target: Rows, *, max_tokens: int, same_lengths: bool) -> NDArray[np.int64]:
    """Return the start of each batch, then the end of the last batch, `[batches + 1] int64`.

    `source` and `target` are lengths, in the order in which pairs fill batches.
    """
    starts = [0]
    widest = 0
    sources, targets = source.tolist(), target.tolist()
    for row, (one, other) in enumerate(zip(sources, targets, strict=True)):
        start = starts[-1]
        wider = max(widest, one, other)
        full = (row - start + 1) * wider > max_tokens
        differs = same_lengths and (one, other) != (sources[start], targets[start])
        if row > start and (full or differs):
            starts.append(row)
            widest = max(one, other)
        else:
            widest = wider
    return np.array([*starts, len(sources)], dtype=np.int64)


def _shuffled(
    order: Rows,
    starts: NDArray[np.int64],
    source_widths: Rows,
    target_widths: Rows,
    source: Rows,
    target: Rows,
    random: np.random.Generator,
) -> EpochPlan:
    """Return the plan with its batches in random order."""
    sizes = np.diff(starts)
    shuffle = random.permutation(len(sizes))
    rows = np.concatenate([order[starts[b] : starts[b + 1]] for b in shuffle])
    padded = int((sizes * (source_widths + target_widths)).sum())
    return EpochPlan(
        rows=rows.astype(np.int64),
        starts=np.concatenate([[0], np.cumsum(sizes[shuffle])]).astype(np.int64),
        source_widths=source_widths[shuffle].astype(np.int32),
        target_widths=target_widths[shuffle].astype(np.int32),
        tokens=int(source.sum() + target.sum()),
        padded_tokens=padded,
    )


def order_by_length(lengths: Lengths, *, max_tokens: int) -> Iterator[Rows]:
    """Yield batches for reading a corpus once: rows of similar length, longest first.

    Args:
        lengths: length of each row, `[rows] int32`.
        max_tokens: maximum number of positions in a batch, padding included.
    """
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        widest = max(1, int(lengths[order[start]]))
        size = max(1, max_tokens // widest)
        yield order[start : start + size]
        start += size
