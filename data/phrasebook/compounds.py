"""Patterns of several clauses: reasons, conditions, purposes, reports, relative clauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from clauses import (
    Complement,
    assemble,
    draw_action,
    draw_schedule,
    draw_state,
    draw_thing,
    draw_trouble,
    frames_of,
)
from lexicon.adjectives import PREDICATES
from phrases import Subject, draw_phrase, draw_subject, draw_time, nouns_of
from reasoning import (
    alternative,
    as_pronoun,
    before,
    behind,
    condition,
    hindrance,
    is_past,
    motive,
    purpose,
    sequel,
)
from slots import Slot
from templates import Fill, Pattern

OBSTACLE = "can- can- able-past- able-past- want- past- future-"
INTENTION = "future want wish must past past had-to wanted-to"
PLAN = "future want wish can"
SUBJECTS = ("any", "any", "any", "other")
Second = Callable[[Random, Slot], Slot | None]


def pair(modes: str, draw: Second, timed: float = 0.3, placed: float = 0.1) -> Fill:
    """Fill "a" with an action and "b" with a clause about it, "b" coming second."""

    def fill(rng: Random) -> dict[str, Slot]:
        while True:
            main = draw_action(rng, modes, rng.choice(SUBJECTS), timed=timed, placed=placed)
            other = draw(rng, main)
            if other is not None:
                return {"a": main, "b": behind(main, other)}

    return fill


def turned(modes: str, draw: Second, timed: float = 0.3) -> Fill:
    """Fill "a" with an action and "b" with a clause about it, "b" coming first."""

    def fill(rng: Random) -> dict[str, Slot]:
        while True:
            main = draw_action(rng, modes, rng.choice(SUBJECTS), timed=timed, placed=0.1)
            other = draw(rng, main)
            if other is not None:
                return {"a": before(main, other), "b": other}

    return fill


def either(*fills: Fill) -> Fill:
    """Fill in one of several ways."""
    return lambda rng: rng.choice(fills)(rng)


def setting_out(modes: str, purpose_modes: str) -> Fill:
    """Fill "a" with a way somewhere and "b" with what it is for."""
    themes = frozenset({"ride", "rise", "go"})

    def fill(rng: Random) -> dict[str, Slot]:
        while True:
            main = draw_action(rng, modes, rng.choice(SUBJECTS), themes=themes)
            other = purpose(rng, main, purpose_modes)
            if other is not None:
                return {"a": main, "b": other}

    return fill


def follow(modes: str) -> Second:
    """Draw a sequel in some modes."""
    return lambda rng, main: sequel(rng, main, modes)


def fact(tone: str) -> Fill:
    """Fill "b" with a fact to report: good, bad, open (yes or no) or plain."""

    def draw(rng: Random) -> Slot:
        roll = rng.random()
        if roll < 0.5:
            modes = {
                "good": "future can past perfect",
                "bad": "can- able-past- past- perfect-",
                "open": "past perfect future can must want present",
                "plain": "past past- perfect future can can- must want had-to",
            }[tone]
            return draw_action(rng, modes, "other" if tone != "bad" else "self", 0.35, 0.15)
        if roll < 0.65 and tone in ("open", "plain"):
            return draw_state(rng, "other", tone == "plain" and rng.random() < 0.3)
        if roll < 0.8:
            return draw_thing(rng, tones={"plain": "good bad"}.get(tone, tone))
        if tone == "bad":
            return draw_trouble(rng)
        return draw_schedule(rng)

    return lambda rng: {"b": draw(rng)}


def three(
    rng: Random, subjects: Sequence[str] = SUBJECTS, contrast: bool = False
) -> dict[str, Slot]:
    """Fill "a", "b" and "c": an obstacle, its cause, and what follows or contrasts."""
    while True:
        first = draw_action(rng, OBSTACLE, rng.choice(subjects), timed=0.6, placed=0.2)
        second = hindrance(rng, first)
        if second is None or (contrast and second.kind.startswith("person")):
            continue  # "tired, but goes home" is no contrast
        modes = "past had-to" if is_past(first) else "future want must wish"
        third = alternative(rng, first, second, modes)
        if third is not None:
            return {"a": first, "b": behind(first, second), "c": as_pronoun(third)}


def planned(rng: Random) -> dict[str, Slot]:
    """Fill "a", "b" and "c": a way, the condition in front of it, and its purpose."""
    themes = frozenset({"ride", "rise", "go"})
    while True:
        main = draw_action(rng, PLAN, rng.choice(SUBJECTS), timed=0.6, themes=themes)
        other = condition(rng, main)
        goal = purpose(rng, main, "can")
        if other is None or goal is None or other.kind == "want":
            continue  # "if she wants to, so that she can" would give two purposes
        return {"a": before(main, other), "b": other, "c": goal}


def chained(rng: Random) -> dict[str, Slot]:
    """Fill "a", "b", "c" and "d": a plan, its motive, a sequel and its motive or condition."""
    while True:
        first = draw_action(rng, "future want wish", rng.choice(SUBJECTS), timed=0.7)
        second = motive(rng, first)
        third = sequel(rng, first, "future want wish", placed=0.4)
        fourth = condition(rng, third) if third is not None else None
        if second is None or third is None or fourth is None:
            continue
        if second.kind != fourth.kind:
            return {
                "a": first, "b": behind(first, second),
                "c": as_pronoun(third), "d": behind(third, fourth),
            }  # fmt: skip


def relative(rng: Random) -> dict[str, Slot]:
    """Fill "n" with a noun, "r" with a clause about it, and "p" with a predicate."""
    mode = rng.choice(("past", "past", "want", "future", "present"))
    frames = [
        frame
        for frame in frames_of(mode, None)
        if frame.government == "acc" and frame.theme not in ("search", "cancel", "home", "health")
    ]
    while True:
        frame = rng.choice(frames)
        noun = rng.choice(nouns_of(frame.classes))
        tones = ("good", "bad") if mode in ("past", "present") else ("good",)
        entries = [e for e in PREDICATES if e[3] & noun.classes and e[2] in tones]
        if entries and "kin" not in noun.classes and "child" not in noun.classes:
            break
    english, german, _, _ = rng.choice(entries)
    phrase = draw_phrase(rng, noun, "the", described=0)
    time = Slot("", "")
    if "t" in frame.adverbials and rng.random() < 0.4:
        time = draw_time(rng, "past" if mode == "past" else "future")
    complement = Complement("", combos=(f"{frame.verb}:{noun.key}",))
    tense = "past" if mode == "past" else "now"
    be = Slot("was/were" if tense == "past" else "is/are", "")
    clause = assemble(rng, frame, mode, draw_subject(rng, "any"), complement, time=time)
    singular, plural = be.english.split("/")
    word = Slot(
        plural if phrase.english.plural else singular,
        f"{phrase.german:verb-war/waren}" if tense == "past" else f"{phrase.german:verb-ist/sind}",
    )
    return {"n": phrase, "r": clause, "is": word, "p": Slot(english, german)}


REPORTS = (
    ("think", "plain", "I think that {b}.", "Ich glaube, dass {b:final}."),
    ("know", "plain", "I know that {b}.", "Ich weiß, dass {b:final}."),
    ("sure", "plain", "I am sure that {b}.", "Ich bin sicher, dass {b:final}."),
    ("hope", "good", "I hope that {b}.", "Ich hoffe, dass {b:final}."),
    ("glad", "good", "We are glad that {b}.", "Wir freuen uns, dass {b:final}."),
    ("sorry", "bad", "I am sorry that {b}.", "Es tut mir leid, dass {b:final}."),
    ("afraid", "bad", "I am afraid that {b}.", "Ich fürchte, dass {b:final}."),
    ("says", "plain", "{w} says that {b}.", "{w} sagt, dass {b:final}."),
    ("told", "plain", "{w} told me that {b}.", "{w} hat mir gesagt, dass {b:final}."),
    ("whether-know", "open", "Do you know whether {b}?", "Wissen Sie, ob {b:final}?"),
    ("whether-sure", "open", "I am not sure whether {b}.",
     "Ich bin nicht sicher, ob {b:final}."),
    ("whether-tell", "open", "Can you tell me whether {b}?",
     "Können Sie mir sagen, ob {b:final}?"),
    ("whether-like", "open", "I would like to know whether {b}.",
     "Ich möchte wissen, ob {b:final}."),
    ("whether-asks", "open", "{w} is asking whether {b}.", "{w} fragt, ob {b:final}."),
    ("why-know", "bad", "I do not know why {b}.", "Ich weiß nicht, warum {b:final}."),
)  # fmt: skip


def draw_reporter(rng: Random) -> Subject:
    """Draw one person who says something."""
    while True:
        who = draw_subject(rng, "other")
        if who.person.key in ("he", "she") and who.english not in ("he", "she"):
            return who


def reporter(fill: Fill) -> Fill:
    """Add somebody who reports, in slot "w"."""

    def reported(rng: Random) -> dict[str, Slot]:
        who = draw_reporter(rng)
        return {"w": Slot(who.english, who.german), **fill(rng)}

    return reported


COMPOUNDS = (
    *(Pattern(name, 1.4, english, german, reporter(fact(tone)), ("b",))
      for name, tone, english, german in REPORTS),
    Pattern("because", 8, "{a} because {b}.", "{a:main}, weil {b:final}.",
            either(pair(OBSTACLE, hindrance), pair(INTENTION, motive)), ("a", "b")),
    Pattern("because-front", 4, "Because {b}, {a}.", "Weil {b:final}, {a:inverted}.",
            either(turned(OBSTACLE, hindrance), turned(INTENTION, motive)), ("a", "b")),
    Pattern("if", 4, "{a} if {b}.", "{a:main}, wenn {b:final}.",
            pair(PLAN, condition), ("a", "b")),
    Pattern("if-front", 4, "If {b}, {a}.", "Wenn {b:final}, {a:inverted}.",
            either(turned(PLAN, condition), turned("can- future- want-", hindrance)), ("a", "b")),
    Pattern("although", 3, "Although {b}, {a}.", "Obwohl {b:final}, {a:inverted}.",
            turned("past past future want wish", hindrance), ("a", "b")),
    Pattern("but", 4, "{a}, but {b}.", "{a:main}, aber {b:main}.",
            pair("wish want wanted-to wanted-to", hindrance), ("a", "b")),
    Pattern("and-past", 2, "{a}, and {b}.", "{a:main}, und {b:main}.",
            pair("past had-to", follow("past wanted-to")), ("a", "b")),
    Pattern("and", 2, "{a}, and {b}.", "{a:main}, und {b:main}.",
            pair("must want wish future", follow("must want future can")), ("a", "b")),
    Pattern("before", 3, "{a} before {b}.", "{a:main}, bevor {b:final}.",
            pair("must want wish should future", follow("can must")), ("a", "b")),
    Pattern("so-that", 4, "{a} so that {b}.", "{a:main}, damit {b:final}.",
            setting_out("must want future should progressive", "can"), ("a", "b")),
    Pattern("in-order", 4, "{a} in order to {b:base}.", "{a:main}, um {b:zu}.",
            setting_out("must want future past", "can"), ("a", "b")),
    Pattern("relative", 5, "{n} that {r} {is} {p}.", "{n:nom}, {n:rel-acc} {r:final}, {is} {p}.",
            relative, ("r",)),
    Pattern("because-so", 4, "{a} because {b}, so {c}.",
            "{a:main}, weil {b:final}, also {c:inverted}.", three, ("a", "b", "c")),
    Pattern("because-but", 4, "{a} because {b}, but {c}.",
            "{a:main}, weil {b:final}, aber {c:main}.",
            lambda rng: three(rng, contrast=True), ("a", "b", "c")),
    Pattern("if-so-that", 3, "If {b}, {a} so that {c}.",
            "Wenn {b:final}, {a:inverted}, damit {c:final}.", planned, ("a", "b", "c")),
    Pattern("think-because", 4, "I think that {a} because {b}.",
            "Ich glaube, dass {a:final}, weil {b:final}.",
            either(pair(OBSTACLE, hindrance), pair(INTENTION, motive)), ("a", "b")),
    Pattern("told-because", 3, "{w} says that {a} because {b}, but that {c}.",
            "{w} sagt, dass {a:final}, weil {b:final}, aber dass {c:final}.",
            reporter(lambda rng: three(rng, ("other",), contrast=True)), ("a", "b", "c")),
    Pattern("chain", 4, "{a} because {b}, and {c} if {d}.",
            "{a:main}, weil {b:final}, und {c:main}, wenn {d:final}.",
            chained, ("a", "b", "c", "d")),
    Pattern("think-chain", 2, "I think that {a} because {b}, and I am sure that {c} if {d}.",
            "Ich glaube, dass {a:final}, weil {b:final}, und ich bin sicher, "
            "dass {c:final}, wenn {d:final}.", chained, ("a", "b", "c", "d")),
)  # fmt: skip
