"""Days in time zones: month ends, and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.values.clock import UnknownZone, at, begins, day_there, ends, monday_of, zone

NEW_YORK, BERLIN, TOKYO, SANTIAGO = map(zone, ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "America/Santiago"))


def test_at_the_end_of_a_month_it_is_two_months_at_once() -> None:
    moment = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert (day_there(moment, NEW_YORK), day_there(moment, BERLIN)) == (date(2026, 11, 30), date(2026, 12, 1))


def test_a_moment_without_a_zone_is_utc() -> None:
    assert day_there(datetime(2026, 12, 31, 16), TOKYO) == date(2027, 1, 1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 1), 24)])
def test_a_day_has_the_hours_its_clocks_give_it(day: date, hours: int) -> None:
    assert ends(day, BERLIN) - begins(day, BERLIN) == timedelta(hours=hours)


def test_a_time_that_clocks_leave_out_is_after_the_gap() -> None:
    assert at(date(2026, 3, 8), time(2, 30), NEW_YORK).astimezone(NEW_YORK).time() == time(3, 30)


def test_a_time_that_clocks_show_twice_is_the_first() -> None:
    assert at(date(2026, 11, 1), time(1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_day_whose_midnight_is_left_out_begins_after_the_gap() -> None:
    assert day_there(begins(date(2026, 9, 6), SANTIAGO), SANTIAGO) == date(2026, 9, 6)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_every_instant_lies_in_the_day_it_is_there(moment: datetime, name: str) -> None:
    where, instant = zone(name), moment.replace(tzinfo=UTC)
    day = day_there(instant, where)
    assert begins(day, where) <= instant < ends(day, where)


def test_a_week_begins_on_monday() -> None:
    assert (monday_of(date(2026, 11, 1)), monday_of(date(2026, 11, 2))) == (date(2026, 10, 26), date(2026, 11, 2))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime"])
def test_an_unknown_zone_is_told(name: str) -> None:
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        zone(name)
