"""Plans of epochs: every pair once, within the budget, a pure function of (seed, epoch)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import EpochPlan, order_by_length, plan_epoch
from seq2seq.errors import DataError

STRATEGIES = ["bucket", "dynamic", "fixed", "equal_length", "single"]
LENGTHS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=200)


def plan_of(
    pairs: list[tuple[int, int]], strategy: str, *, seed: int = 1, epoch: int = 0, **sizes: object
) -> EpochPlan:
    source, target = np.array(pairs, dtype=np.int32).T
    batching = BatchingSettings(strategy=strategy, **sizes)  # type: ignore[arg-type]
    return plan_epoch(source, target, batching, seed=seed, epoch=epoch)


@given(
    pairs=LENGTHS,
    strategy=st.sampled_from(STRATEGIES),
    max_tokens=st.integers(1, 300),
    pad_to=st.sampled_from(["longest", "edge"]),
    seed=st.integers(0, 5),
)
def test_every_pair_stands_in_one_batch_wide_enough_and_within_the_budget(
    pairs: list[tuple[int, int]], strategy: str, max_tokens: int, pad_to: str, seed: int
) -> None:
    plan = plan_of(pairs, strategy, max_tokens=max_tokens, pad_to=pad_to, seed=seed)
    assert sorted(plan.rows.tolist()) == list(range(len(pairs)))
    padded = 0
    for index in range(len(plan)):
        rows = plan.batch(index)
        source, target = np.array([pairs[row] for row in rows]).T
        assert source.max() <= plan.source_widths[index]
        assert target.max() <= plan.target_widths[index]
        width = max(plan.source_widths[index], plan.target_widths[index])
        assert len(rows) == 1 or len(rows) * width <= max_tokens
        padded += len(rows) * int(plan.source_widths[index] + plan.target_widths[index])
    assert plan.padded_tokens == padded
    assert plan.tokens == np.sum(pairs)
    assert 0.0 <= plan.padding < 1.0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_plan_is_a_function_of_seed_and_epoch(strategy: str) -> None:
    random = np.random.default_rng(0)
    pairs = [tuple(pair) for pair in random.integers(1, 30, (300, 2)).tolist()]
    plans = {
        key: plan_of(pairs, strategy, max_tokens=200, seed=key[0], epoch=key[1]).rows.tolist()
        for key in [(1, 0), (1, 1), (2, 0)]
    }
    again = plan_of(pairs, strategy, max_tokens=200, seed=1, epoch=0).rows.tolist()
    assert plans[1, 0] == again
    assert plans[1, 0] != plans[1, 1]
    assert plans[1, 0] != plans[2, 0]


@given(pairs=LENGTHS)
def test_equal_length_pads_nothing(pairs: list[tuple[int, int]]) -> None:
    assert plan_of(pairs, "equal_length", max_tokens=100).padding == 0.0


def test_single_has_one_pair_a_batch() -> None:
    plan = plan_of([(3, 4)] * 7, "single", max_tokens=1000)
    assert np.diff(plan.starts).tolist() == [1] * 7


def test_fixed_pads_all_to_the_corpus_longest() -> None:
    plan = plan_of([(3, 4), (9, 2), (1, 1)], "fixed", max_tokens=10)
    assert set(plan.source_widths.tolist()) == {9}
    assert set(plan.target_widths.tolist()) == {4}


def test_buckets_pad_less_than_batches_as_they_come() -> None:
    random = np.random.default_rng(1)
    lengths = random.integers(2, 40, 3000)
    pairs = [
        (int(n), max(1, int(n + d)))
        for n, d in zip(lengths, random.integers(-3, 4, 3000), strict=True)
    ]
    bucket = plan_of(pairs, "bucket", max_tokens=1000)
    assert bucket.padding < 0.15 < plan_of(pairs, "dynamic", max_tokens=1000).padding


def test_edges_make_few_shapes() -> None:
    pairs = [(n, n) for n in range(1, 41)] * 20
    plan = plan_of(pairs, "bucket", max_tokens=400, pad_to="edge", bucket_width=8)
    assert all(width % 8 == 0 for width in plan.source_widths.tolist())


def test_the_largest_batch_costs_most() -> None:
    plan = plan_of([(n, 2 * n) for n in range(1, 50)], "bucket", max_tokens=90)
    assert plan.cost()[plan.largest()] == plan.cost().max()


def test_an_empty_corpus_is_refused() -> None:
    empty = np.array([], dtype=np.int32)
    with pytest.raises(DataError, match="no pairs to train on"):
        plan_epoch(empty, empty, BatchingSettings(), seed=1, epoch=0)


@given(lengths=st.lists(st.integers(1, 50), max_size=100), max_tokens=st.integers(1, 200))
def test_reading_order_takes_every_row_within_the_budget(
    lengths: list[int], max_tokens: int
) -> None:
    batches = list(order_by_length(np.array(lengths, dtype=np.int32), max_tokens=max_tokens))
    assert sorted(row for batch in batches for row in batch.tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= max_tokens
