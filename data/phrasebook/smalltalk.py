"""Formulas with an opening word or a name, polite openings of questions, and pastimes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from actors import anybody
from clauses import assemble, draw_complement
from formulas import TABLES, Formula
from lexicon.frames import ALL_FRAMES
from lexicon.words import NAMES, PERSONS, SURNAMES
from patterns.orders import ORDERS
from patterns.questions import QUESTIONS
from phrases import Subject
from slots import Slot
from templates import Fill, Pattern, realise

SIE = re.compile(r"\b(Sie|Ihnen|Ihr|Ihre|Ihren|Ihrem|Ihrer)\b")
DU = re.compile(
    r"\b(du|dich|dir|dein|deine|deinen|deiner|ruf|schreib|schick|hol|pass|schlaf|träum|fahr|komm|sei|"
    r"vergiss|melde|rate|antworte|euch|bist)\b"
)
HELLOS = (("hello", "hallo"), ("hi", "hallo"))
EXCUSES = (("excuse me", "Entschuldigung"), ("sorry", "Entschuldigung"))
# What may open the formulas of a table.
OPENERS = {
    "GREETINGS": HELLOS,
    "FINE": (("hi", "hallo"), ("oh", "oh"), ("yes", "ja")),
    "FAREWELLS": (("okay", "okay"), ("thanks", "danke"), ("thank you", "danke")),
    "THANKS": (("oh", "oh"), ("okay", "okay")),
    "APOLOGIES": (("oh", "oh"), ("okay", "okay")),
    "OPINIONS": (("well", "na ja"), ("oh", "oh"), ("okay", "okay")),
    "REACTIONS": (("oh", "oh"), ("wow", "wow")),
    "ABOUT_YOU": HELLOS,
    "ABOUT_ME": (*HELLOS, ("yes", "ja"), ("no", "nein")),
    "LANGUAGE": EXCUSES,
    "QUESTIONS": (*EXCUSES, *HELLOS),
    "HEALTH": (("hello", "hallo"), ("excuse me", "Entschuldigung")),
    "FRIENDS": (*HELLOS, ("hey", "hey")),
}
# Words that open a formula themselves.
OPENING = ("hello", "hi", "hey", "okay", "oh", "yes", "no", "thank", "sorry", "excuse", "wow")
# Formulas that a first name or a surname may follow.
NAMED = tuple(
    formula
    for name, table in TABLES.items()
    if name not in ("SINGLE_WORDS", "ORDERS", "LANGUAGE")
    for formula in table
)
# What one may like doing, by the themes of the frames.
PASTIMES = frozenset(
    {"swim", "hobby", "fun", "hike", "tv", "sport", "shopping", "walking", "cook", "diet", "thirst"}
)
LIKED = tuple(
    frame
    for frame in ALL_FRAMES
    if frame.theme in PASTIMES and "future" in frame.modes and frame.verb != "weinen"
)


def named_formula(rng: Random) -> dict[str, Slot]:
    """Fill "f", "s" and "e" with a formula, a first name behind it, and the final mark."""
    english, german = _formula(rng, barring=SIE)
    return _followed(english, german, Slot(*2 * (rng.choice(NAMES),)))


def addressed_formula(rng: Random) -> dict[str, Slot]:
    """Fill the same with a formula and a surname."""
    english, german = _formula(rng, barring=DU)
    name = rng.choice(SURNAMES)
    address = rng.choice(((f"Mr. {name}", f"Herr {name}"), (f"Ms. {name}", f"Frau {name}")))
    return _followed(english, german, Slot(*address))


def _followed(english: str, german: str, name: Slot) -> dict[str, Slot]:
    # "Ms. Weber." needs no second full stop in either language, so the mark comes last.
    return {"f": Slot(english[:-1], german[:-1]), "s": name, "e": Slot(english[-1], german[-1])}


def _formula(rng: Random, barring: re.Pattern[str]) -> Formula:
    """Draw a formula whose German has none of the barred words."""
    while True:
        english, german = rng.choice(NAMED)
        if not barring.search(german):
            return english, german


def opened_formula(rng: Random) -> dict[str, Slot]:
    """Fill "o" and "f" with an opening word and a formula that does not begin like one."""
    name = rng.choice(tuple(OPENERS))
    while True:
        english, german = rng.choice(TABLES[name])
        if not english.startswith(OPENING):
            return {"o": Slot(*rng.choice(OPENERS[name])), "f": Slot(english, german)}


def opened_question(rng: Random) -> dict[str, Slot]:
    """Fill "o" and "f" with a polite opening and a question or an order."""
    while True:
        pattern = rng.choice((*QUESTIONS, *ORDERS))
        pair = realise(pattern, rng)
        if pair.english.endswith("?") or pair.english.startswith("I would"):
            break
    opener = rng.choice((*EXCUSES, *EXCUSES, *HELLOS, ("good evening", "guten Abend")))
    english, german = pair.english, pair.german
    if not english.startswith("I "):
        english = english[0].lower() + english[1:]
    german = german[0].lower() + german[1:]
    return {"o": Slot(*opener), "f": Slot(english, german, pair.combos)}


def fond(*, negated: bool = False) -> Fill:
    """Fill "s" and "a" with a person and what that person likes to do."""

    def fill(rng: Random) -> dict[str, Slot]:
        actor = anybody(rng)
        person = actor.person or PERSONS["I"]
        return {"s": actor, "a": _pastime(rng, Subject("", f"{actor.german}", person), negated)}

    return fill


def fond_you(rng: Random) -> dict[str, Slot]:
    """Fill "a" with what "you" may like to do."""
    person = PERSONS["you"]
    return {"a": _pastime(rng, Subject(person.english, person.german, person), negated=False)}


def _pastime(rng: Random, subject: Subject, negated: bool) -> Slot:
    frame = rng.choice(LIKED)
    complement = draw_complement(rng, frame, subject, "habit", negated=False)
    slot = assemble(rng, frame, "present", subject, complement)
    particle = "nicht gern" if negated else "gern"
    return replace(slot, german=replace(slot.german, particle=particle))


def formulas_with(fill: Callable[[Random], dict[str, Slot]], name: str, weight: float) -> Pattern:
    """Return a pattern of formulas that a name follows."""
    return Pattern(name, weight, "{f}, {s}{e}", "{f}, {s}{e}", fill)


SMALLTALK = (
    formulas_with(named_formula, "formula-name", 7),
    formulas_with(addressed_formula, "formula-address", 5),
    Pattern("formula-opened", 5, "{o}, {f}", "{o}, {f}", opened_formula),
    Pattern("question-opened", 4, "{o}, {f}", "{o}, {f}", opened_question),
    Pattern("fond", 1.2, "{s} {s:like/likes/like} to {a:base}.", "{a:main}.", fond()),
    Pattern("fond-gerund", 1.2, "{s} {s:like/likes/like} {a:gerund}.", "{a:main}.", fond()),
    Pattern("not-fond", 0.6, "{s} {s:do/does/do} not like to {a:base}.", "{a:main}.",
            fond(negated=True)),
    Pattern("fond-you", 0.6, "Do you like to {a:base}?", "{a:inverted}?", fond_you),
)  # fmt: skip
