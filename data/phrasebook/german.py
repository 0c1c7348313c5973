"""German realisation: noun phrases with agreement, clauses with their word orders."""

from __future__ import annotations

from dataclasses import dataclass

from lexicon.entries import CASES, Verb
from lexicon.words import CONTRACTIONS, DEFINITE, FINITE, PRONOUNS

# Mode: how the finite verb is built and the helping verb that carries it.
MODES = {
    "present": ("simple", ""),
    "progressive": ("simple", ""),
    "habit": ("simple", ""),
    "past": ("perfect", ""),
    "perfect": ("perfect", ""),
    "past-state": ("past-state", ""),
    "future": ("modal", "werden"),
    "can": ("modal", "können"),
    "must": ("modal", "müssen"),
    "want": ("modal", "wollen"),
    "wish": ("modal", "möchten"),
    "may": ("modal", "dürfen"),
    "should": ("modal", "sollten"),
    "shall": ("modal", "sollen"),
    "able-past": ("modal", "konnte"),
    "had-to": ("modal", "musste"),
    "wanted-to": ("modal", "wollte"),
    "request": ("modal", "können"),
}


@dataclass(frozen=True, slots=True)
class GermanNP:
    """A noun phrase: determiner and rest in four cases, and its gender (p is plural)."""

    determiners: tuple[str, str, str, str]
    rests: tuple[str, str, str, str]
    gender: str
    indefinite: bool = False

    def case(self, case: str) -> str:
        """Return the phrase in ``case``."""
        index = CASES.index(case)
        determiner = self.determiners[index]
        return f"{determiner} {self.rests[index]}" if determiner else self.rests[index]

    def after(self, preposition: str, case: str) -> str:
        """Return the phrase after a preposition, contracted as in "zum"."""
        index = CASES.index(case)
        determiner = self.determiners[index]
        merged = CONTRACTIONS.get((preposition, determiner))
        if merged:
            return f"{merged} {self.rests[index]}"
        return f"{preposition} {self.case(case)}"

    def __format__(self, spec: str) -> str:
        """Render "acc", "in+dat", a pronoun ("ihn"), a relative ("rel-acc") or "sein"."""
        if spec in CASES:
            return self.case(spec)
        if "+" in spec:
            preposition, case = spec.split("+")
            return self.after(preposition, case)
        if spec in PRONOUNS["m"]:
            return PRONOUNS[self.gender][PRONOUNS["m"].index(spec)]
        if spec.startswith("rel-"):
            return self.relative(spec.removeprefix("rel-"))
        if spec.startswith("verb-"):
            singular, plural = spec.removeprefix("verb-").split("/")
            return plural if self.gender == "p" else singular
        raise ValueError(f"Unknown noun phrase format {spec!r}.")

    def relative(self, case: str) -> str:
        """Return the relative pronoun that refers to this phrase."""
        if self.gender == "p" and case == "dat":
            return "denen"
        return DEFINITE[self.gender][CASES.index(case)]


@dataclass(frozen=True, slots=True)
class GermanClause:
    """A clause whose parts are known and whose order is still open.

    ``pronoun`` is an object pronoun or a reflexive: either follows the verb at once.
    """

    subject: str
    form: int
    verb: Verb
    mode: str
    pronoun: str = ""
    time: str = ""
    place: str = ""
    objects: str = ""
    particle: str = ""
    negation: str = ""
    complement: str = ""
    objects_indefinite: bool = False

    def middle(self) -> list[str]:
        """Order the field between the two halves of the verb."""
        objects = [self.objects, self.particle]
        if self.objects_indefinite:
            objects.reverse()
        return [self.pronoun, self.time, self.place, *objects, self.negation, self.complement]

    def finite(self) -> str:
        """Return the conjugated verb, without a separable prefix."""
        kind, helper = MODES[self.mode]
        if kind == "simple":
            return self.verb.present[self.form]
        if kind == "perfect":
            return FINITE[self.verb.auxiliary][self.form]
        if kind == "past-state":
            return FINITE["war" if self.verb.infinitive == "sein" else "hatte"][self.form]
        return FINITE[helper][self.form]

    def closing(self) -> str:
        """Return what closes the main clause: prefix, participle or infinitive."""
        kind = MODES[self.mode][0]
        if kind == "perfect":
            return self.verb.perfect
        return self.verb.infinitive if kind == "modal" else self.verb.prefix

    def __format__(self, spec: str) -> str:
        """Render the clause in one of the German word orders."""
        match spec:
            case "main":
                parts = [self.subject, self.finite(), *self.middle(), self.closing()]
            case "inverted":
                parts = [self.finite(), self.subject, *self.middle(), self.closing()]
            case "fronted":
                parts = self.fronted()
            case "final":
                parts = self.verb_final()
            case "zu":
                parts = [*self.middle(), self.verb.zu]
            case "infinitive":
                parts = [*self.middle(), self.verb.infinitive]
            case "imperative":
                parts = [self.verb.present[3], "Sie", *self.middle(), self.verb.prefix]
            case "familiar":
                parts = [self.verb.imperative, "bitte", *self.middle(), self.verb.prefix]
            case "predicate":
                parts = [self.finite(), *self.middle(), self.closing()]
            case "rest":
                parts = [*self.middle(), self.closing()]
            case _:
                raise ValueError(f"Unknown clause format {spec!r}.")
        return " ".join(part for part in parts if part)

    def fronted(self) -> list[str]:
        """Put the time first, which moves the subject behind the verb."""
        rest = self.middle()
        rest[1] = ""
        return [self.time, self.finite(), self.subject, *rest, self.closing()]

    def verb_final(self) -> list[str]:
        """Put the finite verb last and rejoin a separable prefix to it."""
        if MODES[self.mode][0] in ("simple", "past-state"):
            return [self.subject, *self.middle(), self.closing() + self.finite()]
        return [self.subject, *self.middle(), self.closing(), self.finite()]
