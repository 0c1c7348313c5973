"""Coverage of the required phrases by a partial hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from seq2seq.errors import SettingsError
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.text.tokenizer import UNK, Tokenizer
from seq2seq.text.words import PhraseFinder, in_word, tokens


@dataclass(frozen=True)
class Requirement:
    """Phrase, or several phrases of which one is sufficient.

    Attributes:
        alternatives: texts of the phrases, as the tokenizer normalises them.
        spellings: token sequences that spell one of them.
    """

    alternatives: tuple[str, ...]
    spellings: tuple[tuple[int, ...], ...]

    @property
    def cost(self) -> int:
        """Maximum number of tokens that it takes."""
        return max(map(len, self.spellings))


def requirement(alternatives: Sequence[str], tokenizer: Tokenizer) -> Requirement:
    """Return the requirement that a text holds one of these phrases.

    Raises:
        SettingsError: a phrase is blank, or the tokenizer cannot spell it.
    """
    texts: list[str] = []
    spellings: list[tuple[int, ...]] = []
    for phrase, ids in zip(alternatives, tokenizer.encode(alternatives), strict=True):
        if not ids or UNK in ids:
            raise SettingsError(
                f"the required phrase {phrase!r} "
                + ("is blank" if not ids else "holds what this model's vocabulary cannot spell")
                + ": leave it out or give another"
            )
        texts.append(tokenizer.decode([ids])[0].strip())
        spellings.append(tuple(ids))
        # Scripts without spaces, and placeholders, may also follow without one.
        if tokenizer.surfaces[ids[0]] == b" " and not in_word(texts[-1][0]):
            spellings.append(tuple(ids[1:]))
    return Requirement(tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(spellings)))


class Progress(NamedTuple):
    """Coverage of the required phrases by a text.

    Attributes:
        missing: maximum number of tokens that are still to be written.
        gained: reduction of this number by a phrase that is begun.
        continuing: tokens that continue such a phrase.
        starting: tokens that begin a missing phrase.
    """

    missing: int
    gained: int
    continuing: tuple[int, ...]
    starting: tuple[int, ...]


_NOTHING = Progress(0, 0, (), ())


class _Group(NamedTuple):
    """Requirement, the number of times that a text must meet it, and its phrase finder."""

    requirement: Requirement
    times: int
    finder: PhraseFinder


class _State(NamedTuple):
    """Analysis of a partial output.

    Attributes:
        counts: number of times that the output meets each requirement.
        word: text from the last space on.
        progress: coverage of the required phrases by the output.
    """

    counts: tuple[int, ...]
    word: bytes
    progress: Progress


class PhraseProgress:
    """Required phrases of one sentence, recognised in the tokens of its output."""

    def __init__(self, spelling: Spelling, required: Sequence[Requirement]) -> None:
        self._spelling = spelling
        self._groups = [_group(one, required) for one in dict.fromkeys(required)]
        self.total = sum(one.requirement.cost * one.times for one in self._groups)
        phrases = [p for group in self._groups for p in group.requirement.alternatives]
        self._last_tokens = frozenset(tokens(phrase)[-1] for phrase in phrases)
        spellings = [s for group in self._groups for s in group.requirement.spellings]
        self._tokens = frozenset(token for spelling in spellings for token in spelling)
        self._known: dict[tuple[int, ...], _State] = {}
        self._changes: dict[tuple[bytes, bytes], bool] = {}

    def after(self, ids: tuple[int, ...]) -> Progress:
        """Return the coverage by an output that begins with `ids`."""
        return self._state(ids).progress if self._groups else _NOTHING

    def missing(self, ids: tuple[int, ...]) -> tuple[Requirement, ...]:
        """Return the requirements that `ids` does not meet."""
        pairs = zip(self._groups, self._state(ids).counts, strict=True)
        return tuple(group.requirement for group, count in pairs if count < group.times)

    def at_risk(self, ids: tuple[int, ...]) -> int:
        """Return the number of missing tokens after `ids` and a token that continues no phrase."""
        row = self._row(ids)
        if row and in_word(row[-1][-1]):
            row.pop()
        return sum(
            max(0, times - finder.count(row)) * requirement.cost
            for requirement, times, finder in self._groups
        )

    def positions(self, ids: tuple[int, ...]) -> set[int]:
        """Return the positions in `ids` that belong to phrases, even partial ones at the end."""
        found: set[int] = set()
        for spelling in (s for group in self._groups for s in group.requirement.spellings):
            size = len(spelling)
            for start in range(len(ids) - size + 1):
                if ids[start : start + size] == spelling:
                    found.update(range(start, start + size))
            found.update(range(len(ids) - _overlap(ids, spelling), len(ids)))
        return found

    def _state(self, ids: tuple[int, ...]) -> _State:
        known = self._known.get(ids)
        if known is None:
            known = self._known[ids] = self._new_state(ids)
        return known

    def _new_state(self, ids: tuple[int, ...]) -> _State:
        """Return the state after `ids`, computed from the state before the last token if known.

        A search requests many thousands of states, so phrases are not counted anew for each. A new
        token can change only the text after the last space; the counts stay if the last word of no
        phrase appears there or disappears.
        """
        before = self._known.get(ids[:-1]) if ids else None
        if before is None:
            word = self._spelling.text(ids)
            counts = self._counts(ids)
        else:
            word = before.word + self._spelling.surfaces[ids[-1]]
            counts = self._counts(ids) if self._matters(before.word, word) else before.counts
        return _State(counts, word[max(0, word.rfind(b" ")) :], self._progress(ids, counts))

    def _matters(self, before: bytes, after: bytes) -> bool:
        """Return whether the last token of any phrase appears in the text or disappears from it."""
        if (before, after) not in self._changes:
            old, new = (tokens(word.decode(errors="replace")) for word in (before, after))
            pairs = enumerate(zip(old, new, strict=False))
            same = next((position for position, (one, two) in pairs if one != two), len(old))
            changed = [*old[same:], *new[same:]]
            self._changes[before, after] = not self._last_tokens.isdisjoint(changed)
        return self._changes[before, after]

    def _counts(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        row = self._row(ids)
        return tuple(group.finder.count(row) for group in self._groups)

    def _row(self, ids: tuple[int, ...]) -> list[str]:
        return tokens(self._spelling.text(ids).decode(errors="replace"))

    def _progress(self, ids: tuple[int, ...], counts: Sequence[int]) -> Progress:
        missing = gained = 0
        continuing: dict[int, None] = {}
        starting: dict[int, None] = {}
        goes_on = bool(ids) and ids[-1] in self._tokens
        for (requirement, times, _), count in zip(self._groups, counts, strict=True):
            if count >= times:
                continue
            missing += (times - count) * requirement.cost
            for spelling in requirement.spellings:
                begun = _overlap(ids, spelling) if goes_on else 0
                # The last tokens can belong to one phrase only: count the one with least missing.
                gained = max(gained, requirement.cost - (len(spelling) - begun) if begun else 0)
                starting[spelling[0]] = None
                if begun:
                    continuing[spelling[begun]] = None
        return Progress(missing - gained, gained, tuple(continuing), tuple(starting))


def _group(requirement: Requirement, required: Iterable[Requirement]) -> _Group:
    finder = PhraseFinder(requirement.alternatives)
    times = sum(
        min(finder.count(tokens(phrase)) for phrase in other.alternatives) for other in required
    )
    return _Group(requirement, times, finder)


def _overlap(ids: tuple[int, ...], spelling: tuple[int, ...]) -> int:
    """Return the length of the longest proper prefix of `spelling` that `ids` ends with."""
    for count in range(min(len(ids), len(spelling) - 1), 0, -1):
        if ids[-count:] == spelling[:count]:
            return count
    return 0
