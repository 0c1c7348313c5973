"""Greedy search finds what beam search with one beam finds, score for score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seq2seq.search import beam_search as beam_search_module
from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.text.output_tokens import NEVER, OutputTokens

LIMITS = np.array([9, 1, 6, 2, 4, 30], np.int32)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shrink", [True, False])
def test_greedy_search_equals_a_beam_of_one(
    table_model: Callable[..., Any], sources: Any, seed: int, shrink: bool
) -> None:
    model = table_model(9, seed)
    for penalty in (0.0, 1.0):
        settings = BeamSettings(1, length_penalty=penalty, shrink_batches=shrink)
        # This model has no attention to align by: only the way to the outputs is another.
        expected = beam_search(model, sources, LIMITS, settings=replace(settings, align=True))
        assert beam_search(model, sources, LIMITS, settings=settings) == expected
        assert len({len(outputs[0].ids) for outputs in expected}) > 2


@pytest.mark.parametrize(
    ("settings", "rules", "greedy"),
    [
        (BeamSettings(1), [], True),
        (BeamSettings(1, length_penalty=0.3, shortlist=False), [], True),
        (BeamSettings(2), [], False),
        (BeamSettings(1, align=True), [], False),
        (BeamSettings(1, coverage_penalty=0.2), [], False),
        (BeamSettings(1), [lambda log_probs, hypotheses: None], False),
    ],
)
def test_the_greedy_path_is_for_what_asks_for_no_more(
    table_model: Callable[..., Any],
    sources: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: BeamSettings,
    rules: Any,
    greedy: bool,
) -> None:
    taken = []
    search = beam_search_module.greedy_search

    def watched(*arguments: Any, **options: Any) -> Any:
        taken.append(True)
        return search(*arguments, **options)

    monkeypatch.setattr(beam_search_module, "greedy_search", watched)
    beam_search(table_model(9, 0), sources, LIMITS, settings=settings, rules=rules)
    assert bool(taken) == greedy


def test_an_output_ends_where_no_token_may_follow(
    table_model: Callable[..., Any], sources: Any
) -> None:
    space = 4
    classes = [258, 258, 258, 257, 261, 259, 259, 259, 259]  # none, end, space, words with one
    tokens = OutputTokens(np.array(classes), np.array([NEVER] * 3 + [0, 1] + [0] * 4), {})
    model = table_model(9, 1)
    model.table[..., space] = -0.01  # the first token, after which there is none
    written = WrittenText(tokens, LIMITS)
    settings = BeamSettings(1)
    expected = beam_search(
        model, sources, LIMITS, settings=replace(settings, align=True), written=written
    )
    found = beam_search(model, sources, LIMITS, settings=settings, written=written)
    assert found == expected
    assert found[0][0].ids == (space,)
