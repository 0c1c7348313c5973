"""Padded batches of sequences and their targets.

The lengths of the sequences become a mask; values in the padding are never used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import Padding
from seq2seq.data.batch_building import Ids, padded_rows
from seq2seq.data.batching import EpochPlan, Rows
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.data.store import Column, CorpusStore


class SourceBatch(NamedTuple):
    """Input of the model.

    Attributes:
        values: ids `[batch, width] int32` or features `[batch, width, features] float32`.
        mask: true for each step that is not padding, `[batch, width] bool`.
    """

    values: NDArray[Any]
    mask: NDArray[np.bool_]


class LabelledBatch(NamedTuple):
    """Input of the model, as in `SourceBatch`, and the targets.

    Attributes:
        values: ids `[batch, width] int32` or features `[batch, width, features] float32`.
        mask: true for each step that is not padding, `[batch, width] bool`.
        targets: `[batch] int32` if each target is exactly one class, else `[batch, outputs]
            float32`. If each step has a target, the shape is `[batch, width]` or `[batch, width,
            outputs]`, padded like `values`; the target of a word is at its first token.
    """

    values: NDArray[Any]
    mask: NDArray[np.bool_]
    targets: NDArray[Any]


@dataclass(frozen=True, eq=False)
class SequenceData:
    """A split from which batches are made."""

    store: CorpusStore
    inputs: Inputs
    schema: TargetSchema

    def batch(
        self, rows: Rows, *, width: int | None = None, padding: Padding = "post"
    ) -> LabelledBatch:
        """Return a batch of some rows of the split.

        Args:
            rows: row numbers, `[batch] int64`.
            width: padded length; by default that of the longest row.
            padding: side of the padding, `post` or `pre`.
        """
        flat, lengths = self.store.source.gather(rows)
        width = int(lengths.max()) if width is None else width
        mask = step_mask(lengths, width, padding=padding)
        targets, _ = self.store.target.gather(rows)
        if self.schema.has_numbers:
            targets = self.schema.scale.apply(targets)
        if self.schema.per_step:
            targets = spread_steps(targets, spread_steps(self.inputs.answered(flat), mask))
        return LabelledBatch(spread_steps(_scaled(flat, self.inputs), mask), mask, targets)

    def batches(
        self, plan: EpochPlan, *, first: int = 0, padding: Padding = "post"
    ) -> Iterator[LabelledBatch]:
        """Yield the batches of a plan from number `first` on."""
        for index in range(first, len(plan)):
            width = int(plan.source_widths[index])
            yield self.batch(plan.batch(index), width=width, padding=padding)


class FeatureTextBatch(NamedTuple):
    """Input of the model, as in `SourceBatch`, and target texts.

    Attributes:
        values: scaled features, `[batch, width, features] float32`.
        mask: true for each step that is not padding, `[batch, width] bool`.
        targets: token ids, each row ending with the end symbol, `[batch, target_width] int32`.
    """

    values: NDArray[Any]
    mask: NDArray[np.bool_]
    targets: Ids


@dataclass(frozen=True, eq=False)
class FeatureTexts:
    """Sequences of features and their target texts, in the same order; implements `Pairs`."""

    source: Column
    target: Column
    inputs: Inputs

    def lengths(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return steps per row, and target tokens per row with the end symbol, `[rows] int32`."""
        return self.source.lengths, self.target.lengths + np.int32(1)

    def batch(
        self, rows: Rows, widths: tuple[int, int] | None = None, *, padding: Padding = "post"
    ) -> FeatureTextBatch:
        """Return a batch of some rows (see `Pairs.batch`)."""
        flat, lengths = self.source.gather(rows)
        width, target_width = widths or (int(lengths.max()), None)
        mask = step_mask(lengths, width, padding=padding)
        targets = padded_rows(self.target, rows, width=target_width, padding=padding)
        return FeatureTextBatch(spread_steps(_scaled(flat, self.inputs), mask), mask, targets)


def source_batch(
    rows: Sequence[NDArray[Any]], inputs: Inputs, *, padding: Padding = "post"
) -> SourceBatch:
    """Return rows encoded by `Inputs.encode` as a batch; no row may be empty."""
    lengths = np.array([len(row) for row in rows], np.int32)
    mask = step_mask(lengths, int(lengths.max()), padding=padding)
    return SourceBatch(spread_steps(_scaled(np.concatenate(rows), inputs), mask), mask)


def step_mask(
    lengths: NDArray[np.int32], width: int, *, padding: Padding = "post"
) -> NDArray[np.bool_]:
    """Return a mask that is true for each step that is not padding, `[batch, width] bool`."""
    positions = np.arange(width)
    if padding == "pre":
        return positions >= width - lengths[:, None]
    return positions < lengths[:, None]


def _scaled(flat: NDArray[Any], inputs: Inputs) -> NDArray[Any]:
    return flat.astype(np.int32) if inputs.scale is None else inputs.scale.apply(flat)


def spread_steps(
    flat: NDArray[Any], mask: NDArray[np.bool_], *, padding_value: float = 0
) -> NDArray[Any]:
    """Return a batch with the given steps where the mask is true, and the padding elsewhere."""
    batch = np.full((*mask.shape, *flat.shape[1:]), padding_value, flat.dtype)
    batch[mask] = flat
    return batch
