"""Constraint: each output contains the required phrases, as whole words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seq2seq.search.constraints.coverage import PhraseProgress, Progress, Requirement
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, OpenHypotheses, cells_of
from seq2seq.search.step_model import Floats, Ints
from seq2seq.text.output_tokens import LONGEST_CHARACTER, NEVER, OutputTokens
from seq2seq.text.tokenizer import EOS

# Positions beyond those of the phrases, for a detour around tokens that a rule forbids at the end.
_SLACK = 2


def room_for(required: Sequence[Requirement]) -> int:
    """Return the number of additional positions that an output needs for these phrases."""
    return sum(one.cost for one in required) + _SLACK if required else 0


# Minimum probability of the end of a word for a phrase to begin after it. Models that were
# trained with label smoothing give every end a probability of about 0.1.
_WORD_ENDS = 0.25


class RequiredPhrases:
    """Rule that outputs end only when they hold all phrases that their sentence requires.

    A phrase must occur as often as it is given, and once more for each other phrase that contains
    it: if `York` and `New York` are required, the `York` in `New York` does not count as the phrase
    `York`. A phrase that is begun but not completed does not count. Near the end of a row only the
    missing tokens may be written.

    With `insist`, a missing phrase is also written where the model would end the output. A beam
    search does not need this, because it looks for the best position (see `Banks`).
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
            spelling: spelling of the vocabulary.
            required: required phrases of each sentence.
            limits: maximum output length of each sentence, end symbol included, `[sentences]
                int32`.
            tokens: tokens with the rules for their use in outputs; None if these are not known.
            insist: true to write missing phrases where the model would end the output.
        """
        known = {given: PhraseProgress(spelling, given) for given in set(required)}
        self._given, self._required = tuple(required), [known[given] for given in required]
        self.vocab_size, self._spelling = len(spelling.surfaces), spelling
        self._limits, self._insist = limits, insist
        self._tokens = tokens or OutputTokens.of_ids(self.vocab_size)
        # Tokens that cannot extend the last phrase to another word; and those of them that are not
        # a lone space, because no other phrase can begin after a space.
        beginning = spelling.beginning_with(b" ")
        self._safe = [*beginning.tolist(), EOS]
        self._words = [*beginning[self._tokens.missing[beginning] == 0].tolist(), EOS]
        self._insisted: set[tuple[int, tuple[int, ...]]] = set()

    def total(self, sentence: int) -> int:
        """Return the maximum number of tokens that the phrases of a sentence take."""
        return self._required[sentence].total

    def progress(self, sentence: int, ids: tuple[int, ...]) -> Progress:
        """Return the coverage of the phrases of a sentence by an output that begins with `ids`."""
        return self._required[sentence].after(ids)

    def all_of(self, sentence: int) -> tuple[Requirement, ...]:
        """Return the requirements of a sentence."""
        return self._given[sentence]

    def missing(self, sentence: int, ids: tuple[int, ...]) -> tuple[Requirement, ...]:
        """Return the requirements that an output of a sentence does not meet."""
        return self._required[sentence].missing(ids)

    def positions(self, sentence: int, ids: tuple[int, ...]) -> set[int]:
        """Return the positions in `ids` that belong to required phrases."""
        return self._required[sentence].positions(ids)

    def share(self, sentence: int, ids: Sequence[int], log_probs: Sequence[float]) -> float:
        """Return the total log-probability of those `ids` that are part of a required phrase."""
        return sum(
            log_probs[position] for position in self._required[sentence].positions(tuple(ids))
        )

    def needs(self, hypotheses: OpenHypotheses) -> Cells:
        """Return the tokens that begin or continue a missing phrase."""
        found = []
        for row, sentence, position, ids in hypotheses.live:
            now = self.progress(sentence, ids)
            found.append((row, position, [*now.continuing, *now.starting]))
        return cells_of(found)

    def whole_words(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Apply the rule that no phrase begins where the model is in the middle of a word.

        For example, `nicht nötig` must not become `nicht n Bücher` for lack of a better position.
        """
        spelling, closes = self._spelling, self._spelling.closes_word
        for row, sentence, position, ids in hypotheses.live:
            if not self.total(sentence) or not ids or not spelling.ends_in_word[ids[-1]]:
                continue
            if self._room(sentence, ids) < self.total(sentence) + LONGEST_CHARACTER:
                continue
            here = log_probs[row, position]
            if np.exp(here[spelling.closing_words]).sum() + np.exp(here[EOS]) < _WORD_ENDS:
                now = self.progress(sentence, ids)
                starting = [one for one in now.starting if closes[one]]
                here[[one for one in starting if one not in now.continuing]] = IMPOSSIBLE

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make tokens that would leave out a phrase impossible, in place (see `Rule`)."""
        for row, sentence, position, ids in hypotheses.live:
            if not self.total(sentence):
                continue
            now, here = self.progress(sentence, ids), log_probs[row, position]
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
        """Return the positions left for phrases after one unrelated token and the end symbol."""
        return int(self._limits[sentence]) - len(ids) - 2 - self._tokens.owed(ids)

    def _keep_room(self, sentence: int, ids: tuple[int, ...], room: int, log_probs: Floats) -> None:
        """Forbid tokens that need more further tokens than the phrases leave room for."""
        now = self.progress(sentence, ids)
        of_phrases = [*now.continuing, *now.starting]
        kept = log_probs[of_phrases]
        missing, room = self._tokens.missing, room - self._required[sentence].at_risk(ids)
        log_probs[(missing > max(room, 0)) & (missing < NEVER)] = IMPOSSIBLE
        log_probs[of_phrases] = kept

    def _insists(self, sentence: int, ids: tuple[int, ...], log_probs: Floats) -> bool:
        if (sentence, ids) not in self._insisted and int(log_probs.argmax()) != EOS:
            return False
        tokens = self._fitting(sentence, ids, self.progress(sentence, ids).missing - 1)
        self._insisted.update((sentence, (*ids, token)) for token in tokens)
        return True

    def _fitting(self, sentence: int, ids: tuple[int, ...], room: int) -> list[int]:
        """Return the tokens of missing phrases after which at most `room` tokens are missing."""
        now = self.progress(sentence, ids)
        following = dict.fromkeys([*now.continuing, *now.starting])
        return [p for p in following if self.progress(sentence, (*ids, p)).missing <= room]


def _allow(tokens: Sequence[int], log_probs: Floats) -> None:
    """Make tokens outside `tokens` impossible; change nothing if none of `tokens` is possible."""
    kept = log_probs[tokens]
    if len(kept) and kept.max() > IMPOSSIBLE / 2:
        log_probs[:] = IMPOSSIBLE
        log_probs[tokens] = kept
