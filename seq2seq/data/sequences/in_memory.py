"""Sequences passed from Python as X (texts or arrays): their checks, and files for training."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.filters import text_error
from seq2seq.data.sequences.cleaning import LARGEST
from seq2seq.data.sequences.item import Content, Values

Sequences = Sequence[Any]

_SHOWN = 5  # rows that a message lists


def sequences_of(sequences: Sequences) -> list[Content]:
    """Return texts unchanged, and arrays `[time, features]` of finite numbers without padding.

    Raises:
        TypeError: the sequences are a sparse matrix, or one of them holds Python objects.
        ValueError: they are a single text, or one of them is neither text nor array.
    """
    if hasattr(sequences, "toarray"):
        raise TypeError("the sequences are a sparse matrix; give arrays: call toarray() on it")
    # Iteration over a data frame would give the names of its columns.
    each: Any = np.asarray(sequences) if hasattr(sequences, "__array__") else sequences
    if isinstance(each, np.ndarray) and not each.ndim:
        each = each.item()
    if isinstance(each, str | bytes) or not isinstance(each, Iterable):
        raise ValueError(f"X is {_kind(each)}; it must be a list of sequences, such as [sequence]")
    return [
        str(one) if isinstance(one, str) else _array(one, number) for number, one in enumerate(each)
    ]


def _array(sequence: Any, number: int) -> Values:
    """Return the numbers of `X[number]` without steps of NaN at the end.

    Raises:
        TypeError, ValueError: `X[number]` is not an array of finite numbers.
    """
    if np.iscomplexobj(sequence):
        raise ValueError("Complex data not supported: give real and imaginary parts as features")
    try:
        values = np.asarray(sequence)
        values = values.astype(np.float32 if values.dtype == np.float32 else np.float64, copy=False)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError  # as scikit-learn does
        raise kind(
            f"X[{number}] is no text and no array of numbers ({error}); texts are given as str"
        ) from error
    if values.ndim not in (1, 2) or not values.size:
        raise ValueError(
            f"X[{number}] is {_kind(sequence)}; it must be a text, or an array of [time, features] "
            "or [time] with at least one step"
        )
    values = values.reshape(len(values), -1)
    real = np.flatnonzero(~np.isnan(values).all(axis=1))
    values = values[: int(real[-1]) + 1] if len(real) else values[:0]
    if not len(values):
        raise ValueError(f"X[{number}] holds nothing but NaN; leave it out")
    wrong = np.argwhere(~(np.abs(values) <= LARGEST))
    if len(wrong):
        step, feature = wrong[0]
        raise ValueError(
            f"X[{number}] has {values[step, feature]} at step {step}, feature {feature}; it must "
            "be finite numbers (no NaN, no inf), and NaN only for whole steps of padding at the "
            "end of [time, features]"
        )
    return values


def check_training(contents: list[Content]) -> None:
    """Raise an error if X mixes texts and arrays, or arrays with different numbers of features.

    Raises:
        ValueError: X is mixed in this way, or a text cannot be used.
    """
    first = contents[0]
    for number, content in enumerate(contents):
        if isinstance(content, str) != isinstance(first, str):
            raise ValueError(
                f"X[{number}] is {_kind(content)} and X[0] is {_kind(first)}; give texts or arrays"
            )
        if isinstance(content, str):
            error = text_error(content, "text")
            if error is not None:
                raise ValueError(f"X[{number}] cannot be used: {error}")
        elif not isinstance(first, str) and content.shape[1] != first.shape[1]:
            raise ValueError(
                f"X[{number}] has {content.shape[1]} features and X[0] has {first.shape[1]}"
            )


def write_sequences(path: Path, contents: list[Content], targets: NDArray[Any]) -> str:
    """Write texts as JSON lines, or arrays as `.npz`; return the name of the file."""
    texts = [content for content in contents if isinstance(content, str)]
    if texts:
        path = path.with_suffix(".jsonl")
        lines = [
            json.dumps({"source": text, "target": target}) + "\n"
            for text, target in zip(texts, targets.tolist(), strict=True)
        ]
        path.write_text("".join(lines), encoding="utf-8")
    else:
        path = path.with_suffix(".npz")
        arrays = [content for content in contents if not isinstance(content, str)]
        lengths = np.array([len(array) for array in arrays])
        np.savez(path, values=np.concatenate(arrays), lengths=lengths, labels=targets)
    return path.name


def _kind(value: Any) -> str:
    if isinstance(value, str | bytes):
        return "one text"
    shape = list(np.shape(value))
    return f"an array of {shape}" if shape else f"the single value {value!r}"


def rows_of(numbers: list[int]) -> str:
    """Return the number of rows and the first of them: `2 rows (X[3], X[8])`."""
    shown = ", ".join(f"X[{number}]" for number in numbers[:_SHOWN])
    return f"{len(numbers)} rows ({shown}{', …' if len(numbers) > _SHOWN else ''})"
