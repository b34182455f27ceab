"""Which day it is somewhere, and when that day begins and ends: time zones, with their changes to and from summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "UTC"


class UnknownZone(ValueError):
    """No time zone has that name."""


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as Europe/Berlin. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"{name!r} is no time zone. Write it as Europe/Berlin or America/New_York.") from error


def day_there(now: datetime, where: ZoneInfo) -> date:
    """The day it is in a zone at an instant; a naive one is UTC."""
    return _aware(now).astimezone(where).date()


def begins(day: date, where: ZoneInfo) -> datetime:
    """First instant of a day in a zone, in UTC. Where midnight is left out by the clocks, the day begins after the gap."""
    return at(day, time.min, where)


def ends(day: date, where: ZoneInfo) -> datetime:
    """First instant after a day in a zone, in UTC: a day may have 23 or 25 hours."""
    return begins(day + timedelta(days=1), where)


def at(day: date, clock: time, where: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of a zone show a time.

    A time that they show twice is the first of the two; one that they leave out is read by the clocks from before the
    change, which is as long after the gap as it lies inside it (PEP 495).
    """
    return datetime.combine(day, clock, tzinfo=where).astimezone(UTC)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _aware(now: datetime) -> datetime:
    return now if now.tzinfo else now.replace(tzinfo=UTC)
