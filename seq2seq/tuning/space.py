"""The space of a sweep, written in Hydra's own sweep grammar.

    model.units=128,256                                   a list
    model.units=choice(128,256)                           the same
    model.encoder_layers=range(1,4)                       1, 2, 3
    model.dropout=interval(0.1,0.4)                       any number between
    optimizer.learning_rate=tag(log,interval(1e-4,1e-2))  evenly in its logarithm
    batching.max_tokens=int(interval(500,4000))           whole numbers

`tag(grid, ...)` takes the values of a list in turn instead of at random.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seq2seq import validation
from seq2seq.errors import SettingsError
from seq2seq.overrides import parsed_override, value_in_grammar

# A list's values are texts as an override has them; an interval's are numbers.
Value = str | float | int
_TRUTH = {"True": "true", "False": "false"}  # Hydra writes them as Python does
_NEAR = (0.8, 1.25)  # what a perturbed number is multiplied by
_LONGEST_LIST = 10_000  # values of a list
_DRAWS = 100  # tries at a point that no trial had, before those that are left are looked through


@dataclass(frozen=True)
class Choice:
    """Some values of a key, as texts; `grid`: in turn, not at random."""

    values: tuple[str, ...]
    grid: bool = False

    def draw(self, random: np.random.Generator) -> Value:
        """One of them."""
        return self.values[int(random.integers(len(self.values)))]

    def all(self) -> Sequence[Value]:
        """Return every value."""
        return self.values

    def near(self, value: Value, random: np.random.Generator) -> Value:
        """A neighbour of `value`, to its left or right in the list."""
        place = self.values.index(str(value)) + int(random.choice((-1, 1)))
        return self.values[min(max(place, 0), len(self.values) - 1)]

    def __str__(self) -> str:
        return ", ".join(self.values)


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`; `log`: evenly in their logarithm; `whole`: integers."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def draw(self, random: np.random.Generator) -> Value:
        """One of them, to six digits."""
        low, high = float(self.low), float(self.high)
        if self.whole:  # each integer has a cell of its own, the ends' as wide as the others'
            low, high = low - 0.5, high + 0.5
        if self.log:
            drawn = math.exp(random.uniform(math.log(low), math.log(high)))
        else:
            drawn = random.uniform(low, high)
        return self._within(drawn)

    def all(self) -> Sequence[Value] | None:
        """Return every value; None where there is no end of them."""
        return range(int(self.low), int(self.high) + 1) if self.whole else None

    def near(self, value: Value, random: np.random.Generator) -> Value:
        """`value` somewhat smaller or larger, within the limits."""
        return self._within(float(value) * float(random.choice(_NEAR)))

    def _within(self, number: float) -> Value:
        number = round(number) if self.whole else float(f"{number:.6g}")
        number = min(max(number, self.low), self.high)
        return int(number) if self.whole else number

    def __str__(self) -> str:
        kind = "whole numbers" if self.whole else "numbers"
        scale = ", evenly in their logarithm" if self.log else ""
        return f"{kind} from {self.low:g} to {self.high:g}{scale}"


Dimension = Choice | Interval


@dataclass(frozen=True)
class Space:
    """What each key of a sweep may be."""

    dimensions: Mapping[str, Dimension] = field(default_factory=dict)

    def grid_size(self, *, whole: bool) -> int:
        """Points of the grid of all keys (`whole`), or of those tagged `grid`."""
        return math.prod(len(one.values) for one in self._gridded(whole=whole).values())

    def point(self, number: int, *, seed: int, whole: bool = False) -> dict[str, Value]:
        """The values of the trial `number`: a function of the seed and the number alone.

        Keys tagged `grid` (with `whole`, all) go through their combinations in turn; others are
        drawn at random.
        """
        random = np.random.default_rng([seed, number])
        return self._drawn(self._fixed(number, whole=whole), random)

    def points(self, count: int, *, seed: int, whole: bool = False) -> list[dict[str, Value]]:
        """Return the values of the first trials, no two equal; fewer where the space has no more.

        The first ones do not depend on `count`. See `point` for `seed` and `whole`.
        """
        if whole:
            keys = list(self.dimensions)
            every = itertools.product(*(one.all() or () for one in self.dimensions.values()))
            return [dict(zip(keys, one, strict=True)) for one in itertools.islice(every, count)]
        found: dict[tuple[Value, ...], dict[str, Value]] = {}
        for number in range(count):
            point = self._unseen(number, found, seed=seed)
            if point is None:
                break
            found[tuple(point.values())] = point
        return list(found.values())

    def size(self) -> float:
        """Return the number of points; infinite with an interval of real numbers."""
        sides = [one.all() for one in self.dimensions.values()]
        return math.prod(math.inf if side is None else len(side) for side in sides)

    def infinite(self) -> list[str]:
        """Keys with more values than can be listed."""
        return [key for key, one in self.dimensions.items() if isinstance(one, Interval)]

    def _unseen(
        self, number: int, seen: Container[tuple[Value, ...]], *, seed: int
    ) -> dict[str, Value] | None:
        """Return a point of the trial `number` that no trial had; None where there is none."""
        random = np.random.default_rng([seed, number])
        fixed = self._fixed(number, whole=False)
        for _ in range(_DRAWS):
            point = self._drawn(fixed, random)
            if tuple(point.values()) not in seen:
                return point
        every = {key: one.all() for key, one in self.dimensions.items()}
        every |= {key: [value] for key, value in fixed.items()}
        rest = itertools.product(*(values or () for values in every.values()))
        left = next((values for values in rest if values not in seen), None)
        return None if left is None else dict(zip(self.dimensions, left, strict=True))

    def _fixed(self, number: int, *, whole: bool) -> dict[str, Value]:
        """Return the values of the keys that are taken in turn."""
        gridded = self._gridded(whole=whole)
        combinations = itertools.product(*(one.values for one in gridded.values()))
        turn = number % self.grid_size(whole=whole)
        return dict(zip(gridded, next(itertools.islice(combinations, turn, None)), strict=True))

    def _drawn(self, fixed: Mapping[str, Value], random: np.random.Generator) -> dict[str, Value]:
        return {
            key: fixed[key] if key in fixed else dimension.draw(random)
            for key, dimension in self.dimensions.items()
        }

    def _gridded(self, *, whole: bool) -> dict[str, Choice]:
        return {
            key: one
            for key, one in self.dimensions.items()
            if isinstance(one, Choice) and (whole or one.grid)
        }


def is_sweep(override: str) -> bool:
    """Whether an override of the command line gives a key several values.

    Raises:
        SettingsError: it cannot be read.
    """
    return parsed_override(override).is_sweep_override()


def parse_dimension(text: str) -> tuple[str, Dimension]:
    """The key and what it may be, of an override such as `model.units=choice(128,256)`.

    Raises:
        SettingsError: it is no sweep of ours, in one sentence that says what would be.
    """
    from hydra.core.override_parser.types import (
        ChoiceSweep,
        IntervalSweep,
        RangeSweep,
        ValueType,
    )

    override = parsed_override(text)
    key = _swept_key(override)
    if override.value_type == ValueType.GLOB_CHOICE_SWEEP:
        raise SettingsError(f"{key} received glob(...); list the values: {key}=choice(A,B).")
    sweep = override.value()
    if not isinstance(sweep, ChoiceSweep | IntervalSweep | RangeSweep):
        raise SettingsError(
            f"tune.space received one value for {key}, {validation.show(sweep)}; give several, "
            f"such as choice(A,B) or interval(LOW,HIGH), or set {override.input_line} beside the "
            "space."
        )
    _check_tags(key, sweep)
    if isinstance(sweep, IntervalSweep):
        return key, _interval(key, sweep)
    if sweep.shuffle:
        raise SettingsError(
            f"{key} received shuffle(...); leave it out, search=random draws in random order."
        )
    if isinstance(sweep, RangeSweep):
        count = (float(sweep.stop or 0.0) - float(sweep.start or 0.0)) / float(sweep.step or 1.0)
        if count > _LONGEST_LIST:
            raise SettingsError(
                f"{key} received a range of {count:,.0f} values; at most {_LONGEST_LIST:,} are "
                "listed: write interval(LOW,HIGH) or int(interval(LOW,HIGH)) for more."
            )
    texts = [_TRUTH.get(one, one) for one in override.sweep_string_iterator()]
    return key, _choice(key, texts, grid="grid" in sweep.tags)


def parse_space(written: Mapping[str, Any]) -> dict[str, Dimension]:
    """The `space` of a recipe: each key's sweep as text, or its values as a list.

    Raises:
        SettingsError: an entry is neither, or cannot be read.
    """
    space: dict[str, Dimension] = {}
    for key, value in written.items():
        if isinstance(value, list):
            name = _swept_key(parsed_override(f"{key}=null"))
            space[name] = _choice(name, [value_in_grammar(one) for one in value])
        else:
            text = value if isinstance(value, str) else value_in_grammar(value)
            name, dimension = parse_dimension(f"{key}={text}")
            space[name] = dimension
    return space


def _swept_key(override: Any) -> str:
    """Return the key of an override that may belong to a space.

    Raises:
        SettingsError: it adds or removes a key.
    """
    from hydra.core.override_parser.types import OverrideType

    if override.type != OverrideType.CHANGE or override.package is not None:
        raise SettingsError(f"{override.input_line!r} is no key of a sweep; write KEY=choice(A,B).")
    return str(override.key_or_group)


def _choice(key: str, texts: Sequence[str], *, grid: bool = False) -> Choice:
    """Return the different values among some; 0.1 and 1e-1 are one, and so are a and "a".

    Raises:
        SettingsError: there is none.
    """
    different: dict[str, str] = {}
    for text in texts:
        different.setdefault(repr(_comparable(parsed_value(text))), text)
    if not different:
        raise SettingsError(f"{key} received a sweep without values; give at least one.")
    return Choice(tuple(different.values()), grid=grid)


def parsed_value(text: str) -> Any:
    """Return the value that a text of a list is: null, a truth, a number, a text or several.

    Raises:
        SettingsError: it is none.
    """
    return parsed_override(f"value={text}").value()


def _comparable(value: Any) -> Any:
    """Return a value that is equal for settings that are equal: 1 and 1.0, not 1 and true."""
    if isinstance(value, list):
        return [_comparable(one) for one in value]
    if isinstance(value, dict):
        return {key: _comparable(one) for key, one in value.items()}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value + 0.0 if number else value


def _check_tags(key: str, sweep: Any) -> None:
    allowed = {"log", "int"} if hasattr(sweep, "end") else {"grid"}
    wrong = sorted(str(tag) for tag in sweep.tags - allowed)
    if wrong:
        kind = "an interval" if hasattr(sweep, "end") else "a list or range"
        raise SettingsError(
            f"{key} received the tag {wrong[0]}; {kind} may have {', '.join(sorted(allowed))}."
        )


def _interval(key: str, sweep: Any) -> Interval:
    low, high = float(sweep.start), float(sweep.end)
    whole = "int" in sweep.tags or isinstance(sweep.start, int)
    log = "log" in sweep.tags
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise SettingsError(
            f"{key} received interval({low:g},{high:g}); the first number must be the smaller."
        )
    if whole and not (low.is_integer() and high.is_integer()):
        raise SettingsError(
            f"{key} received interval({low:g},{high:g}); with int both must be whole numbers."
        )
    if log and (low <= 0.0 or (whole and low < 1)):
        raise SettingsError(
            f"{key} received tag(log,interval({low:g},{high:g})); with log both must be above 0."
        )
    return Interval(low, high, log=log, whole=whole)
