"""Reads and writes of how people want to be told: digest day and hour, quiet hours, zone, what they stopped, calendar feed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Person, Subscription
from nextplay.ledger.people import UnknownPerson

# Monday at eight, and quiet from eight in the evening to seven in the morning, until somebody says otherwise.
USUAL = {"digest_day": 0, "digest_hour": 8, "quiet_from": 20, "quiet_until": 7}
EVERYTHING = "everything"


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
    details = {name: value for name, value in shown.items() if name != "feed_digest"}
    write_line(at=now, actor=actor, verb="change what is told", subject=f"person {email}", details=details)
    return _record(email, row)


def person_of_feed(digest: str) -> str | None:
    """Whose calendar feed a token's digest opens."""
    found = Subscription.objects.filter(feed_digest=digest, person__is_active=True).values_list("person__email", flat=True)
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
