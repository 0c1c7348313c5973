"""Draw noun phrases, subjects and times in both languages at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random

from english import EnglishNP
from german import GermanNP
from lexicon.adjectives import ADJECTIVES, JUDGEMENTS
from lexicon.entries import CASES, Adjective, Noun
from lexicon.nouns import NOUNS
from lexicon.words import (
    DEFINITE,
    EIN_ENDINGS,
    FUTURE_TIMES,
    MIXED,
    NAMES,
    NOW_TIMES,
    PAST_TIMES,
    PERSONS,
    POSSESSIVES,
    STRONG,
    THIS,
    WEAK,
    WHICH,
    WOMEN,
    Person,
)
from slots import Slot, any_clock, any_date, any_weekday, number

NOUN_BY_KEY = {noun.key: noun for noun in NOUNS}
NOUNS_BY_CLASS: dict[str, list[Noun]] = defaultdict(list)
for _noun in NOUNS:
    for _name in sorted(_noun.classes):
        NOUNS_BY_CLASS[_name].append(_noun)
DER_WORDS = {
    "the": DEFINITE, "the-all": DEFINITE, "bare-the": DEFINITE, "this": THIS, "which": WHICH,
}  # fmt: skip
# Determiners of what is known, where a judgement sounds odd.
KNOWN = frozenset({"the", "the-all", "thy", *POSSESSIVES})
# Determiners like "ein", and those of one form in the singular and one in the plural.
EIN_WORDS = {
    "a": "ein", "one": "ein", "another": "noch ein", "one-more": "noch ein",
    "no": "kein", "any": "kein", "not-any": "kein", "not-one": "kein",
}  # fmt: skip
UNINFLECTED = {
    "none": ("", ""), "any-of": ("", ""), "a-bare": ("", ""), "some": ("etwas", "ein paar"),
}  # fmt: skip
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
# Determiners that ask for the plural of what can be counted.
BARE = frozenset({"none", "some", "any", "not-any", "any-of", "not-one", "the-all"})
# Determiners that are not called by their English word; "no" follows a negated verb.
ENGLISH_ARTICLES = {
    "no": "a", "thy": "your", "none": "", "not-any": "", "any-of": "any", "not-one": "no",
    "a-bare": "a", "bare-the": "", "the-all": "the", "one-more": "one more",
}  # fmt: skip
KINSHIP = frozenset({"kin", "kins"})
FOUR = tuple[str, str, str, str]


@cache
def nouns_of(classes: tuple[str, ...]) -> tuple[Noun, ...]:
    """List the nouns of any of the classes, each once, in lexicon order."""
    return tuple(noun for noun in NOUNS if noun.classes.intersection(classes))


@cache
def adjectives_of(noun: Noun, determiner: str) -> tuple[Adjective, ...]:
    """List the adjectives that suit a noun after a determiner."""
    return tuple(
        adjective
        for adjective in ADJECTIVES
        if adjective.classes & noun.classes
        and not (determiner in KNOWN and adjective.english in JUDGEMENTS)
        and not (determiner != "the" and adjective.english in ("next", "last"))
    )


def _german_determiner(determiner: str, gender: str) -> tuple[FOUR, dict[str, FOUR]]:
    """Return the determiner in four cases and the adjective endings it calls for."""
    if determiner in DER_WORDS:
        return DER_WORDS[determiner][gender], WEAK
    if determiner in NUMBERS:
        word = number(NUMBERS[determiner]).german
        return (word, word, word, word), STRONG
    if determiner in UNINFLECTED:
        word = UNINFLECTED[determiner][gender == "p"]
        return (word, word, word, word), STRONG
    stem = EIN_WORDS.get(determiner)
    stem = stem or (PERSONS["familiar"].german_own if determiner == "thy" else None)
    stem = stem or POSSESSIVES[determiner]
    first, second, third, fourth = (stem + ending for ending in EIN_ENDINGS[gender])
    return (first, second, third, fourth), MIXED


def _german_np(
    noun: Noun, determiner: str, plural: bool, adjective: Adjective | None, grade: str
) -> GermanNP:
    """Build the German phrase with article, adjective ending and noun form."""
    gender = "p" if plural else noun.gender
    if plural and determiner == "a":
        determiner = "none"
    words, endings = _german_determiner(determiner, gender)
    rests = []
    for index, case in enumerate(CASES):
        rest = noun.german(case, plural)
        if adjective:
            stem = adjective.stem if grade == "positive" else adjective.german_superlative
            rest = f"{stem}{endings[gender][index]} {rest}"
        rests.append(rest)
    first, second, third, fourth = rests
    indefinite = determiner in (*EIN_WORDS, *UNINFLECTED, *NUMBERS)
    return GermanNP(words, (first, second, third, fourth), gender, indefinite)


def _indefinite_article(head: str) -> str:
    """Return "an" before a vowel that is heard as one."""
    word = head.lower()
    if word.startswith(("uni", "hour")):
        return "an" if word.startswith("hour") else "a"
    return "an" if word[0] in "aeiou" else "a"


@lru_cache(maxsize=200_000)
def noun_phrase(
    noun: Noun,
    determiner: str,
    plural: bool = False,
    adjective: Adjective | None = None,
    grade: str = "positive",
) -> Slot:
    """Build a noun phrase; "no" is "a" in English, whose verb carries the negation."""
    german = _german_np(noun, determiner, plural, adjective, grade)
    head = noun.english_plural if plural else noun.english
    if adjective:
        word = adjective.english if grade == "positive" else adjective.superlative
        head = f"{word} {head}"
    article = ENGLISH_ARTICLES.get(determiner, determiner)
    if plural and article == "a":
        article = ""
    if article == "a":
        article = _indefinite_article(head)
    english = EnglishNP(f"{article} {head}".strip(), plural or noun.english_is_plural)
    return Slot(english, german, kind=noun.key, noun=noun)


def draw_phrase(
    rng: Random, noun: Noun, determiner: str, person: Person | None = None, described: float = 0.3
) -> Slot:
    """Draw a phrase around a noun, adapting the determiner to what the noun allows."""
    if noun.classes & KINSHIP and determiner in ("the", "this", "a", "own", "which"):
        determiner = "own"
    elif (determiner == "own" and "staff" in noun.classes) or (
        determiner == "a" and noun.english_is_plural
    ):
        determiner = "the"
    if determiner == "own":
        determiner = own(person or PERSONS["I"])
    if "spouse" in noun.classes and determiner in ("the", "this", "a", "our", "their"):
        determiner = "my"
    if determiner == "two":
        determiner = rng.choice(tuple(NUMBERS))
        if noun.plural[0] == "-" or "pair" in noun.classes:
            determiner = "a"
    plural = determiner in NUMBERS or noun.singular[0] == "-" or "pair" in noun.classes
    if determiner in BARE:
        plural = plural or (noun.plural[0] != "-" and "drink" not in noun.classes)
    adjective = None
    if rng.random() < described:
        choices = adjectives_of(noun, determiner)
        adjective = rng.choice(choices) if choices else None
    return noun_phrase(noun, determiner, plural, adjective)


def own(person: Person) -> str:
    """Name the possessive of a person; "thy" stands for the familiar "your"."""
    return "thy" if person.key == "familiar" else person.english_own


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts: the words in both languages and the person they agree with."""

    english: str
    german: str
    person: Person

    @property
    def english_form(self) -> int:
        """Return the English agreement column."""
        return self.person.english_form

    @property
    def german_form(self) -> int:
        """Return the German agreement column."""
        return self.person.german_form


def pronoun(key: str) -> Subject:
    """Return a pronoun as a subject."""
    person = PERSONS[key]
    return Subject(person.english, person.german, person)


def named(name: str) -> Subject:
    """Return a first name as a subject."""
    return Subject(name, name, PERSONS["she" if name in WOMEN else "he"])


def relative_subject(rng: Random, owner: str) -> Subject:
    """Draw a member of somebody's family or circle."""
    noun = rng.choice(nouns_of(("kin", "kins", "spouse") if owner == "my" else ("kin", "kins")))
    plural = noun.singular[0] == "-"
    slot = noun_phrase(noun, owner, plural)
    key = "they" if plural else {"m": "he", "f": "she"}[noun.gender]
    return Subject(slot.english.text, slot.german.case("nom"), PERSONS[key])


def draw_subject(rng: Random, who: str) -> Subject:
    """Draw a subject: "self", "any", "other", or the key of one person."""
    if who in PERSONS:
        return pronoun(who)
    roll = rng.random()
    if who == "self":
        return pronoun("I" if roll < 0.6 else "we")
    if who == "any" and roll < 0.55:
        return pronoun("I" if roll < 0.35 else "we")
    if roll < (0.7 if who == "any" else 0.3):
        return pronoun(rng.choice(("he", "she", "they")))
    if rng.random() < 0.65:
        return relative_subject(rng, rng.choice(("my", "my", "our")))
    return named(rng.choice(NAMES))


def draw_time(rng: Random, tense: str) -> Slot:
    """Draw an adverbial of time that fits a tense."""
    if tense == "now":
        return Slot(*rng.choice(NOW_TIMES))
    roll = rng.random()
    if roll < 0.5:
        return Slot(*rng.choice(PAST_TIMES if tense == "past" else FUTURE_TIMES))
    if roll < 0.65:
        day = any_weekday(rng)
        return Slot(f"on {day.english}", f"am {day.german}")
    if roll < 0.85:
        hour = any_clock(rng)
        return Slot(f"at {hour.english}", f"um {hour.german}")
    day = any_date(rng)
    return Slot(f"on {day.english}", f"am {day.german}")
