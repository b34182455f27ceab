"""A pause: proposed to who gets no more hours, kept as a decision without hours, and nothing that the partner is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nextplay.ledger import actions, play_queries, queries, steps
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decide_ad_hoc import AdHoc, UnknownPlay, decide_ad_hoc
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.plays.own_play import own_play
from nextplay.operations.plays.show_play import play_of_partner
from nextplay.operations.plays.show_week import show_week
from nextplay.operations.portal.partner_answers import PlayIsOver, report_account
from nextplay.operations.viewer import OPERATOR, Role, Viewer
from tests.ledger.conftest import make_cycle, make_decision
from tests.ledger.test_steps import PLANNED
from tests.stories import activity, load, partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 8, tzinfo=UTC)
DAY = datetime(2026, 3, 31)
OWNER = "ana@program.example"


def _ago(days: int) -> datetime:
    return DAY - timedelta(days=days)


@pytest.fixture
def polite(installation: Installation) -> Installation:
    """One that attends, promises and never sells, beside one that just joined."""
    load(installation.warehouse, "partners", partner("polite", enabled_at=_ago(500)), partner("new", enabled_at=_ago(20)))
    meetings = [activity("polite", "meeting_held", _ago(days)) for days in range(10, 150, 15)]
    missed = [activity("polite", "commitment_missed", _ago(days)) for days in (20, 60, 90)]
    load(installation.warehouse, "activities", *meetings, *missed)
    return installation


def _pause(installation: Installation) -> str:
    asked = AdHoc("polite", "pause", OWNER, "Nothing came of nine meetings")
    return decide_ad_hoc(installation, OPERATOR, asked, now=NOW).decision_id


def test_who_gets_no_more_hours_is_proposed_a_pause_and_no_gain(polite: Installation) -> None:
    cycle = decide(polite, now=NOW, actor="tests", as_of=date(2026, 3, 31))
    action = cycle.next_actions.of("polite")
    assert action is not None
    assert (action.verdict, action.play, action.due) == ("stop", "pause", date(2026, 4, 3))
    assert action.action == "Say in one message that we pause, and what brings us back"
    assert "pause" not in {one.play for one in cycle.focus} | {other.play for one in cycle.focus for other in one.alternatives}
    [stopped] = show_focus(polite, OPERATOR, now=NOW).stop
    assert (stopped.partner_id, stopped.play) == ("polite", "pause")


def test_a_pause_takes_no_hours_asks_nothing_of_the_partner_and_stands_in_my_week(polite: Installation) -> None:
    before = decide(polite, now=NOW, actor="tests", as_of=date(2026, 3, 31))
    decision_id = _pause(polite)
    record = queries.decision(decision_id)
    assert record is not None
    assert (record.verdict, record.hours, record.expected_gain) == ("stop", 0.0, 0.0)
    assert {step.turn for step in play_queries.steps(decision_ids=[decision_id])} == {"us"}
    assert own_play(polite, "polite") is None
    week = show_week(polite, OPERATOR, owner=OWNER, now=NOW)
    assert "Say in one message" in repr(week)
    after = decide(polite, now=NOW, actor="tests", as_of=date(2026, 3, 31))
    assert [one.assigned_hours for one in after.owners] == [one.assigned_hours for one in before.owners]


def test_a_play_that_waits_for_its_outcome_stays_on_the_partners_page_beside_a_pause(polite: Installation) -> None:
    actions.record_cycle(make_cycle(make_decision("00", "polite"), month="2026-03"), actor="tests", now=NOW)
    actions.commit_decision("00", revision=1, planned=PLANNED, actor="tests", now=NOW)
    for number in (1, 2):
        steps.log_step("00", number, revision=None, logged=steps.Logged("Done", "done"), actor="tests", now=NOW)
    decision_id = _pause(polite)
    theirs = own_play(polite, "polite")
    assert theirs is not None
    assert (theirs.decision_id, play_of_partner("polite")) == ("00", decision_id)
    viewer = Viewer("cleo@polite.example", "Cleo", Role.PARTNER, "polite")
    with pytest.raises(PlayIsOver):
        report_account(polite, viewer, decision_id, "Acme", "replied", now=NOW)


def test_while_it_runs_no_play_is_proposed_and_afterwards_it_counts_as_no_play_that_failed(polite: Installation) -> None:
    _pause(polite)
    later = decide(polite, now=NOW + timedelta(days=30), actor="tests", as_of=date(2026, 4, 30))
    action = later.next_actions.of("polite")
    assert action is not None
    assert (action.verdict, action.play) == ("stop", "pause")
    assert action.why.startswith("Paused by us")
    assert "polite" not in {one.partner_id for one in later.focus}
    assert "the pause ends on 29 June 2026" in action.change_our_mind


def test_a_pause_is_decided_on_as_nothing_but_a_stop(polite: Installation) -> None:
    with pytest.raises(UnknownPlay, match="A pause is a stop"):
        decide_ad_hoc(polite, OPERATOR, AdHoc("polite", "pause", OWNER, "Try", verdict="invest"), now=NOW)
