"""When a person, or the team's channel, is left alone: what is news waits for the morning, what somebody asked for does not."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nextplay.ledger import subscriptions
from nextplay.ledger.records import MessageRecord
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.tell_person import KINDS
from nextplay.operations.program_day import program_zone
from nextplay.values.clock import UnknownZone, at, zone


def after_quiet(moment: datetime, wants: SubscriptionRecord, where: ZoneInfo) -> datetime:
    """The moment itself, or the end of the person's quiet hours where it lies in them."""
    there = moment.astimezone(where)
    begin, end, hour = wants.quiet_from, wants.quiet_until, there.hour
    quiet = begin <= hour < end if begin <= end else hour >= begin or hour < end
    if not quiet:
        return moment
    over: date = there.date() + timedelta(days=1 if end <= hour else 0)
    return at(over, time(end), where)


def zone_of(installation: Installation, wants: SubscriptionRecord) -> ZoneInfo:
    """The person's zone; the program's where they named none, or one that is no more."""
    try:
        return zone(wants.time_zone) if wants.time_zone else program_zone(installation)
    except UnknownZone:
        return program_zone(installation)


def may_leave(installation: Installation, message: MessageRecord, now: datetime) -> datetime:
    """When a message may leave, at this try: now, or behind the quiet hours of its reader; a team's channel has the usual ones.

    Links to sign in, invitations and links to a partner's page are waited for: they leave at any hour.
    """
    if message.kind not in KINDS:
        return now
    wants = subscriptions.subscription(message.person)
    return after_quiet(now, wants, zone_of(installation, wants))
