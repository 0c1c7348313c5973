"""A chain of models: each reads what the one before wrote, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import pytest

from seq2seq.errors import SettingsError
from seq2seq.inference.chain import Chain
from seq2seq.inference.translation import Translation
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.search.sampling import Sampling

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator


class Recorded:
    """A model that appends its name, and keeps the options that it was given."""

    def __init__(self, name: str, **fields: object) -> None:
        self.name, self.fields = name, fields
        self.options: list[SearchOptions] = []

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        self.options.append(options)
        return [
            [
                Translation(f"{text}{self.name}{rank}", **self.fields)  # type: ignore[arg-type]
                for rank in range(options.n_best)
            ]
            for text in texts
        ]


def chained(*models: Recorded) -> Chain:
    first, *then = models
    return Chain(first, cast("list[Translator]", then))


def test_a_chain_equals_its_models_one_after_the_other(
    translator: Translator, hard_texts: list[str]
) -> None:
    found = Chain(translator, [translator, translator]).hypotheses(
        hard_texts, SearchOptions(beam_size=2, n_best=2)
    )
    once = translator.translate(hard_texts, beam_size=2)
    twice = translator.translate(once, beam_size=2)
    alternatives = translator.hypotheses(twice, beam_size=2, n_best=2)
    assert [[one.text for one in found_of] for found_of in found] == [
        [one.text for one in wanted] for wanted in alternatives
    ]
    assert [best[0].via for best in found] == list(zip(once, twice, strict=True))


def test_alternatives_drawing_and_contents_are_the_last_models() -> None:
    models = [Recorded("a"), Recorded("b"), Recorded("c")]
    options = SearchOptions(
        beam_size=7,
        n_best=3,
        length_penalty=0.5,
        coverage_penalty=0.25,
        no_repeat_ngram=4,
        batch_tokens=60,
        shortlist=False,
        shrink_batches=False,
        sampling=Sampling(),
        prefix="p",
        required=("r",),
        forbidden=("f",),
        placeholders=("number",),
        token_scores=True,
    )
    found = chained(*models).hypotheses(["x"], options)
    assert [one.text for one in found[0]] == ["xa0b0c0", "xa0b0c1", "xa0b0c2"]
    assert models[2].options == [options]
    passed_on = SearchOptions(
        beam_size=7,
        length_penalty=0.5,
        coverage_penalty=0.25,
        no_repeat_ngram=4,
        batch_tokens=60,
        shortlist=False,
        shrink_batches=False,
    )
    assert models[0].options == models[1].options == [passed_on]


def test_confidence_notes_and_parts_are_those_of_all_models() -> None:
    parts = ((3, 4), (5, 6))
    first = Recorded("a", confidence=0.5, note="odd", part_lengths=parts)
    second = Recorded("b", confidence=0.5, note="long")
    ((found,),) = chained(first, second).hypotheses(["x"], SearchOptions())
    assert (found.confidence, found.note, found.parts) == (0.25, "odd; long", 2)
    ((found,),) = chained(first, Recorded("b")).hypotheses(["x"], SearchOptions())
    assert found.confidence is None


def test_an_invalid_line_keeps_its_error_through_all_models() -> None:
    first = Recorded("", error="cannot be decoded")
    ((found,),) = chained(first, Recorded(""), Recorded("")).hypotheses(["x"], SearchOptions())
    assert found.error == "cannot be decoded"


def test_an_option_is_checked_for_every_model(translator: Translator) -> None:
    with pytest.raises(SettingsError, match="beam_size must be from 1 to 256"):
        Chain(translator, [translator]).hypotheses([], SearchOptions(beam_size=300))
    with pytest.raises(SettingsError, match="n_best must be from 1"):
        Chain(translator, [translator]).hypotheses([], SearchOptions(beam_size=2, n_best=3))
