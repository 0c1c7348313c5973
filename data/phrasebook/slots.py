"""Localised values from Babel (CLDR) and num2words: numbers, times, prices, places."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_currency
from lexicon.entries import Noun
from lexicon.geography import ARTICLE_COUNTRIES, CITIES, COUNTRIES, LANGUAGES, TIME_ZONES
from lexicon.words import Person
from num2words import num2words  # type: ignore[import-untyped]

ENGLISH = Locale("en", "US")
GERMAN = Locale("de", "DE")
YEARS = (2025, 2026, 2027)


@dataclass(frozen=True, slots=True)
class Slot:
    """The two sides of a template slot, and the combinations it is made of.

    Clauses also say their kind and theme, who acts (``person``, ``subject``) and upon
    what (``thing``, a noun phrase), so that a second clause can refer back to them.
    """

    english: Any
    german: Any
    combos: tuple[str, ...] = ()
    kind: str = ""
    theme: str = ""
    person: Person | None = None
    thing: Slot | None = None
    noun: Noun | None = None


def plain(text: str) -> str:
    """Replace the typographic spaces of CLDR by ordinary ones."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@cache
def number(value: int) -> Slot:
    """Spell a number from 2 upwards."""
    return Slot(str(num2words(value, lang="en")), str(num2words(value, lang="de")))


@cache
def ordinal(value: int) -> Slot:
    """Spell an ordinal; the German one is weak dative, as in "im dritten"."""
    german = str(num2words(value, lang="de", to="ordinal"))
    return Slot(str(num2words(value, lang="en", to="ordinal")), german + "n")


@cache
def clock(hour: int, minute: int) -> Slot:
    """Write a time of day: 2:30 PM, 14:30 Uhr."""
    time = datetime.time(hour, minute)
    english = plain(format_time(time, "short", locale=ENGLISH))
    return Slot(english, plain(format_time(time, "H:mm", locale=GERMAN)) + " Uhr")


@cache
def hour(value: int) -> Slot:
    """Write a full hour: 2 PM, 14 Uhr."""
    half = "AM" if value < 12 else "PM"
    return Slot(f"{(value - 1) % 12 + 1} {half}", f"{value} Uhr")


@cache
def price(cents: int) -> Slot:
    """Write a price in euros, without decimals when there are no cents."""
    amount = cents / 100
    whole = cents % 100 == 0
    sides = [
        plain(format_currency(amount, "EUR", pattern, locale=locale, currency_digits=False))
        for locale, pattern in (
            (ENGLISH, "¤#,##0" if whole else "¤#,##0.00"),
            (GERMAN, "#,##0 ¤" if whole else "#,##0.00 ¤"),
        )
    ]
    return Slot(sides[0], sides[1])


@cache
def date(month: int, day: int) -> Slot:
    """Write a day of the year: March 14, 14. März."""
    value = datetime.date(YEARS[0], month, day)
    english = format_date(value, "MMMM d", locale=ENGLISH)
    return Slot(english, format_date(value, "d. MMMM", locale=GERMAN))


@cache
def weekday(index: int) -> Slot:
    """Name a day of the week, 0 for Monday."""
    return Slot(ENGLISH.days["format"]["wide"][index], GERMAN.days["format"]["wide"][index])


@cache
def month(index: int) -> Slot:
    """Name a month, 1 for January."""
    names = (locale.months["stand-alone"]["wide"][index] for locale in (ENGLISH, GERMAN))
    return Slot(*names)


@dataclass(frozen=True, slots=True)
class Country:
    """A German country name with the prepositions of going, being and coming."""

    to: str
    at: str
    out: str

    def __format__(self, spec: str) -> str:
        """Render "to", "at" or "from"."""
        return {"to": self.to, "at": self.at, "from": self.out}[spec]


@cache
def country(code: str) -> Slot:
    """Name a country; the lexicon knows the ones with an article."""
    if code in ARTICLE_COUNTRIES:
        english, *german = ARTICLE_COUNTRIES[code]
        return Slot(english, Country(*german))
    name = GERMAN.territories[code]
    german_forms = Country(f"nach {name}", f"in {name}", f"aus {name}")
    return Slot(ENGLISH.territories[code], german_forms)


@cache
def city(zone: str) -> Slot:
    """Name the city of a time zone."""
    english = get_timezone_location(zone, locale=ENGLISH, return_city=True)
    return Slot(english, get_timezone_location(zone, locale=GERMAN, return_city=True))


@cache
def cities() -> tuple[Slot, ...]:
    """List the cities of CLDR's time zones and some more."""
    return (*map(city, TIME_ZONES), *(Slot(*names) for names in CITIES))


@cache
def language(code: str) -> Slot:
    """Name a language."""
    return Slot(ENGLISH.languages[code], GERMAN.languages[code])


def any_clock(rng: Random) -> Slot:
    """Draw a quarter of an hour of the waking day."""
    minute = rng.choice((0, 15, 30, 45))
    if minute == 0 and rng.random() < 0.6:
        return any_hour(rng)
    return clock(rng.randrange(7, 23), minute)


def any_hour(rng: Random) -> Slot:
    """Draw a full hour of the waking day."""
    return hour(rng.randrange(7, 23))


def spoken_clock(rng: Random) -> Slot:
    """Draw a time as one says it: eight, eight o'clock, half past seven, a quarter to nine."""
    value = rng.randint(1, 12)
    here, following = _hour_name(value), _hour_name(value % 12 + 1)
    minutes = number(rng.choice((5, 10, 20)))
    return rng.choice((
        here,
        here,
        here,
        Slot(f"{here.english} o'clock", f"{'ein' if value == 1 else here.german} Uhr"),
        Slot(f"half past {here.english}", f"halb {following.german}"),
        Slot(f"half past {here.english}", f"halb {following.german}"),
        Slot(f"a quarter past {here.english}", f"Viertel nach {here.german}"),
        Slot(f"quarter past {here.english}", f"Viertel nach {here.german}"),
        Slot(f"a quarter to {here.english}", f"Viertel vor {here.german}"),
        Slot(f"quarter to {here.english}", f"Viertel vor {here.german}"),
        Slot(f"{minutes.english} past {here.english}", f"{minutes.german} nach {here.german}"),
        Slot(f"{minutes.english} to {here.english}", f"{minutes.german} vor {here.german}"),
        Slot(str(value), str(value)),
    ))  # fmt: skip


def _hour_name(value: int) -> Slot:
    return Slot("one", "eins") if value == 1 else number(value)


def any_spoken_price(rng: Random) -> Slot:
    """Draw a price in words or digits: "five euros", "5 euros", "ten euros fifty"."""
    value = rng.choice((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 200))
    words = Slot(str(value), str(value)) if rng.random() < 0.3 else number(value)
    units = [("euros", "Euro"), ("euros", "Euro"), ("euros", "Euro"), ("dollars", "Dollar")]
    unit = rng.choice([*units, ("cents", "Cent")] if 10 <= value < 100 else units)
    return Slot(f"{words.english} {unit[0]}", f"{words.german} {unit[1]}")


def any_price(rng: Random, low: int = 2, high: int = 100) -> Slot:
    """Draw a price in euros: halves up to 20, fives above."""
    steps = (*range(200, 2000, 50), *range(2000, 10001, 500))
    return price(rng.choice([cents for cents in steps if low <= cents / 100 <= high]))


def any_date(rng: Random) -> Slot:
    """Draw a day that every month has."""
    return date(rng.randrange(1, 13), rng.randrange(1, 29))


def any_weekday(rng: Random) -> Slot:
    """Draw a day of the week."""
    return weekday(rng.randrange(7))


def any_month(rng: Random) -> Slot:
    """Draw a month."""
    return month(rng.randrange(1, 13))


def any_number(rng: Random, low: int = 2, high: int = 6) -> Slot:
    """Draw a spelt-out number."""
    return number(rng.randint(low, high))


def any_country(rng: Random) -> Slot:
    """Draw a country."""
    return country(rng.choice(COUNTRIES))


def any_city(rng: Random) -> Slot:
    """Draw a city."""
    return rng.choice(cities())


def any_language(rng: Random) -> Slot:
    """Draw a language."""
    return language(rng.choice(LANGUAGES))
