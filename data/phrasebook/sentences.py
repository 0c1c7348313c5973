"""Patterns of one clause: statements, questions, requests."""

from __future__ import annotations

from random import Random

from clauses import draw_action, draw_schedule, draw_state, draw_thing, draw_trouble, draw_weather
from lexicon.words import NAMES, PERSONS, SURNAMES
from phrases import Subject
from slots import Slot
from templates import Fill, Pattern

TELL = (
    "progressive progressive past past past- perfect perfect- future future- can can- must want "
    "want- wish should should- able-past- had-to wanted-to habit habit habit present present-"
)
ASK_YOU = "past perfect future want wish must present can"


def action(
    modes: str, who: str | Subject = "any", timed: float = 0.35, placed: float = 0.15
) -> Fill:
    """Fill slot "a" with an action."""
    return lambda rng: {"a": draw_action(rng, modes, who, timed=timed, placed=placed)}


def placeless(modes: str, who: str) -> Fill:
    """Fill slot "a" with an action that one asks the place of."""
    return lambda rng: {
        "a": draw_action(rng, modes, who, timed=0.1, placed=0, themes=PLACED_THEMES)
    }


def timed_action(modes: str, who: str = "any") -> Fill:
    """Fill slot "a" with an action that has a time to put first."""

    def fill(rng: Random) -> dict[str, Slot]:
        while True:
            slot = draw_action(rng, modes, who, timed=1.0)
            if slot.german.time:
                return {"a": slot}

    return fill


def vocative(fill: Fill) -> Fill:
    """Add a first name in slot "name", which makes the address familiar."""

    def named(rng: Random) -> dict[str, Slot]:
        name = rng.choice(NAMES)
        return {"name": Slot(name, name), **fill(rng)}

    return named


def courtesy(rng: Random) -> dict[str, Slot]:
    """Fill "who" with a polite address and "a" with a question to that person."""
    name = rng.choice(SURNAMES)
    address = Slot(*rng.choice(((f"Mr. {name}", f"Herr {name}"), (f"Ms. {name}", f"Frau {name}"))))
    return {"who": address, "a": draw_action(rng, ASK_YOU, "you", timed=0.3)}


WHO = Subject("who", "wer", PERSONS["he"])
# What one does at a place that may be asked for.
PLACED_THEMES = frozenset({"shop", "food", "groceries", "meal", "drink", "swim", "search", "cash"})


def state(who: str, denied: float = 0.0, past: float = 0.0) -> Fill:
    """Fill slot "b" with how somebody is."""
    return lambda rng: {
        "b": draw_state(
            rng, who, rng.random() < denied, "past-state" if rng.random() < past else "present"
        )
    }


SENTENCES = (
    Pattern("tell", 13, "{a}.", "{a:main}.", action(TELL)),
    Pattern("now", 4, "{a}.", "{a:main}.", action("progressive")),
    Pattern("habit", 3, "{a}.", "{a:main}.", action("habit", "any")),
    Pattern("habit-other", 2.5, "{a}.", "{a:main}.", action("habit progressive", "other")),
    Pattern("tell-you", 1.5, "{a}.", "{a:main}.", action("can must should can- should-", "you")),
    Pattern("front", 5, "{a:fronted}.", "{a:fronted}.",
            timed_action("past past- future can can- must had-to should wanted-to able-past-")),
    Pattern("ask-you", 5, "{a:question}?", "{a:inverted}?", action(ASK_YOU, "you")),
    Pattern("ask-self", 4, "{a:question}?", "{a:inverted}?",
            action("can must shall may may", "self")),
    Pattern("ask-other", 2.5, "{a:question}?", "{a:inverted}?",
            action("past perfect future can must want", "other")),
    Pattern("familiar", 4, "{name}, {a:question}?", "{name}, {a:inverted}?",
            vocative(action("past perfect future want wish must can present", "familiar"))),
    Pattern("polite", 2, "{who}, {a:question}?", "{who}, {a:inverted}?", courtesy),
    Pattern("could", 4, "Could you please {a:base}?", "Könnten Sie bitte {a:infinitive}?",
            action("request", "you", placed=0)),
    Pattern("please", 3, "Please {a:base}.", "Bitte {a:imperative}.",
            action("request", "you", placed=0)),
    Pattern("please-familiar", 2.8, "{name}, please {a:base}.", "{name}, {a:familiar}.",
            vocative(action("request", "familiar", placed=0))),
    Pattern("when", 1.5, "When {a:question}?", "Wann {a:inverted}?",
            action("can must shall future past", timed=0)),
    Pattern("why", 1.5, "Why {a:question}?", "Warum {a:inverted}?",
            action("must past past- can- want want-", "other", timed=0.2)),
    Pattern("why-you", 1, "Why {a:question}?", "Warum {a:inverted}?",
            action("past past- want want- must", "you", timed=0.2)),
    Pattern("who", 2, "{a}?", "{a:main}?",
            action("past past future can want must progressive", WHO)),
    Pattern("where-you", 1.5, "Where {a:question}?", "Wo {a:inverted}?",
            placeless("past past can", "you")),
    Pattern("where-self", 0.8, "Where {a:question}?", "Wo {a:inverted}?",
            placeless("can can shall", "self")),
    Pattern("do-not", 1.6, "Do not {a:base}.", "{a:imperative}.",
            action("must-", "you", timed=0, placed=0)),
    Pattern("please-not", 0.8, "Please do not {a:base}.", "Bitte {a:imperative}.",
            action("must-", "you", timed=0, placed=0)),
    Pattern("state-not", 0.8, "{b:question}?", "{b:inverted}?", state("you", 1)),
    Pattern("ask-you-not", 0.8, "{a:question}?", "{a:inverted}?",
            action("past- want- can- present-", "you", timed=0.2)),
    Pattern("state", 3, "{b}.", "{b:main}.", state("any", 0.3, 0.3)),
    Pattern("state-ask", 1.2, "{b:question}?", "{b:inverted}?", state("other")),
    Pattern("state-ask-you", 1.2, "{b:question}?", "{b:inverted}?", state("you")),
    Pattern("state-familiar", 0.8, "{name}, {b:question}?", "{name}, {b:inverted}?",
            vocative(state("familiar"))),
    Pattern("thing", 4, "{b}.", "{b:main}.",
            lambda rng: {"b": draw_thing(rng, rng.choice(("present", "present", "past-state")))}),
    Pattern("thing-ask", 2, "{b:question}?", "{b:inverted}?",
            lambda rng: {"b": draw_thing(rng, tones="open")}),
    Pattern("trouble", 1.2, "{b}.", "{b:main}.", lambda rng: {"b": draw_trouble(rng)}),
    Pattern("schedule", 3, "{b}.", "{b:main}.", lambda rng: {"b": draw_schedule(rng)}),
    Pattern("weather", 0.3, "{b}.", "{b:main}.", lambda rng: {"b": draw_weather(rng)}),
)  # fmt: skip
