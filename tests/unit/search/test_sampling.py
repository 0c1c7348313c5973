"""Drawings follow the model's probabilities and nothing around them changes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seq2seq.errors import SettingsError
from seq2seq.search.constraints.forbidden import NoRepeatedNgrams
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.sampling import Sampling, sample

LIMITS = np.array([8, 3, 8, 5, 8, 8], np.int32)


def draw(model: Any, sources: Any, limits: Any = LIMITS, **options: Any) -> list[list[Hypothesis]]:
    drawings = options.pop("drawings", 3)
    rules = options.pop("rules", ())
    return sample(
        model, sources, limits, sampling=Sampling(**options), drawings=drawings, rules=rules
    )


@pytest.mark.parametrize("options", [{}, {"top_k": 3}, {"top_p": 0.7}, {"temperature": 2.0}])
def test_neither_batch_nor_order_nor_other_drawings_matter(
    table_model: Callable[..., Any], sources: Any, options: dict[str, Any]
) -> None:
    model = table_model(9, seed=1)
    together = draw(model, sources, **options)
    turned = draw(model, sources[::-1].copy(), LIMITS[::-1].copy(), **options)
    assert turned[::-1] == together
    for row in range(len(sources)):
        wider = np.pad(sources[row : row + 1], [(0, 0), (0, 4)])
        (alone,) = draw(model, wider, LIMITS[row : row + 1], **options)
        assert alone == together[row]
        (more,) = draw(model, wider, LIMITS[row : row + 1], drawings=5, **options)
        assert more[:3] == together[row]
    assert len({one.ids for found in together for one in found}) > 10
    assert draw(model, sources, seed=2, **options) != together


def test_scores_are_the_models_own(table_model: Callable[..., Any], sources: Any) -> None:
    model = table_model(9, seed=1)
    for options in ({}, {"temperature": 0.5, "top_k": 4, "top_p": 0.9}):
        for source, limit, found in zip(
            sources, LIMITS, draw(model, sources, **options), strict=True
        ):
            for one in found:
                assert len(one.ids) < limit and min(one.ids, default=9) > 3
                assert one.score == pytest.approx(model.log_prob(source, one.ids), abs=1e-4)
                assert sum(one.token_log_probs) == pytest.approx(one.score, abs=1e-4)


@pytest.mark.parametrize(
    "options", [{}, {"temperature": 0.6}, {"top_k": 2}, {"top_p": 0.5}, {"top_k": 4, "top_p": 0.8}]
)
def test_tokens_come_as_often_as_they_should(
    table_model: Callable[..., Any], options: dict[str, Any]
) -> None:
    model = table_model(9, seed=4)
    source = np.array([[5, 3]], np.int32)
    count = 4000
    (found,) = draw(model, source, np.array([2], np.int32), drawings=count, **options)
    drawn = Counter(one.ids[0] if one.ids else 3 for one in found)
    log_probs = model.table[int(model.encode(source)[0][0]), 2, 2].astype(np.float64)
    log_probs[:3] = -np.inf
    chances = np.exp(log_probs / options.get("temperature", 1.0))
    order = np.argsort(-chances)
    chances[order[options.get("top_k") or None :][: 9 if options.get("top_k") else 0]] = 0
    chances /= chances.sum()
    enough = int(np.searchsorted(np.cumsum(chances[order]), options.get("top_p", 1.0))) + 1
    chances[order[enough:]] = 0
    chances /= chances.sum()
    for token, chance in enumerate(chances):
        assert abs(drawn[token] - count * chance) <= 4.5 * math.sqrt(count * chance * (1 - chance))


def test_rules_hold_for_drawings_too(table_model: Callable[..., Any], sources: Any) -> None:
    model = table_model(7, seed=2)
    limits = np.full(len(sources), 12, np.int32)
    found = draw(model, sources, limits, rules=[NoRepeatedNgrams(1)], drawings=8)
    for one in [one for drawings in found for one in drawings]:
        assert len(set(one.ids)) == len(one.ids)
    free = draw(model, sources, limits, drawings=8)
    assert any(len(set(o.ids)) < len(o.ids) for drawings in free for o in drawings)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.0}, "temperature must be from 0.01 to 100; received 0.0"),
        ({"top_k": -1}, "top_k must be at least 0"),
        ({"top_p": 0.0}, "top_p must be above 0 and at most 1; received 0.0"),
        ({"seed": -1}, "seed must be at least 0"),
    ],
)
def test_impossible_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Sampling(**options).check()


def test_every_source_has_its_own_random_numbers(table_model: Callable[..., Any]) -> None:
    model = table_model(9, seed=1)
    model.encode = lambda ids, **_: (np.zeros(len(ids), int), np.full(len(ids), 2))
    sources = np.array([[4, 3], [5, 3], [4, 3]], np.int32)
    first, second, again = draw(model, sources, np.full(3, 9, np.int32), drawings=6)
    assert first == again != second
