"""Decoding of a linear-chain CRF in NumPy: best paths, marginals and losses.

`seq2seq.model.crf` implements the same model in TensorFlow and gives its formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.batching import order_by_length
from seq2seq.export.onnx.label_graphs import CHAIN

Result = TypeVar("Result")
Array = NDArray[np.float64]

_POSITIONS = 4000  # limit of the steps that are computed together, padding included
_PAIRS = 8_000_000  # limit of these steps times the pairs of classes


class DecodedChain(NamedTuple):
    """Probability of each class at each step `[steps, classes] float32`, and the best path."""

    marginals: NDArray[np.float32]
    path: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LinearChain:
    """Potentials of a CRF; sequences are given by the scores of their steps, `[steps, classes]`.

    Attributes:
        transitions: score of each class (column) after each class (row), `[classes, classes]`.
        start: score of each class as the first of a sequence, `[classes]`.
        end: score of each class as the last of a sequence, `[classes]`.
    """

    transitions: Array
    start: Array
    end: Array

    @staticmethod
    def of(numbers: Mapping[str, NDArray[Any]]) -> LinearChain | None:
        """Return the chain among the numbers of a model; None if it has none."""
        if CHAIN[0] not in numbers:
            return None
        return LinearChain(*(np.asarray(numbers[name], np.float64) for name in CHAIN))

    def decode(self, sequences: Sequence[NDArray[Any]]) -> list[DecodedChain]:
        """Return marginals and the best path of each sequence.

        If several classes are equally good at a step, the first one is chosen.
        """

        def decode(scores: Array, lengths: NDArray[np.int32]) -> list[DecodedChain]:
            marginals = self._marginals(scores, lengths).astype(np.float32)
            paths = self._best_paths(scores, lengths)
            return [
                DecodedChain(marginals[:length, row], paths[:length, row])
                for row, length in enumerate(lengths.tolist())
            ]

        nothing = DecodedChain(np.zeros((0, len(self.start)), np.float32), np.zeros(0, np.int64))
        return _batched(decode, sequences, nothing)

    def losses(
        self, sequences: Sequence[NDArray[Any]], paths: Sequence[NDArray[Any]]
    ) -> NDArray[np.float64]:
        """Return the negative log-likelihood of a path of each sequence, `[sequences]`."""
        totals = _batched(self._log_partitions, sequences, 0.0)
        return np.array(totals) - [
            self._path_score(scores, path) for scores, path in zip(sequences, paths, strict=True)
        ]

    def _path_score(self, scores: NDArray[Any], path: NDArray[Any]) -> float:
        if not len(path):
            return 0.0
        steps = scores[np.arange(len(path)), path].sum(dtype=np.float64)
        pairs = self.transitions[path[:-1], path[1:]].sum()
        return float(steps + pairs + self.start[path[0]] + self.end[path[-1]])

    def _log_partitions(self, scores: Array, lengths: NDArray[np.int32]) -> list[float]:
        totals: list[float] = log_sum(self._forward(scores, lengths)[-1] + self.end).tolist()
        return totals

    def _forward(self, scores: Array, lengths: NDArray[np.int32]) -> Array:
        """Return the log sum of all paths to each class at each step, `[steps, rows, classes]`.

        In the padding of a row, the log sums of its last step are repeated.
        """
        sums = np.empty_like(scores)
        sums[0] = self.start + scores[0]
        for step in range(1, len(scores)):
            reached = log_sum(sums[step - 1][:, :, np.newaxis] + self.transitions, axis=1)
            live = (step < lengths)[:, np.newaxis]
            sums[step] = np.where(live, reached + scores[step], sums[step - 1])
        return sums

    def _marginals(self, scores: Array, lengths: NDArray[np.int32]) -> Array:
        """Return the probability of each class at each step, `[steps, rows, classes]`."""
        sums = self._forward(scores, lengths)
        totals = log_sum(sums[-1] + self.end)[:, np.newaxis]
        after = np.broadcast_to(self.end, scores[0].shape)
        for step in range(len(scores) - 1, -1, -1):
            if step + 1 < len(scores):
                following = (scores[step + 1] + after)[:, np.newaxis, :]
                reached = log_sum(self.transitions + following, axis=2)
                after = np.where((step + 1 < lengths)[:, np.newaxis], reached, self.end)
            sums[step] += after - totals
        return np.exp(sums)

    def _best_paths(self, scores: Array, lengths: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the class of each step on the best path, `[steps, rows]`."""
        count, rows, classes = scores.shape
        origins = np.empty((count, rows, classes), np.int64)
        best = self.start + scores[0]
        for step in range(1, count):
            paths = best[:, :, np.newaxis] + self.transitions
            origins[step] = paths.argmax(axis=1)
            live = (step < lengths)[:, np.newaxis]
            best = np.where(live, paths.max(axis=1) + scores[step], best)
        path = np.empty((count, rows), np.int64)
        path[-1] = (best + self.end).argmax(axis=1)
        for step in range(count - 1, 0, -1):
            origin = np.take_along_axis(origins[step], path[step][:, np.newaxis], axis=1)[:, 0]
            path[step - 1] = np.where(step < lengths, origin, path[step])
        return path


class ChainStream:
    """Reader of a sequence step by step, which treats each step as the last of the sequence."""

    def __init__(self, chain: LinearChain) -> None:
        """Begin a sequence."""
        self._chain = chain
        self._sums: Array | None = None
        self._best: Array | None = None

    def push(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
        """Read the scores of a step, `[classes]`; return its marginals and its class.

        Both equal the results of `decode` for the last step of the sequence read so far.
        """
        chain = self._chain
        if self._sums is None or self._best is None:
            self._sums = self._best = chain.start + scores
        else:
            sums = log_sum(self._sums[:, np.newaxis] + chain.transitions, axis=0)
            self._sums = sums + scores
            self._best = (self._best[:, np.newaxis] + chain.transitions).max(axis=0) + scores
        ended = self._sums + chain.end
        marginals = np.exp(ended - log_sum(ended)).astype(np.float32)
        return marginals, int((self._best + chain.end).argmax())


def log_sum(values: Array, axis: int = -1) -> Array:
    """Return the logarithm of the sum of the exponentials along an axis."""
    highest = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - highest).sum(axis=axis))
    return np.asarray(total + highest.squeeze(axis))


def _batched(
    function: Callable[[Array, NDArray[np.int32]], Sequence[Result]],
    sequences: Sequence[NDArray[Any]],
    nothing: Result,
) -> list[Result]:
    """Return the result of `function` for each sequence, in order.

    The function takes a batch `[steps, rows, classes]` and the lengths of its rows. The result for
    an empty sequence is `nothing`.
    """
    results = [nothing] * len(sequences)
    lengths = np.array([len(scores) for scores in sequences], np.int32)
    filled = np.flatnonzero(lengths)
    classes = sequences[0].shape[1] if len(sequences) else 1
    most = min(_POSITIONS, _PAIRS // classes**2)
    for chosen in order_by_length(lengths[filled], max_tokens=most):
        numbers = filled[chosen]
        batch = np.zeros((int(lengths[numbers].max()), len(numbers), classes))
        for row, number in enumerate(numbers.tolist()):
            batch[: lengths[number], row] = sequences[number]
        found = function(batch, lengths[numbers])
        for number, result in zip(numbers.tolist(), found, strict=True):
            results[number] = result
    return results
