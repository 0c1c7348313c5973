"""Conversion of search options to the rules and the selection of a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from seq2seq.errors import SettingsError
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.search.constraints.banks import Banks
from seq2seq.search.constraints.coverage import Requirement, requirement
from seq2seq.search.constraints.forbidden import ForbiddenPhrases, NoRepeatedNgrams
from seq2seq.search.constraints.prefix import Prefixes, spelled
from seq2seq.search.constraints.required import RequiredPhrases, room_for
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import GivingWay, Needs, Rule
from seq2seq.search.selection import Selection
from seq2seq.search.step_model import Ints
from seq2seq.text.output_tokens import OutputTokens, may_be_written
from seq2seq.text.spans import check_kinds
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.words import PhraseFinder

ALTERNATIVES = "|"  # separator of phrases of which one is sufficient


@dataclass(frozen=True)
class Conditions:
    """Conditions on the output of one row of source tokens; false if there are none.

    Attributes:
        prefix: beginning of the output, as the tokenizer spells it.
        required: requirements that the output must meet, placeholders included.
        origins: source span of each of `required`: index of the first source token that it
            translates, and index after the last one; both are equal if the span is not known.
        forbidden: phrases that the output must not hold, as the tokenizer normalises them.
        placeholders: placeholders that the output may hold, each as often as in the source.
    """

    prefix: bytes = b""
    required: tuple[Requirement, ...] = ()
    origins: tuple[tuple[int, int], ...] = ()
    forbidden: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()

    def without_required(self) -> Conditions:
        """Return the conditions without the required phrases."""
        return replace(self, required=(), origins=())

    def __bool__(self) -> bool:
        return bool(self.prefix or self.required or self.forbidden or self.placeholders)


class SearchRules(NamedTuple):
    """Arguments of a search in addition to its batch.

    Attributes:
        written: rule that defines valid text.
        rules: all other conditions on outputs.
        selection: strategy to choose among candidates; None for the plain one.
        limits: maximum output lengths, room for required text included, `[sentences] int32`.
        required: required phrases; None if there are no conditions for any sentence.
        edit_rules: conditions on outputs with inserted phrases (see `PhraseEdits`).
    """

    written: WrittenText
    rules: tuple[Rule, ...]
    selection: Selection | None
    limits: Ints
    required: RequiredPhrases | None = None
    edit_rules: tuple[Rule, ...] = ()


class Constraints:
    """Conditions that search options impose on texts, for the tokenizers of a model."""

    def __init__(
        self, options: SearchOptions, *, source: Tokenizer | None, target: Tokenizer
    ) -> None:
        """Check the options that contain phrases and texts; `source` is None for features.

        Raises:
            SettingsError: the tokenizer cannot spell a prefix or a phrase, two options contradict
                each other, or a kind of placeholder is not known.
        """
        check_kinds(options.placeholders, key="placeholders")
        self._source, self._tokenizer, self._glossary = source, target, options.glossary
        _check_text("the prefix", options.prefix, target)
        self._prefix = spelled(options.prefix, target)
        self._required = [_required(entry, target) for entry in options.required]
        self._forbidden = tuple(_normalised(options.forbidden, target))
        _check_contradictions(options, self._forbidden, self._required)

    @property
    def phrases(self) -> int:
        """Number of phrases that every translation must hold."""
        return len(self._required)

    def of_row(
        self, text: str, *, first: bool, phrases: Iterable[int], names: Sequence[str] = ()
    ) -> Conditions:
        """Return the conditions of a row.

        Args:
            text: source text, with placeholders.
            first: true if the row is the first or only row of a text; only the first gets the
                prefix.
            phrases: indices of the required phrases that its output must hold.
            names: placeholders that occur in the text.
        """
        required = [self._required[number] for number in phrases]
        positions = [(0, 0)] * len(required)
        forbidden = self._forbidden
        if self._glossary is not None:
            found = self._glossary.matches(text)
            required += [_requirement(targets, self._tokenizer) for targets in found.required]
            positions += found.positions
            # An entry may forbid a phrase that another matching entry requires.
            finder = [phrase for one in required for phrase in one.alternatives]
            forbidden += tuple(
                phrase
                for phrase in _normalised(found.forbidden, self._tokenizer)
                if not any(PhraseFinder([phrase]).find(other) for other in finder)
            )
        required += [requirement([name], self._tokenizer) for name in names]
        positions += [(text.find(name), text.find(name) + len(name)) for name in names]
        return Conditions(
            prefix=self._prefix if first else b"",
            required=tuple(required),
            origins=self._origins(text, positions),
            forbidden=tuple(dict.fromkeys(forbidden)),
            placeholders=tuple(
                name for name in self._tokenizer.placeholders for _ in range(text.count(name))
            ),
        )

    def _origins(
        self, text: str, positions: Sequence[tuple[int, int]]
    ) -> tuple[tuple[int, int], ...]:
        """Return the source tokens at positions of `text`, in the form of `Conditions.origins`."""
        if self._source is None or not any(end > start for start, end in positions):
            return tuple((0, 0) for _ in positions)
        spans = self._source.spans(text)
        origins = []
        for start, end in positions:
            inside = [n for n, (a, b) in enumerate(spans) if max(a, start) < min(b, end)]
            origins.append((inside[0], inside[-1] + 1) if inside else (0, 0))
        return tuple(origins)


def rules_for(
    conditions: Sequence[Conditions],
    tokenizer: Tokenizer,
    limits: Ints,
    *,
    beam_size: int,
    no_repeat_ngram: int = 0,
    drawn: bool = False,
) -> SearchRules:
    """Return the rules of one batch.

    Args:
        conditions: conditions of each sentence of the batch.
        tokenizer: tokenizer of the target.
        limits: maximum output length of each sentence, `[sentences] int32`.
        beam_size: beam size of the search.
        no_repeat_ngram: length of the token sequences that must not occur twice; 0 turns it off.
        drawn: true if outputs are sampled (see `sample`), not searched for.

    Returns:
        rules of the batch; if there are no conditions, `selection` is None and `rules` holds at
        most `NoRepeatedNgrams`.

    Raises:
        SettingsError: no sequence of tokens spells a prefix.
    """
    giving_way: list[Rule] = [NoRepeatedNgrams(no_repeat_ngram)] if no_repeat_ngram else []
    room = [len(one.prefix) + room_for(one.required) for one in conditions]
    limits = limits + np.array(room, np.int32)
    held = [Counter(one.placeholders) for one in conditions]
    written = WrittenText(OutputTokens.of(tokenizer), limits, held)
    if not any(conditions):
        return SearchRules(written, tuple(giving_way), None, limits)
    spelling = spelling_of(tokenizer)
    prefixes = Prefixes(spelling, [one.prefix for one in conditions])
    required = RequiredPhrases(
        spelling,
        [one.required for one in conditions],
        limits,
        tokens=written.tokens,
        insist=drawn,
    )
    forbidden = ForbiddenPhrases(spelling, [one.forbidden for one in conditions], strictly=drawn)
    needs: list[Needs] = []
    strict: list[Rule] = []
    if any(one.forbidden for one in conditions):
        giving_way.append(forbidden.only_plausible)
        strict.append(forbidden)
    if any(one.prefix for one in conditions):
        needs.append(prefixes.needs)
        strict.append(prefixes)
    strict.append(GivingWay(required.whole_words, needs))
    edit_rules = [*(GivingWay(rule, needs) for rule in giving_way), *strict]
    rules: list[Rule] = [GivingWay(rule, [*needs, required.needs]) for rule in giving_way]
    rules += [*strict, required]  # last: near the end it uses what the others leave possible
    selection = None
    if not drawn and any(one.required or one.forbidden for one in conditions):
        selection = Banks(required, forbidden, beam_size=beam_size)
    return SearchRules(written, tuple(rules), selection, limits, required, tuple(edit_rules))


@lru_cache(maxsize=4)
def spelling_of(tokenizer: Tokenizer) -> Spelling:
    """Return the spelling of the tokens of a tokenizer."""
    return Spelling(tokenizer.surfaces)


def _required(entry: str, tokenizer: Tokenizer) -> Requirement:
    return _requirement([part.strip() for part in entry.split(ALTERNATIVES)], tokenizer)


def _requirement(alternatives: Sequence[str], tokenizer: Tokenizer) -> Requirement:
    for text in alternatives:
        _check_text("the required phrase", text, tokenizer)
    return requirement(alternatives, tokenizer)


def _check_text(what: str, text: str, tokenizer: Tokenizer) -> None:
    """Check that a translation may hold a text given by the user."""
    names = [name for name in tokenizer.placeholders if name in text]
    if names:
        raise SettingsError(
            f"{what} {text!r} holds {names[0]}, a reserved token, which a translation holds only "
            "where its source does; leave it out"
        )
    if not may_be_written(tokenizer.normalised([text])[0]):
        raise SettingsError(
            f"{what} {text!r} holds a control character, which no translation holds; leave it out"
        )


def _normalised(phrases: Iterable[str], tokenizer: Tokenizer) -> Iterator[str]:
    """Yield phrases as they would occur in an output; phrases that cannot occur are left out."""
    for ids in tokenizer.encode(list(phrases)):
        (text,) = tokenizer.decode([ids])
        if text.strip():
            yield text.strip()


def _check_contradictions(
    options: SearchOptions, forbidden: Sequence[str], required: Sequence[Requirement]
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = [("the prefix", (options.prefix,))]
    asked += [("the required phrase", one.alternatives) for one in required]
    if options.glossary is not None:
        entries = [entry for entry in options.glossary.entries if not entry.forbidden]
        asked += [("the glossary's target", entry.targets) for entry in entries]
    finder = PhraseFinder(forbidden)
    for what, alternatives in asked if forbidden else ():
        found = [finder.find(text) for text in alternatives]
        if all(found):
            raise SettingsError(
                f"{what} {ALTERNATIVES.join(alternatives)!r} holds {found[0][0].phrase!r}, which "
                "is forbidden: leave out one of the two"
            )
