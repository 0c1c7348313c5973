"""Times of the rows of a table: numbers, dates, times of day, or names that contain numbers.

Only their order matters, and it is never alphabetical: 8:30 is before 10:00, and 30/1/2024 before
1/2/2024.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from seq2seq.data.sequences.cleaning import number_of

_CLOCK = r"(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?\s*([ap])?\.?(?:m\.?)?"
_TAIL = rf"(?:[T,\s]+{_CLOCK})?"
_TIME_OF_DAY = re.compile(_CLOCK, re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TAIL}", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d\d){_TAIL}", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+(?:\.\d+)?)")
_PIVOT = 69  # two-digit years below it are of this century, as in POSIX


class Time(NamedTuple):
    """A time as a table writes it, and its sort keys.

    Attributes:
        text: cell of the table.
        kind: kind of time; only times of one kind can be compared.
        keys: sort keys, one for each possible order of day and month in dates.
    """

    text: str
    kind: Any
    keys: tuple[Any, ...]


class TimeOrder:
    """Order of the times of one table, whose dates are all day first or all month first."""

    def __init__(self, *, decimal_comma: bool) -> None:
        """Create the order; `decimal_comma` allows 0,5 as a number."""
        self._decimal_comma = decimal_comma
        self._readings = {0, 1}  # readings of dates such as 1/2/2024: day first, month first

    def time(self, cell: str) -> Time:
        """Return the time in a cell.

        Raises:
            ValueError: it holds no time, or a date in another order than the dates before it.
        """
        text = cell.strip()
        number = self._number(text)
        if number is not None:
            return Time(text, "number", (number, number))
        for read in (_iso, _time_of_day, _year_first):
            found = read(text)
            if found is not None:
                return Time(text, found[0], (found[1], found[1]))
        match = _YEAR_LAST.fullmatch(text)
        if match is not None:
            return Time(text, "date", self._year_last(text, *match.groups()))
        parts = _NUMBERS.split(text)
        if len(parts) == 1:
            raise ValueError(
                f"time {text[:40]!r} is no number, date or time of day; write numbers, or dates "
                "such as 2024-01-30"
            )
        key = tuple(map(float, parts[1::2]))
        return Time(text, tuple(parts[::2]), (key, key))

    def first_unordered(self, times: Sequence[Time]) -> int | None:
        """Return the index of the first time that does not come after the one before it, or None.

        Raises:
            ValueError: two of them cannot be compared.
        """
        for last, time in pairwise(times):
            if last.kind != time.kind:
                raise ValueError(
                    f"time {time.text[:40]!r} cannot be compared with {last.text[:40]!r}; write "
                    "numbers, or dates such as 2024-01-30"
                )
        unordered: list[int] = []
        for reading in sorted(self._readings):
            keys = [time.keys[reading] for time in times]
            wrong = (
                position
                for position in range(1, len(keys))
                if not keys[position] > keys[position - 1]
            )
            unordered.append(next(wrong, len(keys)))
        return None if max(unordered) == len(times) else max(unordered)

    def _number(self, text: str) -> float | None:
        if self._decimal_comma and text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        try:
            number = number_of(text)
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def _year_last(
        self, text: str, first: str, second: str, year: str, *clock: str
    ) -> tuple[Any, ...]:
        """Return the two keys of a date such as 30/1/2024.

        A date that only one of the two orders allows decides the order of all dates.
        """
        days = int(first), int(second)
        full = int(year) + (0 if len(year) > 2 else 2000 if int(year) < _PIVOT else 1900)
        possible = {reading for reading in (0, 1) if days[1 - reading] <= 12}
        if not self._readings & possible:
            raise ValueError(
                f"date {text[:40]!r} and earlier ones cannot all be day first or all month first; "
                "write dates such as 2024-01-30"
            )
        self._readings &= possible
        seconds = _seconds(*clock)
        return (full, days[1], days[0], seconds), (full, days[0], days[1], seconds)


def _iso(text: str) -> tuple[str, Any] | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.tzinfo is not None:
        return "time with a zone", time.astimezone(UTC)
    seconds = time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6
    return "date", (time.year, time.month, time.day, seconds)


def _time_of_day(text: str) -> tuple[str, Any] | None:
    match = _TIME_OF_DAY.fullmatch(text)
    return None if match is None else ("time of day", _seconds(*match.groups()))


def _year_first(text: str) -> tuple[str, Any] | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return None
    year, month, day, *clock = match.groups()
    return "date", (int(year), int(month), int(day), _seconds(*clock))


def _seconds(
    hours: str | None, minutes: str | None, seconds: str | None, half: str | None
) -> float:
    """Return the seconds of a time of day; `half` is the first letter of am or pm."""
    if hours is None or minutes is None:
        return 0.0
    hour = int(hours)
    if half is not None:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return hour * 3600 + int(minutes) * 60 + float((seconds or "0").replace(",", "."))
