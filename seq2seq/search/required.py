"""Phrases that every output must hold as words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, OpenHypotheses, cells_of
from seq2seq.search.progress import PhraseProgress, Progress
from seq2seq.search.requirement import Requirement
from seq2seq.search.spelling import Spelling
from seq2seq.search.step_model import Floats, Ints
from seq2seq.text.output_tokens import LONGEST_CHARACTER, NEVER, OutputTokens
from seq2seq.text.tokenizer import EOS

# Log-probability of the end of a word, below which no phrase breaks it off. Models that were
# trained with label smoothing give every end some 0.1.
_WORD_ENDS = math.log(0.25)


class RequiredPhrases:
    """A rule: outputs end when they hold what their sentence requires, and not before.

    A phrase is required as often as it is given, and once more for each other that holds it: of
    `York` and `New York` both are to be written. What is begun and broken off counts as nothing.
    Near the end of a row only what is missing may be written.

    With `insist` also where the model would rather end: then a missing phrase is written out.
    A beam need not be told so, for it looks for the best place (see `Banks`).
    """

    def __init__(
        self,
        spelling: Spelling,
        required: Sequence[tuple[Requirement, ...]],
        limits: Ints,
        *,
        tokens: OutputTokens | None = None,
        insist: bool = False,
    ) -> None:
        """Prepare for the sentences of a batch.

        Args:
            spelling: of the vocabulary.
            required: of each sentence.
            limits: longest output of each sentence, end symbol counted, `[sentences] int32`.
            tokens: the tokens as outputs may hold them; None if nothing is known of them.
            insist: write missing phrases where the model would end.
        """
        known = {given: PhraseProgress(spelling, given) for given in set(required)}
        self._given, self._required = tuple(required), [known[given] for given in required]
        self.vocab_size, self._spelling = len(spelling.surfaces), spelling
        self._limits, self._insist = limits, insist
        self._tokens = tokens or OutputTokens.of_ids(self.vocab_size)
        # What cannot make another word of a phrase that was written last, and what of this is more
        # than a space, after which another phrase cannot begin.
        beginning = spelling.beginning_with(b" ")
        self._safe = [*beginning.tolist(), EOS]
        self._words = [*beginning[self._tokens.missing[beginning] == 0].tolist(), EOS]
        self._insisted: set[tuple[int, tuple[int, ...]]] = set()

    def total(self, sentence: int) -> int:
        """Pieces that the phrases of a sentence take at most."""
        return self._required[sentence].total

    def progress(self, sentence: int, ids: tuple[int, ...]) -> Progress:
        """How far an output of a sentence is that begins with `ids`."""
        return self._required[sentence].after(ids)

    def all_of(self, sentence: int) -> tuple[Requirement, ...]:
        """What a sentence requires."""
        return self._given[sentence]

    def missing(self, sentence: int, ids: tuple[int, ...]) -> tuple[Requirement, ...]:
        """Return what an output of a sentence still lacks."""
        return self._required[sentence].missing(ids)

    def places(self, sentence: int, ids: tuple[int, ...]) -> set[int]:
        """Return where required phrases stand in `ids`."""
        return self._required[sentence].places(ids)

    def share(self, sentence: int, ids: Sequence[int], log_probs: Sequence[float]) -> float:
        """The part that required phrases have in the sum of the `log_probs` of `ids`."""
        return sum(log_probs[place] for place in self._required[sentence].places(tuple(ids)))

    def needs(self, hypotheses: OpenHypotheses) -> Cells:
        """The pieces that begin or go on with a missing phrase."""
        found = []
        for row, sentence, place, ids in hypotheses.live():
            now = self.progress(sentence, ids)
            found.append((row, place, [*now.continuing, *now.starting]))
        return cells_of(found)

    def whole_words(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """A rule: no phrase begins where the model is in the middle of a word.

        `nicht nötig` does not become `nicht n Bücher` for want of a better place.
        """
        closing, ends_in_word = self._spelling.closes_word, self._spelling.ends_in_word
        for row, sentence, place, ids in hypotheses.live():
            if not self.total(sentence) or not ids or not ends_in_word[ids[-1]]:
                continue
            now, here = self.progress(sentence, ids), log_probs[row, place]
            tight = self._room(sentence, ids) < self.total(sentence) + LONGEST_CHARACTER
            ends = np.append(here[closing], here[EOS]).astype(np.float64)
            if not tight and np.logaddexp.reduce(ends) < _WORD_ENDS:
                starting = [one for one in now.starting if closing[one]]
                here[[one for one in starting if one not in now.continuing]] = IMPOSSIBLE

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make impossible what would leave a phrase out, in place (see `Rule`)."""
        for row, sentence, place, ids in hypotheses.live():
            if not self.total(sentence):
                continue
            now, here = self.progress(sentence, ids), log_probs[row, place]
            room = self._room(sentence, ids)
            if self._insist and now.missing and self._insists(sentence, ids, here):
                _allow(self._fitting(sentence, ids, now.missing - 1), here)
            elif now.missing and room < now.missing + now.gained:
                _allow(self._fitting(sentence, ids, max(room, now.missing - 1)), here)
            elif room < self.total(sentence) and room < self._required[sentence].at_risk(ids):
                safe = self._words if now.missing else self._safe
                _allow([*self._fitting(sentence, ids, room), *safe], here)
            elif room < self.total(sentence) + LONGEST_CHARACTER:
                self._keep_room(sentence, ids, room, here)
            if now.missing:
                here[EOS] = IMPOSSIBLE

    def _room(self, sentence: int, ids: tuple[int, ...]) -> int:
        """Return what is left for phrases after a token that belongs to none, and the end."""
        return int(self._limits[sentence]) - len(ids) - 2 - self._tokens.owed(ids)

    def _keep_room(self, sentence: int, ids: tuple[int, ...], room: int, log_probs: Floats) -> None:
        """Begin nothing that must go on where a phrase needs the room."""
        now = self.progress(sentence, ids)
        of_phrases = [*now.continuing, *now.starting]
        kept = log_probs[of_phrases]
        missing, room = self._tokens.missing, room - self._required[sentence].at_risk(ids)
        log_probs[(missing > max(room, 0)) & (missing < NEVER)] = IMPOSSIBLE
        log_probs[of_phrases] = kept

    def _insists(self, sentence: int, ids: tuple[int, ...], log_probs: Floats) -> bool:
        if (sentence, ids) not in self._insisted and int(log_probs.argmax()) != EOS:
            return False
        pieces = self._fitting(sentence, ids, self.progress(sentence, ids).missing - 1)
        self._insisted.update((sentence, (*ids, piece)) for piece in pieces)
        return True

    def _fitting(self, sentence: int, ids: tuple[int, ...], room: int) -> list[int]:
        """The pieces of missing phrases after which no more than `room` is missing."""
        now = self.progress(sentence, ids)
        following = dict.fromkeys([*now.continuing, *now.starting])
        return [p for p in following if self.progress(sentence, (*ids, p)).missing <= room]


def _allow(pieces: Sequence[int], log_probs: Floats) -> None:
    """Make all but `pieces` impossible, if any of these is possible."""
    kept = log_probs[pieces]
    if len(kept) and kept.max() > IMPOSSIBLE / 2:
        log_probs[:] = IMPOSSIBLE
        log_probs[pieces] = kept
