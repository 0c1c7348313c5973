"""Draw second clauses that make sense after a first: reasons, conditions, purposes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from clauses import (
    PAST_MODES,
    draw_action,
    draw_delay,
    draw_state,
    draw_weather,
    predicate_of,
    refer_back,
    with_subject,
)
from lexicon.adjectives import PREDICATES
from lexicon.reasons import (
    APOLOGIES,
    CHORES,
    DUTIES,
    ERRANDS,
    HINDERING,
    HINDERING_WEATHER,
    INDOORS,
    INVITING,
    INVITING_WEATHER,
    OUTING,
    PLACE_PURPOSES,
    SPOILT_BY_DELAY,
    TRAVELLING,
)
from lexicon.states import STATES
from phrases import Subject
from slots import Slot

Draw = Callable[[], Slot]


def is_past(slot: Slot) -> bool:
    """Say whether a clause speaks of the past."""
    return slot.kind.removesuffix("-") in PAST_MODES


def subject_of(slot: Slot) -> Subject:
    """Return the subject of a clause in full."""
    if slot.person is None:
        raise ValueError("The clause has no person as its subject.")
    return Subject(slot.english.subject, slot.german.subject, slot.person)


def as_pronoun(slot: Slot) -> Slot:
    """Return a clause whose personal subject is a pronoun."""
    if slot.person is None:
        return slot
    return with_subject(slot, slot.person.english, slot.person.german)


def behind(first: Slot, second: Slot) -> Slot:
    """Return the second clause with pronouns for what the first has named."""
    if second.person is not None:
        return as_pronoun(second)
    if second.thing is not None and second.thing is first.thing:
        thing = second.thing
        return with_subject(second, f"{thing.english:it}", f"{thing.german:er}")
    return second


def before(main: Slot, other: Slot) -> Slot:
    """Return the main clause with pronouns for what the clause in front has named."""
    if other.person is not None:
        return as_pronoun(main)
    if other.thing is not None and other.thing is main.thing:
        return refer_back(main)
    return main


def _predicates(main: Slot, table: dict[str, tuple[str, ...]]) -> list[int]:
    """List the predicates that suit the object of a clause and its theme."""
    if main.thing is None or main.noun is None:
        return []
    said = main.thing.english.text.split()
    names = table.get(main.theme, ())
    return [
        index
        for index, (english, _, _, classes) in enumerate(PREDICATES)
        if english in names and classes & main.noun.classes and english.split()[-1] not in said
    ]


def _of_thing(rng: Random, main: Slot, table: dict[str, tuple[str, ...]], tense: str) -> list[Draw]:
    """Offer clauses about the object of the main clause, three times as likely as others."""
    choices = _predicates(main, table)
    thing = main.thing
    if not choices or thing is None:
        return []
    return 3 * [lambda: predicate_of(thing, PREDICATES[rng.choice(choices)], tense)]


def hindrance(rng: Random, main: Slot) -> Slot | None:
    """Draw what keeps one from an action, or None where nothing comes to mind."""
    tense = "past-state" if is_past(main) else "present"
    options = _of_thing(rng, main, HINDERING, tense)
    states = [entry for entry in STATES if main.theme in entry[5].split()]
    if states:
        options += 2 * [lambda: draw_state(rng, subject_of(main), False, tense, states)]
    weather = HINDERING_WEATHER.get(main.theme)
    if weather:
        options.append(lambda: draw_weather(rng, weather, tense))
    if main.theme in SPOILT_BY_DELAY:
        options.append(lambda: draw_delay(rng, tense))
    if main.theme in OUTING:
        mode = "had-to" if is_past(main) else "must"
        options.append(lambda: draw_action(rng, mode, subject_of(main), timed=0, themes=DUTIES))
    return rng.choice(options)() if options else None


def motive(rng: Random, main: Slot) -> Slot | None:
    """Draw what makes one do something, or None where nothing comes to mind."""
    tense = "past-state" if is_past(main) else "present"
    options = _of_thing(rng, main, INVITING, tense)
    states = [entry for entry in STATES if main.theme in entry[6].split()]
    if states:
        options += 2 * [lambda: draw_state(rng, subject_of(main), False, tense, states)]
    weather = INVITING_WEATHER.get(main.theme)
    if weather:
        options.append(lambda: draw_weather(rng, weather, tense))
    if main.theme in TRAVELLING:
        mode = "wanted-to" if is_past(main) else "want"
        options.append(lambda: draw_action(rng, mode, subject_of(main), timed=0.1, themes=ERRANDS))
    return rng.choice(options)() if options else None


def condition(rng: Random, main: Slot) -> Slot | None:
    """Draw what a plan depends on: a motive, or the absence of a hindrance."""
    states = [e for e in STATES if main.theme in e[5].split() and e[3] != "-"]
    if states and rng.random() < 0.4:
        return draw_state(rng, subject_of(main), True, "present", states)
    return motive(rng, main)


def purpose(rng: Random, main: Slot, modes: str) -> Slot | None:
    """Draw what somebody sets out for, or None where nothing comes to mind."""
    if main.theme in TRAVELLING:
        themes = ERRANDS
    elif main.theme == "go" and main.noun is not None and main.noun.key in PLACE_PURPOSES:
        themes = frozenset(PLACE_PURPOSES[main.noun.key])
    else:
        return None
    slot = draw_action(rng, modes, subject_of(main), timed=0, placed=0, themes=themes)
    return as_pronoun(slot)


def sequel(rng: Random, main: Slot, modes: str, placed: float = 0.1) -> Slot | None:
    """Draw another action of the same day, or None where the first fits no day."""
    group = next((group for group in (OUTING, CHORES) if main.theme in group), None)
    if group is None:
        return None
    themes = frozenset(group - {main.theme})
    return draw_action(rng, modes, subject_of(main), timed=0.2, placed=placed, themes=themes)


def alternative(rng: Random, main: Slot, cause: Slot, modes: str) -> Slot | None:
    """Draw what is done instead, given what the cause of the failure suggests."""
    if cause.kind.startswith(("weather", "late")):
        themes = INDOORS
    elif cause.kind.startswith("thing"):
        return sequel(rng, main, modes, placed=0.4)
    elif cause.kind.startswith("person"):
        themes = frozenset(cause.theme.split()) or APOLOGIES
    else:
        themes = APOLOGIES
    themes -= {main.theme}
    if not themes:
        return None
    return draw_action(rng, modes, subject_of(main), timed=0.4, placed=0.4, themes=themes)
