"""The weekly digest: one message where five would do, on each person's own day, hour and zone."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nextplay.ledger import messages, people, queries, subscriptions
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.letters import Content, Footer, Item, Section, address
from nextplay.operations.messages.quiet_hours import after_quiet, zone_of
from nextplay.operations.messages.tell_person import WEEKLY, tell_person
from nextplay.operations.plays.show_play import names_of
from nextplay.operations.plays.show_week import MyWeek, WeekStep, show_week
from nextplay.operations.viewer import DECIDERS, Role, Viewer
from nextplay.values.clock import at, day_there, monday_of
from nextplay.values.figures import day as written_day

_log = logging.getLogger(__name__)
# So long a digest is this week's without a word; and so long it is better late than never: then the next one comes.
LATEST, LATEST_OF_ALL = timedelta(days=1), timedelta(days=6)


def write_digests(installation: Installation, now: datetime, *, catch_up: bool = False) -> int:
    """Write this week's digest to everybody whose hour has come and who has not got it. Returns how many.

    `catch_up`: nextplay was away. What was to leave more than a day ago leaves now, once, and says of which day it is.
    """
    return to_each(lambda viewer: _write(installation, viewer, now, catch_up=catch_up))


def to_each(write: Callable[[Viewer], int]) -> int:
    """Write to everybody who decides; one whose letter fails is logged, tried again at the next tick, and holds up nobody."""
    new = 0
    for person in people.people():
        if person.active and person.role in DECIDERS:
            try:
                new += write(Viewer(person.email, person.name, Role(person.role)))
            except Exception:
                _log.exception("What is for %s could not be written; it is tried again", person.email)
    return new


def digest_moment(wants: SubscriptionRecord, where: ZoneInfo, now: datetime) -> datetime:
    """When the digest of the week that holds `now` leaves: the person's day and hour, moved behind their quiet hours."""
    day = monday_of(day_there(now, where)) + timedelta(days=wants.digest_day)
    return after_quiet(at(day, time(wants.digest_hour), where), wants, where)


def digest_due(wants: SubscriptionRecord, where: ZoneInfo, now: datetime, *, within: timedelta = LATEST) -> datetime | None:
    """When the newest digest that is due was to leave, if that is no longer ago than `within`.

    Quiet hours may put the end of one week off into the next.
    """
    moments = (digest_moment(wants, where, now), digest_moment(wants, where, now - timedelta(days=7)))
    return next((one for one in moments if one <= now < one + within), None)


def _write(installation: Installation, viewer: Viewer, now: datetime, *, catch_up: bool) -> int:
    wants = subscriptions.subscription(viewer.email)
    where = zone_of(installation, wants)
    leaves = digest_due(wants, where, now, within=LATEST_OF_ALL if catch_up else LATEST)
    if leaves is None or not wants.wants(WEEKLY):
        return 0
    late = now >= leaves + LATEST
    if late and not _had_one_before(viewer, leaves):
        return 0
    key = f"digest {day_there(leaves, where):%G-W%V}"
    if messages.told(key, viewer.email):
        return 0
    closed = closed_since(installation, viewer.email.lower(), leaves - timedelta(days=7))
    content = _content(show_week(installation, viewer, now=now), closed)
    if late:
        was = written_day(day_there(leaves, where), day_there(now, where))
        content = replace(content, footer=Footer(f"You get this once a week. This one is of {was}."))
    return tell_person(installation, viewer, content, key=key, kind=WEEKLY, actor="clock", now=now) if content.sections else 0


def _had_one_before(viewer: Viewer, leaves: datetime) -> bool:
    """Whether the last one was that of a week before: who never had one, or chose another day since, misses none."""
    last = messages.last_written(viewer.email, (WEEKLY,))
    return last is not None and last < leaves - timedelta(days=6)


def _content(week: MyWeek, closed: tuple[Item, ...]) -> Content:
    due = [one for _, steps in week.days for one in steps]
    sections = (
        Section("What came of it", closed),
        Section("Late", tuple(step_item(one, week.today) for one in week.late)),
        Section("This week", tuple(step_item(one, week.today) for one in due)),
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
        footer=Footer("You get this once a week."),
    )


def closed_since(installation: Installation, owner: str, since: datetime) -> tuple[Item, ...]:
    """Outcomes of an owner's plays that closed after a moment, a line each."""
    ended = [one for one in queries.decisions(owner=owner, status="committed") if one.result_at and one.result_at > since]
    names = names_of(installation, [one.partner_id for one in ended])
    return tuple(
        Item(names.get(one.partner_id, one.partner_id), one.outcome_name, one.result.capitalize(), one.result_note)
        for one in ended
    )


def step_item(one: WeekStep, today: date) -> Item:
    """A step as a line: of whom, what, by when, and what slips."""
    return Item(one.partner_name, one.step.name, written_day(one.step.due, today), one.slip)
