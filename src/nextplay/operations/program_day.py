"""Which day it is for the program: in its own time zone, by `time_zone` of settings.toml."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from nextplay.operations.installation import Installation
from nextplay.values.clock import DEFAULT_ZONE, day_there, zone
from nextplay.values.period import utc_day


def program_zone(installation: Installation) -> ZoneInfo:
    """The program's time zone. Raises UnknownZone where the settings name none."""
    return zone(installation.home.held.get("time_zone") or DEFAULT_ZONE)


def program_day(installation: Installation, now: datetime) -> date:
    """The program's day at an instant."""
    return day_there(now, program_zone(installation))


def days_of(installation: Installation, now: datetime) -> tuple[date, date]:
    """The earlier and the later of the program's day and the UTC day, which is that of events in the facts.

    What ends with a day is over when it is over by both; what is known by now was learned on the later one at most.
    """
    there, here = program_day(installation, now), utc_day(now)
    return min(there, here), max(there, here)
