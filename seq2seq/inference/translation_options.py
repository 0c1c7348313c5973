"""Options of a translation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from seq2seq.config.parsing import nearest_hint
from seq2seq.config.schema import SearchSettings
from seq2seq.errors import SettingsError
from seq2seq.search.beam_search import BeamSettings
from seq2seq.search.sampling import Sampling

if TYPE_CHECKING:
    from seq2seq.inference.glossary import Glossary

_WIDEST_BEAM = 256

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class SearchOptions:
    """Options of a search and of its output; None stands for the value in the model's settings.

    Attributes:
        beam_size: number of hypotheses kept for each sentence; 1 is greedy search.
        n_best: number of translations of each text, at most `beam_size`.
        length_penalty: exponent of the length penalty; 0 turns it off.
        coverage_penalty: weight of the coverage penalty; 0 turns it off.
        no_repeat_ngram: length of the token sequences that must not occur twice in a translation; 0
            turns it off.
        sampling: settings for drawing `n_best` translations instead of searching for them.
        prefix: beginning of every translation.
        required, forbidden: words or phrases that every translation must, or must not, hold; `a|b`
            requires one of the two.
        glossary: terms and their translations; the terms found in a text are required.
        placeholders: kinds of text that are copied unchanged: any of `url`, `email`, `tag` and
            `number`. With `tag`, markup is placed around the words that translate the marked
            source words.
        batch_tokens: maximum number of source tokens of a batch, padding included.
        alignments: true to return the most attended source token of each token.
        token_scores: true to return the log-probability of each token.
        shrink_batches: true to remove finished sentences from their batch; false is for
            measurements only.
        shortlist: true to search only among the tokens of the model's shortlist for the text, which
            is faster. Ignored if the model was exported without a shortlist, or if other options
            need all tokens.
    """

    beam_size: int | None = None
    n_best: int = 1
    length_penalty: float | None = None
    coverage_penalty: float | None = None
    no_repeat_ngram: int | None = None
    sampling: Sampling | None = None
    prefix: str = ""
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    glossary: Glossary | None = None
    placeholders: tuple[str, ...] = ("url", "email", "tag")
    batch_tokens: int | None = None
    alignments: bool = False
    token_scores: bool = False
    shrink_batches: bool = True
    shortlist: bool = True


AS_THE_MODEL = SearchOptions()  # search with the model's settings


def changed(options: SearchOptions, changes: Mapping[str, Any]) -> SearchOptions:
    """Return `options` with some of their fields changed.

    Raises:
        SettingsError: a name is no option.
    """
    names = [field.name for field in fields(SearchOptions)]
    for name in changes:
        if name not in names:
            hint = nearest_hint(name, names)
            raise SettingsError(
                f"{name!r} is no option of a translation; options: {', '.join(names)}.{hint}"
            )
    return replace(options, **changes)


def beam_settings(options: SearchOptions, search: SearchSettings) -> BeamSettings:
    """Return the search settings from the options, completed by the model's settings."""
    return BeamSettings(
        beam_size=_given(options.beam_size, search.beam_size),
        length_penalty=float(_given(options.length_penalty, search.length_penalty)),
        coverage_penalty=float(_given(options.coverage_penalty, search.coverage_penalty)),
        align=options.alignments,
        shrink_batches=options.shrink_batches,
        shortlist=options.shortlist,
    )


def check_options(options: SearchOptions, search: SearchSettings, *, has_attention: bool) -> None:
    """Raise `SettingsError` for options that are invalid, in general or for this model."""
    settings = beam_settings(options, search)
    beam = settings.beam_size
    if not 1 <= beam <= _WIDEST_BEAM:
        raise SettingsError(f"beam_size must be from 1 to {_WIDEST_BEAM}; received {beam}")
    if options.sampling is not None:
        options.sampling.check()
        _check_at_least(1, n_best=options.n_best)
    elif not 1 <= options.n_best <= beam:
        raise SettingsError(
            f"n_best must be from 1 to the beam's size, which is {beam}; received "
            f"{options.n_best}: widen the beam"
        )
    _check_at_least(0.0, length_penalty=settings.length_penalty)
    _check_at_least(0.0, coverage_penalty=settings.coverage_penalty)
    _check_at_least(1, batch_tokens=_given(options.batch_tokens, search.batch_tokens))
    _check_at_least(0, no_repeat_ngram=_given(options.no_repeat_ngram, search.no_repeat_ngram))
    if options.alignments and not has_attention:
        raise SettingsError(
            "this model has no attention (model.attention=none), so it cannot tell alignments: "
            "leave them out"
        )
    if settings.coverage_penalty > 0 and not has_attention:
        raise SettingsError(
            "this model has no attention (model.attention=none), so it cannot tell what of the "
            f"source is covered: coverage_penalty must be 0; received {settings.coverage_penalty}"
        )


def check_feature_options(options: SearchOptions) -> None:
    """Raise `SettingsError` if an option needs source texts, for a model that reads features."""
    given: dict[str, object] = {}
    if options.glossary is not None:
        given["glossary"] = "a file"
    if options.placeholders not in ((), SearchOptions.placeholders):
        given["placeholders (--carry)"] = ",".join(options.placeholders)
    for name, value in given.items():
        raise SettingsError(
            f"{name} received {value}; it is for source texts, and this model reads sequences of "
            "numbers: leave it out"
        )


def _check_at_least(minimum: float, **value: float) -> None:
    for name, number in value.items():
        if not minimum <= number < math.inf:
            raise SettingsError(f"{name} must be {minimum:g} or more; received {number}")


def _given(value: Number | None, otherwise: Number) -> Number:
    return otherwise if value is None else value
