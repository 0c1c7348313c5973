"""Each row of a batch is in exactly one share, and the shares are even."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import plan_epoch
from seq2seq.data.sharing import Division, share_plan, share_rows


@given(st.lists(st.integers(1, 300), max_size=80), st.integers(1, 9))
def test_shares_are_even_and_lose_nothing(tokens: list[int], shares: int) -> None:
    places = share_rows(tokens, shares)
    assert sorted(place for share in places for place in share) == list(range(len(tokens)))
    assert all(share == sorted(share) for share in places)
    loads = [sum(tokens[place] for place in share) for share in places]
    assert max(loads) - min(loads) <= max(tokens, default=0)


def test_too_few_rows_leave_shares_empty() -> None:
    assert share_rows([5, 9], 4) == [[1], [0], [], []]
    assert share_rows([], 2) == [[], []]


def test_the_shares_of_a_plan_make_it_up() -> None:
    random = np.random.default_rng(0)
    lengths = random.integers(1, 30, (2, 100)).astype(np.int32)
    plan = plan_epoch(*lengths, BatchingSettings(max_tokens=60), seed=3, epoch=2)
    tokens = lengths.sum(axis=0)
    shares = [share_plan(plan, tokens, Division(3, range(n, n + 1)))[0] for n in range(3)]
    assert share_plan(plan, tokens, Division(3, range(1, 3)))[1].rows.tolist() == (
        shares[2].rows.tolist()
    )
    sizes = [len(plan.batch(index)) for index in range(len(plan))]
    assert min(sizes) < 3  # so that a share is empty
    for index in range(len(plan)):
        rows = [share.batch(index).tolist() for share in shares]
        assert sorted(row for share in rows for row in share) == sorted(plan.batch(index).tolist())
        assert {int(share.source_widths[index]) for share in shares} == {
            int(plan.source_widths[index])
        }
