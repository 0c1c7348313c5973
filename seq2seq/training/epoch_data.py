"""Training data of one epoch: its plan, and the batches or shares of batches built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.data.batch_building import prefetched
from seq2seq.data.batching import EpochPlan
from seq2seq.data.sharing import UNDIVIDED, Division, share_plan

Batch = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class EpochData:
    """Plan and batches of one epoch.

    Attributes:
        plan: plan of the batches.
        tokens: number of tokens of each corpus row, `[rows] int`, used to balance the shares.
        build: function that yields the batches of a plan, starting at a given index.
        signature: `tf.TensorSpec` of each tensor of a batch.
        describe: function that describes a batch in words.
        division: division of each batch among replicas; with more than one share, `batches` yields
            for each batch the tuple of the shares of this process.
    """

    plan: EpochPlan
    tokens: NDArray[Any]
    build: Callable[[EpochPlan, int], Iterator[Batch]]
    signature: Sequence[tf.TensorSpec]
    describe: Callable[[Batch], str]
    division: Division = UNDIVIDED

    def divided(self, division: Division) -> EpochData:
        """Return the same epoch, divided among several replicas."""
        return replace(self, division=division)

    def batches(self, first: int) -> Iterable[Batch]:
        """Return the batches, starting at index `first`; they are prefetched."""
        if self.division.whole:
            return prefetched(partial(self.build, self.plan, first), self.signature)
        own = tuple(tuple(self.signature) for _ in self.division.own)
        plans = share_plan(self.plan, self.tokens, self.division)
        return prefetched(partial(self._shares, plans, first), own)

    def largest(self) -> tuple[Batch, str]:
        """Return the batch that needs most memory, and its description.

        If the division is not whole, the batch is the tuple of its shares.
        """
        index = self.plan.largest()
        batch = next(self.build(self.plan, index))
        text = self.describe(batch)
        if self.division.whole:
            return batch, text
        plans = share_plan(self.plan, self.tokens, self.division)
        return next(self._shares(plans, index)), f"{text}, divided in {self.division.shares},"

    def _shares(self, plans: Sequence[EpochPlan], first: int) -> Iterator[Batch]:
        batches = [self.build(plan, first) for plan in plans]
        for shares in zip(*batches, strict=True):
            yield tuple(tuple(share) for share in shares)
