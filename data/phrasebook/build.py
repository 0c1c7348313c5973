"""Write the phrasebook corpus: ``python data/phrasebook/build.py [--output DIR]``.

The same seed gives the same bytes.  Some noun-verb pairs and some clause
combinations are set aside by a hash of their names: whatever contains one goes
to the test or the validation set, so that training never sees it.  Longer
sentences of the set of typed messages are never written.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from catalogue import catalogue  # noqa: E402
from families import PATTERNS, weights  # noqa: E402
from templates import Pair, realise  # noqa: E402
from typed import TypedSentences  # noqa: E402
from variants import reworded  # noqa: E402

SEED = 2026
TRAIN_PAIRS = 36_000
HELD_OUT_PAIRS = 500
TEST_SHARE, VALID_SHARE = 6, 5
LONGEST = 40
# Lines of training for each fixed phrase and single word: what people type first is one of them.
TIMES = 3
# Held-out pairs to draw for each that is kept.
LEAST_CANDIDATES, MOST_CANDIDATES = 3, 6
PAIRS_PER_COMBINATION = 12
SPLITS = ("train", "valid", "test")


class PhrasebookError(Exception):
    """The grammar broke one of its own promises."""


@cache
def split_of(combo: str, seed: int) -> str:
    """Assign a combination to a split, by hash so that order plays no part."""
    digest = hashlib.blake2b(f"{seed}/{combo}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest, "big") % 100
    if share < TEST_SHARE:
        return "test"
    return "valid" if share < TEST_SHARE + VALID_SHARE else "train"


def destination(pair: Pair, seed: int) -> str | None:
    """Return the split a pair belongs to, or None when it mixes held-out sets."""
    splits = {split_of(combo, seed) for combo in pair.combos} - {"train"}
    if len(splits) > 1:
        return None
    return splits.pop() if splits else "train"


def digest(text: str) -> bytes:
    """Shorten a sentence, so that a million of them fit into little memory."""
    return hashlib.blake2b(text.encode(), digest_size=12).digest()


class Ledger:
    """Remember what was written, so that one English sentence has one German."""

    def __init__(self) -> None:
        self._german: dict[bytes, bytes] = {}

    def is_new(self, pair: Pair) -> bool:
        """Record a pair; raise when its English is known with another German."""
        english, german = digest(pair.english.casefold()), digest(pair.german)
        known = self._german.setdefault(english, german)
        if known is german:
            return True
        if known != german:
            raise PhrasebookError(
                f"The English sentence {pair.english!r} has a second German one, {pair.german!r}."
            )
        return False


def draw(rng: Random) -> Iterator[Pair]:
    """Draw pairs without end, after every fixed phrase once."""
    yield from catalogue()
    bounds = list(itertools.accumulate(weights()))
    while True:
        pattern = rng.choices(PATTERNS, cum_weights=bounds)[0]
        pair = realise(pattern, rng)
        if max(len(pair.english.split()), len(pair.german.split())) <= LONGEST:
            yield replace(pair, english=reworded(pair.english, rng))


def words(sentence: str) -> set[str]:
    """Return the words of a sentence that training must have shown, so none with digits."""
    bare = (word.strip(".,?!") for word in sentence.split())
    return {word for word in bare if not any(letter.isdigit() for letter in word)}


class Training:
    """What the training set has shown: its sentences and its words."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self._german: set[bytes] = set()
        self._words: tuple[set[str], set[str]] = (set(), set())

    def add(self, pair: Pair) -> None:
        """Take a pair into the training set."""
        self.pairs.append(pair)
        self._german.add(digest(pair.german))
        for known, sentence in zip(self._words, (pair.english, pair.german), strict=True):
            known.update(words(sentence))

    def allows(self, pair: Pair) -> bool:
        """Say whether a held-out pair has known words and an unknown German sentence."""
        english, german = self._words
        known = words(pair.english) <= english and words(pair.german) <= german
        return known and digest(pair.german) not in self._german


def varied(pairs: Sequence[Pair], split: str, seed: int) -> list[Pair]:
    """Keep a few pairs of each held-out combination, lest common ones crowd out the rest."""
    kept: list[Pair] = []
    counts: Counter[str] = Counter()
    for pair in pairs:
        combo = next(combo for combo in pair.combos if split_of(combo, seed) == split)
        counts[combo] += 1
        if counts[combo] <= PAIRS_PER_COMBINATION:
            kept.append(pair)
    return kept


def collect(pairs: int, seed: int) -> dict[str, list[Pair]]:
    """Draw pairs until training is full and there are held-out pairs enough to choose from."""
    training = Training()
    candidates: dict[str, list[Pair]] = {"valid": [], "test": []}
    ledger, typed = Ledger(), TypedSentences.read(HERE / "typed.tsv")
    for pair in draw(Random(seed)):
        split = destination(pair, seed)
        if split is None or typed.holds(pair.english) or not ledger.is_new(pair):
            continue
        if split == "train":
            if len(training.pairs) < pairs:
                training.add(pair)
        elif len(candidates[split]) < MOST_CANDIDATES * HELD_OUT_PAIRS:
            candidates[split].append(pair)
        fewest = min(len(drawn) for drawn in candidates.values())
        if len(training.pairs) == pairs and fewest >= LEAST_CANDIDATES * HELD_OUT_PAIRS:
            break
    fixed = {digest(pair.english) for pair in catalogue()}
    repeated = [pair for pair in training.pairs if digest(pair.english) in fixed] * (TIMES - 1)
    # The fixed phrases came first; a part of the file is to be like the whole.
    found = {"train": [*training.pairs, *repeated]}
    Random(seed).shuffle(found["train"])
    for split, drawn in candidates.items():
        fit = varied([pair for pair in drawn if training.allows(pair)], split, seed)
        if len(fit) < HELD_OUT_PAIRS:
            raise PhrasebookError(f"Only {len(fit)} pairs are fit for the {split} set.")
        found[split] = fit[:HELD_OUT_PAIRS]
    return found


def write(lines: Iterable[str], path: Path) -> None:
    """Write lines under a temporary name, then put the file in its place."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(line + "\n" for line in lines)
    temporary.replace(path)


def build(output: Path, pairs: int = TRAIN_PAIRS, seed: int = SEED) -> None:
    """Write ``{train,valid,test}.{en,de}`` into a directory."""
    found = collect(pairs, seed)
    output.mkdir(parents=True, exist_ok=True)
    for split in SPLITS:
        write((pair.english for pair in found[split]), output / f"{split}.en")
        write((pair.german for pair in found[split]), output / f"{split}.de")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write the English-German phrasebook.")
    parser.add_argument("--output", type=Path, default=HERE, help="directory to write into")
    parser.add_argument("--pairs", type=int, default=TRAIN_PAIRS, help="training pairs")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the random choices")
    options = parser.parse_args(arguments)
    try:
        build(options.output, options.pairs, options.seed)
    except PhrasebookError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
