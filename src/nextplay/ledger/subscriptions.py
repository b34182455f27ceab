"""Reads and writes of how people want to be told: digest day and hour, quiet hours, zone, what they stopped, calendar feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Person, Subscription
from nextplay.ledger.people import UnknownPerson

# Monday at eight, and quiet from eight in the evening to seven in the morning, until somebody says otherwise.
USUAL = {"digest_day": 0, "digest_hour": 8, "quiet_from": 20, "quiet_until": 7}
EVERYTHING = "everything"
# Less than a day, so that a program that asks at the same time every day is told every day.
TOLD_EVERY = timedelta(hours=20)
# Whose feed opens: theirs who sign in and decide.
_OPENS = {"person__is_active": True, "person__role__in": ("admin", "manager")}


@dataclass(frozen=True)
class SubscriptionRecord:
    """How one person wants to be told. Hours are of their day; `time_zone` empty: the program's."""

    email: str
    digest_day: int
    digest_hour: int
    quiet_from: int
    quiet_until: int
    time_zone: str
    unsubscribed: frozenset[str]
    has_feed: bool
    # Names of channels that carry what is for them; none: mail.
    channels: tuple[str, ...] = ()

    def wants(self, kind: str) -> bool:
        """Whether they want messages of a kind."""
        return not self.unsubscribed & {kind, EVERYTHING}


@dataclass(frozen=True)
class FeedRecord:
    """A calendar feed that opens: whose, since when (None: made before that was kept), and when it was last read."""

    email: str
    name: str
    made_at: datetime | None
    used_at: datetime | None


def subscription(email: str) -> SubscriptionRecord:
    """How a person wants to be told; the usual where they never said."""
    row = Subscription.objects.filter(person__email=email).first()
    return _record(email, row or Subscription(**USUAL))


@transaction.atomic
def change_subscription(email: str, changed: dict[str, object], *, actor: str, now: datetime) -> SubscriptionRecord:
    """Keep what is named of `SubscriptionRecord`. Raises UnknownPerson."""
    row = _locked(email)
    for name, value in changed.items():
        setattr(row, name, sorted(value) if isinstance(value, frozenset) else value)
    row.save()
    shown = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in changed.items()}
    write_line(at=now, actor=actor, verb="change what is told", subject=f"person {email}", details=shown)
    return _record(email, row)


@transaction.atomic
def set_feed(email: str, digest: str, *, actor: str, now: datetime) -> None:
    """Let a token's digest open a person's feed, and none before it; empty: none at all. Raises UnknownPerson."""
    row = _locked(email)
    if not digest and not row.feed_digest:
        return
    row.feed_digest, row.feed_made_at, row.feed_used_at = digest, now if digest else None, None
    row.save()
    write_line(at=now, actor=actor, verb="make feed" if digest else "revoke feed", subject=f"person {email}")


@transaction.atomic
def note_feed_read(email: str, *, now: datetime) -> None:
    """Note that a person's feed was read, once a day. Raises UnknownPerson."""
    row = _locked(email)
    if row.feed_used_at is None or now - row.feed_used_at >= TOLD_EVERY:
        row.feed_used_at = now
        row.save()
        write_line(at=now, actor=email, verb="read feed", subject=f"person {email}")


def feeds(email: str | None = None) -> list[FeedRecord]:
    """Feeds that open, of one person where named, by whose they are."""
    rows = Subscription.objects.exclude(feed_digest="").filter(**_OPENS)
    if email is not None:
        rows = rows.filter(person__email=email)
    told = rows.order_by("person__email").values_list("person__email", "person__name", "feed_made_at", "feed_used_at")
    return [FeedRecord(*one) for one in told]


def person_of_feed(digest: str) -> str | None:
    """Whose calendar feed a token's digest opens."""
    found = Subscription.objects.filter(feed_digest=digest, **_OPENS).values_list("person__email", flat=True)
    return found.first() if digest else None


def _locked(email: str) -> Subscription:
    person = Person.objects.select_for_update().filter(email=email).first()
    if person is None:
        raise UnknownPerson(f"Nobody signs in as {email}.")
    row, _ = Subscription.objects.get_or_create(person=person, defaults=USUAL)
    return row


def _record(email: str, row: Subscription) -> SubscriptionRecord:
    return SubscriptionRecord(
        email=email,
        digest_day=row.digest_day,
        digest_hour=row.digest_hour,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        time_zone=row.time_zone,
        unsubscribed=frozenset(row.unsubscribed),
        has_feed=bool(row.feed_digest),
        channels=tuple(row.channels),
    )
