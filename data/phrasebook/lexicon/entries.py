"""Record types of the lexicon and the reader of its plain-text tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CASES = ("nom", "acc", "dat", "gen")


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun; every form is written out, a dash marks a form we never use."""

    english: str
    english_plural: str
    gender: str
    singular: tuple[str, str, str, str]
    plural: tuple[str, str]
    classes: frozenset[str]
    english_is_plural: bool

    @property
    def key(self) -> str:
        """Name the noun in noun-verb combinations."""
        return self.singular[0] if self.singular[0] != "-" else self.plural[0]

    def german(self, case: str, plural: bool) -> str:
        """Return the form for ``case`` in the singular or plural."""
        if plural:
            return self.plural[1] if case == "dat" else self.plural[0]
        return self.singular[CASES.index(case)]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb pair; ``prefix`` is the separable part of the German verb."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str
    infinitive: str
    present: tuple[str, str, str, str]
    imperative: str
    perfect: str
    auxiliary: str
    zu: str
    prefix: str
    reflexive: bool


@dataclass(frozen=True, slots=True)
class Adjective:
    """One adjective with its inflected stem, degrees and the nouns it suits."""

    english: str
    comparative: str
    superlative: str
    german: str
    stem: str
    german_comparative: str
    german_superlative: str
    classes: frozenset[str]


def rows(table: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a table, columns parted by ``|``."""
    for line in table.strip().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


def read_nouns(table: str) -> tuple[Noun, ...]:
    """Read ``english | plural | gender | German singular | German plural | classes``.

    The singular is nominative, accusative, dative and genitive; or nominative and genitive; or
    one form for all. The plural is nominative and dative, or the nominative alone.
    """
    nouns = []
    for english, english_plural, gender, singular, plural, classes in rows(table):
        nouns.append(
            Noun(
                english,
                english_plural,
                gender[0],
                _singular(singular.split()),
                _plural(plural.split()),
                frozenset(classes.split()),
                gender.endswith("*"),
            )
        )
    return tuple(nouns)


def _singular(forms: list[str]) -> tuple[str, str, str, str]:
    """Return all four cases."""
    if len(forms) == 2:
        forms = [forms[0], forms[0], forms[0], forms[1]]
    elif len(forms) == 1:
        forms = 4 * forms
    nominative, accusative, dative, genitive = forms
    return nominative, accusative, dative, genitive


def _plural(forms: list[str]) -> tuple[str, str]:
    """Return nominative and dative; the dative adds "n" unless the form ends in n, s or a dash."""
    nominative, *dative = forms
    if dative:
        return nominative, dative[0]
    return nominative, nominative if nominative[-1] in "ns-" else nominative + "n"


def read_verbs(table: str) -> dict[str, Verb]:
    """Read the verb table into a mapping from the German infinitive."""
    verbs = {}
    for english, infinitive, present, imperative, perfect, zu, prefix in rows(table):
        base, third, past, participle, gerund = (part.strip() for part in english.split(","))
        first, second, third_person, plural = present.split()
        form, auxiliary = perfect.split()
        reflexive = infinitive.startswith("sich ")
        verbs[infinitive] = Verb(
            base, third, past, participle, gerund,
            infinitive.removeprefix("sich ").split("/")[0],
            (first, second, third_person, plural),
            imperative, form, auxiliary, zu,
            "" if prefix == "-" else prefix,
            reflexive,
        )  # fmt: skip
    return verbs


def read_adjectives(table: str) -> tuple[Adjective, ...]:
    """Read ``english, degrees | german, stem, degrees | classes``."""
    adjectives = []
    for english, german, classes in rows(table):
        positive, comparative, superlative = (part.strip() for part in english.split(","))
        plain, stem, more, most = german.split()
        adjectives.append(
            Adjective(
                positive, comparative, superlative, plain, stem, more, most,
                frozenset(classes.split()),
            )
        )  # fmt: skip
    return tuple(adjectives)
