"""Subjects and objects that are people, with the forms that agree with them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from lexicon.entries import Noun
from lexicon.words import NAMES, PERSONS, Person
from phrases import named, noun_phrase, nouns_of
from slots import Slot


@dataclass(frozen=True, slots=True)
class EnglishActor:
    """A person in English: as a subject, as an object, and as an owner."""

    subject: str
    object: str
    own: str
    form: int

    def __format__(self, spec: str) -> str:
        """Render the subject, "object", "own", or the one of three forms that agrees."""
        if "/" in spec:
            return spec.split("/")[self.form]
        return {"": self.subject, "object": self.object, "own": self.own}[spec]


@dataclass(frozen=True, slots=True)
class GermanActor:
    """A person in German: three cases, the reflexive pronoun, and the verb form."""

    nominative: str
    accusative: str
    dative: str
    person: Person

    def __format__(self, spec: str) -> str:
        """Render a case, "sich" in the accusative or dative, or the form that agrees.

        The four forms are those of ich, du, er and wir.
        """
        if "/" in spec:
            return spec.split("/")[self.person.german_form]
        match spec:
            case "" | "nom":
                return self.nominative
            case "acc":
                return self.accusative
            case "dat":
                return self.dative
            case "sich-acc":
                return self.person.german_reflexive
            case "sich-dat":
                own = self.person.key in ("I", "familiar", "we")
                return self.person.german_dative if own else "sich"
        raise ValueError(f"Unknown format {spec!r} of a person.")


def pronoun_actor(key: str) -> Slot:
    """Return one person as a pronoun."""
    person = PERSONS[key]
    english = EnglishActor(
        person.english, person.english_object, person.english_own, person.english_form
    )
    german = GermanActor(person.german, person.german_accusative, person.german_dative, person)
    return Slot(english, german, person=person)


def name_actor(rng: Random) -> Slot:
    """Draw a first name."""
    subject = named(rng.choice(NAMES))
    return _actor(subject.english, (subject.german,) * 3, subject.person)


def relative_actor(rng: Random, classes: tuple[str, ...] = ("kin", "kins", "spouse")) -> Slot:
    """Draw one's own relative, friend or partner."""
    noun: Noun = rng.choice(nouns_of(classes))
    plural = noun.singular[0] == "-"
    phrase = noun_phrase(noun, "my", plural)
    cases = tuple(phrase.german.case(case) for case in ("nom", "acc", "dat"))
    key = "they" if plural else {"m": "he", "f": "she", "n": "it"}[noun.gender]
    return _actor(phrase.english.text, cases, PERSONS[key])


def _actor(english: str, german: tuple[str, ...], person: Person) -> Slot:
    nominative, accusative, dative = german
    return Slot(
        EnglishActor(english, english, person.english_own, person.english_form),
        GermanActor(nominative, accusative, dative, person),
        person=person,
    )


def anybody(rng: Random) -> Slot:
    """Draw who does something: most often I, then we, others, relatives and names."""
    roll = rng.random()
    if roll < 0.35:
        return pronoun_actor("I")
    if roll < 0.48:
        return pronoun_actor("we")
    return somebody_else(rng)


def somebody_else(rng: Random) -> Slot:
    """Draw who does something: neither I nor we nor you."""
    roll = rng.random()
    if roll < 0.55:
        return pronoun_actor(rng.choice(("he", "she", "they")))
    return relative_actor(rng) if roll < 0.85 else name_actor(rng)


def someone(rng: Random) -> Slot:
    """Draw one person, most often I."""
    roll = rng.random()
    if roll < 0.7:
        return pronoun_actor("I" if roll < 0.4 else rng.choice(("he", "she")))
    return relative_actor(rng, ("kin", "spouse")) if roll < 0.9 else name_actor(rng)


def myself(rng: Random) -> Slot:
    """Draw I or we."""
    return pronoun_actor("I" if rng.random() < 0.65 else "we")


def whom(rng: Random) -> Slot:
    """Draw a person as an object: a pronoun, a relative or a name; "you" is left to formulas."""
    roll = rng.random()
    if roll < 0.5:
        return pronoun_actor(rng.choice(("he", "she", "they")))
    return relative_actor(rng) if roll < 0.85 else name_actor(rng)
