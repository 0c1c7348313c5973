"""Search space of a sweep, written in Hydra's own sweep grammar.

    model.units=128,256                                   a list
    model.units=choice(128,256)                           the same
    model.encoder_layers=range(1,4)                       1, 2, 3
    model.dropout=interval(0.1,0.4)                       any number between, uniform
    optimizer.learning_rate=tag(log,interval(1e-4,1e-2))  log-uniform
    batching.max_tokens=int(interval(500,4000))           integers

`tag(grid, ...)` takes the values of a list in order instead of at random.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seq2seq.config import parsing
from seq2seq.config.overrides import parsed_override, value_in_grammar
from seq2seq.errors import SettingsError

# Values of a list are texts, as in an override; values of an interval are numbers.
Value = str | float | int
_TRUTH = {"True": "true", "False": "false"}  # Hydra writes booleans as Python does
_NEAR = (0.8, 1.25)  # factors of a perturbed number
_LONGEST_LIST = 10_000  # maximum number of values of a list
_DRAWS = 100  # random draws of a new point before the remaining points are searched


@dataclass(frozen=True)
class Choice:
    """List of values of a key, as texts; with `grid`, taken in order instead of at random."""

    values: tuple[str, ...]
    grid: bool = False

    def draw(self, random: np.random.Generator) -> Value:
        """Return a random value."""
        return self.values[int(random.integers(len(self.values)))]

    def all(self) -> Sequence[Value]:
        """Return all values."""
        return self.values

    def near(self, value: Value, random: np.random.Generator) -> Value:
        """Return a neighbour of `value` in the list, to its left or right."""
        position = self.values.index(str(value)) + int(random.choice((-1, 1)))
        return self.values[min(max(position, 0), len(self.values) - 1)]

    def __str__(self) -> str:
        return ", ".join(self.values)


@dataclass(frozen=True)
class Interval:
    """Numbers from `low` to `high`; with `log` log-uniform, with `whole` integers only."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def draw(self, random: np.random.Generator) -> Value:
        """Return a random number, rounded to six digits."""
        low, high = float(self.low), float(self.high)
        if self.whole:  # each integer has a cell of width 1, also those at the ends
            low, high = low - 0.5, high + 0.5
        if self.log:
            drawn = math.exp(random.uniform(math.log(low), math.log(high)))
        else:
            drawn = random.uniform(low, high)
        return self._within(drawn)

    def all(self) -> Sequence[Value] | None:
        """Return all values; None if there are infinitely many."""
        return range(int(self.low), int(self.high) + 1) if self.whole else None

    def near(self, value: Value, random: np.random.Generator) -> Value:
        """Return a number somewhat smaller or larger than `value`, within the limits."""
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
    """Search space of a sweep: the possible values of each key."""

    dimensions: Mapping[str, Dimension] = field(default_factory=dict)

    def grid_size(self, *, whole: bool) -> int:
        """Return the number of grid points over keys tagged `grid`, or over all lists (`whole`)."""
        return math.prod(len(one.values) for one in self._gridded(whole=whole).values())

    def point(self, number: int, *, seed: int, whole: bool = False) -> dict[str, Value]:
        """Return the values of the trial `number`; only the seed and the number determine them.

        Keys tagged `grid` (with `whole`, all keys) take their combinations in order; others are
        drawn at random.
        """
        random = np.random.default_rng([seed, number])
        return self._drawn(self._fixed(number, whole=whole), random)

    def points(self, count: int, *, seed: int, whole: bool = False) -> list[dict[str, Value]]:
        """Return the values of the first `count` trials, all different; fewer in a smaller space.

        A larger `count` only appends values. See `point` for `seed` and `whole`.
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

    def intervals(self) -> list[str]:
        """Return the keys with an interval instead of a list of values."""
        return [key for key, one in self.dimensions.items() if isinstance(one, Interval)]

    def _unseen(
        self, number: int, seen: Container[tuple[Value, ...]], *, seed: int
    ) -> dict[str, Value] | None:
        """Return a point of the trial `number` that is not in `seen`; None if there is none."""
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
        """Return the values of the grid keys in the trial `number`."""
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
    """Return whether an override of the command line gives a key several values.

    Raises:
        SettingsError: the override cannot be parsed.
    """
    return parsed_override(override).is_sweep_override()


def parse_dimension(text: str) -> tuple[str, Dimension]:
    """Return the key and the dimension of an override such as `model.units=choice(128,256)`.

    Raises:
        SettingsError: the override is not a supported sweep.
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
            f"tune.space received one value for {key}, {parsing.show(sweep)}; give several, "
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
    """Return the dimensions of the `space` of a recipe.

    Each entry of `written` is a sweep as text, or a list of values.

    Raises:
        SettingsError: an entry is neither, or cannot be parsed.
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
        SettingsError: the override adds or removes a key.
    """
    from hydra.core.override_parser.types import OverrideType

    if override.type != OverrideType.CHANGE or override.package is not None:
        raise SettingsError(f"{override.input_line!r} is no key of a sweep; write KEY=choice(A,B).")
    return str(override.key_or_group)


def _choice(key: str, texts: Sequence[str], *, grid: bool = False) -> Choice:
    """Return a choice of the different values; 0.1 and 1e-1 are equal, and so are a and "a".

    Raises:
        SettingsError: there are no values.
    """
    different: dict[str, str] = {}
    for text in texts:
        different.setdefault(repr(_comparable(parsed_value(text))), text)
    if not different:
        raise SettingsError(f"{key} received a sweep without values; give at least one.")
    return Choice(tuple(different.values()), grid=grid)


def parsed_value(text: str) -> Any:
    """Return the value of a list entry: null, a boolean, a number, a text or several values.

    Raises:
        SettingsError: the text is not a valid value.
    """
    return parsed_override(f"value={text}").value()


def _comparable(value: Any) -> Any:
    """Return a value that is equal for equal settings: 1 equals 1.0, but not true."""
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
