"""Dates as calendar programs read them (RFC 5545): stable names, a number that rises with each change."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from nextplay.home import Home

PRODUCT = "-//nextplay//nextplay//EN"
MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True)
class Entry:
    """One date. `start` a day, or a moment in its zone with `end`; `sequence` rises with every change."""

    uid: str
    sequence: int
    title: str
    start: date | datetime
    changed_at: datetime
    end: datetime | None = None
    text: str = ""
    cancelled: bool = False
    organizer: str = ""
    attendees: tuple[str, ...] = ()


def calendar_file(entries: Iterable[Entry], *, name: str, method: str = "PUBLISH") -> bytes:
    """The entries as one file; zones that moments are in come along."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def uid_of(home: Home, subject: str) -> str:
    """The name of a date that no other installation gives: the same for the same subject for good."""
    return f"{subject}@{hashlib.sha256(home.secret_key.encode()).hexdigest()[:16]}.nextplay"


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", entry.title)
    event.add("dtstart", entry.start)
    # A whole day ends where the next begins.
    event.add("dtend", entry.end or entry.start + timedelta(days=1))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.end else "TRANSPARENT")
    if entry.text:
        event.add("description", entry.text)
    if entry.organizer:
        event.add("organizer", vCalAddress(f"mailto:{entry.organizer}"))
    for one in entry.attendees:
        event.add("attendee", vCalAddress(f"mailto:{one}"), parameters={"ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"})
    return event
