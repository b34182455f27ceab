"""A session that gets a day and hour invites by mail; moving it raises the number, calling it off cancels, all in its zone."""

import base64
import re
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from nextplay.ledger import actions, messages, play_queries, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.installation import Installation
from nextplay.operations.plays.invite_session import keep_sessions_right
from nextplay.operations.viewer import OPERATOR
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, SignedIn

ADMIN, GUEST = PEOPLE["admin"].email, "marek@nordvane.example"


@pytest.fixture
def play(served: Installation) -> DecisionRecord:
    """A first selling play, committed and owned by the admin."""
    waiting = [one for one in queries.decisions(status="proposed") if one.play == "first_selling_play"]
    record = actions.reassign_decision(waiting[0].decision_id, revision=None, owner=ADMIN, actor="tests", now=moment())
    return commit_decision(served, OPERATOR, record.decision_id, revision=record.revision, now=moment())


def _sent(kind: str) -> dict[str, tuple[str, int, datetime]]:
    """Who was written to last: method, number, and beginning."""
    told = {}
    for one in reversed(messages.messages(kind=kind)):
        calendar = Calendar.from_ical(base64.b64decode(one.files[0].content))
        event = calendar.walk("VEVENT")[0]
        assert one.files[0].media_type == f"text/calendar; method={calendar['METHOD']}"
        told[one.person] = (str(calendar["METHOD"]), int(event.decoded("SEQUENCE")), event.decoded("DTSTART"))
    return told


def test_an_invitation_is_sent_moved_and_called_off(play: DecisionRecord, served: Installation, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}/session"
    day = moment().date() + timedelta(days=10)
    form = {"day": day.isoformat(), "hour": "14:00", "time_zone": "America/New_York", "guest": GUEST}
    assert client.post(f"{at}/1", form).status_code == 303
    begins = datetime.fromisoformat(f"{day}T14:00").replace(tzinfo=None)
    sent = _sent("session invitation")
    assert {person: said[:2] for person, said in sent.items()} == {ADMIN: ("REQUEST", 0), GUEST: ("REQUEST", 0)}
    assert sent[GUEST][2].replace(tzinfo=None) == begins
    assert str(sent[GUEST][2].tzinfo) == "America/New_York"
    assert play_queries.steps(decision_ids=[play.decision_id])[0].due == day
    assert GUEST in client.get(at).content.decode()
    # Another person instead, an hour later: the first is told that it is off.
    moved = form | {"hour": "15:00", "guest": "eva@nordvane.example", "seen": "0"}
    assert client.post(f"{at}/1", moved).status_code == 303
    sent = _sent("session invitation")
    assert {person: said[:2] for person, said in sent.items()} == {
        ADMIN: ("REQUEST", 1),
        "eva@nordvane.example": ("REQUEST", 1),
        GUEST: ("CANCEL", 1),
    }
    # Whoever still looks at the old page is told.
    assert client.post(f"{at}/1", form | {"seen": "0"}).status_code == 409
    assert client.post(f"{at}/1", {"do": "call off"}).status_code == 303
    assert {said[:2] for person, said in _sent("session invitation").items() if person != GUEST} == {("CANCEL", 2)}
    assert "odds" not in messages.messages(person=GUEST)[0].text


def test_what_is_no_day_address_or_zone_is_refused(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}/session/1"
    form = {"day": (moment().date() + timedelta(days=3)).isoformat(), "hour": "14:00", "time_zone": "UTC", "guest": GUEST}
    for wrong in (
        {"day": "2001-01-01"},
        {"hour": "x"},
        {"time_zone": "Mars/Olympus"},
        {"guest": "a@b.example\nBcc: c@d.example"},
    ):
        assert client.post(at, form | wrong).status_code == 422, wrong
    assert signed_in("viewer").post(at, form).status_code == 404
    assert messages.messages(kind="session invitation") == []


def test_a_play_that_is_left_calls_its_session_off(play: DecisionRecord, served: Installation, signed_in: SignedIn) -> None:
    day = moment().date() + timedelta(days=10)
    form = {"day": day.isoformat(), "hour": "14:00", "time_zone": "UTC", "guest": GUEST}
    signed_in("admin").post(f"/plays/{play.decision_id}/session/1", form)
    now = moment()
    assert keep_sessions_right(served, now) == 0
    decline_decision(served, OPERATOR, play.decision_id, revision=None, reason="Left", now=now)
    assert keep_sessions_right(served, now) == 1
    assert keep_sessions_right(served, now) == 0
    assert _sent("session invitation")[GUEST][:2] == ("CANCEL", 1)


def test_a_session_goes_over_to_whoever_the_play_is_given_to(
    play: DecisionRecord, served: Installation, signed_in: SignedIn
) -> None:
    day = moment().date() + timedelta(days=10)
    form = {"day": day.isoformat(), "hour": "14:00", "time_zone": "UTC", "guest": GUEST}
    client = signed_in("admin")
    client.post(f"/plays/{play.decision_id}/session/1", form)
    other = next(one.email.lower() for one in served.program.capacity.managers if one.email.lower() != ADMIN)
    page = client.get("/focus").content.decode()
    shown = re.search(rf'action="/focus/{play.decision_id}/reassign".*?name="revision" value="(\d+)"', page, re.DOTALL)
    assert shown is not None
    given = client.post(f"/focus/{play.decision_id}/reassign", {"revision": shown[1], "owner": other}, follow=True)
    assert keep_sessions_right(served, moment()) == 1
    assert keep_sessions_right(served, moment()) == 0
    sent = {person: said[:2] for person, said in _sent("session invitation").items()}
    assert sent == {ADMIN: ("CANCEL", 1), GUEST: ("REQUEST", 1), other: ("REQUEST", 1)}
    assert "takes place without you" in messages.messages(person=ADMIN, kind="session invitation")[0].text
    # Taken back it is the first owner's again, hours and session alike.
    undo = re.search(r'class="toast".*?name="revision" value="(\d+)"', given.content.decode(), re.DOTALL)
    assert undo is not None
    back = client.post(f"/focus/{play.decision_id}/undo", {"revision": undo[1]}, follow=True).content.decode()
    assert "owns it again" in back
    assert keep_sessions_right(served, moment()) == 1
    assert _sent("session invitation")[other][:2] == ("CANCEL", 2)
