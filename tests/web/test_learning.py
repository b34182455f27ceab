"""Outcomes and learning: plays and people by what they are called."""

from datetime import timedelta

from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import close_outcomes
from nextplay.operations.wall_clock import wall_clock
from tests.web.conftest import SignedIn


def test_decisions_that_came_due_call_plays_and_owners_by_name(served: Installation, signed_in: SignedIn) -> None:
    admin, now = signed_in("admin"), wall_clock()
    assert "None in 90 days" in admin.get("/learning").content.decode()
    cycle = decide(served, now=now, actor="tests", as_of=now.date() - timedelta(days=100), commit=True)
    close_outcomes(served, now=now)
    page = admin.get("/learning").content.decode()
    came_due = page[page.index('id="h-log"') :]
    assert f"of {len(cycle.focus)} reached their outcome in 90 days" in came_due
    plays = {play.name: play.label for play in served.program.plays}
    owners = {one.email: one.name for one in served.program.capacity.managers}
    assert all(owners.values())
    assert any(f">{plays[one.play]}<" in came_due and f">{owners[one.owner]}<" in came_due for one in cycle.focus)
    assert not any(f">{one.owner}<" in came_due for one in cycle.focus)
