"""Declining brings up the next in line of the same manager, within the hours, and undo takes it back."""

from datetime import UTC, date, datetime

import pytest

from nextplay.ledger import actions, queries
from nextplay.ledger.journal import lines
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.operations.data.record_activity import merge_recorded, record_activity
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decline_decision import decline_for_next
from nextplay.operations.deciding.focus_page import FocusRow
from nextplay.operations.deciding.next_in_line import Passed
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.deciding.snooze_decision import snooze_for_next
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.installation import Installation
from nextplay.operations.meeting.decide_in_meeting import Choice, decide_in_meeting
from nextplay.operations.meeting.run_meeting import start_meeting
from nextplay.operations.meeting.show_meeting import show_meeting
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.viewer import Viewer
from tests.stories import activity, days_before, deal, load, partner

pytestmark = pytest.mark.django_db

DAY, NOW = date(2026, 3, 31), datetime(2026, 4, 1, 8, tzinfo=UTC)
END = datetime(2026, 3, 31, 12)
EVE = "eve@program.example"


@pytest.fixture
def decided(installation: Installation) -> Installation:
    """Eight partners of Ana's for whom there are hours for four plays, and one of Eve's; decided."""
    rows = [partner(f"p{place}", enabled_at=days_before(END, 30)) for place in range(1, 9)]
    load(installation.warehouse, "partners", *rows, partner("q1", enabled_at=days_before(END, 30), manager_email=EVE))
    load(installation.warehouse, "deals", deal("d1", "q1", days_before(END, 9), amount=5000, currency="USD"))
    load(installation.warehouse, "activities", activity("p1", "commitment_met", days_before(END, 2)))
    decide(installation, now=NOW, actor="ben@program.example", as_of=DAY)
    return installation


def _waiting(installation: Installation, viewer: Viewer) -> list[FocusRow]:
    return [row for row in show_focus(installation, viewer, now=NOW).waiting if row.owner.startswith("ana")]


def _declined(installation: Installation, viewer: Viewer, decision_id: str, *, give_on: bool = True) -> Passed:
    return decline_for_next(installation, viewer, decision_id, revision=1, reason="Moves away", give_on=give_on, now=NOW)


def test_the_hours_of_a_refusal_are_proposed_to_the_next_in_line(decided: Installation, ana: Viewer, ben: Viewer) -> None:
    before = _waiting(decided, ana)
    line = [one for one in latest_cycle(decided.home).in_line if one.owner == ana.email]  # type: ignore[union-attr]
    done = _declined(decided, ana, before[0].decision_id)
    assert done.record.status == "declined"
    assert done.next_in_line == (line[0].partner_id,)
    assert {row.partner_id for row in _waiting(decided, ana)} == {*(row.partner_id for row in before[1:]), line[0].partner_id}
    [owner] = [one for one in show_focus(decided, ben, now=NOW).owners if one.email == ana.email]
    assert (owner.proposed, owner.free) == (24.0, 0.0)
    # The next refusal brings up the one after.
    assert _declined(decided, ana, before[1].decision_id).next_in_line == (line[1].partner_id,)


def test_what_people_enter_makes_no_list_old_and_what_files_bring_does(decided: Installation, ana: Viewer, ben: Viewer) -> None:
    before = _waiting(decided, ana)
    record_activity([ToRecord("p1", "meeting_held", NOW, play="first_selling_play")], actor=ana.email, now=NOW)
    assert merge_recorded(decided, now=NOW).merged == 1
    assert not show_focus(decided, ben, now=NOW).stale
    assert _declined(decided, ana, before[0].decision_id).next_in_line
    load(decided.warehouse, "activities", activity("p2", "outreach_sent", days_before(END, 1)))
    assert show_focus(decided, ben, now=NOW).stale
    assert not _declined(decided, ana, before[1].decision_id).next_in_line


def test_the_page_still_adds_up_and_names_nobody_twice(decided: Installation, ana: Viewer, ben: Viewer) -> None:
    _declined(decided, ana, _waiting(decided, ana)[0].decision_id)
    page = show_focus(decided, ben, now=NOW)
    counted = len(page.waiting) + len(page.decided) + len(page.running) + len(page.stop) + page.held_back
    assert counted + sum(row.count for row in page.left_out) == page.partners == 9


def test_the_ranking_kept_is_best_first_and_holds_nobody_who_got_hours(decided: Installation) -> None:
    cycle = latest_cycle(decided.home)
    assert cycle is not None
    hourly = [one.expected_gain / one.hours for one in cycle.in_line if one.owner.startswith("ana")]
    assert len(hourly) == 3
    assert hourly == sorted(hourly, reverse=True)
    taken = {one.partner_id for one in cycle.focus} | {one.partner_id for one in cycle.holdout}
    assert not taken & {one.partner_id for one in cycle.in_line}


def test_undo_takes_the_next_in_line_back_unless_somebody_committed_to_it(decided: Installation, ana: Viewer) -> None:
    first, second, *_ = (row.decision_id for row in _waiting(decided, ana))
    before = {row.decision_id for row in _waiting(decided, ana)}
    revision = _declined(decided, ana, first).record.revision
    undo_decision(decided, ana, first, revision=revision, now=NOW)
    assert {row.decision_id for row in _waiting(decided, ana)} == before
    assert "withdraw" in [line.verb for line in lines()][:3]
    again = _declined(decided, ana, second)
    [came] = queries.decisions(partner_id=again.next_in_line[0])
    commit_decision(decided, ana, came.decision_id, revision=came.revision, now=NOW)
    undo_decision(decided, ana, second, revision=again.record.revision, now=NOW)
    assert queries.decisions(partner_id=came.partner_id)[0].status == "committed"


def test_hours_that_nobody_has_go_to_nobody(decided: Installation, ana: Viewer) -> None:
    before = _waiting(decided, ana)
    assert _declined(decided, ana, before[0].decision_id, give_on=False).next_in_line == ()
    assert len(_waiting(decided, ana)) == len(before) - 1


def test_a_ranking_of_other_facts_proposes_nobody(decided: Installation, ana: Viewer) -> None:
    first = _waiting(decided, ana)[0]
    load(decided.warehouse, "deals", deal("d2", "p8", datetime(2026, 4, 1)))
    assert _declined(decided, ana, first.decision_id).next_in_line == ()


def test_hours_given_to_others_meanwhile_are_not_given_twice(decided: Installation, ana: Viewer) -> None:
    eves = next(row for row in show_focus(decided, Viewer(EVE, "Eve", ana.role), now=NOW).waiting)
    first = _waiting(decided, ana)[0]
    # A play of Eve's was handed to Ana, whose hours are full with it.
    actions.reassign_decision(eves.decision_id, revision=None, owner=ana.email, actor="ben", now=NOW)
    assert _declined(decided, ana, first.decision_id).next_in_line == ()


def test_proposing_again_keeps_what_was_brought_up_where_it_is_still_best(decided: Installation, ana: Viewer) -> None:
    [came] = _declined(decided, ana, _waiting(decided, ana)[0].decision_id).next_in_line
    decide(decided, now=NOW, actor="ben@program.example", as_of=DAY)
    assert came in {row.partner_id for row in _waiting(decided, ana)}


@pytest.mark.parametrize(
    "choice", [Choice("stop", reason="Sold to a rival"), Choice("wait", until=date(2026, 5, 4))], ids=["stop", "wait"]
)
def test_the_meeting_and_a_snooze_bring_up_the_next_in_line_too_and_undo_takes_it_back(
    decided: Installation, ana: Viewer, choice: Choice
) -> None:
    before = _waiting(decided, ana)
    start_meeting(decided, ana, now=NOW)
    passed = decide_in_meeting(decided, ana, before[0].decision_id, choice, revision=1, now=NOW)
    [came] = passed.next_in_line
    page = show_meeting(decided, ana, now=NOW)
    assert came in {row.partner_id for row in page.waiting}
    assert [(one.proposed, one.free) for one in page.owners] == [(24.0, 0.0)]
    assert page.undo is not None
    undo_decision(decided, ana, page.undo[0], revision=page.undo[1], now=NOW)
    assert [row.decision_id for row in show_meeting(decided, ana, now=NOW).waiting] == [row.decision_id for row in before]
    snoozed = snooze_for_next(decided, ana, before[1].decision_id, revision=1, until=date(2026, 5, 4), now=NOW)
    assert snoozed.next_in_line == (came,)
