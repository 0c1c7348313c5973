"""What fills the patterns of the situations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from clauses import draw_action, place
from lexicon.adjectives import ADJECTIVES
from lexicon.entries import Noun
from lexicon.frames import ALL_FRAMES
from lexicon.geography import PLACE_PREPOSITIONS
from lexicon.words import MEN, NAMES, SURNAMES, WOMEN
from phrases import NOUN_BY_KEY, draw_phrase, noun_phrase, nouns_of
from slots import (
    Slot,
    any_city,
    any_country,
    any_language,
    any_month,
    clock,
    date,
    number,
    ordinal,
)
from templates import Fill

Draw = Callable[[Random], Slot]
PLACES = tuple(PLACE_PREPOSITIONS)
# Whom the ages of the portraits, up to thirty-five, would make too young.
ELDERS = frozenset({"Vater", "Mutter", "Onkel", "Tante"})
# What needs no reflexive pronoun, which would show who is meant.
UNREFLEXIVE = frozenset(frame.theme for frame in ALL_FRAMES) - {"rest", "joy"}
# What "we are trying to" may precede, lest it reads "trying to try".
UNTASTED = frozenset(frame.theme for frame in ALL_FRAMES) - {"meal", "drink", "shop", "joy"}


def thing(classes: str, determiners: str, described: float = 0.15) -> Draw:
    """Draw a phrase of some classes with one of the determiners."""
    nouns = nouns_of(tuple(classes.split()))
    choices = determiners.split()
    return lambda rng: draw_phrase(rng, rng.choice(nouns), rng.choice(choices), None, described)


def with_verb(verb: str, draw: Draw) -> Draw:
    """Mark what is drawn as the object of a verb that the templates spell out."""

    def marked(rng: Random) -> Slot:
        slot = draw(rng)
        return replace(slot, combos=(f"{verb}:{slot.kind}",))

    return marked


def with_object(combo: str, draw: Draw) -> Draw:
    """Mark a drawing with a noun-verb pair that stands in the template itself."""
    return lambda rng: replace(draw(rng), combos=(combo,))


def fill(**draws: Draw) -> Fill:
    """Fill each slot by its own drawing."""
    return lambda rng: {name: draw(rng) for name, draw in draws.items()}


def going(rng: Random) -> Slot:
    """Draw where a way leads: "to the bank", always with "zu" in German."""
    return Slot(*way(NOUN_BY_KEY[rng.choice(PLACES)]))


def being(rng: Random) -> Slot:
    """Draw a place to be at."""
    return place(rng.choice(PLACES))


def nearest(rng: Random) -> Slot:
    """Draw the nearest place of its sort."""
    adjective = next(entry for entry in ADJECTIVES if entry.english == "next")
    noun = rng.choice(nouns_of(("shop", "eatery", "place")))
    slot = noun_phrase(noun, "the", False, adjective)
    english = slot.english.text.replace("the next", "the nearest")
    return Slot(english, slot.german)


def compared(rng: Random) -> dict[str, Slot]:
    """Fill "x", "y" and "c": two things of a kind told apart by colour, and a comparison."""
    noun = rng.choice(nouns_of(("coloured",)))
    plural = "pair" in noun.classes
    colours = [a for a in ADJECTIVES if "coloured" in a.classes and a.comparative == "-"]
    first, second = rng.sample(colours, 2)
    names = ("expensive", "cheap", "beautiful", "big", "small")
    adjective = rng.choice([a for a in ADJECTIVES if a.english in names])
    return {
        "x": noun_phrase(noun, "the", plural, first),
        "y": noun_phrase(noun, "the", plural, second),
        "c": Slot(adjective.comparative, adjective.german_comparative),
    }


def superlative(rng: Random) -> dict[str, Slot]:
    """Fill "n" with the most famous, oldest or most beautiful sight, and "c" with a city."""
    names = ("old", "famous", "beautiful", "big")
    adjective = rng.choice([a for a in ADJECTIVES if a.english in names])
    noun = rng.choice(nouns_of(("sight",)))
    return {
        "n": noun_phrase(noun, "the", False, adjective, "superlative"), "c": any_city(rng),
    }  # fmt: skip


def owned(rng: Random) -> dict[str, Slot]:
    """Fill "n" and "o": a thing and the relative it belongs to, in the genitive."""
    relatives = [noun for noun in nouns_of(("kin", "kins"))]
    owner = rng.choice(relatives)
    plural = owner.singular[0] == "-"
    return {
        "n": thing("thing", "the", 0)(rng),
        "o": noun_phrase(owner, rng.choice(("my", "our")), plural),
    }


def ordering(classes: str) -> Draw:
    """Draw something to order, or a number of it."""
    return thing(classes, "a a two")


def early_clock(rng: Random) -> Slot:
    """Draw a time to get up."""
    return clock(rng.randint(5, 8), rng.choice((0, 15, 30, 45)))


def late_morning_clock(rng: Random) -> Slot:
    """Draw a time when breakfast ends."""
    return clock(rng.randint(9, 11), rng.choice((0, 15, 30, 45)))


def office_clock(rng: Random) -> Slot:
    """Draw a time of office hours."""
    return clock(rng.randint(8, 17), rng.choice((0, 15, 30, 45)))


def evening_clock(rng: Random) -> Slot:
    """Draw a time to eat out."""
    return clock(rng.choice((12, 13, 18, 19, 20, 21)), rng.choice((0, 15, 30, 45)))


def floor(rng: Random) -> Slot:
    """Draw a floor."""
    return ordinal(rng.randint(2, 9))


def first_name(rng: Random) -> Slot:
    """Draw a first name."""
    name = rng.choice(NAMES)
    return Slot(name, name)


def surname(rng: Random) -> Slot:
    """Draw a surname."""
    name = rng.choice(SURNAMES)
    return Slot(name, name)


def large_number(rng: Random) -> Slot:
    """Draw a spelt-out number from eleven to thirty."""
    return number(rng.randint(11, 30))


def container(rng: Random) -> Slot:
    """Draw a glass, cup, bottle, piece or slice of something."""
    english, german, classes = rng.choice(CONTAINERS)
    phrase = noun_phrase(rng.choice(nouns_of((classes,))), "none")
    return Slot(f"{english} of {phrase.english}", f"{german} {phrase.german:nom}")


def errand(rng: Random) -> Slot:
    """Draw an infinitive for "it is possible to" and its like."""
    return draw_action(rng, "can", "we", timed=0.3, placed=0.1, themes=UNREFLEXIVE)


def proposal(rng: Random) -> Slot:
    """Draw what "we" may do, as in "let us go" and "gehen wir"."""
    slot = errand(rng)
    return replace(slot, german=replace(slot.german, mode="present"))


# What holds food and drink, and the class of what it holds.
CONTAINERS = (
    ("a glass", "ein Glas", "glassed"), ("a glass", "ein Glas", "glassed"),
    ("a bottle", "eine Flasche", "bottled"), ("a cup", "eine Tasse", "hotdrink"),
    ("a piece", "ein Stück", "sliced"), ("a slice", "eine Scheibe", "sliced"),
)  # fmt: skip


def stay(rng: Random) -> dict[str, Slot]:
    """Fill "d" and "e" with the first and last day of a stay."""
    month, (first, last) = rng.randint(1, 12), sorted(rng.sample(range(1, 29), 2))
    return {"d": date(month, first), "e": date(month, last)}


def portrait(rng: Random) -> dict[str, Slot]:
    """Fill "k", "w" and "n" with a relative, the name and the age."""
    noun = rng.choice([noun for noun in nouns_of(("kin",)) if noun.key not in ELDERS])
    name = rng.choice(WOMEN if noun.gender == "f" else MEN)
    relative = noun_phrase(noun, rng.choice(("my", "our")))
    return {"k": relative, "w": Slot(name, name), "n": number(rng.randint(18, 35))}


def way(noun: Noun) -> tuple[str, str]:
    """Write "to the bank" in both languages."""
    phrase = noun_phrase(noun, "the")
    return f"to {phrase.english}", phrase.german.after("zu", "dat")


def stops(rng: Random) -> dict[str, Slot]:
    """Fill "v", "n" and "c" with a train or bus, without and with "this", and a city."""
    phrase = draw_phrase(rng, rng.choice(nouns_of(("distance",))), "this", None, 0)
    return {"v": Slot(phrase.english.text.removeprefix("this "), ""), "n": phrase,
            "c": any_city(rng)}  # fmt: skip


def travel(rng: Random) -> dict[str, Slot]:
    """Fill "a", "y" and "z" with a journey, its country, and the German verb at the end."""
    month = any_month(rng)
    english, german, end = rng.choice((
        (f"In {month.english} we will travel to", f"Im {month.german} werden wir", "reisen"),
        (f"In {month.english} I will fly to", f"Im {month.german} werde ich", "fliegen"),
        (f"In {month.english} my parents traveled to", f"Im {month.german} sind meine Eltern",
         "gereist"),
    ))  # fmt: skip
    return {"a": Slot(english, german), "y": any_country(rng), "z": Slot("", end)}


def neighbours(rng: Random) -> dict[str, Slot]:
    """Fill "n" and "m" with two different places."""
    first, second = rng.sample(nouns_of(("house", "shop", "spot", "place")), 2)
    return {"n": noun_phrase(first, "the"), "m": noun_phrase(second, "the")}


def which(rng: Random) -> dict[str, Slot]:
    """Fill "n" and "m" with what one may choose from."""
    noun = rng.choice(nouns_of(("coloured", "readable")))
    phrase = noun_phrase(noun, "which", "pair" in noun.classes)
    bare = phrase.english.text.removeprefix("which ")
    return {"n": Slot(bare, "", (f"kaufen:{noun.key}",)), "m": phrase}


def languages(rng: Random) -> dict[str, Slot]:
    """Fill "l" and "m" with two different languages."""
    first = second = any_language(rng)
    while second == first:
        second = any_language(rng)
    return {"l": first, "m": second}


def climate(rng: Random) -> dict[str, Slot]:
    """Fill "m", "c", "x" and "y" with a month, a country and its weather."""
    weather = rng.choice((("hot", "heiß"), ("cold", "kalt"), ("windy", "windig")))
    return {"m": any_month(rng), "c": any_country(rng), "x": Slot(weather[0], ""),
            "y": Slot("", weather[1])}  # fmt: skip
