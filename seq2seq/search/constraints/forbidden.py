"""Rule that forbids phrases by their words, however these are split into tokens."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from seq2seq.search.constraints.spelling import Positions, Spelling, closes_word
from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, OpenHypotheses, cells_of
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import EOS
from seq2seq.text.words import PhraseFinder, begins_sentence, capitalised, in_word

# Minimum log-probability of a plausible token.
_PLAUSIBLE = math.log(0.01)

_NOTHING = np.zeros([0], np.int64)
_ESCAPED = "surrogateescape"  # keeps the bytes of incomplete characters


@dataclass(frozen=True)
class _Phrase:
    """Phrase in UTF-8; its capitalised form is forbidden only at the beginning of a sentence."""

    text: bytes
    opens_sentence: bool

    @cached_property
    def word_first(self) -> bool:
        return in_word(self.text.decode()[0])

    @cached_property
    def word_last(self) -> bool:
        return in_word(self.text.decode()[-1])


class _End(NamedTuple):
    """Facts about the end of a text that decide which phrases can follow or continue.

    Attributes:
        begun: phrases that are begun or written in full at the end of the text, each with the
            number of its bytes that match.
        in_word: true if the last character is part of a word.
        opens_sentence: true if a word that follows is the first of a sentence.
    """

    begun: tuple[tuple[_Phrase, int], ...]
    in_word: bool
    opens_sentence: bool

    def allows(self, phrase: _Phrase) -> bool:
        """Return whether a phrase can begin here."""
        if phrase.opens_sentence and not self.opens_sentence:
            return False
        return not (phrase.word_first and self.in_word)


class _After(NamedTuple):
    """Effect of the possible next tokens on forbidden phrases.

    Attributes:
        complete: tokens that complete a phrase.
        suspend: tokens that write the last character of a phrase; the phrase is complete unless a
            letter follows.
        suspended: true if the text already ends with all characters of a phrase.
    """

    complete: Positions
    suspend: Positions
    suspended: bool = False


class ForbiddenPhrases:
    """Rule that outputs hold no forbidden phrase: `PhraseFinder(phrases).find(output)` is empty.

    A phrase is complete when it is followed by something that is not part of a word. Therefore
    `Haus` may be written if a letter can follow: `Hausboot` is allowed. But after such a `Haus` the
    most probable token, a space, is impossible. A search must not fill its beam with such
    hypotheses (see `suspending` and `Banks`). Sampling cannot look ahead, so with `strictly` a
    token that ends with the last character of a phrase is forbidden too. `Hausboot` is then
    possible only if one of its tokens begins within `Haus` and ends after it.
    """

    def __init__(
        self, spelling: Spelling, phrases: Sequence[tuple[str, ...]], *, strictly: bool = False
    ) -> None:
        """Prepare for the sentences of a batch.

        Args:
            spelling: spelling of the vocabulary.
            phrases: forbidden phrases of each sentence, as the tokenizer spells them.
            strictly: true to also forbid tokens that write the last character of a phrase.
        """
        self._sets = {given: _PhraseSet(spelling, given) for given in set(phrases) if given}
        self._phrases, self._strictly = tuple(phrases), strictly

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make tokens that complete a phrase `IMPOSSIBLE`, in place (see `Rule`)."""
        for row, position, after in self._hypotheses(hypotheses):
            log_probs[row, position, after.complete] = IMPOSSIBLE
            if self._strictly:
                log_probs[row, position, after.suspend] = IMPOSSIBLE

    def only_plausible(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Apply the rule that a phrase is extended to a longer word only by plausible tokens.

        `Haus` may become `Hausboot`, but not `Hausq` just because everything else is forbidden.
        """
        for row, position, after in self._hypotheses(hypotheses):
            if after.suspended:
                here = log_probs[row, position]
                here[here < _PLAUSIBLE] = IMPOSSIBLE

    def suspending(self, hypotheses: OpenHypotheses) -> Cells:
        """Return the tokens that write the last character of a phrase (see `_After.suspend`)."""
        found = self._hypotheses(hypotheses)
        return cells_of((row, position, after.suspend) for row, position, after in found)

    def any_for(self, sentence: int) -> bool:
        """Return whether anything is forbidden in the output of a sentence."""
        return bool(self._phrases[sentence])

    def _hypotheses(self, hypotheses: OpenHypotheses) -> Iterator[tuple[int, int, _After]]:
        for row, sentence, position, ids in hypotheses.live:
            if self._phrases[sentence]:
                yield row, position, self._sets[self._phrases[sentence]].after(ids)


class _PhraseSet:
    """Forbidden phrases of a sentence, matched with a vocabulary."""

    def __init__(self, spelling: Spelling, phrases: Sequence[str]) -> None:
        self._spelling = spelling
        self._phrases = tuple(_variants(phrases))
        self._begun_by: dict[bytes, list[_Phrase]] = {}
        for phrase in self._phrases:
            for length in range(1, len(phrase.text) + 1):
                self._begun_by.setdefault(phrase.text[:length], []).append(phrase)
        self._longest = max(map(len, self._begun_by))
        self._closing = np.append(spelling.closing_words, EOS)
        self._within = _holding(spelling, phrases)
        self._known: dict[tuple[_End, _End], _After] = {}
        self._by_ids: dict[tuple[int, ...], _After] = {}

    def after(self, ids: tuple[int, ...]) -> _After:
        """Return which next tokens would complete a forbidden phrase after the tokens `ids`."""
        if ids not in self._by_ids:
            self._by_ids[ids] = self._after_text(_plain(self._spelling.text(ids)))
        return self._by_ids[ids]

    def _after_text(self, text: bytes) -> _After:
        # Most tokens begin with a space, and most phrases begin after one. A second space does not
        # avoid a phrase.
        spaced = text if text.endswith(b" ") else text + b" "
        ends = (self._end(text), self._end(spaced))
        if ends not in self._known:
            found = [self._within, *self._tokens(ends[0], b""), *self._tokens(ends[1], b" ")]
            complete = np.concatenate([after.complete for after in found])
            suspend = np.concatenate([after.suspend for after in found])
            suspend = np.setdiff1d(suspend, complete)
            whole = any(length == len(phrase.text) for phrase, length in ends[0].begun)
            self._known[ends] = _After(np.unique(complete), suspend, whole)
        return self._known[ends]

    def _end(self, text: bytes) -> _End:
        begun = []
        for length in range(1, min(self._longest, len(text)) + 1):
            phrases = self._begun_by.get(text[len(text) - length :], ())
            before = _End((), *_context(text[: len(text) - length])) if phrases else None
            begun += [(phrase, length) for phrase in phrases if before and before.allows(phrase)]
        return _End(tuple(begun), *_context(text))

    def _tokens(self, end: _End, lead: bytes) -> Iterator[_After]:
        """Yield the effect of tokens that begin with `lead`; `end` already includes `lead`."""
        for phrase, done in end.begun:
            if done == len(phrase.text):
                yield _After(self._closing, _NOTHING)
            else:
                yield self._after(phrase, lead + phrase.text[done:])
        for phrase in self._phrases:
            if end.allows(phrase):
                yield self._after(phrase, lead + phrase.text)

    def _after(self, phrase: _Phrase, rest: bytes) -> _After:
        """Return the effect of tokens that begin with `rest`, the last part of `phrase`."""
        tokens = self._spelling.beginning_with(rest)
        if not phrase.word_last:
            return _After(tokens, _NOTHING)
        following = [self._spelling.surfaces[index][len(rest) :] for index in tokens]
        complete = np.array([bool(f) and closes_word(f) for f in following], dtype=bool)
        return _After(tokens[complete], tokens[np.array([not f for f in following], dtype=bool)])


def _variants(phrases: Iterable[str]) -> Iterator[_Phrase]:
    for text in phrases:
        yield _Phrase(text.encode(), opens_sentence=False)
        if capitalised(text) != text:
            yield _Phrase(capitalised(text).encode(), opens_sentence=True)


def _holding(spelling: Spelling, phrases: Sequence[str]) -> _After:
    """Return the effect of tokens that contain a whole phrase, not at their beginning."""
    finder = PhraseFinder(phrases)
    complete: list[int] = []
    suspend: list[int] = []
    for index, text in spelling.of_several_tokens:
        for found in finder.find(text):
            if found.start > 0:
                ends = found.end < len(text) or not in_word(text[-1])
                (complete if ends else suspend).append(index)
    return _After(np.array(complete, np.int64), np.array(suspend, np.int64))


def _context(text: bytes) -> tuple[bool, bool]:
    """Return whether `text` ends within a word, and whether a sentence begins after it."""
    characters = text.decode(errors="replace")
    return bool(characters) and in_word(characters[-1]), begins_sentence(characters)


def _plain(text: bytes) -> bytes:
    """Return `text` with each run of white space as one space."""
    return re.sub(r"\s+", " ", text.decode(errors=_ESCAPED)).encode(errors=_ESCAPED)


class NoRepeatedNgrams:
    """Rule that no sequence of `n` tokens occurs twice in one output.

    Source: Paulus et al. 2017, "A deep reinforced model for abstractive summarization", with n = 3.
    """

    def __init__(self, n: int) -> None:
        """Forbid each sequence of `n` tokens that was written before; `n` is at least 1."""
        self._n = n

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Set tokens that would repeat a sequence to `IMPOSSIBLE`, in place (see `Rule`)."""
        ids, n = hypotheses.ids, self._n
        length = ids.shape[2]
        if length < n:
            return
        windows = sliding_window_view(ids, n, axis=2)
        # The tokens that followed earlier occurrences of the last n - 1 tokens are forbidden now.
        last = ids[:, :, np.newaxis, length - n + 1 :]
        rows, positions, starts = np.nonzero((windows[..., :-1] == last).all(axis=3))
        log_probs[rows, positions, windows[rows, positions, starts, -1]] = IMPOSSIBLE
