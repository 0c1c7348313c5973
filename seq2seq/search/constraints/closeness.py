"""Similarity of an output with required phrases to the output without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from seq2seq.text.words import SENTENCE_ENDS, in_word, tokens


@dataclass(frozen=True)
class Words:
    """Words of a text with their counts, and its number of sentences.

    Each sentence end counts as one sentence, and so do words after the last sentence end.
    """

    words: Counter[str]
    sentences: int

    @staticmethod
    def of(text: bytes) -> Words:
        """Return the words and the number of sentences of a UTF-8 text."""
        found = tokens(text.decode(errors="replace"))
        words = [(position, token) for position, token in enumerate(found) if in_word(token[0])]
        ends = [position for position, token in enumerate(found) if token in SENTENCE_ENDS]
        incomplete = bool(words) and (not ends or ends[-1] < words[-1][0])
        return Words(Counter(token for _, token in words), len(ends) + incomplete)


@dataclass(frozen=True)
class Closeness:
    """Words and sentences that an output should keep when missing phrases are inserted.

    Attributes:
        words: words that should stay.
        replaceable: number of these words that may be lost nevertheless, because it is not known
            which words some phrases replace.
        sentences: maximum number of sentences.
    """

    words: Counter[str]
    replaceable: int
    sentences: int

    @staticmethod
    def to(plain: bytes, phrases: Iterable[tuple[bytes, bytes]]) -> Closeness:
        """Return the closeness to an output.

        Args:
            plain: output without the phrases, in UTF-8.
            phrases: missing phrases, each with the words of `plain` that it replaces; empty if
                unknown.
        """
        before = Words.of(plain)
        replaced = Counter[str]()
        replaceable, sentences = 0, before.sentences
        for phrase, origin in phrases:
            held, known = Words.of(phrase), Words.of(origin).words
            sentences += max(0, held.sentences - 1)
            if known:
                replaced += known
            else:
                replaceable += held.words.total()
        return Closeness(before.words - replaced, replaceable, sentences)

    def lost_words(self, text: bytes) -> int:
        """Return the number of words that should stay but are missing from a text."""
        return max(0, (self.words - Words.of(text).words).total() - self.replaceable)

    def more_sentences(self, text: bytes) -> int:
        """Return the number of sentences that a text has beyond the maximum."""
        return max(0, Words.of(text).sentences - self.sentences)
