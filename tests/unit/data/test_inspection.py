"""The tables that `seq2seq inspect` prints add up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.data.corpus_report import SideReport
from seq2seq.data.inspection import _bucket_lines, _buckets, histogram

LENGTHS = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=1, max_size=60)


@given(LENGTHS, st.integers(1, 20))
def test_buckets_hold_every_pair_once(pairs: list[tuple[int, int]], width: int) -> None:
    source, target = np.array(pairs, dtype=np.int32).T
    buckets = _buckets(source, target, width=width)
    longer = np.maximum(source, target)
    for bucket in buckets:
        inside = (longer >= bucket["from"]) & (longer <= bucket["to"])
        assert bucket["pairs"] == inside.sum() > 0
        assert abs(bucket["mean_source"] - source[inside].mean()) < 0.01
        assert abs(bucket["mean_target"] - target[inside].mean()) < 0.01
    assert sum(bucket["pairs"] for bucket in buckets) == len(pairs)
    lines = _bucket_lines(buckets)
    assert len(lines) <= 17
    assert sum(int(line.split()[1]) for line in lines[1:]) == len(pairs)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_ahistogram_shows_every_row_once(lengths: list[int]) -> None:
    array = np.array(lengths, dtype=np.int32)
    report = SideReport.of(array, np.arange(len(array), dtype=np.int64))
    lines = histogram("source", report)[1:]
    assert sum(int(line.replace("over ", "").split()[1]) for line in lines) == len(lengths)
    assert max(line.count("#") for line in lines) == 32
