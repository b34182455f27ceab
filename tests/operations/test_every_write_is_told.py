"""What people do with operations changes no table of the ledger without a line in the journal, as the database sees it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nextplay.ledger import play_queries, queries
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import PersonRecord
from nextplay.operations.admin.tokens import end_feed
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.verbs import VERBS
from nextplay.operations.data.portfolios import move_partners
from nextplay.operations.data.record_activity import record_activity
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.deciding.snooze_decision import snooze_decision
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.installation import Installation
from nextplay.operations.meeting.run_meeting import skip_in_meeting, start_meeting
from nextplay.operations.meeting.sign_meeting import sign_meeting
from nextplay.operations.messages.told import stop_all
from nextplay.operations.people import add_user, change_role, let_in
from nextplay.operations.plays.log_step import log_step, take_back_step
from nextplay.operations.plays.promises import end_promise, make_promise, take_back_promise
from nextplay.operations.portal.partner_links import make_link, note_use, open_link, revoke_link
from nextplay.operations.portal.scorecard import make_scorecard, share_scorecard
from nextplay.operations.preferences import change_appearance, hide_items, offer_items
from nextplay.operations.reminders.calendar_feed import calendar_feed, make_feed
from nextplay.operations.viewer import OPERATOR, Role, Viewer
from tests.ledger.watch import watched

pytestmark = pytest.mark.django_db
EVE = Viewer("eve@program.example", "Eve", Role.ADMIN)


def decisions(installation: Installation, now: datetime) -> None:
    """Every word on a decision, and a play that begins."""
    first, second, third, *rest = queries.decisions(status="proposed")
    named: Any = {"revision": None, "now": now}
    commit_decision(installation, OPERATOR, first.decision_id, **named)
    undo_decision(installation, OPERATOR, first.decision_id, **named)
    commit_decision(installation, OPERATOR, first.decision_id, **named)
    decline_decision(installation, OPERATOR, second.decision_id, reason="They are for sale", **named)
    snooze_decision(installation, OPERATOR, third.decision_id, until=now.date() + timedelta(days=20), **named)
    step = play_queries.steps(decision_ids=[first.decision_id])[0]
    log_step(installation, OPERATOR, first.decision_id, step.number, outcome=step.outcomes[0].name, **named)
    take_back_step(installation, OPERATOR, first.decision_id, step.number, **named)
    due = now.date() + timedelta(days=3)
    promise = make_promise(installation, OPERATOR, first.decision_id, by="us", text="Send the notes", due=due, now=now)
    ended = end_promise(installation, OPERATOR, promise.promise_id, revision=promise.revision, state="met", now=now)
    take_back_promise(installation, OPERATOR, promise.promise_id, revision=ended.revision, now=now)
    start_meeting(installation, OPERATOR, now=now)
    skip_in_meeting(installation, OPERATOR, rest[0].decision_id, now=now)
    sign_meeting(installation, OPERATOR, now=now)


def partners(installation: Installation, now: datetime) -> None:
    """What is made for partners, entered of them, and who has them."""
    made = make_scorecard(installation, OPERATOR, "PTR-007", now=now).kept
    assert made is not None
    for shared in (True, False):
        share_scorecard(installation, OPERATOR, "PTR-007", made.version, shared=shared, now=now)
    link = make_link(installation, OPERATOR, "PTR-007", now=now)
    note_use(link.token, open_link(link.token, now=now), now=now)
    revoke_link(installation, OPERATOR, "PTR-007", link.record.handle, now=now)
    record_activity([ToRecord("PTR-007", "outreach_sent", now, account="Acme")], actor="x", now=now)
    VERBS["record_facts"](Errand(installation, {}, "x", now))
    ines, tobin = "ines.quillon@quillharbor.example", "tobin.harrow@quillharbor.example"
    move_partners(installation, manager=tobin, to=ines, partner_ids=["PTR-007"], actor="x", now=now)


def people(installation: Installation, now: datetime) -> None:
    """Who signs in, and how they want things."""
    add_user(installation, OPERATOR, PersonRecord(EVE.email, "Eve", "admin", None, True), password="long and dull 7", now=now)
    calendar_feed(installation, make_feed(EVE, now=now), now=now)
    end_feed(OPERATOR, EVE.email, now=now)
    stop_all(EVE, now=now)
    change_appearance(EVE, theme="dark", now=now)
    hide_items(EVE, "executive", frozenset({"areas"}), now=now)
    offer_items(EVE, "executive", frozenset({"areas"}), now=now)
    other = PersonRecord("hal@program.example", "Hal", "viewer", None, True)
    add_user(installation, OPERATOR, other, password="long and dull 8", now=now)
    change_role(installation, OPERATOR, other.email, role="manager", now=now)
    let_in(OPERATOR, other.email, active=False, now=now)


def test_no_operation_changes_the_ledger_in_silence(sample_installation: Installation, now: datetime) -> None:
    with watched() as watch:
        decide(sample_installation, now=now, actor="tests")
        for part in (decisions, people, partners):
            part(sample_installation, now)
            assert watch.silent == [], part.__doc__
