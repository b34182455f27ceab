"""The daily reminder: what became due, went late or was decided by the facts since the person was last told, in one message."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nextplay.ledger import messages, subscriptions
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.letters import Content, Footer, Item, Section, address
from nextplay.operations.messages.quiet_hours import after_quiet, zone_of
from nextplay.operations.messages.tell_person import DAILY, WEEKLY, tell_person
from nextplay.operations.plays.show_week import MyWeek, WeekStep, show_week
from nextplay.operations.reminders.digest import closed_since, step_item, to_each
from nextplay.operations.viewer import Viewer
from nextplay.values.clock import at, day_there
from nextplay.values.figures import day as written_day

# So long after its hour a reminder is still of use: nextplay may have been away.
LATEST = timedelta(hours=6)
# Whoever was told nothing for longer is not told all of it.
LONGEST_BACK = timedelta(days=7)
WEEKEND = 5


class Reminders:
    """Writes each person's reminder at their hour; in a process each day of a person is looked at once."""

    def __init__(self) -> None:
        self._looked = dict[tuple[str, str], date]()

    def __call__(self, installation: Installation, now: datetime) -> int:
        """Write what is due now. Returns how many messages are new."""
        return to_each(lambda viewer: self._of(installation, viewer, now))

    def _of(self, installation: Installation, viewer: Viewer, now: datetime) -> bool:
        wants = subscriptions.subscription(viewer.email)
        where = zone_of(installation, wants)
        leaves = reminder_moment(wants, where, now)
        if leaves is None or not wants.wants(DAILY):
            return False
        asked, day = (str(installation.home.path), viewer.email), day_there(leaves, where)
        if self._looked.get(asked) == day:
            return False
        self._looked[asked] = day
        return _write(installation, viewer, day, where, now)


def reminder_moment(wants: SubscriptionRecord, where: ZoneInfo, now: datetime) -> datetime | None:
    """When the reminder that may be written now was to leave: the person's hour of a working day, moved behind quiet hours.

    None: none is due now; on the day of the digest the digest is the one message.
    """
    today = day_there(now, where)
    for day in (today, today - timedelta(days=1)):
        leaves = after_quiet(at(day, time(wants.digest_hour), where), wants, where)
        weekday = day_there(leaves, where).weekday()
        by_digest = wants.wants(WEEKLY) and weekday == wants.digest_day
        if leaves <= now < leaves + LATEST and weekday < WEEKEND and not by_digest:
            return leaves
    return None


def _write(installation: Installation, viewer: Viewer, day: date, where: ZoneInfo, now: datetime) -> bool:
    key = f"reminder {day:%Y-%m-%d}"
    if messages.told(key, viewer.email):
        return False
    last = messages.last_written(viewer.email, (DAILY, WEEKLY)) or now - timedelta(days=1)
    since = max(last, now - LONGEST_BACK)
    content = _content(installation, show_week(installation, viewer, now=now), since, day_there(since, where))
    if content is None:
        return False
    return tell_person(installation, viewer, content, key=key, kind=DAILY, actor="clock", now=now)


def _content(installation: Installation, week: MyWeek, since: datetime, told_on: date) -> Content | None:
    """The message; None where nothing is new since the moment that the person was last told."""
    due = [one for day, steps in week.days if day == week.today for one in steps]
    promised = [(one, name) for one, name in week.promises if one.due <= week.today]
    closed = closed_since(installation, week.owner, since)
    days = [one.step.due for one in (*week.late, *due)] + [one.due for one, _ in promised]
    if not closed and not any(_is_new(day, told_on, week.today) for day in days):
        return None
    sections = (
        Section("Late", _items(week.late, week.today)),
        Section("Due today", _items(due, week.today)),
        Section("What we promised", tuple(Item(name, one.text, written_day(one.due, week.today)) for one, name in promised)),
        Section("What came of it", closed),
    )
    link = address("week")
    return Content(
        subject=_subject(len(due), len(week.late), len(promised), len(closed)),
        heading=f"Your {week.today:%A}",
        sections=tuple(one for one in sections if one.items),
        action={"label": "Open My week", "link": link} if link else None,
        footer=Footer("You get this on days on which something is new."),
    )


def _is_new(due: date, told_on: date, today: date) -> bool:
    """Whether it became due, or went late, after the day on which the person was last told."""
    return told_on < due <= today or told_on <= due < today


def _items(steps: tuple[WeekStep, ...] | list[WeekStep], today: date) -> tuple[Item, ...]:
    return tuple(step_item(one, today) for one in steps)


def _subject(due: int, late: int, promised: int, closed: int) -> str:
    counts = ((due, "due today"), (late, "late"), (promised, "promised"), (closed, "with an outcome"))
    return ", ".join(f"{number} {what}" for number, what in counts if number)
