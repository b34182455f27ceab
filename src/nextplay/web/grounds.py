"""What a dashboard's page is made from: where none of it has changed, the page is the same."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from nextplay.intelligence.lifecycle_tiles import LifecycleDashboard
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.admin.definition_effect import Effect, definition_effects
from nextplay.operations.dashboards.behind_figure import Filter
from nextplay.operations.preferences import hidden_and_unavailable
from nextplay.operations.viewer import Role, Viewer
from nextplay.program.definition import Program
from nextplay.web.asked import View
from nextplay.web.here import installation
from nextplay.web.page_again import Same
from nextplay.web.settled import first_day, nobody_there

Found = TypeVar("Found", ExecutiveDashboard, LifecycleDashboard)


@dataclass(frozen=True)
class Grounds(Generic[Found]):
    """Everything that the page is made from."""

    found: Same[Found]
    program: Same[Program]
    role: Role
    asked: View
    today: date
    first_day: date | None
    notices: tuple[str, ...]
    effects: tuple[Effect, ...]
    hidden: frozenset[str]
    unavailable: frozenset[str]


def grounds_of(
    found: Found, viewer: Viewer, asked: View, narrowed: Filter, notices: tuple[str, ...], *, name: str, now: datetime
) -> Grounds[Found]:
    """Those of the dashboard called `name`, as `asked` shows it; `narrowed` is what other definitions would be tried on."""
    hidden, unavailable = hidden_and_unavailable(viewer, name)
    return Grounds(
        found=Same(found),
        program=Same(installation().program),
        role=viewer.role,
        asked=asked,
        today=now.date(),
        first_day=first_day(installation()),
        notices=(*notices, *nobody_there(asked, found.segments, found.tiers)),
        effects=definition_effects(installation(), viewer, narrowed, now=now),
        hidden=hidden,
        unavailable=unavailable,
    )
