"""My week as one person has it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nextplay.ledger import ad_hoc, play_queries, queries
from nextplay.ledger.ad_hoc import OwnMonth
from nextplay.ledger.records import StepRecord
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.plays.show_team_week import show_team_week
from nextplay.operations.plays.show_week import DAYS, show_week
from nextplay.operations.viewer import OPERATOR
from tests.stories import load, partner

pytestmark = pytest.mark.django_db


def test_only_proposals_of_the_list_in_force_wait(installation: Installation) -> None:
    rows = [partner(f"p{place}", enabled_at=datetime(2026, 2, 27)) for place in range(6)]
    load(installation.warehouse, "partners", *rows)
    now = datetime(2026, 4, 10, 8, tzinfo=UTC)
    for day in (date(2026, 3, 31), now.date()):
        decide(installation, now=now, actor="tests", as_of=day)
    assert queries.decisions(cycle="2026-03", status="proposed")
    week = show_week(installation, OPERATOR, owner="ana@program.example", now=now)
    assert {one.decision_id for one in week.waiting} == {one.decision_id for one in queries.decisions(cycle="2026-04")}


def test_what_is_due_next_week_is_told_this_week_and_prepared_for(installation: Installation) -> None:
    load(installation.warehouse, "partners", *(partner(f"p{place}", enabled_at=datetime(2026, 2, 27)) for place in range(6)))
    now = datetime(2026, 4, 10, 8, tzinfo=UTC)
    decide(installation, now=now, actor="tests", as_of=now.date(), commit=True)
    week = show_week(installation, OPERATOR, owner="ana@program.example", now=now)
    until = week.monday + timedelta(days=2 * DAYS)
    due = {_named(one) for one in play_queries.steps(owner=week.owner, state="open") if one.due < until}
    told = [_named(one.step) for one in (*week.late, *(one for _, steps in week.days for one in steps), *week.ahead)]
    assert week.ahead
    assert sorted(told) == sorted(due)
    assert week.session is not None
    later = show_week(installation, OPERATOR, owner=week.owner, week_of=week.monday + timedelta(days=DAYS), now=now)
    assert later.ahead == ()
    assert {_named(one.step) for _, steps in later.days for one in steps} == {_named(one.step) for one in week.ahead}


def _named(step: StepRecord) -> tuple[str, int]:
    return step.decision_id, step.number


def test_the_teams_week_is_of_the_month_on_the_list_whatever_was_decided_beside_it(installation: Installation) -> None:
    load(installation.warehouse, "partners", partner("p1", enabled_at=datetime(2026, 2, 27)))
    now = datetime(2026, 4, 1, 8, tzinfo=UTC)
    decide(installation, now=now, actor="tests", as_of=date(2026, 3, 31))
    ad_hoc.open_month(OwnMonth("2026-04", now.date(), "1", "abc", "USD"), actor="tests", now=now)
    assert show_team_week(installation, OPERATOR, now=now).month == "2026-03"
