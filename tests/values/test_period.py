"""Months and days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.values.period import Month, end_of, naive_utc, start_of, utc_day, working_day


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_month_holds_each_of_its_days_and_no_other(day: date) -> None:
    month = Month.of(day)
    assert month.first <= day <= month.last
    assert Month.of(month.last + timedelta(days=1)) == month.next
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("text", ["2026", "2026-13", "March", "2026-3-1", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time data|unconverted"):
        Month.parse(text)


def test_the_last_instant_of_a_day_belongs_to_it_and_the_next_does_not() -> None:
    day = date(2024, 2, 29)
    assert start_of(day) < datetime(2024, 2, 29, 23, 59, 59, 999999) < end_of(day)
    assert end_of(day) == datetime(2024, 3, 1)


def test_an_evening_west_of_greenwich_is_the_next_utc_day() -> None:
    evening = datetime(2026, 3, 1, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert utc_day(evening) == date(2026, 3, 2)
    assert naive_utc(evening) == datetime(2026, 3, 2, 3)
    assert naive_utc(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2026, 3, 1)


@given(day=st.dates(max_value=date(9999, 12, 1)))
def test_a_working_day_is_never_on_a_weekend_nor_before_nor_more_than_two_days_later(day: date) -> None:
    moved = working_day(day)
    assert moved.isoweekday() <= 5
    assert 0 <= (moved - day).days <= 2
    assert moved == day or day.isoweekday() >= 6
