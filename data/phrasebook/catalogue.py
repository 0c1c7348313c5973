"""Single words and names, each written once: nouns, numbers, days, months, countries, languages."""

from __future__ import annotations

from collections.abc import Iterator

from formulas import FORMULAS
from lexicon.entries import Noun
from lexicon.geography import COUNTRIES, LANGUAGES
from lexicon.nouns import NOUNS
from phrases import adjectives_of, noun_phrase
from slots import Slot, cities, country, language, month, number, weekday
from templates import Pair, sentence
from variants import wordings

# Alone these mean something else as often, or are written in another number.
UNCLEAR = frozenset({
    "morning", "light", "back", "orange", "watch", "person", "people", "class", "form", "cook",
    "fall", "cold", "square",
})  # fmt: skip
# Nouns that one names in the plural as well: "tomatoes", "keys", "shoes".
IN_PLURAL = frozenset({
    "food", "fruit", "grocery", "pair", "goods", "thing", "clothes", "human", "animal", "sting",
    "body", "medicine", "staff", "kin", "time", "place", "tableware",
})  # fmt: skip


def catalogue() -> Iterator[Pair]:
    """Yield every fixed phrase, contracted and without a comma too, then every single word."""
    for english, german in FORMULAS:
        for wording in dict.fromkeys(wordings(sentence(english))):
            yield Pair(wording, sentence(german), ())
    for slot in _words():
        yield Pair(f"{sentence(str(slot.english))}.", f"{sentence(str(slot.german))}.", ())


def _words() -> Iterator[Slot]:
    yield from _nouns()
    for value in (*range(2, 101), 200, 500, 1000):
        spelt = number(value)
        yield from (spelt, Slot(spelt.english.replace("-", " "), spelt.german))
    yield from (weekday(index) for index in range(7))
    yield from (month(index) for index in range(1, 13))
    yield from (language(code) for code in LANGUAGES)
    yield from cities()
    for code in COUNTRIES:
        slot = country(code)
        if slot.german.to.startswith("nach "):  # the others have an article
            yield Slot(slot.english, slot.german.to.removeprefix("nach "))


def _nouns() -> Iterator[Slot]:
    """Yield nouns bare, in the plural too where usual, and with articles and adjectives."""
    seen: set[str] = set()
    for noun in NOUNS:
        numbers = [number for number, forms in ((False, noun.singular), (True, noun.plural))
                   if forms[0] != "-"]  # fmt: skip
        if not noun.classes & IN_PLURAL:
            numbers = numbers[:1]
        for plural in numbers:
            phrase = noun_phrase(noun, "none", plural)
            english = phrase.english.text
            if english not in seen and english not in UNCLEAR:
                seen.add(english)
                yield Slot(english, phrase.german.case("nom"))
        for turn, determiner in enumerate(_articles(noun)):
            described = adjectives_of(noun, determiner)
            for adjective in (None, described[turn % len(described)]) if described else (None,):
                phrase = noun_phrase(noun, determiner, noun.singular[0] == "-", adjective)
                yield Slot(phrase.english.text, phrase.german.case("nom"))


def _articles(noun: Noun) -> tuple[str, ...]:
    if noun.classes & {"kin", "kins", "spouse", "body", "mine"}:
        return ("my",)
    if noun.classes & {"mass"} or noun.plural[0] == "-" or noun.singular[0] == "-":
        return ("the",)
    return ("the", "a")
