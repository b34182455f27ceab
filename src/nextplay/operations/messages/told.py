"""How a person wants to be told: the digest's day and hour, quiet hours, their time zone, and what they stopped."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.ledger import subscriptions
from nextplay.ledger.subscriptions import EVERYTHING, SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.channels import channels_of
from nextplay.operations.messages.tell_person import KINDS
from nextplay.operations.viewer import DECIDERS, Viewer, require
from nextplay.values.clock import UnknownZone, zone

HOURS_A_DAY, DAYS_A_WEEK = 24, 7
HOURS = ("digest_day", "digest_hour", "quiet_from", "quiet_until")


class NotAnHour(ValueError):
    """An hour or a day that no clock or week has, or a channel that is gone."""


@dataclass(frozen=True)
class Told:
    """What the page lets a person say: the kinds they want, and hours of their own day."""

    kinds: frozenset[str]
    digest_day: int
    digest_hour: int
    quiet_from: int
    quiet_until: int
    time_zone: str = ""
    # The name of a channel of the team; empty: mail.
    channel: str = ""


def told(viewer: Viewer) -> SubscriptionRecord:
    """How the viewer wants to be told. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    return subscriptions.subscription(viewer.email)


def ways(installation: Installation) -> tuple[str, ...]:
    """Names of the team's channels that a person may choose instead of mail."""
    return tuple(channels_of(installation.home))


def stop_all(viewer: Viewer, *, now: datetime) -> SubscriptionRecord:
    """Tell the viewer nothing any more, of whatever kind. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    return subscriptions.change_subscription(
        viewer.email, {"unsubscribed": frozenset({EVERYTHING, *KINDS})}, actor=viewer.email, now=now
    )


def change_told(installation: Installation, viewer: Viewer, wanted: Told, *, now: datetime) -> SubscriptionRecord:
    """Keep it. Raises NotForThisViewer, NotAnHour, UnknownZone."""
    held, name = told(viewer), wanted.time_zone.strip()
    hours = (wanted.digest_hour, wanted.quiet_from, wanted.quiet_until)
    if not all(0 <= hour < HOURS_A_DAY for hour in hours) or not 0 <= wanted.digest_day < DAYS_A_WEEK:
        raise NotAnHour("Choose a day from Monday to Sunday, and hours from 0 to 23.")
    if name:
        zone(name)
    if wanted.channel and wanted.channel not in channels_of(installation.home):
        raise NotAnHour("That channel is gone. Choose another way.")
    kept = held.unsubscribed - {*KINDS, EVERYTHING}
    changed: dict[str, object] = {one: getattr(wanted, one) for one in HOURS} | {"time_zone": name}
    changed |= {"unsubscribed": kept | ({*KINDS} - wanted.kinds), "channels": [wanted.channel] if wanted.channel else []}
    return subscriptions.change_subscription(viewer.email, changed, actor=viewer.email, now=now)


__all__ = ["NotAnHour", "Told", "UnknownZone", "change_told", "stop_all", "told", "ways"]
