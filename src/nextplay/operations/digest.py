"""The weekly digest: one message where five would do, on each person's own day, hour and zone; and the link that stops it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core import signing

from nextplay.ledger import messages, people, subscriptions
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.letters import Content, Footer, Item, Section, address, letter
from nextplay.operations.notify import notify
from nextplay.operations.program_day import program_zone
from nextplay.operations.show_week import MyWeek, WeekStep, show_week
from nextplay.operations.viewer import DECIDERS, Role, Viewer
from nextplay.values.clock import UnknownZone, at, day_there, monday_of, zone
from nextplay.values.figures import day as written_day

KIND = "weekly digest"
_SALT = "nextplay stop"


class NotALink(ValueError):
    """The link was changed on its way, or is none of ours."""


def write_digests(installation: Installation, now: datetime) -> int:
    """Write this week's digest to everybody whose hour has come and who has not got it. Returns how many."""
    new = 0
    for person in people.people():
        if person.active and person.role in DECIDERS:
            new += _write(installation, Viewer(person.email, person.name, Role(person.role)), now)
    return new


def digest_moment(wants: SubscriptionRecord, where: ZoneInfo, now: datetime) -> datetime:
    """When the digest of the week that holds `now` leaves: the person's day and hour, moved behind their quiet hours."""
    day = monday_of(day_there(now, where)) + timedelta(days=wants.digest_day)
    return after_quiet(at(day, time(wants.digest_hour), where), wants, where)


def after_quiet(moment: datetime, wants: SubscriptionRecord, where: ZoneInfo) -> datetime:
    """The moment itself, or the end of the person's quiet hours where it lies in them."""
    there = moment.astimezone(where)
    begin, end, hour = wants.quiet_from, wants.quiet_until, there.hour
    quiet = begin <= hour < end if begin <= end else hour >= begin or hour < end
    if not quiet:
        return moment
    over: date = there.date() + timedelta(days=1 if end <= hour else 0)
    return at(over, time(end), where)


def stop_token(email: str, kind: str) -> str:
    """What a link carries that stops one kind of message for one person, without signing in."""
    return signing.dumps([email, kind], salt=_SALT, compress=False)


def stopped_by(token: str) -> tuple[str, str]:
    """Person and kind of a link. Raises NotALink."""
    try:
        email, kind = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotALink("This link is not complete. Open it from the message again.") from error
    return str(email), str(kind)


def stop(token: str, *, now: datetime) -> str:
    """Stop what the link names; which kind it was. The same link twice changes nothing. Raises NotALink."""
    email, kind = stopped_by(token)
    held = subscriptions.subscription(email).unsubscribed
    if kind not in held and people.person(email):
        subscriptions.change_subscription(email, {"unsubscribed": held | {kind}}, actor=email, now=now)
    return kind


def zone_of(installation: Installation, wants: SubscriptionRecord) -> ZoneInfo:
    """The person's zone; the program's where they named none, or one that is no more."""
    try:
        return zone(wants.time_zone) if wants.time_zone else program_zone(installation)
    except UnknownZone:
        return program_zone(installation)


def _write(installation: Installation, viewer: Viewer, now: datetime) -> int:
    wants = subscriptions.subscription(viewer.email)
    where = zone_of(installation, wants)
    leaves = digest_moment(wants, where, now)
    # Whoever was away for a day gets the week's; what is older is news no more.
    if not wants.wants(KIND) or not leaves <= now < leaves + timedelta(days=1):
        return 0
    key = f"digest {day_there(leaves, where):%G-W%V}"
    if messages.message_written(f"{key}/mail/{viewer.email.lower()}"):
        return 0
    week = show_week(installation, viewer, now=now)
    content = _content(week, viewer)
    if not content.sections:
        return 0
    link = content.footer.stop if content.footer else ""
    headers = (("List-Unsubscribe", f"<{link}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")) if link else ()
    return notify(viewer.email, letter(content, headers=headers), key=key, kind=KIND, actor="clock", now=now)


def _content(week: MyWeek, viewer: Viewer) -> Content:
    due = [one for _, steps in week.days for one in steps]
    sections = (
        Section("Late", tuple(_step(one, week.today) for one in week.late)),
        Section("This week", tuple(_step(one, week.today) for one in due)),
        Section(
            "What we promised", tuple(Item(name, one.text, written_day(one.due, week.today)) for one, name in week.promises)
        ),
        Section(
            "Waiting for a decision",
            tuple(Item(one.partner_name, one.step, written_day(one.due, week.today)) for one in week.waiting),
        ),
    )
    held = tuple(one for one in sections if one.items)
    link = address("week")
    return Content(
        subject=f"Your week: {week.due} due{f', {len(week.late)} late' if week.late else ''}",
        heading=f"Your week from {written_day(week.monday, week.today)}",
        sections=held,
        action={"label": "Open My week", "link": link} if link else None,
        footer=Footer("You get this once a week.", stop=address(f"stop/{stop_token(viewer.email, KIND)}")),
    )


def _step(one: WeekStep, today: date) -> Item:
    return Item(one.partner_name, one.step.name, written_day(one.step.due, today), one.slip)
