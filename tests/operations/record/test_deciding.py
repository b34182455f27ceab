"""Who may decide, and what every role is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from nextplay.ledger import actions, journal, queries
from nextplay.ledger.actions import AlreadyDecided
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.deciding.reassign_decision import reassign_decision
from nextplay.operations.deciding.snooze_decision import NotADayToSnoozeTo, snooze_decision
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import NotEnoughHours, ReasonNeeded, UnknownOwner, free_hours, those_that_fit
from nextplay.operations.viewer import NotForThisViewer, Viewer
from tests.ledger.conftest import make_cycle, make_decision
from tests.stories import load, partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def proposed(installation: Installation, now: datetime) -> None:
    """d1 is Ana's; d2 is Eve's and takes all but two of her 24 hours; d3 is another of Eve's."""
    eve = "eve@program.example"
    load(installation.warehouse, "partners", partner("p1"), partner("p2", manager_email=eve), partner("p3", manager_email=eve))
    decisions = (make_decision("d1"), make_decision("d2", "p2", eve, 22), make_decision("d3", "p3", eve, 6))
    actions.record_cycle(make_cycle(*decisions), actor="system", now=now)


Verb = Callable[[Installation, Viewer, str, datetime], object]
VERBS: dict[str, Verb] = {
    "commit": lambda i, v, d, now: commit_decision(i, v, d, revision=1, now=now),
    "reassign": lambda i, v, d, now: reassign_decision(i, v, d, revision=1, owner="ana@program.example", now=now),
    "decline": lambda i, v, d, now: decline_decision(i, v, d, revision=1, reason="no", now=now),
    "snooze": lambda i, v, d, now: snooze_decision(i, v, d, revision=1, until=now.date() + timedelta(days=9), now=now),
    "undo": lambda i, v, d, now: undo_decision(i, v, d, revision=1, now=now),
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_those_who_may_not_decide_are_told_that_it_does_not_exist(
    verb: str, installation: Installation, ana: Viewer, cleo: Viewer, dan: Viewer, now: datetime
) -> None:
    for viewer, decision in ((cleo, "d1"), (dan, "d1"), (ana, "d2"), (ana, "nothing")):
        with pytest.raises(NotForThisViewer):
            VERBS[verb](installation, viewer, decision, now)
    assert {one.status for one in queries.decisions()} == {"proposed"}
    assert {one.revision for one in queries.decisions()} == {1}


@pytest.mark.parametrize("verb", ["commit", "reassign", "decline", "snooze"])
def test_a_manager_decides_on_her_own_and_an_admin_on_all(
    verb: str, installation: Installation, ana: Viewer, ben: Viewer, now: datetime
) -> None:
    VERBS[verb](installation, ana, "d1", now)
    VERBS[verb](installation, ben, "d3", now)
    assert queries.decisions(partner_id="p1")[0].decided_by == ana.email
    assert queries.decisions(partner_id="p3")[0].decided_by == ben.email


def test_hours_are_never_overdrawn(installation: Installation, ben: Viewer, now: datetime) -> None:
    commit_decision(installation, ben, "d2", revision=1, now=now)
    with pytest.raises(NotEnoughHours, match=r"2 of 24 hours free .* takes 6"):
        commit_decision(installation, ben, "d3", revision=1, now=now)
    moved = reassign_decision(installation, ben, "d3", revision=1, owner="ANA@program.example", now=now)
    commit_decision(installation, ben, "d3", revision=moved.revision, now=now)
    assert free_hours(installation, "2026-11", "ana@program.example") == 18
    assert free_hours(installation, "2026-11", "eve@program.example") == 2


def test_plays_of_an_earlier_month_take_hours_until_their_steps_are_over(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    eve = "eve@program.example"
    october = make_cycle(make_decision("o1", "p4", eve, 20), month="2026-10")
    actions.record_cycle(replace(october, as_of=date(2026, 10, 31)), actor="system", now=now)
    commit_decision(installation, ben, "o1", revision=1, now=now)
    assert free_hours(installation, "2026-11", eve) == 4
    with pytest.raises(NotEnoughHours, match=r"4 of 24 hours free .* takes 6"):
        reassign_decision(installation, ben, "d1", revision=1, owner=eve, now=now)


def test_of_a_whole_month_only_what_still_fits_is_committed(installation: Installation, ben: Viewer, now: datetime) -> None:
    asked = ["d1", "d2", "d3"]
    assert those_that_fit(installation, "2026-11", asked) == ["d1", "d2"]
    commit_decision(installation, ben, "d3", revision=1, now=now)
    assert those_that_fit(installation, "2026-11", asked) == ["d1"]


def test_hours_come_back_when_a_commitment_is_taken_back(installation: Installation, ben: Viewer, now: datetime) -> None:
    record = commit_decision(installation, ben, "d2", revision=1, now=now)
    undo_decision(installation, ben, "d2", revision=record.revision, now=now)
    commit_decision(installation, ben, "d3", revision=1, now=now)
    assert free_hours(installation, "2026-11", "eve@program.example") == 18


def test_somebody_who_owns_nothing_is_not_given_work(installation: Installation, ben: Viewer, now: datetime) -> None:
    for owner in ("stranger@x.example", ""):
        with pytest.raises(UnknownOwner, match=r"ana@program\.example"):
            reassign_decision(installation, ben, "d1", revision=1, owner=owner, now=now)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_declining_needs_a_reason(reason: str, installation: Installation, ana: Viewer, now: datetime) -> None:
    with pytest.raises(ReasonNeeded):
        decline_decision(installation, ana, "d1", revision=1, reason=reason, now=now)


@pytest.mark.parametrize("until", [date(2026, 11, 9), date(2026, 11, 1), date(2028, 1, 1)])
def test_snoozing_needs_a_day_ahead(until: date, installation: Installation, ana: Viewer, now: datetime) -> None:
    with pytest.raises(NotADayToSnoozeTo):
        snooze_decision(installation, ana, "d1", revision=1, until=until, now=now)


def test_an_old_page_cannot_overrule_a_newer_decision(
    installation: Installation, ana: Viewer, ben: Viewer, now: datetime
) -> None:
    decline_decision(installation, ana, "d1", revision=1, reason="Their seller left", now=now)
    with pytest.raises(AlreadyDecided, match="declined by ana"):
        commit_decision(installation, ben, "d1", revision=1, now=now)


def test_taking_a_step_back_does_not_overdraw_hours_given_away_since(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    committed = commit_decision(installation, ben, "d2", revision=1, now=now)
    declined = decline_decision(installation, ben, "d2", revision=committed.revision, reason="Not now", now=now)
    commit_decision(installation, ben, "d3", revision=1, now=now)
    with pytest.raises(NotEnoughHours):
        undo_decision(installation, ben, "d2", revision=declined.revision, now=now)
    assert queries.decisions(partner_id="p2") == [declined]


def test_a_refused_commit_leaves_neither_a_change_nor_a_line(installation: Installation, ben: Viewer, now: datetime) -> None:
    commit_decision(installation, ben, "d2", revision=1, now=now)
    with pytest.raises(NotEnoughHours):
        commit_decision(installation, ben, "d3", revision=1, now=now)
    (untouched,) = queries.decisions(partner_id="p3")
    assert (untouched.status, untouched.revision) == ("proposed", 1)
    assert not journal.lines("decision d3")


@pytest.mark.parametrize("verb", ["reassign", "decline", "snooze"])
def test_what_has_ended_is_not_decided_again(verb: str, installation: Installation, ben: Viewer, now: datetime) -> None:
    actions.close_decision("d2", result="met", rows=["deal 7"], actor="facts", at=now)
    late: dict[str, Verb] = {
        "reassign": lambda i, v, d, n: reassign_decision(i, v, d, revision=2, owner="ana@program.example", now=n),
        "decline": lambda i, v, d, n: decline_decision(i, v, d, revision=2, reason="no", now=n),
        "snooze": lambda i, v, d, n: snooze_decision(i, v, d, revision=2, until=n.date() + timedelta(days=9), now=n),
    }
    with pytest.raises(AlreadyDecided, match="outcome of this decision is in"):
        late[verb](installation, ben, "d2", now)
