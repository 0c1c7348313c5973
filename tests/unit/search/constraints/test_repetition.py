"""No sequence of tokens comes twice, and needed tokens are left alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.forbidden import NoRepeatedNgrams
from seq2seq.search.hypotheses import IMPOSSIBLE, GivingWay, OpenHypotheses, cells_of


def forbidden_after(ids: list[int], n: int, rule: Any = None) -> set[int]:
    log_probs = np.zeros([1, 1, 8], np.float32)
    one = np.array([[ids]], np.int32).reshape(1, 1, len(ids))
    open_ = OpenHypotheses(np.array([0]), one, np.zeros([1, 1], np.float32))
    (rule or NoRepeatedNgrams(n))(log_probs, open_)
    return set(np.flatnonzero(log_probs[0, 0] == IMPOSSIBLE).tolist())


@given(ids=st.lists(st.integers(4, 7), max_size=9), n=st.integers(1, 4))
def test_it_forbids_what_would_come_twice_and_nothing_else(ids: list[int], n: int) -> None:
    seen = {tuple(ids[start : start + n]) for start in range(len(ids) - n + 1)}
    last = tuple(ids[len(ids) - n + 1 :]) if len(ids) >= n - 1 else None
    expected = {token for token in range(8) if last is not None and (*last, token) in seen}
    assert forbidden_after(ids, n) == expected


def test_it_gives_way_to_what_is_needed() -> None:
    rule = GivingWay(NoRepeatedNgrams(1), [lambda open_: cells_of([(0, 0, 5)])])
    assert forbidden_after([5, 6], 1, rule) == {6}


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("beam_size", [1, 3])
def test_in_a_search(table_model: Callable[..., Any], sources: Any, n: int, beam_size: int) -> None:
    model = table_model(7, seed=1)
    limits = np.full(len(sources), 12, np.int32)
    settings = BeamSettings(beam_size=beam_size)

    def search(rows: slice, *rules: Any) -> list[Any]:
        return beam_search(model, sources[rows], limits[rows], settings=settings, rules=rules)

    together = search(slice(None), NoRepeatedNgrams(n))
    assert together == [search(slice(r, r + 1), NoRepeatedNgrams(n))[0] for r in range(6)]
    for output in [output for found in together for output in found]:
        grams = list(pairwise(output.ids)) if n == 2 else list(output.ids)
        assert len(set(grams)) == len(grams)
    assert together != search(slice(None))
