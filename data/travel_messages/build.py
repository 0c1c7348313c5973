"""Write the messages: `python data/travel_messages/build.py [--output DIR]`.

The same seed gives the same bytes. Sentences and names are divided among training, validation and
test by a hash of their text. No sentence of one set occurs in another, and half of the names in
validation and test are new.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from words import CITIES, FIRST_NAMES, LAST_NAMES, OPENINGS, SENTENCES, THINGS  # noqa: E402

SEED = 2026
MESSAGES = {"train": 2000, "valid": 400, "test": 1000}
SHARES = {"test": 25, "valid": 15}  # percent of the sentences and of the names

HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October".split()
PARTS = "morning afternoon evening night".split()
CURRENCIES = "euros dollars pounds francs crowns".split()
PARTS_OF_TOWNS = ("Airport", "Central Station", "Old Town", "West")
SIGHTS = (
    ("Hotel", "Pension", "Villa"),
    ("Café", "Bar", "Restaurant"),
    ("Street", "Road", "Square", "Lane"),
    ("Platform", "Terminal", "Room", "Gate"),
)

NAMES = {"first": FIRST_NAMES, "last": LAST_NAMES, "city": CITIES, "thing": THINGS}
Tagged = list[tuple[str, str]]  # words with their tags


def split_of(text: str) -> str:
    """Return the set that a sentence or a name belongs to."""
    digest = hashlib.blake2b(f"{SEED}/{text}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest, "big") % 100
    if share < SHARES["test"]:
        return "test"
    return "valid" if share < sum(SHARES.values()) else "train"


def _of_set(texts: Sequence[str], split: str) -> list[str]:
    return [text for text in texts if split_of(text) == split]


class Grammar:
    """Messages of one set."""

    def __init__(self, split: str) -> None:
        """Choose the sentences and names of a set."""
        self.random = Random(f"{SEED}/{split}")
        self.sentences = _of_set(SENTENCES, split)
        self.names = {
            kind: [_of_set(names, each) for each in ("train", split)]
            for kind, names in NAMES.items()
        }

    def name(self, kind: str) -> str:
        """Return a name of a kind, as often one of the set as one of training."""
        return self.random.choice(self.random.choice(self.names[kind]))

    def message(self) -> Tagged:
        """Return a message of one or two sentences, as people type it."""
        random = self.random
        tagged: Tagged = []
        if random.random() < 0.15:
            tagged += [(word, "O") for word in [*random.choice(OPENINGS).split(), ","]]
        for _ in range(random.choice((1, 1, 2))):
            (word, tag), *rest = self._filled(random.choice(self.sentences))
            if not tagged or tagged[-1][0] != ",":
                word = word[0].upper() + word[1:]
            tagged += [(word, tag), *rest]
        if random.random() < 0.3:
            tagged = [pair for pair in tagged if pair[0] not in (".", ",", "?", "!")]
        if random.random() < 0.4:
            tagged = [(word.lower(), tag) for word, tag in tagged]
        return tagged

    def _filled(self, sentence: str) -> Tagged:
        tagged: Tagged = []
        for word in sentence.split():
            if not word.startswith("{"):
                chosen = self.random.choice(word.split("|")).split("_")
                tagged += [(one, "O") for one in chosen]
                continue
            kind = word.strip("{}")
            words = getattr(self, kind)()
            name = {"first": "person", "clock": "time"}.get(kind, kind)
            if words[0] == "at":
                tagged.append((words.pop(0), "O"))
            tagged += [(one, f"{'I' if n else 'B'}-{name}") for n, one in enumerate(words)]
        return tagged

    def first(self) -> list[str]:
        """Return a first name."""
        return [self.name("first")]

    def person(self) -> list[str]:
        """Return a person: a first name, a whole name, or a title and a last name."""
        kind, last = self.random.random(), self.name("last")
        if kind < 0.45:
            return self.first()
        if kind < 0.7:
            return [*self.first(), last]
        if kind < 0.8:
            return [*self.first(), *self.first(), last]
        return [self.random.choice(("Mr", "Mrs", "Dr", "Professor")), last]

    def place(self) -> list[str]:
        """Return a town, a street, a house, or a part of a station."""
        random = self.random
        city, thing, last = map(self.name, ("city", "thing", "last"))
        number, name = random.randint(1, 90), random.choice((thing, last))
        part, house, table, street, gate = map(random.choice, (PARTS_OF_TOWNS, *SIGHTS))
        return random.choice(
            (
                city,
                city,
                city,
                f"{city} {part}",
                f"{house} {name}",
                f"{table} {random.choice((thing, *self.first()))}",
                f"{thing} {street}",
                f"{number} {name} {street}",
                f"{gate} {number}",
            )
        ).split()

    def clock(self) -> list[str]:
        """Return a time of day."""
        random = self.random
        hour, side = random.choice(HOURS), random.choice(("to", "past"))
        return random.choice(
            (
                hour,
                f"half past {hour}",
                f"quarter {side} {hour}",
                f"{random.choice(('ten', 'twenty', 'five'))} {side} {hour}",
                self._minutes(),
                f"{random.randint(1, 12)} {random.choice(('am', 'pm'))}",
                random.choice(("noon", "midnight")),
            )
        ).split()

    def time(self) -> list[str]:
        """Return a time of day after `at`, which is no part of it, or a day."""
        random = self.random
        if random.random() < 0.5:
            return ["at", *self.clock()]
        day, month = random.choice(DAYS), random.choice(MONTHS)
        return random.choice(
            (
                random.choice((day, "today", "tomorrow", "tonight")),
                f"{random.choice(('next', 'this', 'last'))} {day}",
                f"{day} {random.choice(PARTS)}",
                f"{day} {self._minutes()}",
                f"the {random.randint(4, 19)}th of {month}",
                f"{month} {random.randint(1, 30)}",
                f"in {random.choice(HOURS[1:])} {random.choice(('hours', 'minutes', 'days'))}",
            )
        ).split()

    def _minutes(self) -> str:
        return f"{self.random.randint(1, 23)}:{self.random.choice(('00', '10', '15', '30', '45'))}"

    def price(self) -> list[str]:
        """Return a sum of money, in digits or words."""
        random = self.random
        money, number = random.choice(CURRENCIES), random.randint(2, 400)
        return random.choice(
            (
                f"{number} {money}",
                f"{number} {money}",
                f"€ {number}",
                f"{number} €",
                f"{number}.50 {money}",
                f"{random.choice(TENS)} {money}",
                f"{random.choice(HOURS[1:])} {money}",
                f"{random.choice(TENS)} {random.choice(HOURS[:9])} {money}",
                f"{random.choice(('a', 'two', 'three'))} hundred {money}",
                f"{random.choice(HOURS[1:])} {money} {random.choice(TENS)}",
            )
        ).split()


def conll(messages: Sequence[Tagged]) -> str:
    """Return messages as the lines of a CoNLL file."""
    return "".join(
        "".join(f"{word}\t{tag}\n" for word, tag in message) + "\n" for message in messages
    )


def collect(split: str) -> list[Tagged]:
    """Return the messages of a set, each once."""
    grammar, messages = Grammar(split), dict[tuple[tuple[str, str], ...], None]()
    while len(messages) < MESSAGES[split]:
        messages[tuple(grammar.message())] = None
    return [list(message) for message in messages]


def main() -> None:
    """Write a file for each set."""
    parser = argparse.ArgumentParser(description="Write the tagged messages.")
    parser.add_argument("--output", type=Path, default=HERE)
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    for split in MESSAGES:
        path = output / f"{split}.conll"
        path.write_text(conll(collect(split)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
