"""Show the Executive Dashboard, within what the viewer may see."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from nextplay.intelligence.executive import executive
from nextplay.intelligence.settled import Settled, kept_by_window
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.dashboards.dashboard_tallies import Asked, steady, tallies_of
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation
from nextplay.operations.remembered import Remembered
from nextplay.operations.viewer import Viewer, reach_of
from nextplay.values.period import utc_day

# What is thought of partners, and what sets them beside others.
FOR_THE_TEAM = ("strengths", "areas", "analyzed", "concentration", "benchmark", "direct", "facts_summary")
_ANSWERS: Remembered[ExecutiveDashboard] = Remembered(most=128)


def show_executive(  # noqa: PLR0913
    installation: Installation,
    viewer: Viewer,
    *,
    now: datetime,
    segment: str | None = None,
    tier: str | None = None,
    as_of: date | None = None,
    period_days: int | None = 90,
    active: str | None = None,
    sourced: str | None = None,
    summary: bool = False,
    settled: tuple[Settled, ...] = (),
) -> ExecutiveDashboard:
    """The dashboard of one filter, over `period_days` (None: all time) up to the end of a day.

    `summary` adds the figures behind the tiles, for those who check them; `settled` are the decisions that came to an end, as
    the ledger has them (`settled_decisions`). The partner role sees its own organisation, without strengths and areas. Raises
    UnknownDefinition.
    """
    program = installation.program
    reach = reach_of(viewer, program)
    terms = terms_of(program, active=active, sourced=sourced)
    day = as_of or installation.reference_day(utc_day(now))
    version = str(installation.warehouse.version())

    def answer() -> ExecutiveDashboard:
        tallies = tallies_of(installation, Asked(day, period_days, terms), reach, segment, tier, today=utc_day(now))
        until, holds = installation.span.last_happened, str(installation.warehouse.version())
        kept = kept_by_window(settled, tallies)
        return executive(
            tallies, period_days=period_days, data_until=until, facts_version=holds, summary=summary, decisions=kept
        )

    # The warehouse itself is part of the key: two homes can hold the same version of different facts.
    key = (installation.warehouse, version, program.version, reach, day, segment, tier, period_days, terms, summary, settled)
    return _ANSWERS.get(key, lambda: steady(installation, answer))


def as_json(dashboard: ExecutiveDashboard) -> dict[str, Any]:
    """Plain values only. What a viewer may not see is absent, not empty."""
    plain = asdict(dashboard) | {
        "as_of": dashboard.as_of.isoformat(),
        "data_until": dashboard.data_until.isoformat() if dashboard.data_until else None,
    }
    hidden = () if dashboard.analysis_shown else FOR_THE_TEAM
    return {name: value for name, value in plain.items() if name not in hidden}
