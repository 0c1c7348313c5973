"""Training batches of a measurement, made from a seed, and the file that workers read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.bench.training_cases import CLASSES, FEATURES, Case
from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import plan_epoch
from seq2seq.text.tokenizer import EOS, PAD

Batch = tuple[NDArray[Any], ...]
Lengths = NDArray[np.int32]

MULTI30K_PAIRS = 29_000
# Mean, standard deviation and correlation of the logarithm of the lengths of both sides of
# multi30k, in a vocabulary of 6,000 tokens and with an end symbol. They reproduce its mean lengths
# of 16 and 17, its quartiles, its padding of 10 % and its number of batches.
_MEANS, _DEVIATIONS, _CORRELATION = (2.728, 2.768), (0.306, 0.346), 0.834
_SHORTEST = 0.85  # shortest length as a share of the longest, for a case with a given length
_FIRST_WORD = EOS + 1  # smaller ids are special tokens


def made_batches(case: Case, *, seed: int = 1) -> list[Batch]:
    """Return batches of `case`; the same ones for the same seed.

    A translation batch holds the ids of the source and of the target, `[rows, width] int32`. A
    classification batch holds features `[rows, width, features] float32`, and lengths and classes
    `[rows] int32`.
    """
    make = {"translation": _translation, "classification": _classification}[case.task]
    return make(case, np.random.default_rng(seed))


def work(case: Case, batch: Batch) -> int:
    """Return the number of target tokens of a batch, or of steps in a classification."""
    if case.task == "classification":
        return int(batch[1].sum())
    return int(np.count_nonzero(batch[1] != PAD))


def pair_lengths(count: int, rng: np.random.Generator) -> tuple[Lengths, Lengths]:
    """Draw lengths of both sides, with end symbols, distributed as in multi30k."""
    deviations = np.array(_DEVIATIONS)
    correlations = np.array([[1.0, _CORRELATION], [_CORRELATION, 1.0]])
    covariance = correlations * np.outer(deviations, deviations)
    logarithms = rng.multivariate_normal(_MEANS, covariance, count)
    source, target = np.maximum(2, np.rint(np.exp(logarithms))).astype(np.int32).T
    return source, target


def word_ids(count: int, vocab_size: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Draw ids of words, a few of them frequent and most of them rare (Zipf's law)."""
    words = vocab_size - _FIRST_WORD
    weights = 1.0 / np.arange(1, words + 1)
    drawn = rng.choice(words, size=count, p=weights / weights.sum())
    return (drawn + _FIRST_WORD).astype(np.int32)


def write_batches(path: Path, batches: list[Batch]) -> None:
    """Write batches to an `.npz` file whose arrays are called `number/part`."""
    arrays = {
        f"{number}/{part}": array
        for number, batch in enumerate(batches)
        for part, array in enumerate(batch)
    }
    np.savez(path, **arrays)  # type: ignore[arg-type]


def read_batches(path: Path) -> list[Batch]:
    """Read batches that `write_batches` wrote."""
    batches: dict[int, list[NDArray[Any]]] = {}
    with np.load(path, allow_pickle=False) as file:
        for name in file.files:
            batches.setdefault(int(name.partition("/")[0]), []).append(file[name])
    return [tuple(batches[number]) for number in sorted(batches)]


def _translation(case: Case, rng: np.random.Generator) -> list[Batch]:
    if case.length is None:
        source, target = pair_lengths(MULTI30K_PAIRS, rng)
        batching = BatchingSettings(max_tokens=case.positions)
        plan = plan_epoch(source, target, batching, seed=1, epoch=0)
        rows = [plan.batch(number) for number in range(min(case.batches, len(plan)))]
        lengths = [(source[each], target[each]) for each in rows]
    else:
        count = max(1, case.positions // case.length)
        sides = (_near(case.length, count, rng) for _ in range(2 * case.batches))
        lengths = list(zip(sides, sides, strict=True))
    return [tuple(_padded_ids(side, case, rng) for side in both) for both in lengths]


def _padded_ids(lengths: Lengths, case: Case, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return rows of random ids, each with an end symbol and padding, `[rows, width] int32`."""
    positions = np.arange(lengths.max())
    ids = word_ids(len(lengths) * len(positions), case.vocab_size, rng).reshape(len(lengths), -1)
    ids[positions >= lengths[:, np.newaxis]] = PAD
    ids[np.arange(len(lengths)), lengths - 1] = EOS
    return ids


def _classification(case: Case, rng: np.random.Generator) -> list[Batch]:
    if case.length is None:
        raise ValueError("a classification needs the length of its sequences")
    rows = max(1, case.positions // case.length)
    return [_sequences(case.length, rows, rng) for _ in range(case.batches)]


def _sequences(length: int, rows: int, rng: np.random.Generator) -> Batch:
    lengths = _near(length, rows, rng)
    values = rng.standard_normal((rows, length, FEATURES), np.float32)
    values[np.arange(length) >= lengths[:, np.newaxis]] = 0.0
    return values, lengths, rng.integers(0, CLASSES, rows).astype(np.int32)


def _near(length: int, rows: int, rng: np.random.Generator) -> Lengths:
    """Draw lengths equal to `length` or slightly smaller; the first is exactly `length`."""
    least = max(2, int(np.ceil(_SHORTEST * length)))
    lengths = rng.integers(min(least, length), length + 1, rows)
    lengths[0] = length
    return lengths.astype(np.int32)
