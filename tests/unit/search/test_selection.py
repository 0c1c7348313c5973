"""Required and forbidden phrases within the beam, against the list of all outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.banks import Banks
from seq2seq.search.constraints.coverage import Requirement
from seq2seq.search.constraints.forbidden import ForbiddenPhrases
from seq2seq.search.constraints.required import RequiredPhrases
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.text.words import PhraseFinder, tokens

SURFACES = (b"", b"", b"", b"", b" a", b" b", b"b", b" ba")
A, B, MORE_B, BA = 4, 5, 6, 7
SPELLING = Spelling(SURFACES)
LIMIT = 5

AB = Requirement(("ab",), ((A, MORE_B),))
BA_B = Requirement(("ba b",), ((BA, B),))
B_A = Requirement(("b a", "ba a"), ((B, A), (BA, A)))
ONLY_A = Requirement(("a",), ((A,),))


def text_of(ids: tuple[int, ...]) -> str:
    return SPELLING.text(ids).decode()


def allowed(
    ids: tuple[int, ...], required: tuple[Requirement, ...], forbidden: tuple[str, ...]
) -> bool:
    row = tokens(text_of(ids))
    for one in required:
        finder = PhraseFinder(one.alternatives)
        times = sum(min(finder.count(tokens(a)) for a in other.alternatives) for other in required)
        if finder.count(row) < times:
            return False
    return not PhraseFinder(forbidden).find(text_of(ids))


def search(
    model: Any,
    sources: Any,
    required: list[tuple[Requirement, ...]],
    forbidden: list[tuple[str, ...]],
    *,
    beam_size: int,
    limit: int = LIMIT,
    length_penalty: float = 0.0,
) -> list[list[Any]]:
    limits = np.full(len(sources), limit, np.int32)
    must = RequiredPhrases(SPELLING, required, limits)
    must_not = ForbiddenPhrases(SPELLING, forbidden)
    return beam_search(
        model,
        sources,
        limits,
        settings=BeamSettings(beam_size=beam_size, length_penalty=length_penalty),
        rules=[must, must_not],
        selection=Banks(must, must_not, beam_size=beam_size),
    )


CASES = [
    ((AB,), ()),
    ((AB, AB), ()),
    ((AB, BA_B), ()),
    ((B_A,), ("a b",)),
    ((ONLY_A, AB), ()),
    ((ONLY_A,), ("b",)),
    ((), ("b", "a")),
    ((), ("ba b", "a")),
    ((BA_B, ONLY_A), ("bab",)),
]


@pytest.mark.parametrize(("required", "forbidden"), CASES)
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_wide_beam_finds_the_best_output_there_is(
    table_model: Callable[..., Any],
    sources: Any,
    required: tuple[Requirement, ...],
    forbidden: tuple[str, ...],
    alpha: float,
) -> None:
    model = table_model(len(SURFACES), seed=1)
    found = search(
        model,
        sources,
        [required] * len(sources),
        [forbidden] * len(sources),
        beam_size=256,
        length_penalty=alpha,
    )
    must = RequiredPhrases(SPELLING, [required], np.array([LIMIT], np.int32))
    for source, outputs in zip(sources, found, strict=True):
        possible = [
            (total, ids)
            for total, ids in model.outputs(source, LIMIT)
            if allowed(ids, required, forbidden)
        ]
        # What the phrases cost at least is no matter of length.
        price = max(must.share(0, ids, model.log_probs(source, ids)) for _, ids in possible)
        ways = [
            ((total - price) / ((6 + len(ids)) / 6) ** alpha + price, ids)
            for total, ids in possible
        ]
        score, ids = max(ways)
        assert outputs[0].ids == ids
        assert outputs[0].score == pytest.approx(score, abs=1e-4)


@pytest.mark.parametrize("beam_size", [1, 2, 4])
@pytest.mark.parametrize(("required", "forbidden"), CASES)
def test_a_narrow_beam_keeps_to_what_is_asked(
    table_model: Callable[..., Any],
    sources: Any,
    required: tuple[Requirement, ...],
    forbidden: tuple[str, ...],
    beam_size: int,
) -> None:
    for seed in range(4):
        found = search(
            table_model(len(SURFACES), seed=seed),
            sources,
            [required] * len(sources),
            [forbidden] * len(sources),
            beam_size=beam_size,
            limit=12,
        )
        for outputs in found:
            assert all(allowed(output.ids, required, forbidden) for output in outputs)


@pytest.mark.parametrize("beam_size", [1, 3])
def test_a_sentence_does_not_depend_on_its_batch(
    table_model: Callable[..., Any], sources: Any, beam_size: int
) -> None:
    model = table_model(len(SURFACES), seed=2)
    required = [case[0] for case in CASES][: len(sources)]
    forbidden = [case[1] for case in CASES][: len(sources)]
    required[3], forbidden[3] = (), ()
    together = search(model, sources, required, forbidden, beam_size=beam_size, limit=12)
    for row in range(len(sources)):
        (alone,) = search(
            model,
            sources[row : row + 1],
            required[row : row + 1],
            forbidden[row : row + 1],
            beam_size=beam_size,
            limit=12,
        )
        assert alone == together[row]


def test_without_conditions_it_is_the_plain_search(
    table_model: Callable[..., Any], sources: Any
) -> None:
    model = table_model(len(SURFACES), seed=3)
    nothing: list[tuple[Any, ...]] = [()] * len(sources)
    for beam_size in (1, 4):
        limits = np.full(len(sources), LIMIT, np.int32)
        settings = BeamSettings(beam_size=beam_size, length_penalty=0.0)
        plain = beam_search(model, sources, limits, settings=settings)
        assert search(model, sources, nothing, nothing, beam_size=beam_size) == plain
