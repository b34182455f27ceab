"""How a person wants to be told: the digest's day and hour, quiet hours, their time zone, and what they stopped."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.ledger import subscriptions
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.digest import KIND
from nextplay.operations.viewer import DECIDERS, Viewer, require
from nextplay.values.clock import UnknownZone, zone

HOURS_A_DAY, DAYS_A_WEEK = 24, 7


class NotAnHour(ValueError):
    """An hour or a day that no clock or week has."""


@dataclass(frozen=True)
class Told:
    """What the page lets a person say; hours are of their own day."""

    digest: bool
    digest_day: int
    digest_hour: int
    quiet_from: int
    quiet_until: int
    time_zone: str = ""


def told(viewer: Viewer) -> SubscriptionRecord:
    """How the viewer wants to be told. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    return subscriptions.subscription(viewer.email)


def change_told(viewer: Viewer, wanted: Told, *, now: datetime) -> SubscriptionRecord:
    """Keep it. Raises NotForThisViewer, NotAnHour, UnknownZone."""
    held, name = told(viewer), wanted.time_zone.strip()
    hours = (wanted.digest_hour, wanted.quiet_from, wanted.quiet_until)
    if not all(0 <= hour < HOURS_A_DAY for hour in hours) or not 0 <= wanted.digest_day < DAYS_A_WEEK:
        raise NotAnHour("Choose a day from Monday to Sunday, and hours from 0 to 23.")
    if name:
        zone(name)
    changed = {key: value for key, value in vars(wanted).items() if key != "digest"} | {"time_zone": name}
    changed["unsubscribed"] = held.unsubscribed - {KIND} if wanted.digest else held.unsubscribed | {KIND}
    return subscriptions.change_subscription(viewer.email, changed, actor=viewer.email, now=now)


__all__ = ["NotAnHour", "Told", "UnknownZone", "change_told", "told"]
