"""Insertion of missing phrases into an output, with as little change as possible.

A search that is forced to write a phrase returns the most probable output that contains it. After
a phrase that it would not have chosen, the model often makes mistakes. The edits start from the
output of a free search and change only one or two words of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.beam_search import BeamSettings
from seq2seq.search.constraints.closeness import Closeness, Words
from seq2seq.search.constraints.coverage import Requirement
from seq2seq.search.constraints.forced import Along, Forced, Given
from seq2seq.search.constraints.required import RequiredPhrases
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.penalties import length_penalty
from seq2seq.search.step_model import Floats
from seq2seq.text.words import in_word

_POSITIONS = 4  # positions at which a phrase is tried
_WORDS = 4  # words that are tried before it, such as its article
_PARTIAL = 2  # edits kept when the next phrase is inserted
_LOST = 1.5  # penalty for a lost word, as a log-probability
_REPLACED = 2  # maximum number of words that a phrase may replace
_CONTINUATIONS = frozenset(bytes([byte]) for byte in range(0x80, 0xC0))  # UTF-8 continuation bytes


@dataclass(frozen=True)
class PhraseEdits:
    """Edits that insert the required phrases into the outputs of a batch.

    Attributes:
        forced: scorer of given outputs under all conditions except the phrases.
        required: required phrases.
        origins: source span of each phrase of each sentence: index of the first source token that
            the phrase translates, and index after the last one; both are equal if the span is not
            known.
        spelling: text of the tokens of the vocabulary.
        settings: settings of the search.
    """

    forced: Forced
    required: RequiredPhrases
    origins: Sequence[Sequence[tuple[int, int]]]
    spelling: Spelling
    settings: BeamSettings

    def best(
        self, found: Sequence[Sequence[Hypothesis]], searched: Sequence[Sequence[Hypothesis]]
    ) -> list[list[Hypothesis]]:
        """Return, for each sentence, the best of the outputs that contain all phrases.

        Args:
            found: outputs of a search without the phrases, best first.
            searched: outputs of a search with the phrases required.
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
        closeness = self._closeness(bases)
        edits = self._complete(bases, closeness)
        for base, close, edited in zip(bases, closeness, edits, strict=True):
            candidates = known[base.sentence] | {one.ids: one for one in edited}
            ranked = self.ranked(base.sentence, list(candidates.values()), close)
            # If every candidate breaks a rule, use the search's outputs, which break fewest.
            outputs = ranked or list(searched[base.sentence])
            best.append(outputs[: self.settings.beam_size])
        return best

    def drawn(self, found: Sequence[Sequence[Hypothesis]]) -> list[list[Hypothesis]]:
        """Return the samples of each sentence with the phrases inserted, in the order of `found`.

        The list of a sentence is empty if the insertion fails for one or more of its samples.
        """
        drawn: list[list[Hypothesis]] = [[] for _ in found]
        bases = [Given(sentence, one.ids) for sentence, some in enumerate(found) for one in some]
        drawings = [one for some in found for one in some]
        closeness = self._closeness(bases)
        edits = self._complete(bases, closeness)
        for base, one, close, edited in zip(bases, drawings, closeness, edits, strict=True):
            whole = [one]
            if self.required.missing(*base):
                whole = self.ranked(base.sentence, edited, close)
            drawn[base.sentence] += [replace(edit, score=edit.log_prob) for edit in whole[:1]]
        return [
            some if len(some) == len(before) else []
            for some, before in zip(drawn, found, strict=True)
        ]

    def _complete(
        self, outputs: Sequence[Given], closeness: Sequence[Closeness]
    ) -> list[list[Hypothesis]]:
        """Return for each output its edits that hold all phrases."""
        whole: list[list[Hypothesis]] = [[] for _ in outputs]
        partial = [[one.ids] if self.required.missing(*one) else [] for one in outputs]
        while any(partial):
            for number, possible in enumerate(self._scored(outputs, partial)):
                sentence = outputs[number].sentence
                lacking = [one for one in possible if self.required.missing(sentence, one.ids)]
                whole[number] += [one for one in possible if one not in lacking]
                best = self.ranked(sentence, lacking, closeness[number])
                partial[number] = [one.ids for one in best[:_PARTIAL]]
        return whole

    def _scored(
        self, outputs: Sequence[Given], partial: Sequence[Sequence[tuple[int, ...]]]
    ) -> list[list[Hypothesis]]:
        """Insert one more phrase into each edit of `partial`, and score the new edits.

        Args:
            outputs: outputs to edit.
            partial: for each output, those of its edits that still lack phrases.

        Returns:
            the new edits of each output, without those that break a rule.
        """
        begun = [
            (number, Given(outputs[number].sentence, ids))
            for number, found in enumerate(partial)
            for ids in found
        ]
        edits: dict[tuple[int, Given], None] = {}
        along = self.forced.along([given for _, given in begun])
        for (number, given), one in zip(begun, along, strict=True):
            for edit in self._edits(given, one):
                edits[number, Given(given.sentence, edit)] = None
        scored: list[list[Hypothesis]] = [[] for _ in outputs]
        hypotheses = self.forced.hypotheses([given for _, given in edits])
        for (number, _), hypothesis in zip(edits, hypotheses, strict=True):
            if hypothesis is not None:
                scored[number].append(hypothesis)
        return scored

    def ranked(
        self, sentence: int, candidates: Sequence[Hypothesis], closeness: Closeness
    ) -> list[Hypothesis]:
        """Return outputs with required phrases, best first.

        The log-probability of the phrases is scaled, so that a phrase of many tokens costs no more
        than another of as many words. The part of it that every output must pay is not divided by
        the length penalty (see `Selection.price`). A score is lower by a constant for each word of
        the output without the phrases that is missing. Outputs with more sentences than others need
        are left out.

        Args:
            sentence: index of the sentence.
            candidates: outputs, scored without regard to the phrases.
            closeness: comparison with the output without the phrases.
        """
        costs = [self._phrase_costs(sentence, one) for one in candidates]
        price = max((as_words for _, as_words in costs), default=0.0)
        texts = [self.spelling.text(one.ids) for one in candidates]
        more = [closeness.more_sentences(text) for text in texts]
        ranked: list[Hypothesis] = []
        for one, text, (paid, as_words), sentences in zip(
            candidates, texts, costs, more, strict=True
        ):
            if sentences == min(more):
                divisor = length_penalty(len(one.ids) + 1, self.settings.length_penalty)
                change = as_words - paid - _LOST * closeness.lost_words(text)
                score = one.score + (price * (divisor - 1.0) + change) / divisor
                ranked.append(replace(one, score=score))
        return sorted(ranked, key=lambda one: -one.score)

    def _phrase_costs(self, sentence: int, one: Hypothesis) -> tuple[float, float]:
        """Return the log-probability of the phrases in an output, by tokens and scaled to words."""
        positions = sorted(self.required.positions(sentence, one.ids))
        paid = sum(one.token_log_probs[position] for position in positions)
        words = Words.of(
            self.spelling.text([one.ids[position] for position in positions])
        ).words.total()
        return paid, paid * min(1.0, words / len(positions)) if positions else 0.0

    def _closeness(self, outputs: Sequence[Given]) -> list[Closeness]:
        """Return, for each output, the words and sentences that its edits should keep."""
        closeness = []
        for (sentence, ids), along in zip(outputs, self.forced.along(outputs), strict=True):
            gaps, phrases = self._gaps(ids), []
            for phrase in self.required.missing(sentence, ids):
                text = max((self.spelling.text(way) for way in phrase.spellings), key=len)
                positions = self._aligned(sentence, phrase, ids, gaps, along)
                origin = [ids[gaps[start] : gaps[end]] for start, end in positions]
                phrases.append((text, b" ".join(self.spelling.text(some) for some in origin)))
            closeness.append(Closeness.to(self.spelling.text(ids), phrases))
        return closeness

    def _edits(self, given: Given, along: Along) -> Iterator[tuple[int, ...]]:
        """Yield edits of an output that hold one more phrase.

        The phrase is inserted where it is most probable, or at the words that it replaces.
        """
        sentence, ids = given
        phrase, gaps = self.required.missing(sentence, ids)[0], self._gaps(ids)
        lacking = self.required.progress(sentence, ids).missing
        positions = self._aligned(sentence, phrase, ids, gaps, along)
        for edit in (
            *self._most_probable(ids, gaps, phrase, along.log_probs),
            *self._inserted(ids, gaps, phrase, positions, along.log_probs),
        ):
            if self.required.progress(sentence, edit).missing < lacking:
                yield edit

    def _aligned(
        self,
        sentence: int,
        phrase: Requirement,
        ids: tuple[int, ...],
        gaps: Sequence[int],
        along: Along,
    ) -> list[tuple[int, int]]:
        """Return the gaps around the words of an output that a phrase replaces, if they are known.

        These words are aligned with the source tokens that the phrase translates.
        """
        found = []
        pairs = zip(self.required.all_of(sentence), self.origins[sentence], strict=True)
        for first, last in (origin for one, origin in pairs if one == phrase):
            aligned = [first <= position < last for position in along.source_positions[: len(ids)]]
            start, end = _most_aligned(gaps, aligned)
            if start < end:
                found.append((start, end))
        return found

    def _inserted(
        self,
        ids: tuple[int, ...],
        gaps: Sequence[int],
        phrase: Requirement,
        positions: Sequence[tuple[int, int]],
        log_probs: Floats,
    ) -> Iterator[tuple[int, ...]]:
        """Yield edits that replace the words at one of `positions` by the phrase."""
        for start, end in positions:
            for way in phrase.spellings:
                yield ids[: gaps[start]] + way + ids[gaps[end] :]
                before = gaps[max(0, start - 1)]
                yield from self._after_a_word(ids, before, way, gaps[end], log_probs)

    def _most_probable(
        self,
        ids: tuple[int, ...],
        gaps: Sequence[int],
        phrase: Requirement,
        log_probs: Floats,
    ) -> Iterator[tuple[int, ...]]:
        """Yield edits that insert a phrase at its most probable positions."""
        positions = [(gap, way) for gap in range(len(gaps)) for way in phrase.spellings]
        positions.sort(key=lambda position: -log_probs[gaps[position[0]], position[1][0]])
        for gap, way in positions[:_POSITIONS]:
            for end in gaps[gap : gap + _REPLACED + 1]:
                yield ids[: gaps[gap]] + way + ids[end:]
            after = gaps[min(gap + 1, len(gaps) - 1)]
            yield from self._after_a_word(ids, gaps[max(0, gap - 1)], way, after, log_probs)

    def _after_a_word(
        self, ids: tuple[int, ...], start: int, way: tuple[int, ...], end: int, log_probs: Floats
    ) -> Iterator[tuple[int, ...]]:
        """Yield edits with a word and a phrase in place of the tokens from `start` to `end`.

        The word is probable before the phrase, such as the article of a noun.
        """
        likely = self._words[np.argsort(-log_probs[start, self._words], kind="stable")]
        for word in likely[:_WORDS].tolist():
            yield (*ids[:start], word, *way, *ids[end:])

    def _gaps(self, ids: tuple[int, ...]) -> list[int]:
        """Return the positions between two tokens of `ids` that are not within a word.

        A space belongs to the word after it.
        """
        text, gaps = b"", [0]
        for position, token in enumerate(ids):
            surface = self.spelling.surfaces[token]
            if position and not _within_word(text, surface):
                gaps.append(position)
            text += surface
        return [*gaps, len(ids)] if ids else gaps

    @cached_property
    def _words(self) -> NDArray[np.int64]:
        """Ids of the tokens that consist of a space and one word."""
        return np.array(
            [
                token
                for token, surface in enumerate(self.spelling.surfaces)
                if surface.startswith(b" ") and surface[1:].decode(errors="replace").isalpha()
            ],
            np.int64,
        )


def _most_aligned(gaps: Sequence[int], aligned: Sequence[bool]) -> tuple[int, int]:
    """Return the gaps around the words with most aligned tokens; equal gaps if there are none."""
    counts = [sum(aligned[start:end]) for start, end in pairwise(gaps)]
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
    """Return whether the boundary between two texts is within a word or a character."""
    if before.endswith(b" ") or after[:1] in _CONTINUATIONS:
        return True
    last = before[-4:].decode(errors="ignore")[-1:]
    following = after[:4].decode(errors="ignore")[:1] or "a"  # incomplete: assume a letter
    return in_word(last) and in_word(following)
