"""The German forms the phrasebook may print, gathered from lexicon, templates and CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterator

from families import PATTERNS
from fills import CONTAINERS
from formulas import FORMULAS
from lexicon import small, words
from lexicon.adjectives import ADJECTIVES, PREDICATES
from lexicon.frames import INTRANSITIVES
from lexicon.geography import ARTICLE_COUNTRIES, COUNTRIES, LANGUAGES
from lexicon.nouns import NOUNS
from lexicon.states import STATES
from lexicon.verbs import VERBS
from slots import GERMAN, cities, country, language, number, ordinal


def _inflected() -> Iterator[str]:
    """Yield the forms of nouns, verbs and adjectives."""
    for noun in NOUNS:
        yield from (*noun.singular, *noun.plural)
    for verb in VERBS.values():
        yield from (verb.infinitive, *verb.present, verb.imperative, verb.perfect, verb.zu)
        yield from (verb.prefix, *(verb.prefix + form for form in verb.present))
    for adjective in ADJECTIVES:
        yield from (adjective.german, adjective.german_comparative)
        for stem in (adjective.stem, adjective.german_superlative):
            yield from (stem + ending for ending in ("e", "en", "er", "es", "em"))
    for forms in words.FINITE.values():
        yield from forms


def _determiners() -> Iterator[str]:
    """Yield articles, possessives, pronouns and contractions."""
    for table in (words.DEFINITE, words.THIS, words.WHICH):
        for forms in table.values():
            yield from forms
    for stem in ("ein", "kein", "dein", *words.POSSESSIVES.values()):
        yield from (stem + ending for endings in words.EIN_ENDINGS.values() for ending in endings)
    for person in words.PERSONS.values():
        yield from (person.german, person.german_accusative, person.german_dative)
        yield person.german_reflexive
    yield from words.CONTRACTIONS.values()


def _phrases() -> Iterator[str]:
    """Yield fixed expressions and the literal parts of the templates."""
    for pattern in PATTERNS:
        text = re.sub(r"\{[^}]*\}", " ", pattern.german)
        yield from (text, text[0].lower() + text[1:])
        for forms in re.findall(r"\{\w+:(?:verb-)?([^}]*/[^}]*)\}", pattern.german):
            yield from forms.split("/")
    pairs = (
        *FORMULAS, *words.PAST_TIMES, *words.FUTURE_TIMES, *words.NOW_TIMES,
        *words.FREQUENCIES, *small.AILMENTS, *small.BARE_AILMENTS, *small.ALLERGENS, *small.TASTES,
        *small.ATTRIBUTES, *small.WEATHER, *small.MOMENTS, *small.PAST_MOMENTS, *small.FREE_TIMES,
    )  # fmt: skip
    yield from (german for _, german in pairs)
    yield from (f"{he} {she}" for _, he, she in small.JOBS)
    yield from (german for _, german, _ in CONTAINERS)
    yield from (predicate[1] for predicate in PREDICATES)
    yield from (frame.german for frame in INTRANSITIVES)
    yield from (f"{state[2]} {state[3]}" for state in STATES)
    yield from (german for forms in ARTICLE_COUNTRIES.values() for german in forms[1:])
    yield "kalt heiß windig dunkel sonnig spät Verspätung Herr Frau noch schon nicht Uhr"
    yield "in auf an zu bei um am im werde werden reisen fliegen gereist sind meine Eltern"
    yield "wer gern etwas ein paar Minuten Stunden Tagen Wochen Monaten Jahren hallo hey okay oh ja"
    yield "halb Viertel nach vor eins Euro Dollar Cent danke Entschuldigung na wow guten Abend"


def _values() -> Iterator[str]:
    """Yield names and numbers from CLDR and num2words."""
    yield from (*words.WOMEN, *words.MEN, *words.SURNAMES)
    yield from GERMAN.days["format"]["wide"].values()
    days = GERMAN.days["format"]["wide"].values()
    yield from (day + part for day in days for part in ("morgen", "nachmittag", "abend"))
    yield from GERMAN.months["stand-alone"]["wide"].values()
    yield from (str(number(value).german) for value in (*range(2, 101), *range(110, 1001, 10)))
    yield from (f"{number(value).german}mal" for value in range(2, 10))
    yield from (str(ordinal(value).german) for value in range(1, 20))
    yield from (str(language(code).german) for code in LANGUAGES)
    yield from (str(city.german) for city in cities())
    yield from (f"{country(code).german:at}" for code in COUNTRIES)
    yield "€"


def german_forms() -> frozenset[str]:
    """Return every single German word of the lexicon."""
    texts = (*_inflected(), *_determiners(), *_phrases(), *_values())
    return frozenset(word.strip(".,?!") for text in texts for word in text.split())
