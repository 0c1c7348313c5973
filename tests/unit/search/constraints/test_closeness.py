"""What is left of an output is counted in words and sentences."""

from __future__ import annotations

import pytest

from seq2seq.search.constraints.closeness import Closeness, Words


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("Wo ist der Zug?", 4, 1),
        ("Wo ist der Zug? Dort", 5, 2),
        ("Wo ist der Zug? Dort.", 5, 2),
        ("Wo ist", 2, 1),
        ("?!", 0, 2),
        ("", 0, 0),
    ],
)
def test_sentences_are_ends_and_what_comes_after_the_last(
    text: str, words: int, sentences: int
) -> None:
    found = Words.of(text.encode())
    assert (found.words.total(), found.sentences) == (words, sentences)


def lost(plain: str, text: str, phrase: str, origin: str = "") -> int:
    """Words that are lost."""
    close = Closeness.to(plain.encode(), [(phrase.encode(), origin.encode())])
    return close.lost_words(text.encode())


PLAIN = "Wo ist der Zug?"


def test_a_phrase_may_take_the_place_of_as_many_words() -> None:
    assert lost(PLAIN, "Wo ist der Hut?", "Hut") == 0
    assert lost(PLAIN, "Wo ist der Hut Zug?", "Hut") == 0
    assert lost(PLAIN, "Wo ist die Uhr?", "Uhr") == 1
    assert lost(PLAIN, "Wo ist die Uhr?", "die Uhr") == 0
    assert lost(PLAIN, "Uhr?", "Uhr") == 3


def test_words_that_a_phrase_stands_for_should_go() -> None:
    assert lost(PLAIN, "Wo ist der Hut?", "Hut", "Zug") == 0
    assert lost(PLAIN, "Wo ist der Hut Zug?", "Hut", "Zug") == 0
    assert lost(PLAIN, "Wo der Hut Zug?", "Hut", "Zug") == 1
    plain = "der Zug der Frau"
    assert lost(plain, "der Hut der Frau", "Hut", "der Zug") == 0
    assert lost(plain, "der Zug der Frau Hut", "Hut", "der Zug") == 0


def test_sentences_of_a_phrase_are_not_too_many() -> None:
    close = Closeness.to(b"Wo ist er?", [(b"So. Nun", b"")])
    assert close.more_sentences(b"Wo ist er? So. Nun") == 1
    assert close.more_sentences(b"Wo ist So. Nun?") == 0
