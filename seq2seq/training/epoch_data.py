"""What one epoch trains on: its plan, and the batches or the shares of batches made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.data.batching import EpochPlan
from seq2seq.data.pipeline import prefetched
from seq2seq.data.sharing import UNDIVIDED, Division, share_plan

Batch = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class EpochData:
    """One epoch.

    Attributes:
        plan: its batches.
        tokens: of each row of the corpus, `[rows] int`, by which shares are made even.
        build: gives the batches of a plan from a number on.
        signature: a `tf.TensorSpec` of each tensor of a batch.
        describe: a batch in words.
        division: among replicas; with more than one share, `batches` gives for each batch the
            tuple of this process' own shares.
    """

    plan: EpochPlan
    tokens: NDArray[Any]
    build: Callable[[EpochPlan, int], Iterator[Batch]]
    signature: Sequence[tf.TensorSpec]
    describe: Callable[[Batch], str]
    division: Division = UNDIVIDED

    def divided(self, division: Division) -> EpochData:
        """The same epoch for several replicas."""
        return replace(self, division=division)

    def batches(self, first: int) -> Iterable[Batch]:
        """The batches from number `first` on, made ahead of their use."""
        if self.division.whole:
            return prefetched(partial(self.build, self.plan, first), self.signature)
        own = tuple(tuple(self.signature) for _ in self.division.own)
        plans = share_plan(self.plan, self.tokens, self.division)
        return prefetched(partial(self._shares, plans, first), own)

    def largest(self) -> tuple[Batch, str]:
        """The batch that needs most memory (of several replicas, their shares), and it in words."""
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
