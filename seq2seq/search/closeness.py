"""Closeness of an output that holds required phrases to the output without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from seq2seq.text.words import SENTENCE_ENDS, in_word, tokens


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


@dataclass(frozen=True)
class Closeness:
    """What should be left of an output once it holds the phrases that it lacks.

    Attributes:
        words: the words that should stay.
        replaced: for each phrase the words that it stands for, as far as these are known.
        replaceable: how many other words may go, because phrases stand for unknown ones.
        sentences: the most sentences that there should be.
    """

    words: Counter[str]
    replaced: tuple[Counter[str], ...]
    replaceable: int
    sentences: int

    @staticmethod
    def to(plain: bytes, phrases: Iterable[tuple[bytes, bytes]]) -> Closeness:
        """Return the closeness to an output.

        Args:
            plain: the output, in UTF-8.
            phrases: the phrases that it lacks, and the words of it that each stands for, as far as
                these are known.
        """
        before = Words.of(plain)
        replaced: list[Counter[str]] = []
        replaceable, sentences = 0, before.sentences
        for phrase, origin in phrases:
            held, known = Words.of(phrase), Words.of(origin).words
            sentences += max(0, held.sentences - 1)
            if known:
                replaced.append(known)
            else:
                replaceable += held.words.total()
        words = before.words - sum(replaced, Counter[str]())
        return Closeness(words, tuple(replaced), replaceable, sentences)

    def lost_words(self, text: bytes) -> int:
        """Return how many words that should stay a text has not."""
        return max(0, (self.words - Words.of(text).words).total() - self.replaceable)

    def not_replaced(self, text: bytes) -> int:
        """Return for how many phrases a text still has all the words that they stand for."""
        found = Words.of(text).words - self.words
        return sum(known <= found for known in self.replaced)

    def more_sentences(self, text: bytes) -> int:
        """Return how many sentences too many a text has."""
        return max(0, Words.of(text).sentences - self.sentences)
