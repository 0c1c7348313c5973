"""English realisation: noun phrases, and clauses with auxiliaries and do-support."""

from __future__ import annotations

from dataclasses import dataclass

from lexicon.entries import Verb

# Adverbs of phrasal verbs, which follow a pronoun: "pick it up".
PARTICLES = frozenset({"up", "on", "off", "out"})
# Agreement columns: I, he, they.
BE = ("am", "is", "are")
WAS = ("was", "was", "were")
HAVE = ("have", "has", "have")
DO = ("do", "does", "do")
MODALS = {
    "future": "will", "can": "can", "may": "may", "should": "should", "shall": "should",
    "request": "can",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnglishNP:
    """A noun phrase and its number."""

    text: str
    plural: bool = False

    def __format__(self, spec: str) -> str:
        """Render the text, a pronoun ("it", "him") or a verb ("verb-is/are")."""
        if not spec:
            return self.text
        if spec == "it":
            return "they" if self.plural else "it"
        if spec == "it-object":
            return "them" if self.plural else "it"
        if spec.startswith("verb-"):
            singular, plural = spec.removeprefix("verb-").split("/")
            return plural if self.plural else singular
        raise ValueError(f"Unknown noun phrase format {spec!r}.")


@dataclass(frozen=True, slots=True)
class EnglishClause:
    """A clause whose parts are known; the format decides statement or question."""

    subject: str
    form: int
    verb: Verb
    mode: str
    negated: bool = False
    rest: str = ""
    place: str = ""
    time: str = ""
    adverb: str = ""
    pronoun: str = ""

    def chain(self) -> tuple[str, str, str]:
        """Return auxiliary, the verbs after it, and the plain affirmative verb."""
        verb, form = self.verb, self.form
        if verb.base == "be" and self.mode in ("present", "past-state"):
            be = (WAS if self.mode == "past-state" else BE)[form]
            return be, "", be
        match self.mode:
            case "present" | "habit":
                return DO[form], verb.base, verb.third if form == 1 else verb.base
            case "progressive":
                return BE[form], verb.gerund, ""
            case "past" | "past-state":
                return "did", verb.base, verb.past
            case "perfect":
                return HAVE[form], verb.participle, ""
            case "must":
                return DO[form], f"have to {verb.base}", f"{HAVE[form]} to {verb.base}"
            case "want":
                plain = "wants to" if form == 1 else "want to"
                return DO[form], f"want to {verb.base}", f"{plain} {verb.base}"
            case "wish":
                return "would", f"like to {verb.base}", ""
            case "able-past":
                return WAS[form], f"able to {verb.base}", ""
            case "had-to":
                return "did", f"have to {verb.base}", f"had to {verb.base}"
            case "wanted-to":
                return "did", f"want to {verb.base}", f"wanted to {verb.base}"
        return MODALS[self.mode], verb.base, ""

    def __format__(self, spec: str) -> str:
        """Render a statement (no spec), "question", "base", "gerund" or "fronted"."""
        match spec:
            case "":
                parts = [self.subject, self.predicate(), self.rest, self.place, self.time]
            case "question":
                auxiliary, rest, _ = self.chain()
                rest = self.with_pronoun(rest)
                negation = "not" if self.negated else ""
                verbs = [auxiliary, self.subject, negation, self.adverb, rest]
                parts = [*verbs, self.rest, self.place, self.time]
            case "fronted":
                parts = [self.time, self.subject, self.predicate(), self.rest, self.place]
            case "predicate":
                parts = [self.predicate(), self.rest, self.place, self.time]
            case "base":
                parts = [self.with_pronoun(self.verb.base), self.rest, self.place, self.time]
            case "gerund":
                parts = [self.with_pronoun(self.verb.gerund), self.rest, self.place, self.time]
            case _:
                raise ValueError(f"Unknown clause format {spec!r}.")
        return " ".join(part for part in parts if part)

    def with_pronoun(self, verbs: str) -> str:
        """Add the object pronoun, before the adverb of a phrasal verb."""
        if not self.pronoun:
            return verbs
        stem, _, last = verbs.rpartition(" ")
        if last in PARTICLES:
            return f"{stem} {self.pronoun} {last}"
        return f"{verbs} {self.pronoun}"

    def predicate(self) -> str:
        """Return the verb group of a statement."""
        auxiliary, rest, plain = self.chain()
        if self.negated:
            first = "cannot" if auxiliary == "can" else f"{auxiliary} not"
            parts = [first, rest]
        elif plain and self.verb.base != "be":
            parts = [self.adverb, plain]
        else:
            parts = [auxiliary, self.adverb, rest]
        return self.with_pronoun(" ".join(part for part in parts if part))
