"""Padded batches, built ahead of the step that trains on them.

A row is the tokens of a sentence and an end symbol, so that no row is ever empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import Padding
from seq2seq.data.batching import EpochPlan, Rows
from seq2seq.data.store import Column
from seq2seq.text.tokenizer import EOS

_AHEAD = 8  # batches

Ids = NDArray[np.int32]


class Pairs(Protocol):
    """Sources with their target texts, from which batches are made."""

    def lengths(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the row lengths of both sides as the model sees them, `[rows] int32` each."""

    def batch(
        self, rows: Rows, widths: tuple[int, int] | None = None, *, padding: Padding = "post"
    ) -> tuple[NDArray[Any], ...]:
        """Return a batch of some rows: the arrays of the source, followed by the target ids.

        Args:
            rows: row numbers, `[batch] int64`.
            widths: padded lengths of source and target; by default the lengths of the longest rows.
            padding: side of the padding, `post` or `pre`.
        """


class Columns(NamedTuple):
    """Both sides of a corpus of texts, row for row; implements `Pairs`."""

    source: Column
    target: Column

    def lengths(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the row lengths of both sides with end symbols, `[rows] int32` each."""
        return self.source.lengths + np.int32(1), self.target.lengths + np.int32(1)

    def batch(
        self, rows: Rows, widths: tuple[int, int] | None = None, *, padding: Padding = "post"
    ) -> tuple[Ids, Ids]:
        """Return the ids of both sides, `[batch, width] int32` each (see `Pairs.batch`)."""
        source, target = widths or (None, None)
        return (
            padded_rows(self.source, rows, width=source, padding=padding),
            padded_rows(self.target, rows, width=target, padding=padding),
        )


def padded_rows(
    column: Column, rows: Rows, *, width: int | None = None, padding: Padding = "post"
) -> Ids:
    """Return rows of a corpus as a batch, `[rows, width] int32`.

    Args:
        column: one side of the corpus.
        rows: row numbers, `[rows] int64`.
        width: padded length; by default that of the longest row.
        padding: side of the padding, `post` or `pre`.
    """
    flat, lengths = column.gather(rows)
    return _pad(flat, lengths, width=width, padding=padding)


def padded_sequences(sequences: Sequence[Sequence[int]], *, padding: Padding = "post") -> Ids:
    """Return token ids with an end symbol after each sentence, `[sentences, width] int32`."""
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int32)
    flat = np.array([token for sequence in sequences for token in sequence], dtype=np.int32)
    return _pad(flat, lengths, width=None, padding=padding)


def _pad(
    flat: NDArray[Any], lengths: NDArray[np.int32], *, width: int | None, padding: Padding
) -> Ids:
    ends = lengths.astype(np.int64) + 1
    width = int(ends.max()) if width is None else width
    batch = np.zeros((len(ends), width), dtype=np.int32)
    first = np.zeros_like(ends) if padding == "post" else width - ends
    row = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    batch[row, within + np.repeat(first, lengths)] = flat
    batch[np.arange(len(ends)), first + ends - 1] = EOS
    return batch


def epoch_batches(
    pairs: Pairs, plan: EpochPlan, *, first: int = 0, padding: Padding = "post"
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Yield the batches of a plan from number `first` on (see `Pairs.batch`)."""
    for index in range(first, len(plan)):
        widths = int(plan.source_widths[index]), int(plan.target_widths[index])
        yield pairs.batch(plan.batch(index), widths, padding=padding)


def prefetched(batches: Callable[[], Iterator[Any]], signature: Sequence[Any]) -> Any:
    """Return batches as a `tf.data.Dataset` that prepares them before they are requested.

    Args:
        batches: function that returns an iterator of batches, which are tuples of arrays.
        signature: a `tf.TensorSpec` of each array.
    """
    import tensorflow as tf

    dataset = tf.data.Dataset.from_generator(batches, output_signature=tuple(signature))
    return untuned(dataset).prefetch(_AHEAD)


def untuned(dataset: Any) -> Any:
    """Return a `tf.data.Dataset` without TensorFlow's autotuning thread.

    No tuning is needed here, and closing an iterator blocks until that thread wakes up. Once a run
    has lasted some minutes, this can take up to 60 seconds, in which nothing is computed.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    options.deterministic = True
    return dataset.with_options(options)
