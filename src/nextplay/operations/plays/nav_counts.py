"""How much waits for somebody behind the menu's entries: decisions in the list, and steps of this week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from nextplay.ledger import play_queries, queries
from nextplay.operations.installation import Installation
from nextplay.operations.plays.show_week import DAYS
from nextplay.operations.program_day import program_day
from nextplay.operations.record.cycles import latest_month
from nextplay.operations.viewer import DECIDERS, Role, Viewer
from nextplay.values.clock import monday_of


@dataclass(frozen=True)
class NavCounts:
    """`decisions`: proposed in the newest list, to a manager the own ones; `steps`: own, late or due by the end of the week."""

    decisions: int = 0
    steps: int = 0


def nav_counts(installation: Installation, viewer: Viewer, *, now: datetime) -> NavCounts:
    """Two counts of the ledger, whatever it holds; nothing for whoever decides nothing."""
    if viewer.role not in DECIDERS:
        return NavCounts()
    month = latest_month(installation.home)
    sunday = monday_of(program_day(installation, now)) + timedelta(days=DAYS - 1)
    return NavCounts(
        decisions=queries.proposed(month, None if viewer.role is Role.ADMIN else viewer.email) if month else 0,
        steps=play_queries.steps_due(viewer.email, sunday),
    )
