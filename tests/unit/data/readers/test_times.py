"""Times are ordered by what they mean, never by their letters."""

from __future__ import annotations

import pytest

from seq2seq.data.readers.times import TimeOrder


def first_unordered(*cells: str, decimal_comma: bool = False) -> int | None:
    order = TimeOrder(decimal_comma=decimal_comma)
    return order.first_unordered([order.time(cell) for cell in cells])


@pytest.mark.parametrize(
    "cells",
    [
        ("9", "10", "1e2", "100.5"),
        ("-3", "-2.5", "0"),
        ("8:30", "9:30", "10:00", "10:00:00.5", "23:59:59"),
        ("8:30 am", "11:00 AM", "12:15 p.m.", "1:00 pm"),
        ("30/1/2024", "1/2/2024", "1/3/2024"),
        ("1/30/2024", "2/1/2024", "10/1/2024"),
        ("30.1.2024 23:30", "31.1.2024 8:30", "1.2.2024 7:00"),
        ("31-12-99", "01-01-00"),
        ("2024-01-30", "2024-02-01"),
        ("2024-1-9", "2024-1-10", "2024-01-10 08:30", "2024-01-10T09:30:00"),
        ("2024/1/9", "2024/1/10 8:30", "2024/1/10 10:00"),
        ("2024-01-30T23:00:00Z", "2024-01-31T00:30:00+01:00", "2024-01-31T00:00:00Z"),
        ("t1", "t2", "t10"),
        ("day 1, 8h", "day 1, 10h", "day 2, 1h"),
    ],
)
def test_times_in_their_order(cells: tuple[str, ...]) -> None:
    assert first_unordered(*cells) is None
    for place in range(1, len(cells)):
        swapped = [*cells[: place - 1], cells[place], cells[place - 1]]
        assert first_unordered(*swapped) == place, swapped


@pytest.mark.parametrize("cells", [("5", "5"), ("8:30", "08:30"), ("1/2/2024", "1/2/2024")])
def test_equal_times_are_not_in_order(cells: tuple[str, ...]) -> None:
    assert first_unordered(*cells) == 1


def test_a_date_that_allows_one_reading_decides_for_the_table() -> None:
    order = TimeOrder(decimal_comma=False)
    either = [order.time("1/2/2024"), order.time("12/1/2024")]
    assert order.first_unordered(either) is None  # the first of February is after, the second too
    order.time("30/1/2024")
    assert order.first_unordered(either) == 1  # day first: 12 January is before 1 February
    with pytest.raises(ValueError, match="all be day first or all month first"):
        order.time("1/30/2024")


@pytest.mark.parametrize("cell", ["", "nan", "inf", "noon", "?"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="is no number, date or time of day; write numbers"):
        TimeOrder(decimal_comma=False).time(cell)


@pytest.mark.parametrize("cells", [("1", "8:30"), ("30 Jan 2024", "1 Feb 2024"), ("a1", "b2")])
def test_times_of_two_kinds_are_not_compared(cells: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be compared with"):
        first_unordered(*cells)


def test_a_decimal_comma_is_read_where_it_may_be() -> None:
    assert first_unordered("9,5", "10,25", decimal_comma=True) is None
    assert first_unordered("10,25", "9,5", decimal_comma=True) == 1
