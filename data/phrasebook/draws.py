"""What the tables of patterns draw by name: times, numbers, people, ailments and more."""

from __future__ import annotations

from random import Random

from actors import anybody, myself, pronoun_actor, relative_actor, somebody_else, someone, whom
from clauses import place
from fills import (
    PLACES,
    Draw,
    being,
    container,
    first_name,
    floor,
    going,
    large_number,
)
from lexicon.small import (
    AILMENTS,
    ALLERGENS,
    ATTRIBUTES,
    BARE_AILMENTS,
    FREE_TIMES,
    JOBS,
    MOMENTS,
    PAST_MOMENTS,
    TASTES,
    WEATHER,
)
from lexicon.words import MEN, WOMEN
from slots import (
    Slot,
    any_city,
    any_clock,
    any_country,
    any_date,
    any_language,
    any_month,
    any_number,
    any_price,
    any_spoken_price,
    any_weekday,
    number,
    spoken_clock,
)

ONE_SPAN = (
    ("an hour", "einer Stunde"), ("a week", "einer Woche"), ("a month", "einem Monat"),
    ("a year", "einem Jahr"),
)  # fmt: skip


def pick(table: tuple[tuple[str, str], ...]) -> Draw:
    """Draw a row of a table of two languages."""
    return lambda rng: Slot(*rng.choice(table))


def same(word: str) -> Slot:
    """Return what is the same in both languages."""
    return Slot(word, word)


def when(rng: Random) -> Slot:
    """Draw a time of the next days: "tomorrow", "on Friday", "at eight"."""
    roll = rng.random()
    if roll < 0.45:
        return Slot(*rng.choice(MOMENTS))
    if roll < 0.65:
        return on_day(rng)
    hour = spoken_clock(rng) if roll < 0.85 else any_clock(rng)
    return Slot(f"at {hour.english}", f"um {hour.german}")


def day_part(rng: Random) -> Slot:
    """Draw "Tuesday afternoon", without a preposition."""
    day = any_weekday(rng)
    part = rng.choice((("morning", "morgen"), ("afternoon", "nachmittag"), ("evening", "abend")))
    return Slot(f"{day.english} {part[0]}", f"{day.german}{part[1]}")


def on_day(rng: Random) -> Slot:
    """Draw "on Monday" or "on Monday morning"."""
    day = any_weekday(rng)
    part = rng.choice((("", ""), ("", ""), (" morning", "morgen"), (" evening", "abend"),
                       (" afternoon", "nachmittag")))  # fmt: skip
    return Slot(f"on {day.english}{part[0]}", f"am {day.german}{part[1]}")


def until(rng: Random) -> Slot:
    """Draw what follows "see you": "on Friday" is "Freitag" after "bis"."""
    roll = rng.random()
    if roll < 0.4:
        day = any_weekday(rng)
        return Slot(f"on {day.english}", day.german)
    if roll < 0.7:
        hour = spoken_clock(rng)
        return Slot(f"at {hour.english}", f"um {hour.german}")
    count = number(rng.choice((2, 3, 5, 10, 15, 20)))
    unit, dative = rng.choice((("minutes", "Minuten"), ("hours", "Stunden"), ("days", "Tagen"),
                               ("weeks", "Wochen")))  # fmt: skip
    return Slot(f"in {count.english} {unit}", f"in {count.german} {dative}")


def span(rng: Random) -> Slot:
    """Draw a length of time in the dative: "three days", "drei Tagen"."""
    if rng.random() < 0.25:
        return Slot(*rng.choice(ONE_SPAN))
    count = number(rng.choice((2, 2, 3, 3, 4, 5, 6, 10)))
    unit, dative = rng.choice((("days", "Tagen"), ("weeks", "Wochen"), ("months", "Monaten"),
                               ("years", "Jahren"), ("hours", "Stunden")))  # fmt: skip
    return Slot(f"{count.english} {unit}", f"{count.german} {dative}")


def minutes(rng: Random) -> Slot:
    """Draw a number of minutes, in words or in digits."""
    count = rng.choice((2, 3, 5, 5, 10, 10, 15, 20, 25, 30, 45))
    if rng.random() < 0.3:
        return Slot(f"{count} minutes", f"{count} Minuten")
    words = number(count)
    return Slot(f"{words.english} minutes", f"{words.german} Minuten")


def hours(rng: Random) -> Slot:
    """Draw a number of hours."""
    if rng.random() < 0.3:
        return Slot("an hour", "einer Stunde")
    count = number(rng.randint(2, 5))
    return Slot(f"{count.english} hours", f"{count.german} Stunden")


def days(rng: Random) -> Slot:
    """Draw the days or weeks of an illness, in the dative."""
    if rng.random() < 0.2:
        return Slot("a week", "einer Woche")
    count = number(rng.randint(2, 6))
    unit, dative = rng.choice((("days", "Tagen"), ("days", "Tagen"), ("weeks", "Wochen")))
    return Slot(f"{count.english} {unit}", f"{count.german} {dative}")


def small_number(rng: Random) -> Slot:
    """Draw a number from 2 to 12 in words or digits."""
    value = rng.randint(2, 12)
    return Slot(str(value), str(value)) if rng.random() < 0.3 else number(value)


def any_value(rng: Random) -> Slot:
    """Draw a number up to a thousand."""
    value = rng.choice((rng.randint(2, 20), rng.randint(21, 99), 10 * rng.randint(2, 20),
                        100 * rng.randint(2, 10)))  # fmt: skip
    return number(value)


def digits(rng: Random) -> Slot:
    """Draw a number of a room, a bus or a house in digits."""
    value = str(rng.choice((rng.randint(1, 30), rng.randint(100, 430))))
    return Slot(value, value)


def profession(rng: Random) -> Slot:
    """Draw a job; the German format names the sex: "he" or "she"."""
    english, he, she = rng.choice(JOBS)
    return Slot(english, {"he": he, "she": she})


def into(rng: Random) -> Slot:
    """Draw where somebody goes, with the preposition that the place takes."""
    return place(rng.choice(PLACES), going=True)


def dative_actor(rng: Random) -> Slot:
    """Draw whom something happens to, where German has the dative: no names, which show none."""
    roll = rng.random()
    if roll < 0.6:
        return pronoun_actor(rng.choice(("I", "he", "she", "we", "they")))
    return relative_actor(rng)


DRAWS: dict[str, Draw] = {
    # People
    "anybody": anybody, "myself": myself, "other": somebody_else, "whom": whom,
    "dative": dative_actor, "someone": someone,
    "pronoun": lambda rng: pronoun_actor(rng.choice(("he", "she", "they"))),
    "us": lambda rng: pronoun_actor(rng.choice(("I", "we", "we", "they"))),
    "name": first_name, "man": lambda rng: same(rng.choice(MEN)),
    "woman": lambda rng: same(rng.choice(WOMEN)), "job": profession,
    # Times
    "when": when, "on-day": on_day, "day-part": day_part, "until": until, "moment": pick(MOMENTS),
    "past": pick(PAST_MOMENTS), "free": pick(FREE_TIMES), "weekday": any_weekday,
    "month": any_month, "date": any_date, "clock": any_clock, "spoken": spoken_clock,
    "span": span, "minutes": minutes, "hours": hours, "days": days,
    # Numbers
    "number": any_number, "small": small_number, "value": any_value, "digits": digits,
    "large": large_number, "floor": floor, "price": any_price, "spoken-price": any_spoken_price,
    # Places
    "city": any_city, "country": any_country, "language": any_language,
    "going": going, "being": being, "into": into,
    # Things
    "container": container, "ailment": pick(AILMENTS), "bare-ailment": pick(BARE_AILMENTS),
    "allergen": pick(ALLERGENS), "taste": pick(TASTES), "attribute": pick(ATTRIBUTES),
    "plain": pick(tuple(pair for pair in ATTRIBUTES if " " not in pair[0])),
    "weather": pick(WEATHER),
}  # fmt: skip
