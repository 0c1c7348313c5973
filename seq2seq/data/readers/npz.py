"""Reader of NumPy files that hold `values`, ragged or padded, their `lengths`, and `labels`.

    values [steps of all sequences, features], lengths [sequences]            ragged
    values [sequences, time, features], lengths [sequences]                   padded, with lengths
    values [sequences, time, features], and data.features.padding_value=...   padded

`labels` is `[sequences]` or `[sequences, outputs]`; with task.per_step=true it has an entry for
each step, and its first axes are those of `values` without the features. A last axis of length 1 is
dropped. Python objects are never read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.cleaning import cleaned
from seq2seq.data.sequences.item import Form, Item, Label, Reader, plain_label
from seq2seq.errors import DataError


class _Arrays(NamedTuple):
    values: NDArray[Any]
    lengths: NDArray[np.int64]
    labels: NDArray[Any] | None


def read_npz(path: Path, form: Form) -> Iterator[Item]:
    """Yield the sequences of a `.npz` file.

    Raises:
        DataError: it cannot be read, or its arrays do not fit each other.
    """
    values, lengths, labels = _load(path, form)
    # Integers of 32 bits or more, such as seconds since 1970, keep their precision.
    narrow = np.can_cast(values.dtype, np.float32)
    values = values.astype(np.float32 if narrow else np.float64, copy=False)
    ragged = values.ndim == 2
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    for number, length in enumerate(lengths.tolist()):
        where: Any = slice(offsets[number], offsets[number + 1]) if ragged else number
        steps = values[where][:length]
        label = None
        if labels is not None:
            given = labels[where][:length] if form.per_step else labels[number]
            try:
                label = _label(np.asarray(given), form.encoding)
            except UnicodeError:
                yield Item(number + 1, error=f"its label is not valid {form.encoding.upper()}")
                continue
        yield cleaned(number + 1, steps, label, form)


def _load(path: Path, form: Form) -> _Arrays:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.strerror:
            raise DataError(f"{path} cannot be read: {error.strerror}") from error
        if str(error).startswith("Object arrays"):
            raise DataError(
                f"{path} holds an array of Python objects, which is never read; save sequences of "
                "different lengths after each other with `lengths`, and labels as "
                "labels.astype(str)"
            ) from error
        raise DataError(
            f"{path} is not an .npz file of plain arrays ({error}); write it with "
            "numpy.savez(path, values=..., lengths=..., labels=...)"
        ) from error
    values = arrays.get("values")
    if values is None:
        raise DataError(f"{path} holds {', '.join(arrays) or 'nothing'} and no array `values`")
    if values.dtype.kind not in "fiub" or values.ndim not in (2, 3):
        raise DataError(
            f"{path}: `values` is {list(values.shape)} {values.dtype}; it must be numbers of "
            "[steps, features] or [sequences, time, features]"
        )
    lengths = _lengths(path, values, arrays.get("lengths"), form)
    labels = arrays.get("labels")
    if labels is not None:
        wanted = values.shape[: values.ndim - 1] if form.per_step else (len(lengths),)
        if labels.shape[: len(wanted)] != wanted:
            raise DataError(
                f"{path}: `labels` is {list(labels.shape)} and must begin with {list(wanted)}"
            )
        if labels.shape == (*wanted, 1):
            labels = labels[..., 0]
    return _Arrays(values, lengths, labels)


def _lengths(
    path: Path, values: NDArray[Any], lengths: NDArray[Any] | None, form: Form
) -> NDArray[np.int64]:
    if lengths is None:
        if values.ndim == 3 and form.padding_value is not None:
            return np.full(len(values), values.shape[1], np.int64)
        raise DataError(
            f"{path} holds no array `lengths`; add it, or with `values` of [sequences, time, "
            "features] name the value they are padded with: data.features.padding_value=... "
            "(--padding-value of a command)"
        )
    if lengths.shape[1:] == (1,):
        lengths = lengths[:, 0]
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu" or (lengths < 0).any():
        raise DataError(f"{path}: `lengths` must be a row of whole numbers of at least 0")
    if values.ndim == 2 and int(lengths.sum()) != len(values):
        raise DataError(
            f"{path}: `lengths` add up to {int(lengths.sum()):,} steps and `values` has "
            f"{len(values):,}"
        )
    if values.ndim == 3 and (len(lengths) != len(values) or (lengths > values.shape[1]).any()):
        raise DataError(
            f"{path}: `lengths` has {len(lengths):,} entries up to {int(lengths.max(initial=0)):,} "
            f"and `values` has {len(values):,} sequences of {values.shape[1]:,} steps"
        )
    return lengths.astype(np.int64)


def _label(given: NDArray[Any], encoding: str) -> Label:
    """Return the label or labels of one sequence.

    Raises:
        UnicodeError: bytes are not in `encoding`.
    """
    if given.dtype.kind != "S":
        return plain_label(given.tolist())
    words = [bytes(word).decode(encoding) for word in given.reshape(-1)]
    return words if given.ndim else words[0]


NPZ = Reader(read_npz, (".npz",), features=True, unit="sequence")
