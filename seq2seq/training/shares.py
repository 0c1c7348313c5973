"""Computation of a batch in shares, in parallel on the cores of a CPU.

The operations of one step of an LSTM are too small to keep several cores busy. The shares of a
batch depend on each other only in the sum of their gradients. Therefore TensorFlow computes them
at the same time, each on its own core.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import tensorflow as tf

from seq2seq.training.tasks.task import Losses, Objective


def in_shares(objective: Objective, shares: int | Literal["auto"]) -> Objective:
    """Return the objective of a batch in `shares` parts; for 1 or `auto`, `objective` itself."""
    return objective if shares in ("auto", 1) else SharedObjective(objective, int(shares))


class SharedObjective:
    """Sum of the losses of the shares of a batch; implements `Objective`.

    Row `i` belongs to share `i % shares`. If the batch is sorted by length, all shares therefore
    have similar lengths.
    """

    def __init__(self, objective: Objective, shares: int) -> None:
        """Create the objective of a batch in `shares` parts from the objective of a whole batch."""
        self._objective, self._shares = objective, shares
        self.weights, self.signature = objective.weights, objective.signature
        self.unit, self.limit = objective.unit, objective.limit

    def losses(
        self, batch: Sequence[tf.Tensor], seed: tf.Tensor | None, scale: tf.Tensor | float
    ) -> Losses:
        """See `Objective`; a share without rows adds zeros."""
        scale = tf.convert_to_tensor(scale)  # a variable could not be captured by `tf.cond`
        parts = [self._share(number, batch, seed, scale) for number in range(self._shares)]
        return Losses(*(tf.add_n(list(sums)) for sums in zip(*parts, strict=True)))

    def _share(
        self,
        number: int,
        batch: Sequence[tf.Tensor],
        seed: tf.Tensor | None,
        scale: tf.Tensor | float,
    ) -> Losses:
        rows = [tensor[number :: self._shares] for tensor in batch]
        if seed is not None:
            seed = tf.random.experimental.stateless_fold_in(seed, number, alg="philox")

        def losses() -> Losses:
            return self._objective.losses(rows, seed, scale)

        def zeros() -> Losses:
            return Losses(*(tf.zeros([]) for _ in Losses._fields))

        if number == 0:
            return losses()
        computed: Losses = tf.cond(tf.shape(rows[0])[0] > 0, losses, zeros)
        return computed
