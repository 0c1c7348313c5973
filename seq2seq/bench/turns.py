"""Measurement of several forms in turns, A B C A B C ..., with the load from other processes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from seq2seq.bench.machine import OtherLoad, wait_until_quiet

log = logging.getLogger("seq2seq")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Rules:
    """Rules of the turns.

    Attributes:
        repeat: number of quiet turns that are wanted.
        most: largest number of turns, quiet or not.
        limit: number of cores that other processes may use in a quiet turn.
        patience: seconds to wait for a quiet machine before each turn.
    """

    repeat: int
    most: int
    limit: float = 0.2
    patience: float = 0.0


@dataclass(frozen=True)
class Turn(Generic[Result]):
    """One turn of all forms.

    Attributes:
        results: result of each form, by its name.
        others: largest number of cores that other processes used while a form ran; None if unknown.
        quiet: true if `others` is within the limit or unknown.
    """

    results: Mapping[str, Result]
    others: float | None
    quiet: bool


@dataclass(frozen=True)
class Taken(Generic[Result]):
    """Results of all turns.

    Attributes:
        first: results of a warm-up turn, in which graphs are traced and caches filled.
        turns: turns after it, in order.
    """

    first: Mapping[str, Result]
    turns: Sequence[Turn[Result]]

    @property
    def quiet(self) -> int:
        """Return the number of quiet turns."""
        return sum(turn.quiet for turn in self.turns)

    @property
    def counted(self) -> Sequence[Turn[Result]]:
        """Return the turns that count: the quiet ones, or all if none was quiet."""
        return [turn for turn in self.turns if turn.quiet] or self.turns

    def results(self, form: str) -> list[Result]:
        """Return the results of a form in the turns that count."""
        return [turn.results[form] for turn in self.counted]


def take_turns(
    forms: Mapping[str, Callable[[], Result]],
    *,
    rules: Rules,
    processes: Callable[[], Sequence[int]],
) -> Taken[Result]:
    """Run all forms once as a warm-up that does not count, then in turns.

    Args:
        forms: functions to call, by name.
        rules: number of turns, and definition of a quiet turn.
        processes: function that returns the ids of the measured processes, whose load does not
            count as that of other processes.
    """
    first = {}
    for name, run in forms.items():
        log.info("first turn: %s", name)
        first[name] = run()
    turns: list[Turn[Result]] = []
    while sum(turn.quiet for turn in turns) < rules.repeat and len(turns) < rules.most:
        wait_until_quiet(processes(), limit=rules.limit, patience=rules.patience)
        log.info("turn %d of %d", len(turns) + 1, max(rules.repeat, len(turns) + 1))
        turns.append(_turn(forms, rules, processes))
    return Taken(first, turns)


def _turn(
    forms: Mapping[str, Callable[[], Result]],
    rules: Rules,
    processes: Callable[[], Sequence[int]],
) -> Turn[Result]:
    results, loads = {}, []
    for name, run in forms.items():
        with OtherLoad(processes()) as load:
            results[name] = run()
        if load.cores is not None:
            loads.append(load.cores)
    others = max(loads, default=None)
    quiet = others is None or others <= rules.limit
    if not quiet:
        log.info("other processes used %.1f cores in this turn", others)
    return Turn(results, others, quiet)
