"""Draw clauses in both languages: actions, states, events and the weather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from english import EnglishClause
from german import GermanClause
from lexicon.adjectives import PREDICATES
from lexicon.entries import Noun
from lexicon.frames import ALL_FRAMES, PERMISSIONS, REQUESTS, Frame
from lexicon.geography import PLACE_PREPOSITIONS, SCENES, TAKES_DATIVE_FOR_GOING
from lexicon.states import STATES
from lexicon.verbs import VERBS
from lexicon.words import FREQUENCIES, PERSONS
from phrases import (
    NOUN_BY_KEY,
    Subject,
    draw_phrase,
    draw_subject,
    draw_time,
    noun_phrase,
    nouns_of,
)
from slots import Slot, any_clock, any_price

TENSES = {"past": "past", "able-past": "past", "had-to": "past", "wanted-to": "past",
          "progressive": "now"}  # fmt: skip
TIMELESS = frozenset({"perfect", "present", "habit"})
PAST_MODES = frozenset({"past", "able-past", "had-to", "wanted-to", "perfect"})
NOTHING = Slot("", "")
# The determiner of the object of a negated verb.
NEGATED = {"a": "no", "two": "no", "another": "no", "some": "any", "none": "not-any"}
Predicate = tuple[str, str, str, frozenset[str]]
PLACES = tuple(PLACE_PREPOSITIONS)


@cache
def frames_of(mode: str, themes: frozenset[str] | None) -> tuple[Frame, ...]:
    """List the frames that can be told in a mode, of some themes or of any."""
    if mode == "request":
        frames = [f for f in ALL_FRAMES if f.verb in REQUESTS and f.modes & {"request", "future"}]
    elif mode == "may":
        frames = [f for f in ALL_FRAMES if f.verb in PERMISSIONS and "can" in f.modes]
    else:
        frames = [f for f in ALL_FRAMES if mode in f.modes]
    return tuple(f for f in frames if themes is None or f.theme in themes)


@dataclass(frozen=True, slots=True)
class Complement:
    """What follows the verb, with the noun-verb combination it makes."""

    english: str
    objects: str = ""
    complement: str = ""
    indefinite: bool = False
    negation: str = "nicht"
    combos: tuple[str, ...] = ()
    thing: Slot | None = None
    noun: Noun | None = None


def place(noun_key: str, going: bool = False) -> Slot:
    """Return "to the bank" or "at the bank" with the right German preposition."""
    going_word, being_word, english = PLACE_PREPOSITIONS[noun_key]
    phrase = noun_phrase(NOUN_BY_KEY[noun_key], "the")
    if going:
        case = "dat" if going_word in TAKES_DATIVE_FOR_GOING else "acc"
        return Slot(f"to {phrase.english}", phrase.german.after(going_word, case))
    return Slot(f"{english} {phrase.english}", phrase.german.after(being_word, "dat"))


def draw_complement(
    rng: Random, frame: Frame, subject: Subject, mode: str, negated: bool
) -> Complement:
    """Draw the object of a frame and inflect it as the verb demands."""
    if not frame.classes:
        return Complement(frame.english, complement=frame.german)
    noun = rng.choice(nouns_of(frame.classes))
    if frame.government == "go":
        noun = NOUN_BY_KEY[rng.choice(PLACES)]
        target = place(noun.key, going=True)
        return Complement(
            target.english, complement=target.german, combos=(f"gehen:{noun.key}",), noun=noun
        )
    combo = (f"{frame.verb}:{noun.key}",)
    determiner = rng.choice(frame.determiners)
    if negated:
        determiner = NEGATED.get(determiner, determiner)
    if mode == "perfect" and determiner == "another":
        determiner = "a"  # "schon noch ein" contradicts itself
    phrase = draw_phrase(rng, noun, determiner, subject.person)
    english = phrase.english.text
    if "+" in frame.government:
        return Complement(english, complement=f"{phrase.german:{frame.government}}", combos=combo)
    objects = phrase.german.case(frame.government)
    indefinite = phrase.german.indefinite
    return Complement(
        english, objects, indefinite=indefinite,
        negation="" if negated and indefinite else "nicht", combos=combo,
        thing=None if indefinite or frame.government != "acc" else phrase, noun=noun,
    )  # fmt: skip


def draw_action(
    rng: Random,
    modes: str,
    who: str | Subject = "any",
    timed: float = 0.35,
    placed: float = 0.15,
    themes: frozenset[str] | None = None,
) -> Slot:
    """Draw a clause in which somebody does something; "can-" is "can" negated."""
    subject = draw_subject(rng, who) if isinstance(who, str) else who
    frames: tuple[Frame, ...] = ()
    while not frames:
        mode = rng.choice(modes.split())
        negated = mode.endswith("-")
        mode = mode.removesuffix("-")
        frames = frames_of(mode, themes)
    frame = rng.choice(frames)
    if frame.theme == "join" and subject.person.key in ("I", "we"):
        return draw_action(rng, modes, subject, timed, placed, themes)
    owner = draw_subject(rng, "self") if mode == "request" else subject
    complement = draw_complement(rng, frame, owner, mode, negated)
    time = where = NOTHING
    if "t" in frame.adverbials and mode not in TIMELESS and rng.random() < timed:
        time = draw_time(rng, TENSES.get(mode, "future"))
    if negated and time.english in ("soon", "later"):
        time = NOTHING
    if mode == "habit":
        placed = 1.0  # "They usually swim" leaves one asking where
    if "p" in frame.adverbials and frame.verb in SCENES and not negated and rng.random() < placed:
        where = place(rng.choice(SCENES[frame.verb]))
    return assemble(rng, frame, mode, subject, complement, negated, time, where)


def assemble(
    rng: Random,
    frame: Frame,
    mode: str,
    subject: Subject,
    complement: Complement,
    negated: bool = False,
    time: Slot = NOTHING,
    where: Slot = NOTHING,
) -> Slot:
    """Join the parts of a clause in both languages."""
    verb = VERBS[frame.verb]
    negation = complement.negation if negated else ""
    objects, particle, adverb, late = complement.objects, "", "", time.english
    german_time = time.german
    if mode == "perfect" and negated:
        late, negation = "yet", f"noch {negation}".strip()
        if negation == "noch":
            negation, objects = "", f"noch {objects}"
    elif mode == "perfect":
        adverb, particle = "already", "schon"
    elif mode == "habit":
        adverb, german_time = rng.choice(FREQUENCIES)
    english = EnglishClause(
        subject.english, subject.english_form, verb, mode, negated,
        complement.english, where.english, late, adverb,
    )  # fmt: skip
    german = GermanClause(
        subject.german, subject.german_form, verb, mode,
        subject.person.german_reflexive if verb.reflexive else "",
        german_time, where.german, objects, particle, negation,
        complement.complement, complement.indefinite,
    )  # fmt: skip
    return Slot(
        english, german, complement.combos, mode + ("-" if negated else ""), frame.theme,
        subject.person, complement.thing, complement.noun,
    )  # fmt: skip


def refer_back(slot: Slot) -> Slot:
    """Replace the object of a clause by its pronoun."""
    if slot.thing is None:
        return slot
    thing = slot.thing
    english = replace(slot.english, rest="", pronoun=f"{thing.english:it-object}")
    german = replace(slot.german, objects="", pronoun=f"{thing.german:ihn}")
    return replace(slot, english=english, german=german)


def with_subject(slot: Slot, english: str, german: str) -> Slot:
    """Replace the subject of a clause by other words for the same person or thing."""
    return replace(
        slot,
        english=replace(slot.english, subject=english),
        german=replace(slot.german, subject=german),
    )


def draw_state(
    rng: Random,
    who: str | Subject = "any",
    negated: bool = False,
    tense: str = "present",
    entries: Sequence[list[str]] = STATES,
) -> Slot:
    """Draw a clause that says how somebody is."""
    subject = draw_subject(rng, who) if isinstance(who, str) else who
    if negated:
        entries = [entry for entry in entries if entry[3] != "-"]
    verb, english, german, negative, english_verb, _, moves = rng.choice(entries)
    english_clause = EnglishClause(
        subject.english, subject.english_form, VERBS["sein" if english_verb == "be" else "haben"],
        "past" if tense == "past-state" and english_verb != "be" else tense, negated, english,
    )  # fmt: skip
    german_clause = GermanClause(
        subject.german, subject.german_form, VERBS[verb], tense,
        complement=negative if negated else german,
    )  # fmt: skip
    kind = "person" + ("-" if negated else "") + ("-past" if tense == "past-state" else "")
    return Slot(english_clause, german_clause, (), kind, moves, person=subject.person)


def thing_clause(
    subject: Slot, verb_key: str, mode: str, english: str, german: str, kind: str,
    negated: bool = False, english_verb: str = "", time: Slot | None = None,
) -> Slot:  # fmt: skip
    """Build a clause whose subject is a thing."""
    time = time or Slot("", "")
    form = 2 if subject.english.plural else 1
    german_form = 3 if subject.german.gender == "p" else 2
    english_clause = EnglishClause(
        subject.english.text, form, VERBS[english_verb or verb_key], mode, negated, english,
        time.english,
    )  # fmt: skip
    german_clause = GermanClause(
        subject.german.case("nom"), german_form, VERBS[verb_key], mode, time=time.german,
        negation="nicht" if negated else "", complement=german,
    )  # fmt: skip
    return Slot(english_clause, german_clause, (), kind, thing=subject)


def predicate_of(subject: Slot, entry: Predicate, tense: str) -> Slot:
    """Say of a thing that it is so."""
    english, german, _, _ = entry
    negated = english.startswith("not ")
    kind = "thing" + ("-" if negated else "") + ("-past" if tense == "past-state" else "")
    return thing_clause(
        subject, "sein", tense, english.removeprefix("not "), german.removeprefix("nicht "),
        kind, negated,
    )  # fmt: skip


def draw_thing(rng: Random, tense: str = "present", tones: str = "good bad plain") -> Slot:
    """Draw "the soup is cold" with a predicate that suits the noun; "open" is for questions."""
    entries = [entry for entry in PREDICATES if entry[2] in tones]
    if "open" in tones:
        entries = [entry for entry in PREDICATES if not entry[0].startswith("not ")]
    entry = rng.choice(entries)
    noun = rng.choice(nouns_of(tuple(sorted(entry[3]))))
    determiner = "own" if "thing" in noun.classes else rng.choice(("the", "the", "this"))
    owner = rng.choice((PERSONS["I"], PERSONS["we"], PERSONS["he"], PERSONS["she"]))
    subject = draw_phrase(rng, noun, determiner, owner, described=0)
    return predicate_of(subject, entry, tense)


def draw_delay(rng: Random, tense: str = "present") -> Slot:
    """Draw "the bus is late" or "the bus is full"."""
    subject = draw_phrase(rng, rng.choice(nouns_of(("public",))), "the", described=0.1)
    if rng.random() < 0.6:
        return thing_clause(subject, "haben", tense, "late", "Verspätung", "late", False, "sein")
    return thing_clause(subject, "sein", tense, "full", "voll", "late")


def draw_trouble(rng: Random, tense: str = "present") -> Slot:
    """Draw a clause about something that does not work, or is late."""
    if rng.random() < 0.4:
        return draw_delay(rng, tense)
    noun = rng.choice(nouns_of(("appliance", "machine")))
    subject = draw_phrase(rng, noun, "own" if "machine" in noun.classes else "the", described=0)
    mode = "past" if tense == "past-state" else "present"
    return thing_clause(subject, "funktionieren", mode, "", "", "broken", negated=True)


def draw_schedule(rng: Random) -> Slot:
    """Draw a clause about when something departs, arrives or begins, or what it costs."""
    roll = rng.random()
    if roll < 0.3:
        noun = rng.choice(nouns_of(("buyable", "bookable", "clothes", "dish", "drink")))
        cheap = noun.classes & {"dish", "drink", "ticket", "readable"}
        cost = any_price(rng, 2, 12) if cheap else any_price(rng, 20, 100)
        subject = draw_phrase(rng, noun, rng.choice(("the", "this")), described=0.15)
        return thing_clause(subject, "kosten", "present", cost.english, cost.german, "cost")
    hour = any_clock(rng)
    time = Slot(f"at {hour.english}", f"um {hour.german}")
    if roll < 0.75:
        noun = rng.choice(nouns_of(("public",)))
        verb = rng.choice(("abfahren", "ankommen"))
        subject = draw_phrase(rng, noun, "the", described=0.3)
        return thing_clause(subject, verb, "present", "", "", "schedule", time=time)
    noun = rng.choice(nouns_of(("event",)))
    subject = draw_phrase(rng, noun, "the", described=0.1)
    return thing_clause(subject, "beginnen", "present", "", "", "schedule", time=time)


WEATHER = {
    "rain": ("regnen", "", ""), "snow": ("schneien", "", ""),
    "cold": ("sein", "cold", "kalt"), "very hot": ("sein", "very hot", "sehr heiß"),
    "too late": ("sein", "too late", "zu spät"), "windy": ("sein", "windy", "windig"),
    "dark": ("sein", "dark", "dunkel"), "sunny": ("sein", "sunny", "sonnig"),
}  # fmt: skip


def draw_weather(
    rng: Random, names: Sequence[str] = tuple(WEATHER), tense: str = "present"
) -> Slot:
    """Draw a clause about the weather or the hour, with "it" as its subject."""
    verb, english, german = WEATHER[rng.choice(names)]
    mode = tense
    if verb != "sein":
        mode = "past" if tense == "past-state" else "progressive"
    it = PERSONS["it"]
    english_clause = EnglishClause(it.english, it.english_form, VERBS[verb], mode, False, english)
    german_clause = GermanClause(it.german, it.german_form, VERBS[verb], mode, complement=german)
    kind = "weather" + ("-past" if tense == "past-state" else "")
    return Slot(english_clause, german_clause, (), kind)
