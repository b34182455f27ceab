"""What a request stands on: the installation of this process, and the moment. Pages read the clock nowhere else."""

from datetime import UTC, date, datetime
from functools import cache

from django.conf import settings

from nextplay.home import open_home
from nextplay.operations.installation import Installation


@cache
def installation() -> Installation:
    """The installation that this process serves, opened once."""
    return Installation(open_home(settings.HOME))


def moment() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 pages are where time enters


def today() -> date:
    """The UTC day."""
    return moment().date()
