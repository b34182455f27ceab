"""The calendar feed: opened by its token and nothing else, with names that stay and numbers that rise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from nextplay.home import Home
from nextplay.ledger import journal, queries
from nextplay.ledger.people import add_person, change_person
from nextplay.ledger.records import PersonRecord
from nextplay.ledger.subscriptions import SubscriptionRecord, subscription
from nextplay.operations.admin.tokens import end_feed, end_link, own_links, working_feeds, working_links
from nextplay.operations.background.worker import serving_installation
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.installation import Installation
from nextplay.operations.messages.told import NotAnHour, Told, UnknownZone, change_told, stop_all
from nextplay.operations.portal.partner_links import make_link
from nextplay.operations.reminders.calendar_feed import calendar_feed, feed_of, make_feed, revoke_feed
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Role, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(sample_installation: Installation, now: datetime) -> Viewer:
    """Somebody who signs in and owns a committed decision."""
    decide(sample_installation, now=now, actor="tests")
    one = queries.decisions(status="proposed")[0]
    commit_decision(sample_installation, OPERATOR, one.decision_id, revision=one.revision, now=now)
    add_person(PersonRecord(one.owner, "Ines", "manager", None, True), password="sessions in november", actor="t", now=now)
    return Viewer(one.owner, "Ines", Role.MANAGER)


@pytest.fixture
def served(sample_home: Home, settings: Settings) -> Iterator[None]:
    """The pages serve a sample program of their own."""
    settings.HOME = sample_home.path
    serving_installation.cache_clear()
    yield
    serving_installation().close()
    serving_installation.cache_clear()


def _events(content: bytes) -> dict[str, tuple[int, str]]:
    found = Calendar.from_ical(content).walk("VEVENT")
    return {str(event["UID"]): (int(event.decoded("SEQUENCE")), str(event["STATUS"])) for event in found}


def test_dates_keep_their_names_and_what_is_declined_is_cancelled(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    token = make_feed(owner, now=now)
    before = _events(calendar_feed(sample_installation, token, now=now))
    assert before
    assert {status for _, status in before.values()} == {"CONFIRMED"}
    assert _events(calendar_feed(sample_installation, token, now=now)) == before
    one = queries.decisions(status="committed")[0]
    decline_decision(sample_installation, OPERATOR, one.decision_id, revision=one.revision, reason="Left", now=now)
    after = _events(calendar_feed(sample_installation, token, now=now))
    assert {status for _, status in after.values()} == {"CANCELLED"}
    assert after.keys() == before.keys()
    for uid in before:
        assert after[uid][0] > before[uid][0]


def test_a_new_token_ends_the_old_one_and_revoking_ends_all(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    old, new = make_feed(owner, now=now), make_feed(owner, now=now)
    with pytest.raises(NotForThisViewer):
        calendar_feed(sample_installation, old, now=now)
    assert calendar_feed(sample_installation, new, now=now)
    revoke_feed(owner, now=now)
    assert feed_of(owner) is None
    for token in (new, "", "x"):
        with pytest.raises(NotForThisViewer):
            calendar_feed(sample_installation, token, now=now)


def test_a_feed_ends_with_its_owners_role_and_does_not_come_back_with_it(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    for role, active in (("viewer", True), ("partner", True), ("manager", False)):
        token, organization = make_feed(owner, now=now), "PTR-007" if role == "partner" else None
        change_person(owner.email, role=role, partner_id=organization, active=active, actor="t", now=now)
        assert journal.lines(f"person {owner.email}")[1].verb == "revoke feed"
        change_person(owner.email, role="manager", active=True, actor="t", now=now)
        with pytest.raises(NotForThisViewer):
            calendar_feed(sample_installation, token, now=now)
        assert feed_of(owner) is None


def test_a_feed_that_stood_before_roles_ended_feeds_opens_for_nobody_who_does_not_decide(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    token = make_feed(owner, now=now)
    get_user_model().objects.filter(email=owner.email).update(role="viewer")
    assert working_feeds(OPERATOR) == []
    with pytest.raises(NotForThisViewer):
        calendar_feed(sample_installation, token, now=now)


def test_feeds_are_listed_with_their_last_reading_and_ended_one_by_one(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    token = make_feed(owner, now=now)
    assert [(one.email, one.made_at, one.used_at) for one in working_feeds(OPERATOR)] == [(owner.email, now, None)]
    for hours in (1, 2, 25):
        calendar_feed(sample_installation, token, now=now + timedelta(hours=hours))
    [feed] = working_feeds(OPERATOR)
    assert feed.used_at == now + timedelta(hours=25)
    with pytest.raises(NotForThisViewer):
        working_feeds(owner)
    with pytest.raises(NotForThisViewer):
        end_feed(OPERATOR, "nobody@x.example", now=now)
    end_feed(OPERATOR, owner.email, now=now)
    end_feed(OPERATOR, owner.email, now=now)
    assert working_feeds(OPERATOR) == []
    told = [line.verb for line in journal.lines(f"person {owner.email}")][:4]
    assert told == ["revoke feed", "read feed", "read feed", "make feed"]


def test_whoever_made_a_link_sees_and_ends_it_and_nobody_elses(
    sample_installation: Installation, owner: Viewer, now: datetime
) -> None:
    theirs = make_link(sample_installation, OPERATOR, "PTR-007", now=now).record
    own = make_link(sample_installation, replace(OPERATOR, email=owner.email), "PTR-008", now=now).record
    assert [one.record.handle for one in own_links(sample_installation, owner, now=now)] == [own.handle]
    with pytest.raises(NotForThisViewer):
        end_link(owner, theirs.partner_id, theirs.handle, now=now)
    end_link(owner, own.partner_id, own.handle, now=now)
    assert own_links(sample_installation, owner, now=now) == []
    assert [one.record.handle for one in working_links(sample_installation, OPERATOR, now=now)] == [theirs.handle]


def test_an_address_that_opens_nothing_looks_like_any_other(served: None, owner: Viewer) -> None:
    assert Client().get("/calendar/nobody.ics").status_code == 404
    assert Client().get("/calendar").status_code == 302


def test_partners_and_viewers_have_no_feed(cleo: Viewer, dan: Viewer, now: datetime) -> None:
    for nobody in (cleo, dan):
        with pytest.raises(NotForThisViewer):
            make_feed(nobody, now=now)


def test_a_person_says_what_when_and_by_which_way_they_are_told(
    sample_installation: Installation, owner: Viewer, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def change(
        kinds: set[str], day: int, hour: int, begin: int, end: int, zone: str = "", channel: str = ""
    ) -> SubscriptionRecord:
        wanted = Told(frozenset(kinds), day, hour, begin, end, zone, channel)
        return change_told(sample_installation, owner, wanted, now=now)

    kept = change({"daily reminder"}, 2, 9, 18, 8, zone="Europe/Berlin")
    assert (kept.digest_day, kept.digest_hour, kept.time_zone) == (2, 9, "Europe/Berlin")
    assert [kept.wants(kind) for kind in ("weekly digest", "daily reminder", "meeting summary")] == [False, True, False]
    monkeypatch.setenv("NEXTPLAY_CHANNEL_OPS", "json://hooks.example/x")
    assert change({"weekly digest"}, 2, 9, 18, 8, channel="ops").channels == ("ops",)
    for wrong in ((7, 9, 1, 1), (1, 24, 1, 1), (1, 1, -1, 1)):
        with pytest.raises(NotAnHour):
            change({"weekly digest"}, *wrong)
    with pytest.raises(NotAnHour):
        change(set(), 1, 1, 1, 1, channel="gone")
    with pytest.raises(UnknownZone):
        change(set(), 1, 1, 1, 1, zone="Mars/Olympus")
    assert not stop_all(owner, now=now).wants("anything that is ever told")
    assert change({"weekly digest"}, 2, 9, 18, 8).wants("weekly digest")


def test_the_page_shows_the_address_once_and_keeps_the_digest(served: None, owner: Viewer) -> None:
    browser = Client()
    browser.force_login(get_user_model().objects.get(email=owner.email), "django.contrib.auth.backends.ModelBackend")
    assert ".ics" in browser.post("/calendar", {"do": "make"}).content.decode()
    assert ".ics" not in browser.get("/calendar").content.decode()
    form = {
        "kind": ["daily reminder"],
        "digest_day": "3",
        "digest_hour": "0",
        "quiet_from": "20",
        "quiet_until": "7",
        "time_zone": "",
    }
    assert browser.post("/calendar/told", form).status_code == 303
    assert (subscription(owner.email).digest_day, subscription(owner.email).digest_hour) == (3, 0)
    assert subscription(owner.email).unsubscribed == {"weekly digest", "meeting summary"}
    assert browser.post("/calendar/told", form | {"digest_hour": "x"}).status_code == 422
    assert browser.post("/calendar/told", {"do": "stop"}).status_code == 303
    assert not subscription(owner.email).wants("daily reminder")
