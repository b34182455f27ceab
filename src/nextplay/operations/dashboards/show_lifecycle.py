"""Show the Partner Lifecycle, to those who run the program."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from nextplay.intelligence.lifecycle import lifecycle
from nextplay.intelligence.lifecycle_tiles import LifecycleDashboard
from nextplay.operations.dashboards.dashboard_tallies import Asked, steady, tallies_of
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation
from nextplay.operations.remembered import Remembered
from nextplay.operations.viewer import TEAM, Viewer, reach_of, require
from nextplay.values.period import utc_day

_ANSWERS: Remembered[LifecycleDashboard] = Remembered(most=128)


def show_lifecycle(
    installation: Installation,
    viewer: Viewer,
    *,
    now: datetime,
    segment: str | None = None,
    tier: str | None = None,
    as_of: date | None = None,
    active: str | None = None,
) -> LifecycleDashboard:
    """The view of one filter, up to the end of a day.

    Raises NotForThisViewer for the partner role, UnknownDefinition.
    """
    require(viewer, *TEAM)
    program = installation.program
    reach = reach_of(viewer, program)
    terms = terms_of(program, active=active)
    day = as_of or installation.reference_day(utc_day(now))
    version = str(installation.warehouse.version())

    def answer() -> LifecycleDashboard:
        tallies = tallies_of(installation, Asked(day, None, terms), reach, segment, tier, today=utc_day(now))
        holds = str(installation.warehouse.version())
        return lifecycle(tallies, data_until=installation.span.last_happened, facts_version=holds)

    key = (installation.warehouse, version, program.version, reach, day, segment, tier, terms)
    return _ANSWERS.get(key, lambda: steady(installation, answer))


def as_json(dashboard: LifecycleDashboard) -> dict[str, Any]:
    """Plain values only."""
    return asdict(dashboard) | {
        "as_of": dashboard.as_of.isoformat(),
        "data_until": dashboard.data_until.isoformat() if dashboard.data_until else None,
    }
