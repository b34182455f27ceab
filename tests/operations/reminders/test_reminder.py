"""The daily reminder: one message at the person's hour, only where something is new, and none beside the digest."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from nextplay.ledger import actions, messages, play_queries, queries, subscriptions
from nextplay.ledger.people import add_person
from nextplay.ledger.records import MessageRecord, PersonRecord
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.reminders.digest import write_digests
from nextplay.operations.reminders.reminder import Reminders, reminder_moment
from nextplay.operations.viewer import OPERATOR

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def _wants(hour: int = 8, quiet: tuple[int, int] = (20, 7), stopped: frozenset[str] = frozenset()) -> SubscriptionRecord:
    return SubscriptionRecord("a@x.example", 0, hour, *quiet, "", stopped, has_feed=False)


@pytest.fixture
def owner(sample_installation: Installation, settings: Settings, now: datetime) -> str:
    """Somebody who signs in and owns a committed decision."""
    settings.PUBLIC_URL = "https://plays.example"
    decide(sample_installation, now=now, actor="tests")
    one = queries.decisions(status="proposed")[0]
    commit_decision(sample_installation, OPERATOR, one.decision_id, revision=one.revision, now=now)
    add_person(PersonRecord(one.owner, "Ines", "manager", None, True), password="sessions in november", actor="t", now=now)
    return one.owner


def _due(owner: str) -> datetime:
    """Eight in the morning, UTC, of the day on which the first step is due."""
    day = min(one.due for one in play_queries.steps(owner=owner, state="open"))
    return datetime(day.year, day.month, day.day, 8, 5, tzinfo=UTC)


def _told(kind: str = "daily reminder") -> list[MessageRecord]:
    return messages.messages(kind=kind)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (datetime(2026, 11, 10, 8, 5, tzinfo=BERLIN), datetime(2026, 11, 10, 8, tzinfo=BERLIN)),
        # Too early, too late, on the day of the digest, and on a Saturday.
        (datetime(2026, 11, 10, 7, 55, tzinfo=BERLIN), None),
        (datetime(2026, 11, 10, 14, 5, tzinfo=BERLIN), None),
        (datetime(2026, 11, 9, 8, 5, tzinfo=BERLIN), None),
        (datetime(2026, 11, 14, 8, 5, tzinfo=BERLIN), None),
        # The last day of a month, in winter.
        (datetime(2027, 3, 31, 8, tzinfo=BERLIN), datetime(2027, 3, 31, 8, tzinfo=BERLIN)),
    ],
)
def test_a_reminder_leaves_at_the_persons_hour_of_a_working_day(now: datetime, leaves: datetime | None) -> None:
    assert reminder_moment(_wants(), BERLIN, now) == leaves


def test_an_hour_inside_quiet_hours_waits_for_their_end() -> None:
    at_seven = datetime(2026, 11, 11, 7, tzinfo=BERLIN)
    assert reminder_moment(_wants(hour=23), BERLIN, at_seven) == at_seven
    assert reminder_moment(_wants(hour=23), BERLIN, at_seven - timedelta(minutes=1)) is None


def test_who_stopped_the_digest_is_reminded_on_its_day_too() -> None:
    monday = datetime(2026, 11, 9, 8, tzinfo=BERLIN)
    assert reminder_moment(_wants(stopped=frozenset({"weekly digest"})), BERLIN, monday) == monday


def test_one_message_says_what_became_due_and_no_second_the_same_day(sample_installation: Installation, owner: str) -> None:
    subscriptions.change_subscription(owner, {"unsubscribed": frozenset({"weekly digest"})}, actor=owner, now=_due(owner))
    due, remind = _due(owner), Reminders()
    assert remind(sample_installation, due - timedelta(hours=1)) == 0
    assert remind(sample_installation, due) == 1
    # Neither again in this process, nor in another one.
    assert remind(sample_installation, due + timedelta(hours=1)) == Reminders()(sample_installation, due) == 0
    [message] = _told()
    assert message.person == owner
    assert "1 due today" in message.subject
    assert message.headers["List-Unsubscribe"].startswith("<https://plays.example/stop/")


def test_what_went_late_is_told_once_and_then_there_is_nothing_new(sample_installation: Installation, owner: str) -> None:
    subscriptions.change_subscription(owner, {"unsubscribed": frozenset({"weekly digest"})}, actor=owner, now=_due(owner))
    days = [day for day in (_due(owner) + timedelta(days=ahead) for ahead in range(12)) if day.weekday() < 5]
    dues = {one.due for one in play_queries.steps(owner=owner, state="open")}
    # On the day itself, and on the working day after it, when it is late.
    news = [day for before, day in zip([days[0], *days], days, strict=False) if day.date() in dues or before.date() in dues]
    told = [day for day in days if Reminders()(sample_installation, day)]
    assert told == news
    assert len(told) < len(days)
    assert "1 late" in _told()[-2].subject


def test_an_outcome_that_closed_is_told_in_the_reminder_and_in_the_digest(
    sample_installation: Installation, owner: str, now: datetime
) -> None:
    one = queries.decisions(owner=owner, status="committed")[0]
    tuesday = now + timedelta(days=(1 - now.weekday()) % 7)
    tuesday = tuesday.replace(hour=8, minute=5)
    actions.close_decision(one.decision_id, result="met", rows=["d1"], actor="clock", at=tuesday - timedelta(hours=2))
    assert Reminders()(sample_installation, tuesday) == 1
    assert _told()[0].subject == "1 with an outcome"
    assert one.outcome_name in _told()[0].text
    monday = tuesday + timedelta(days=6)
    assert write_digests(sample_installation, monday) == 1
    assert one.outcome_name in _told("weekly digest")[0].text
    # The day of the digest has one message.
    assert Reminders()(sample_installation, monday) == 0


def test_who_stopped_all_is_told_nothing(sample_installation: Installation, owner: str) -> None:
    subscriptions.change_subscription(owner, {"unsubscribed": frozenset({"everything"})}, actor=owner, now=_due(owner))
    assert Reminders()(sample_installation, _due(owner)) == 0


def test_a_channel_carries_it_with_the_name_and_without_a_link_that_stops_it(
    sample_installation: Installation, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEXTPLAY_CHANNEL_OPS", "json://hooks.example/x")
    changed: dict[str, object] = {"channels": ["ops"], "unsubscribed": frozenset({"weekly digest"})}
    subscriptions.change_subscription(owner, changed, actor=owner, now=_due(owner))
    assert Reminders()(sample_installation, _due(owner)) == 1
    [message] = _told()
    assert message.channel == "ops"
    assert message.subject.startswith("Ines: ")
    assert "/stop/" not in message.text
    monkeypatch.delenv("NEXTPLAY_CHANNEL_OPS")
    # The channel is gone: mail again, and not a second time on the same day.
    assert Reminders()(sample_installation, _due(owner)) == 0
