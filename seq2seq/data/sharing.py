"""Division of the rows of each planned batch among the replicas of a model.

The plan of an epoch does not depend on the number of replicas. A share of it is a plan with as many
batches, each of which holds some rows of the original batch with the same number.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.batching import EpochPlan


class Division(NamedTuple):
    """Number of shares of each batch, and the shares of this process."""

    shares: int = 1
    own: range = range(1)

    @property
    def whole(self) -> bool:
        """Return whether there is only one share."""
        return self.shares == 1


UNDIVIDED = Division()


def share_rows(tokens: Sequence[int], shares: int) -> list[list[int]]:
    """Return for each share the positions of its rows in the batch, in ascending order.

    Rows are assigned from the longest to the shortest, each to the share with the fewest tokens; if
    there are fewer rows than shares, the last shares are empty.

    Args:
        tokens: number of tokens of each row.
        shares: number of shares.

    Source: Graham 1969, "Bounds on multiprocessing timing anomalies".
    """
    loads = [(0, share) for share in range(shares)]
    positions: list[list[int]] = [[] for _ in range(shares)]
    for position in sorted(range(len(tokens)), key=lambda position: -tokens[position]):
        load, share = loads[0]
        positions[share].append(position)
        heapq.heapreplace(loads, (load + tokens[position], share))
    return [sorted(share) for share in positions]


def share_plan(plan: EpochPlan, tokens: NDArray[Any], division: Division) -> list[EpochPlan]:
    """Return this process's shares of a plan; batches may be empty, but keep their widths.

    Args:
        plan: plan of an epoch.
        tokens: number of tokens of each row of the corpus, `[rows] int`.
        division: number of shares, and the shares of this process.
    """
    kept: list[list[NDArray[np.int64]]] = [[] for _ in division.own]
    for index in range(len(plan)):
        rows = plan.batch(index)
        positions = share_rows(tokens[rows].tolist(), division.shares)
        for batches, share in zip(kept, division.own, strict=True):
            batches.append(rows[positions[share]])
    return [
        replace(
            plan,
            rows=np.concatenate(batches),
            starts=np.cumsum([0, *map(len, batches)]).astype(np.int64),
        )
        for batches in kept
    ]
