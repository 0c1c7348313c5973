"""Single words and names, each written once: nouns, numbers, days, months, countries, languages."""

from __future__ import annotations

from collections.abc import Iterator

from formulas import FORMULAS
from lexicon.entries import Noun
from lexicon.geography import COUNTRIES, LANGUAGES
from lexicon.nouns import NOUNS
from phrases import noun_phrase
from slots import Slot, cities, country, language, month, number, weekday
from templates import Pair, sentence

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
    """Yield every fixed phrase, then every single word."""
    for english, german in FORMULAS:
        yield Pair(sentence(english), sentence(german), ())
    for slot in _words():
        yield Pair(f"{sentence(str(slot.english))}.", f"{sentence(str(slot.german))}.", ())


def _words() -> Iterator[Slot]:
    yield from _nouns()
    values = (*range(2, 32), *range(40, 101, 10), 25, 45, 75, 99, 200, 500, 1000)
    yield from (number(value) for value in values)
    yield from (weekday(index) for index in range(7))
    yield from (month(index) for index in range(1, 13))
    yield from (language(code) for code in LANGUAGES)
    yield from cities()
    for code in COUNTRIES:
        slot = country(code)
        if slot.german.to.startswith("nach "):  # the others have an article
            yield Slot(slot.english, slot.german.to.removeprefix("nach "))


def _nouns() -> Iterator[Slot]:
    """Yield nouns bare, in the singular and where usual in the plural, and after an article."""
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
        for determiner in _articles(noun):
            phrase = noun_phrase(noun, determiner, noun.singular[0] == "-")
            yield Slot(phrase.english.text, phrase.german.case("nom"))


def _articles(noun: Noun) -> tuple[str, ...]:
    if noun.classes & {"kin", "kins", "spouse", "body", "mine"}:
        return ("my",)
    if noun.classes & {"mass"} or noun.plural[0] == "-" or noun.singular[0] == "-":
        return ("the",)
    return ("the", "a")
