"""Phrases are put into outputs, and what is not about them stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.coverage import Requirement
from seq2seq.search.constraints.edits import PhraseEdits
from seq2seq.search.constraints.forbidden import ForbiddenPhrases
from seq2seq.search.constraints.forced import Forced, Given
from seq2seq.search.constraints.required import RequiredPhrases
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.text.output_tokens import OutputTokens
from seq2seq.text.words import PhraseFinder

SURFACES = (b"", b"", b"", b"", b" a", b" b", b"b", b" ba", b".", b" c")
SPELLING = Spelling(SURFACES)
C = Requirement(("c",), ((9,),))
CB = Requirement(("cb",), ((9, 6),))
LIMIT = 9


def edits_for(
    model: Any,
    sources: Any,
    required: list[tuple[Requirement, ...]],
    *,
    forbidden: tuple[str, ...] = (),
    origins: tuple[int, int] = (0, 0),
    **settings: Any,
) -> PhraseEdits:
    limits = np.full(len(sources), LIMIT + 4, np.int32)
    search = BeamSettings(**settings)
    forced = Forced(
        model,
        sources,
        settings=search,
        written=WrittenText(OutputTokens.of_ids(len(SURFACES)), limits),
        rules=[ForbiddenPhrases(SPELLING, [forbidden] * len(sources))],
    )
    must = RequiredPhrases(SPELLING, required, limits)
    places = [[origins] * len(one) for one in required]
    return PhraseEdits(forced, must, places, SPELLING, search)


def plain_outputs(model: Any, sources: Any) -> list[list[Any]]:
    limits = np.full(len(sources), LIMIT, np.int32)
    return beam_search(model, sources, limits, settings=BeamSettings(2))


@pytest.fixture(scope="module")
def model(table_model: Callable[..., Any]) -> Any:
    return table_model(len(SURFACES), seed=1)


def test_scores_along_an_output_are_the_models(model: Any, sources: Any) -> None:
    edits = edits_for(model, sources, [(C,)] * len(sources), length_penalty=0.0)
    outputs = [Given(row, ids) for row in (0, 3, 5) for ids in ((), (4,), (5, 6, 9, 4, 8))]
    for given, found in zip(outputs, edits.forced.hypotheses(outputs), strict=True):
        expected = model.log_probs(sources[given.sentence], given.ids)
        assert found is not None and found.ids == given.ids and found.source_positions == ()
        assert found.token_log_probs == pytest.approx(expected, abs=1e-5)
        assert found.score == found.log_prob == pytest.approx(sum(expected), abs=1e-4)
    for given, along in zip(outputs, edits.forced.along(outputs), strict=True):
        assert along.log_probs.shape == (len(given.ids) + 1, len(SURFACES))
        expected = model.log_probs(sources[given.sentence], given.ids)
        chosen = along.log_probs[range(len(given.ids) + 1), [*given.ids, 3]]
        assert chosen.tolist() == pytest.approx(expected, abs=1e-6)
        assert along.source_positions == [-1] * (len(given.ids) + 1)


def test_an_output_that_breaks_a_rule_is_none(model: Any, sources: Any) -> None:
    edits = edits_for(model, sources, [(C,)] * len(sources), forbidden=("a",))
    outputs = [Given(0, (5, 4)), Given(0, (5, 9)), Given(1, (4, 8))]
    found = [one is not None for one in edits.forced.hypotheses(outputs)]
    assert found == [False, True, False]


@pytest.mark.parametrize("required", [(C,), (CB,), (C, CB), (C, C)])
@pytest.mark.parametrize("forbidden", [(), ("a c",)])
def test_every_output_holds_the_phrases_whatever_the_batch(
    model: Any, sources: Any, required: tuple[Requirement, ...], forbidden: tuple[str, ...]
) -> None:
    before = plain_outputs(model, sources)
    edits = edits_for(model, sources, [required] * len(sources), forbidden=forbidden)
    best = edits.best(before, [[] for _ in before])
    for row, outputs in enumerate(best):
        assert outputs or forbidden  # with which the likeliest places may all be bad
        assert [one.score for one in outputs] == sorted((o.score for o in outputs), reverse=True)
        for one in outputs:
            text = SPELLING.text(one.ids).decode()
            assert not edits.required.missing(row, one.ids)
            assert not PhraseFinder(forbidden).find(text)
        (alone,) = edits_for(model, sources[row : row + 1], [required], forbidden=forbidden).best(
            before[row : row + 1], [[]]
        )
        assert alone == outputs


def test_an_output_that_holds_the_phrase_already_stays_first(model: Any, sources: Any) -> None:
    before = plain_outputs(model, sources)
    for row, outputs in enumerate(before):
        token = next((token for token in outputs[0].ids if token in (4, 5, 9)), None)
        if token is None:
            continue
        phrase = Requirement((SURFACES[token].decode().strip(),), ((token,),))
        if edits_for(model, sources, [(phrase,)] * len(sources)).required.missing(
            row, outputs[0].ids
        ):
            continue
        edits = edits_for(model, sources, [(phrase,)] * len(sources))
        assert edits.best(before, before)[row][0].ids == outputs[0].ids


def test_a_drawing_keeps_its_words_but_one(model: Any, sources: Any) -> None:
    before = plain_outputs(model, sources)
    edits = edits_for(model, sources, [(C,)] * len(sources), length_penalty=0.0)
    for row, (drawn, plain) in enumerate(zip(edits.drawn(before), before, strict=True)):
        assert len(drawn) == len(plain)
        for one in drawn:
            assert not edits.required.missing(row, one.ids)
            assert one.score == pytest.approx(model.log_prob(sources[row], one.ids), abs=1e-3)


def test_a_phrase_comes_where_the_model_looks_at_what_it_stands_for(
    model: Any, sources: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = edits_for(model, sources, [(C,)] * len(sources), origins=(1, 2))
    given = Given(0, (4, 5, 7, 4))
    (along,) = edits.forced.along([given])
    looking = along._replace(source_positions=[0, 0, 1, 2, 3])
    monkeypatch.setattr(Forced, "along", lambda self, outputs: [looking for _ in outputs])
    assert (4, 5, 9, 4) in list(edits._edits(given, looking))
    (close,) = edits._closeness([given])
    assert "ba" not in close.words and close.replaceable == 0
