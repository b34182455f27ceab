"""The weekly digest: once a week, at each person's own hour whatever the clocks do, and stopped by a link."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.test import Client
from pytest_django import Settings

from nextplay.ledger import messages, queries, subscriptions
from nextplay.ledger.people import add_person
from nextplay.ledger.records import PersonRecord
from nextplay.ledger.subscriptions import SubscriptionRecord, subscription
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.messages.letters import Content, Item, Section, letter
from nextplay.operations.messages.quiet_hours import after_quiet
from nextplay.operations.messages.stop_link import NotALink, stop, stop_token
from nextplay.operations.reminders.digest import digest_due, digest_moment, to_each, write_digests
from nextplay.operations.viewer import OPERATOR, Viewer

pytestmark = pytest.mark.django_db
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def _wants(day: int = 0, hour: int = 8, quiet: tuple[int, int] = (20, 7)) -> SubscriptionRecord:
    return SubscriptionRecord("a@x.example", day, hour, *quiet, "", frozenset(), has_feed=False)


@pytest.fixture
def owner(sample_installation: Installation, settings: Settings, now: datetime) -> str:
    """Somebody who signs in and owns a committed decision."""
    settings.PUBLIC_URL = "https://plays.example"
    decide(sample_installation, now=now, actor="tests")
    one = queries.decisions(status="proposed")[0]
    commit_decision(sample_installation, OPERATOR, one.decision_id, revision=one.revision, now=now)
    person = PersonRecord(one.owner, "<b>Ines</b>", "manager", None, True)
    add_person(person, password="working sessions in november", actor="tests", now=now)
    return one.owner


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        # Clocks went back on 25 October 2026 and go forward on 28 March 2027: eight stays eight.
        (datetime(2026, 10, 21, 12, tzinfo=UTC), datetime(2026, 10, 19, 6, tzinfo=UTC)),
        (datetime(2026, 10, 28, 12, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)),
        (datetime(2027, 3, 30, 12, tzinfo=UTC), datetime(2027, 3, 29, 6, tzinfo=UTC)),
        # A week that begins in one month, and one that begins in one year, and ends in the next.
        (datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 11, 30, 7, tzinfo=UTC)),
        (datetime(2027, 1, 2, 12, tzinfo=UTC), datetime(2026, 12, 28, 7, tzinfo=UTC)),
    ],
)
def test_the_digest_leaves_at_the_same_hour_whatever_the_clocks_do(now: datetime, leaves: datetime) -> None:
    assert digest_moment(_wants(), BERLIN, now) == leaves


def test_a_week_is_the_one_it_is_where_the_person_is() -> None:
    # Early on Monday in UTC it is still Sunday in New York.
    assert digest_moment(_wants(), NEW_YORK, datetime(2026, 11, 9, 2, tzinfo=UTC)) == datetime(2026, 11, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "at", "leaves"),
    [
        ((20, 7), datetime(2026, 11, 9, 23, 30, tzinfo=BERLIN), datetime(2026, 11, 10, 7, tzinfo=BERLIN)),
        ((20, 7), datetime(2026, 11, 9, 5, tzinfo=BERLIN), datetime(2026, 11, 9, 7, tzinfo=BERLIN)),
        ((20, 7), datetime(2026, 11, 9, 7, tzinfo=BERLIN), datetime(2026, 11, 9, 7, tzinfo=BERLIN)),
        ((12, 14), datetime(2026, 11, 9, 13, tzinfo=BERLIN), datetime(2026, 11, 9, 14, tzinfo=BERLIN)),
        ((9, 9), datetime(2026, 11, 9, 9, tzinfo=BERLIN), datetime(2026, 11, 9, 9, tzinfo=BERLIN)),
        # The night in which an hour is left out, and the end of a month.
        ((20, 7), datetime(2027, 3, 27, 22, tzinfo=BERLIN), datetime(2027, 3, 28, 7, tzinfo=BERLIN)),
        ((20, 7), datetime(2026, 11, 30, 22, tzinfo=BERLIN), datetime(2026, 12, 1, 7, tzinfo=BERLIN)),
    ],
)
def test_nothing_leaves_in_quiet_hours(quiet: tuple[int, int], at: datetime, leaves: datetime) -> None:
    assert after_quiet(at, _wants(quiet=quiet), BERLIN) == leaves


@pytest.mark.parametrize("quiet", [(20, 7), (22, 6)])
@pytest.mark.parametrize("day", [0, 6])
def test_a_digest_leaves_once_a_week_whatever_hour_was_chosen_also_where_it_is_put_off_into_the_next_week(
    day: int, quiet: tuple[int, int]
) -> None:
    monday = datetime(2026, 11, 9, tzinfo=BERLIN)
    ticks = [monday + timedelta(hours=hour) for hour in range(14 * 24)]
    for hour in range(24):
        wants = _wants(day, hour, quiet)
        left = {leaves for tick in ticks if (leaves := digest_due(wants, BERLIN, tick)) and leaves >= monday}
        assert len(left) == 2
        assert len({f"{one:%G-W%V}" for one in left}) == 2


def test_a_person_gets_one_digest_a_week_with_what_is_due(sample_installation: Installation, owner: str, now: datetime) -> None:
    assert write_digests(sample_installation, now - timedelta(hours=2)) == 0
    assert write_digests(sample_installation, now) == 1
    assert write_digests(sample_installation, now + timedelta(hours=1)) == 0
    assert write_digests(sample_installation, now + timedelta(days=7)) == 1
    told = messages.messages()[-1]
    assert told.person == owner
    assert queries.decisions(status="committed")[0].step in told.text
    assert told.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told.headers["List-Unsubscribe"].startswith("<https://plays.example/stop/")


def test_a_digest_that_nobody_was_there_to_write_comes_late_once_and_says_so(
    sample_installation: Installation, owner: str, now: datetime
) -> None:
    begins = now + timedelta(days=9)
    # Who never had one misses none, and a process that has run all along missed none.
    assert write_digests(sample_installation, now + timedelta(days=2), catch_up=True) == 0
    assert write_digests(sample_installation, now) == 1
    assert write_digests(sample_installation, begins) == 0
    assert write_digests(sample_installation, begins, catch_up=True) == 1
    assert write_digests(sample_installation, begins + timedelta(hours=1), catch_up=True) == 0
    said = messages.messages()[0]
    assert "This one is of Mon 16 Nov." in said.text
    # The next one comes at its own hour, and says nothing of it.
    assert write_digests(sample_installation, now + timedelta(days=14)) == 1
    assert sum("This one is of Mon 16 Nov." in one.text for one in messages.messages()) == 1


def test_one_letter_that_fails_keeps_nobody_from_theirs(owner: str, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    add_person(
        PersonRecord("zoe@program.example", "Zoe", "manager", None, True),
        password="working sessions in march",
        actor="tests",
        now=now,
    )

    def write(viewer: Viewer) -> int:
        if viewer.email == owner:
            raise ValueError("a name that nobody can write")
        return 1

    assert to_each(write) == 1
    assert f"What is for {owner} could not be written" in caplog.text


def test_who_stopped_it_gets_none(sample_installation: Installation, owner: str, now: datetime) -> None:
    link = stop_token(owner, "weekly digest")
    assert stop(link, now=now) == stop(link, now=now) == "weekly digest"
    assert write_digests(sample_installation, now) == 0
    subscriptions.change_subscription(owner, {"unsubscribed": frozenset()}, actor=owner, now=now)
    assert write_digests(sample_installation, now) == 1


def test_a_link_stops_it_without_signing_in_by_one_press_or_by_a_mail_program(owner: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    address = f"/stop/{stop_token(owner, 'weekly digest')}"
    assert "Stop the weekly digest?" in browser.get(address).content.decode()
    # Programs that look at links stop nothing.
    assert subscription(owner).wants("weekly digest")
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not subscription(owner).wants("weekly digest")


def test_a_link_that_was_changed_does_nothing(owner: str, now: datetime) -> None:
    for link in ("x", stop_token(owner, "weekly digest")[:-2], signing.dumps([owner, "weekly digest"])):
        with pytest.raises(NotALink):
            stop(link, now=now)
        assert Client().post(f"/stop/{link}").status_code == 404
    assert subscription(owner).wants("weekly digest")


def test_a_name_is_never_markup() -> None:
    made = letter(Content("s", "h", (Section("t", (Item("<script>x</script>", "call & ask"),)),)))
    assert "<script>" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "call & ask" in made.text
