"""What a request stands on: the installation of this process, and the moment. Pages read the clock nowhere else."""

from datetime import UTC, date, datetime

from nextplay.operations.admin.first_run import holds_partners
from nextplay.operations.background.worker import serving_installation
from nextplay.operations.installation import Installation


def installation() -> Installation:
    """The installation that this process serves."""
    return serving_installation()


def moment() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 pages are where time enters


def today() -> date:
    """The UTC day."""
    return moment().date()


def has_facts() -> bool:
    """Whether there are partners."""
    return holds_partners(installation())
