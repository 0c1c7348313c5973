"""Batches of sequences of any length, for training Keras models by `fit`.

Call `quiet_tensorflow` before the first import of this module; `seq2seq.bucketed_batches` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, get_args

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.config.choices import Padding, Strategy
from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batch_building import untuned
from seq2seq.data.batching import plan_epoch
from seq2seq.data.long_sequences import LongRule, Parts, divide_long
from seq2seq.data.sequences.batches import spread_steps, step_mask
from seq2seq.errors import DataError, SettingsError

if TYPE_CHECKING:
    import tensorflow as tf

Batch = tuple[NDArray[Any], ...]


def bucketed_batches(
    sequences: Sequence[ArrayLike],
    targets: Sequence[ArrayLike] | NDArray[Any],
    *,
    strategy: Strategy = "bucket",
    max_steps: int = 2000,
    bucket_width: int = 2,
    padding: Padding = "post",
    padding_value: float = 0.0,
    longest: int | None = None,
    long: LongRule = "error",
    stride: int | None = None,
    per_step: bool = False,
    seed: int = 0,
    epoch: int = 0,
) -> BucketedBatches:
    """Return batches of sequences of about the same length, for `model.fit`.

    The batches of an epoch depend only on the lengths, the options, `seed` and the number of the
    epoch. They are already in random order: call `fit(batches, shuffle=False)`.

    Args:
        sequences: sequences, each `[steps]` (numbers or ids) or `[steps, features]`.
        targets: a target for each sequence, `[sequences]` or `[sequences, outputs]`; with
            `per_step`, a target for each step of each sequence.
        strategy: grouping of sequences; see `seq2seq.data.batching.plan_epoch`.
        max_steps: maximum number of steps of a batch, padding included. A longer sequence is a
            batch of its own. To give every epoch the same number of batches, a few are smaller.
        bucket_width: number of steps between two edges of buckets.
        padding: side of the padding, `post` (after the sequence) or `pre`.
        padding_value: value of padding; the model must mask this value. It is the `mask_value` of
            the model's `Masking` layer, or 0 with `Embedding(mask_zero=True)`.
        longest: maximum number of steps of a sequence; None for no limit.
        long: treatment of longer sequences: `error`, `drop`, `head`, `tail` or `windows`. Each
            window has the target of its sequence.
        stride: number of steps between the starts of two windows; by default `longest`.
        per_step: true if there is a target for each step. Each batch then also has weights, which
            are 0 at padding.
        seed: seed of the order of sequences and batches.
        epoch: number of the first epoch, counted from 0; more than 0 to resume training.

    Raises:
        DataError: a sequence or target cannot be used; its number is named, counted from 1.
        SettingsError: an option has a value that is not allowed.
    """
    _check_options(strategy, max_steps, bucket_width, padding, longest, long, stride)
    arrays = _arrays(sequences, padding_value)
    lengths = np.array([len(array) for array in arrays], np.int64)
    wanted = _targets(targets, lengths, per_step=per_step)
    parts = divide_long(lengths, longest=longest, rule=long, stride=stride)
    if not len(parts.rows):
        raise DataError(
            f"all {len(arrays):,} sequences have more than {longest:,} steps, and long='drop' "
            "leaves none; allow more steps, or choose head, tail or windows"
        )
    batching = BatchingSettings(
        strategy=strategy, max_tokens=max_steps, bucket_width=bucket_width, padding=padding
    )
    return BucketedBatches(
        arrays,
        wanted,
        parts,
        batching,
        padding_value=padding_value,
        per_step=per_step,
        seed=seed,
        epoch=epoch,
    )


class BucketedBatches(keras.utils.PyDataset):
    """Batches of one epoch after another; see `bucketed_batches`.

    Attributes:
        epoch: number of the present epoch, counted from 0.
    """

    def __init__(
        self,
        sequences: list[NDArray[Any]],
        targets: list[NDArray[Any]],
        parts: Parts,
        batching: BatchingSettings,
        *,
        padding_value: float,
        per_step: bool,
        seed: int,
        epoch: int,
    ) -> None:
        super().__init__()
        self._sequences, self._targets, self._parts = sequences, targets, parts
        self._batching, self._value, self._per_step = batching, padding_value, per_step
        self._seed, self.epoch, self._begun = seed, epoch, False
        self._count = 0  # number of batches of every epoch, once it is known
        self._batches = self._planned()

    @property
    def parts(self) -> Parts:
        """Return the sequences, or parts of long ones, of which batches are made."""
        return self._parts

    @property
    def padding(self) -> float:
        """Return the share of the positions of this epoch that hold padding."""
        positions = sum(len(rows) * self._width(i) for i, rows in enumerate(self._batches))
        return 1.0 - float(self._parts.lengths.sum()) / positions

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> Batch:
        """Return the inputs and targets of a batch, and the weights if each step has a target."""
        rows = self._batches[index]
        lengths = self._parts.lengths[rows].astype(np.int32)
        mask = step_mask(lengths, self._width(index), padding=self._batching.padding)
        steps = self._steps(self._sequences, rows)
        inputs = spread_steps(steps, mask, padding_value=self._value)
        if self._per_step:
            targets = spread_steps(self._steps(self._targets, rows), mask)
            return inputs, targets, mask.astype(np.float32)
        return inputs, np.stack([self._targets[self._parts.rows[row]] for row in rows])

    def on_epoch_begin(self) -> None:
        """Begin the next epoch, at the first call the first one, and plan its batches."""
        if self._begun:
            self.epoch += 1
        self._begun = True
        self._batches = self._planned()

    def as_dataset(self) -> tf.data.Dataset:
        """Return the batches as a `tf.data.Dataset`; each pass over it is a further epoch.

        TensorFlow's automatic tuning is off for this dataset and for datasets made from it (see
        `data.batch_building.untuned`).
        """
        import tensorflow as tf

        def specification(array: NDArray[Any], *, ragged: bool) -> tf.TensorSpec:
            free = 2 if ragged else 1
            return tf.TensorSpec([*[None] * free, *array.shape[free:]], array.dtype)

        def batches() -> Iterator[Batch]:
            self.on_epoch_begin()
            for index in range(len(self)):
                yield self[index]

        ragged = (True, self._per_step, True)
        signature = tuple(
            specification(array, ragged=free) for array, free in zip(self[0], ragged, strict=False)
        )
        return untuned(tf.data.Dataset.from_generator(batches, output_signature=signature))

    def _planned(self) -> list[NDArray[np.int64]]:
        """Return the rows of each batch of the epoch, in order.

        Keras assumes that every epoch has as many batches as the first. It also assumes that all
        batches have the shape of the first two, except in dimensions in which these two differ.
        """
        lengths = self._parts.lengths.astype(np.int32)
        plan = plan_epoch(lengths, lengths, self._batching, seed=self._seed, epoch=self.epoch)
        batches = [plan.batch(index) for index in range(len(plan))]
        if self._may_vary():
            self._count = self._count or _count_for(len(batches), len(lengths))
            batches = _as_many(batches, self._count, lengths)
        widths = [int(lengths[rows].max()) for rows in batches]
        others = [index for index, width in enumerate(widths) if width != widths[0]]
        if others:
            batches[1], batches[others[0]] = batches[others[0]], batches[1]
        return batches

    def _may_vary(self) -> bool:
        """Return whether an epoch's number of batches depends on its random order."""
        return self._batching.strategy in ("bucket", "dynamic")

    def _width(self, index: int) -> int:
        """Return the padded length of a batch."""
        lengths = self._parts.lengths
        if self._batching.strategy == "fixed":
            return int(lengths.max())
        width = int(lengths[self._batches[index]].max())
        # One more position of padding where otherwise the first two widths would be equal.
        alike = index == 1 and width == int(lengths[self._batches[0]].max())
        return width + int(alike and self._may_vary())

    def _steps(self, arrays: list[NDArray[Any]], rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return the steps of some parts, one after another."""
        ranges = zip(*(each[rows] for each in self._parts), strict=True)
        return np.concatenate([arrays[row][start:stop] for row, start, stop in ranges])


def _count_for(batches: int, parts: int) -> int:
    """Return the number of batches of every epoch, from the number in the first epoch's plan."""
    return 1 if batches == 1 else min(parts, batches + max(1, batches // 20))


def _as_many(
    batches: list[NDArray[np.int64]], count: int, lengths: NDArray[np.int32]
) -> list[NDArray[np.int64]]:
    """Return `count` batches: the largest are halved, or the smallest put together."""
    batches = list(batches)
    while len(batches) < count:
        rows = batches.pop(int(np.argmax([len(rows) for rows in batches])))
        batches += [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    while len(batches) > count:
        batches.sort(key=lambda rows: len(rows) * int(lengths[rows].max()))
        batches = [*batches[2:], np.concatenate(batches[:2])]
    return batches


def _arrays(sequences: Sequence[ArrayLike], padding_value: float) -> list[NDArray[Any]]:
    """Return the sequences as arrays of one type and width, none of which holds padding."""
    arrays: list[NDArray[Any]] = []
    for number, sequence in enumerate(sequences, 1):
        array = _numbers(sequence, f"sequence {number}")
        if array.ndim not in (1, 2) or not array.size:
            raise DataError(
                f"sequence {number} has the shape {array.shape}; a sequence is [steps] or "
                "[steps, features], with one step at least"
            )
        if arrays and array.shape[1:] != arrays[0].shape[1:]:
            raise DataError(
                f"sequence {number} has steps of shape {array.shape[1:]}, those before it of "
                f"{arrays[0].shape[1:]}; give every step the same number of features"
            )
        padded = (array == padding_value).reshape(len(array), -1).all(axis=1)
        if padded.any():
            raise DataError(
                f"sequence {number}, step {int(padded.argmax()) + 1}, holds only the padding value "
                f"{padding_value:g}, so a model would skip it; choose another padding_value, "
                "and the same mask_value in the model, or cut padding off"
            )
        arrays.append(array)
    if not arrays:
        raise DataError("there are no sequences; give one at least")
    kind = np.result_type(*{array.dtype for array in arrays})
    return [array.astype(kind) for array in arrays]


def _targets(
    targets: Sequence[ArrayLike] | NDArray[Any], lengths: NDArray[np.int64], *, per_step: bool
) -> list[NDArray[Any]]:
    """Return one target for each sequence, all of the same type and shape."""
    arrays = [_numbers(target, f"target {i}") for i, target in enumerate(targets, 1)]
    if len(arrays) != len(lengths):
        raise DataError(
            f"there are {len(lengths):,} sequences and {len(arrays):,} targets; give one target "
            "for each sequence"
        )
    for number, (array, length) in enumerate(zip(arrays, lengths, strict=True), 1):
        if per_step and (array.ndim == 0 or len(array) != length):
            raise DataError(
                f"sequence {number} has {length:,} steps and its target the shape {array.shape}; "
                "with per_step=True give a target for each step"
            )
        rest = slice(1, None) if per_step else slice(None)
        if array.shape[rest] != arrays[0].shape[rest]:
            raise DataError(
                f"target {number} has the shape {array.shape}, target 1 {arrays[0].shape}; give "
                "all the same"
            )
    kind = np.result_type(*{array.dtype for array in arrays})
    return [array.astype(kind) for array in arrays]


def _numbers(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array of float32 or int32."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(f"{name} is ragged inside ({error}); give steps of one length") from error
    if array.dtype.kind in "iub":
        return array.astype(np.int32)
    if array.dtype.kind != "f":
        raise DataError(f"{name} holds {array.dtype}, not numbers; convert it to numbers first")
    if not np.isfinite(array).all():
        raise DataError(f"{name} holds a value that is not finite; replace or remove it first")
    return array.astype(np.float32)


def _check_options(
    strategy: str,
    max_steps: int,
    bucket_width: int,
    padding: str,
    longest: int | None,
    long: str,
    stride: int | None,
) -> None:
    """Raise `SettingsError` for a value that is not allowed."""
    choices = {
        "strategy": (strategy, get_args(Strategy)),
        "padding": (padding, get_args(Padding)),
        "long": (long, get_args(LongRule)),
    }
    for name, (value, allowed) in choices.items():
        if value not in allowed:
            raise SettingsError(
                f"{name} received {value!r}; it must be one of {', '.join(allowed)}"
            )
    counts = {"max_steps": max_steps, "bucket_width": bucket_width, "longest": longest}
    for name, count in counts.items():
        if count is not None and count < 1:
            raise SettingsError(f"{name} received {count}; it must be 1 or more")
    if stride is not None and (longest is None or not 1 <= stride <= longest):
        raise SettingsError(
            f"stride received {stride}; it must be from 1 to longest, which is {longest}"
        )
