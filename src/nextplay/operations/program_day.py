"""Which day it is for the program: in its own time zone, by `time_zone` of settings.toml."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from nextplay.operations.installation import Installation
from nextplay.values.clock import DEFAULT_ZONE, day_there, zone


def program_zone(installation: Installation) -> ZoneInfo:
    """The program's time zone. Raises UnknownZone where the settings name none."""
    return zone(installation.home.held.get("time_zone") or DEFAULT_ZONE)


def program_day(installation: Installation, now: datetime) -> date:
    """The program's day at an instant."""
    return day_there(now, program_zone(installation))
