"""Phrases put into an output that lacks them, with as little change as possible.

A search that must write a phrase looks for the likeliest output with it, and a model that would
not have written the phrase is soon lost after it. Here the output that the model would have
written stays as it is but for a word or two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.beam_search import BeamSettings
from seq2seq.search.forced import Along, Forced, Given
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.penalties import length_penalty
from seq2seq.search.required import RequiredPhrases
from seq2seq.search.requirement import Requirement
from seq2seq.search.spelling import Spelling
from seq2seq.search.step_model import Floats
from seq2seq.text.words import SENTENCE_ENDS, in_word, tokens

_PLACES = 4  # at which a phrase is tried
_WORDS = 4  # that are tried before it, for the article that goes with it
_KEPT = 2  # edits that go on to the next phrase
_LOST = 1.5  # log-probability that each word lost is worth
_REPLACED = 2  # words that a phrase may replace
_CONTINUATIONS = frozenset(bytes([byte]) for byte in range(0x80, 0xC0))  # of a character in UTF-8


class Edits(NamedTuple):
    """Edits of an output that hold all phrases, and whether the place of each was known."""

    outputs: list[Hypothesis]
    placed: bool


@dataclass(frozen=True)
class PhraseEdits:
    """Edits of outputs of a batch, which put in the phrases that their sentences require.

    Attributes:
        forced: the model and the conditions on outputs, without the phrases.
        required: the phrases.
        origins: for each phrase of each sentence the first and the last source token but one that
            it stands for; equal where that is not known.
        spelling: of the vocabulary.
        settings: of the search.
    """

    forced: Forced
    required: RequiredPhrases
    origins: Sequence[Sequence[tuple[int, int]]]
    spelling: Spelling
    settings: BeamSettings

    def best(
        self, found: Sequence[Sequence[Hypothesis]], searched: Sequence[Sequence[Hypothesis]]
    ) -> list[list[Hypothesis]]:
        """Return the best outputs of each sentence that hold all phrases.

        Args:
            found: outputs of a search without the phrases, the best first.
            searched: outputs of a search that must write them.
        """
        bases = [Given(sentence, outputs[0].ids) for sentence, outputs in enumerate(found)]
        others = [
            Given(sentence, ids)
            for sentence, outputs in enumerate(zip(found, searched, strict=True))
            for ids in dict.fromkeys(one.ids for some in outputs for one in some)
            if not self.required.missing(sentence, ids)
        ]
        known: list[dict[tuple[int, ...], Hypothesis]] = [{} for _ in bases]
        for given, one in zip(others, self.forced.hypotheses(others), strict=True):
            if one is not None:
                known[given.sentence][given.ids] = one
        best: list[list[Hypothesis]] = []
        for base, edits in zip(bases, self.complete(bases), strict=True):
            candidates = {one.ids: one for one in edits.outputs}
            if not edits.placed:
                candidates = known[base.sentence] | candidates
            ranked = self.ranked(base, list(candidates.values()))
            # Should each candidate break a rule, the search has found what breaks fewest.
            outputs = ranked or list(searched[base.sentence])
            best.append(outputs[: self.settings.beam_size])
        return best

    def drawn(self, found: Sequence[Sequence[Hypothesis]]) -> list[list[Hypothesis]]:
        """Return drawings of each sentence with the phrases put in, the likeliest first.

        They are none where the phrases cannot be put into each.
        """
        drawn: list[list[Hypothesis]] = [[] for _ in found]
        bases = [Given(sentence, one.ids) for sentence, some in enumerate(found) for one in some]
        drawings = [one for some in found for one in some]
        for base, one, edits in zip(bases, drawings, self.complete(bases), strict=True):
            whole = [one] if not self.required.missing(*base) else self.ranked(base, edits.outputs)
            drawn[base.sentence] += [replace(edit, score=edit.log_prob) for edit in whole[:1]]
        return [
            sorted(some, key=lambda one: -one.score) if len(some) == len(before) else []
            for some, before in zip(drawn, found, strict=True)
        ]

    def complete(self, outputs: Sequence[Given]) -> list[Edits]:
        """Return for each output the edits of it that hold all phrases."""
        whole = [Edits([], placed=True) for _ in outputs]
        partial = [[one.ids] if self.required.missing(*one) else [] for one in outputs]
        while any(partial):
            begun = [
                Given(output.sentence, ids)
                for output, found in zip(outputs, partial, strict=True)
                for ids in found
            ]
            along = iter(self.forced.along(begun))
            edits = [
                [self._edits(output.sentence, ids, next(along)) for ids in found]
                for output, found in zip(outputs, partial, strict=True)
            ]
            scored = self._scored(outputs, edits)
            for number, possible in enumerate(scored):
                sentence = outputs[number].sentence
                lacking = [one for one in possible if self.required.missing(sentence, one.ids)]
                whole[number] = Edits(
                    outputs=[*whole[number].outputs, *(h for h in possible if h not in lacking)],
                    placed=whole[number].placed and all(placed for _, placed in edits[number]),
                )
                best = self.ranked(outputs[number], lacking)
                partial[number] = [one.ids for one in best[:_KEPT]]
        return whole

    def _scored(
        self,
        outputs: Sequence[Given],
        edits: Sequence[Sequence[tuple[Sequence[tuple[int, ...]], bool]]],
    ) -> list[list[Hypothesis]]:
        """Return the edits of each output that break no rule."""
        given = [
            (number, Given(output.sentence, ids))
            for number, output in enumerate(outputs)
            for ids in dict.fromkeys(ids for found, _ in edits[number] for ids in found)
        ]
        scored: list[list[Hypothesis]] = [[] for _ in outputs]
        hypotheses = self.forced.hypotheses([one for _, one in given])
        for (number, _), hypothesis in zip(given, hypotheses, strict=True):
            if hypothesis is not None:
                scored[number].append(hypothesis)
        return scored

    def ranked(self, base: Given, candidates: Sequence[Hypothesis]) -> list[Hypothesis]:
        """Return outputs that hold all phrases, the best first.

        A score pays for each word that the output without the phrases has and this one has not,
        unless a word of a phrase stands for it. What has more sentences than that is left out where
        there is anything else.

        Args:
            base: the output without the phrases.
            candidates: the outputs, scored without regard to the phrases. The length penalty will
                not divide the least that the phrases cost (see `Selection.price`).
        """
        share, words = self.required.share, Words.of(self.spelling.text(base.ids))
        phrases = [Words.of(phrase) for phrase in self._missing_phrases(base)]
        replaceable = sum(phrase.words.total() for phrase in phrases)
        ends = words.sentences + sum(max(0, phrase.sentences - 1) for phrase in phrases)
        shares = [share(base.sentence, one.ids, one.token_log_probs) for one in candidates]
        weights = [self._words_a_token(base.sentence, one.ids) for one in candidates]
        price = max((s * w for s, w in zip(shares, weights, strict=True)), default=0.0)
        scored: list[tuple[int, Hypothesis]] = []
        for one, paid, weight in zip(candidates, shares, weights, strict=True):
            divisor = length_penalty(len(one.ids) + 1, self.settings.length_penalty)
            here = Words.of(self.spelling.text(one.ids))
            lost = max(0, words.lost_in(here) - replaceable)
            score = one.score + (price * (divisor - 1.0) - paid * (1.0 - weight) - _LOST * lost) / divisor
            scored.append((max(0, here.sentences - ends), replace(one, score=score)))
        least = min((more for more, _ in scored), default=0)
        kept = [one for more, one in scored if more == least]
        return sorted(kept, key=lambda one: -one.score)

    def _words_a_token(self, sentence: int, ids: tuple[int, ...]) -> float:
        places = sorted(self.required.places(sentence, ids))
        words = Words.of(self.spelling.text(ids[place] for place in places)).words.total()
        return min(1.0, words / len(places)) if places else 1.0

    def _missing_phrases(self, base: Given) -> list[bytes]:
        """Return the longest alternative of each phrase that an output lacks."""
        return [
            max((self.spelling.text(way) for way in one.spellings), key=len)
            for one in self.required.missing(*base)
        ]

    def _edits(
        self, sentence: int, ids: tuple[int, ...], along: Along
    ) -> tuple[list[tuple[int, ...]], bool]:
        """Return edits of `ids` that hold one phrase more, and whether its place is known.

        It is where the model has looked at what the phrase stands for; otherwise places are tried
        at which the phrase is likeliest.
        """
        phrase, gaps = self.required.missing(sentence, ids)[0], self._gaps(ids)
        lacking = self.required.progress(sentence, ids).missing
        pairs = zip(self.required.all_of(sentence), self.origins[sentence], strict=True)
        origins = [origin for one, origin in pairs if one == phrase]
        edits=[]
        for placed, ways in (
            (True, self._placed(ids, gaps, phrase, origins, along)),
            (False, self._likeliest(ids, gaps, phrase, along.log_probs)),
        ):
            edits += [
                edit for edit in ways if self.required.progress(sentence, edit).missing < lacking
            ]
        return edits, False

    def _placed(
        self,
        ids: tuple[int, ...],
        gaps: Sequence[int],
        phrase: Requirement,
        origins: Sequence[tuple[int, int]],
        along: Along,
    ) -> Iterator[tuple[int, ...]]:
        """Yield the ways to put a phrase in the place of the words that it stands for."""
        for first, last in origins:
            linked = [first <= link < last for link in along.links[: len(ids)]]
            start, end = _most_linked(gaps, linked)
            for way in phrase.spellings if start < end else ():
                yield ids[: gaps[start]] + way + ids[gaps[end] :]
                yield from self._after_a_word(
                    ids, gaps[max(0, start - 1)], way, gaps[end], along.log_probs
                )

    def _likeliest(
        self,
        ids: tuple[int, ...],
        gaps: Sequence[int],
        phrase: Requirement,
        log_probs: Floats,
    ) -> Iterator[tuple[int, ...]]:
        """Yield the ways to put a phrase into an output where it is likeliest."""
        places = [(gap, way) for gap in range(len(gaps)) for way in phrase.spellings]
        places.sort(key=lambda place: -log_probs[gaps[place[0]], place[1][0]])
        for gap, way in places[:_PLACES]:
            for end in gaps[gap : gap + _REPLACED + 1]:
                yield ids[: gaps[gap]] + way + ids[end:]
            after = gaps[min(gap + 1, len(gaps) - 1)]
            yield from self._after_a_word(ids, gaps[max(0, gap - 1)], way, after, log_probs)

    def _after_a_word(
        self, ids: tuple[int, ...], start: int, way: tuple[int, ...], end: int, log_probs: Floats
    ) -> Iterator[tuple[int, ...]]:
        """Yield the ways to put a phrase and a word before it from `start` to `end`.

        The word is one that is likely there, such as the article that goes with a noun.
        """
        likely = self._words[np.argsort(-log_probs[start, self._words], kind="stable")]
        for word in likely[:_WORDS].tolist():
            yield (*ids[:start], word, *way, *ids[end:])

    def _gaps(self, ids: tuple[int, ...]) -> list[int]:
        """Return the places between two tokens of `ids` that are not within a word.

        A space belongs to the word after it.
        """
        text, gaps = b"", [0]
        for place, token in enumerate(ids):
            surface = self.spelling.surfaces[token]
            if place and not _within_word(text, surface):
                gaps.append(place)
            text += surface
        return [*gaps, len(ids)] if ids else gaps

    @cached_property
    def _words(self) -> NDArray[np.int64]:
        """Tokens that are a word and the space before it."""
        return np.array(
            [
                token
                for token, surface in enumerate(self.spelling.surfaces)
                if surface.startswith(b" ") and surface[1:].decode(errors="replace").isalpha()
            ],
            np.int64,
        )


@dataclass(frozen=True)
class Words:
    """The words of a text, and how many sentences it has.

    Each sentence end is one, and what words come after the last.
    """

    words: Counter[str]
    sentences: int

    @staticmethod
    def of(text: bytes) -> Words:
        """Return those of a text in UTF-8."""
        found = tokens(text.decode(errors="replace"))
        words = [(place, token) for place, token in enumerate(found) if in_word(token[0])]
        ends = [place for place, token in enumerate(found) if token in SENTENCE_ENDS]
        incomplete = bool(words) and (not ends or ends[-1] < words[-1][0])
        return Words(Counter(token for _, token in words), len(ends) + incomplete)

    def lost_in(self, other: Words) -> int:
        """Return how many of these words the other text has not."""
        return (self.words - other.words).total()


def _most_linked(gaps: Sequence[int], linked: Sequence[bool]) -> tuple[int, int]:
    """Return the gaps before and after the words with most linked tokens; equal ones for none."""
    counts = [sum(linked[start:end]) for start, end in pairwise(gaps)]
    if not any(counts):
        return 0, 0
    start = counts.index(max(counts))
    end = start + 1
    while start > 0 and counts[start - 1]:
        start -= 1
    while end < len(counts) and counts[end]:
        end += 1
    return start, end


def _within_word(before: bytes, after: bytes) -> bool:
    """Return whether the place between two texts is within a word, or a character."""
    if before.endswith(b" ") or after[:1] in _CONTINUATIONS:
        return True
    last = before[-4:].decode(errors="ignore")[-1:]
    following = after[:4].decode(errors="ignore")[:1] or "a"  # the first byte of any character
    return in_word(last) and in_word(following)
