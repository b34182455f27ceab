"""Invitations to a working session (RFC 5546, 6047): by mail to the partner's person and to our owner, moved and called off."""

import base64
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from nextplay.facts.scope import Reach
from nextplay.ledger import play_queries, queries, session_dates, steps, subscriptions
from nextplay.ledger.records import Attached, DecisionRecord, StepRecord
from nextplay.ledger.session_dates import SessionChanged, SessionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.calendar_file import MEDIA_TYPE, Entry, calendar_file, uid_of
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.messages.quiet_hours import zone_of
from nextplay.operations.plays.log_step import NotADayForAStep, require_under_way, step_for
from nextplay.operations.plays.prepare_session import SESSION_MINUTES
from nextplay.operations.plays.show_play import names_of
from nextplay.operations.program_day import program_day
from nextplay.operations.viewer import Viewer
from nextplay.values.clock import at, zone
from nextplay.values.figures import day as written_day
from nextplay.values.period import DAYS_AHEAD

__all__ = [
    "NoGuest",
    "SessionChanged",
    "Wanted",
    "call_off_session",
    "guests_of",
    "keep_sessions_right",
    "plan_session",
    "session_of",
    "zone_for",
]

KIND = "session invitation"
AGENDA = "Two things come out of it: one offer in your words, and five accounts to write to, with who sends what by when."


class NoGuest(ValueError):
    """That is no mail address."""


@dataclass(frozen=True)
class Wanted:
    """Day and hour in a zone, and the partner's person, empty for nobody yet. `seen`: the number that the page showed."""

    day: date
    hour: time
    time_zone: str
    guest: str = ""
    seen: int | None = None


def plan_session(
    installation: Installation, viewer: Viewer, decision_id: str, number: int, wanted: Wanted, *, now: datetime
) -> SessionRecord:
    """Set or move a session, and invite; the step is due that day. Whoever is invited no more is told.

    Raises NotForThisViewer, NotADayForAStep, UnknownZone, NoGuest, SessionChanged, AlreadyDecided.
    """
    record, step = step_for(installation, viewer, decision_id, number)
    require_under_way(record)
    starts = at(wanted.day, wanted.hour, zone(wanted.time_zone))
    ahead = (wanted.day - program_day(installation, now)).days
    if step.state != "open" or starts <= now or not 0 <= ahead <= DAYS_AHEAD:
        raise NotADayForAStep("Choose a day and an hour to come, within a year, for a step that is open.")
    asked = SessionRecord(
        decision_id, number, starts, wanted.time_zone, _address(wanted.guest), record.owner.lower(), 0, "planned", now
    )
    before = session_dates.session_date(decision_id, number)
    with transaction.atomic():
        held = session_dates.set_session(asked, seen=wanted.seen, actor=viewer.email, now=now)
        if step.due != wanted.day:
            steps.move_step(decision_id, number, revision=step.revision, due=wanted.day, actor=viewer.email, now=now)
        if before and before.planned:
            gone = {before.guest, before.owner} - {held.guest, held.owner} - {""}
            _write(installation, record, held, sorted(gone), "CANCEL", viewer.email, now)
        _write(installation, record, held, _invited(held), "REQUEST", viewer.email, now)
    return held


def call_off_session(installation: Installation, viewer: Viewer, decision_id: str, number: int, *, now: datetime) -> bool:
    """Call a session off and tell everybody invited; False where none was planned. Raises NotForThisViewer."""
    record, _ = step_for(installation, viewer, decision_id, number)
    return _called_off(installation, record, number, viewer.email, now)


def keep_sessions_right(installation: Installation, now: datetime) -> int:
    """Call off what lies ahead of plays that were left or are over, and of steps that are closed; hand over to a new owner.

    The guest gets the new organizer, the former owner a cancellation. Returns how many changed.
    """
    changed = 0
    for one in session_dates.sessions_ahead(now):
        record, step = queries.decision(one.decision_id), play_queries.step(one.decision_id, one.number)
        if record is None:
            continue
        runs = record.status == "committed" and record.result == "open"
        if not (runs and step is not None and step.state == "open"):
            changed += _called_off(installation, record, one.number, "clock", now)
        elif one.owner != record.owner.lower():
            changed += _handed_over(installation, record, one, now)
    return changed


def session_of(step: StepRecord) -> SessionRecord | None:
    """When the session of a step takes place, or was to; the step was read for a viewer who may see it."""
    return session_dates.session_date(step.decision_id, step.number)


def zone_for(installation: Installation, viewer: Viewer) -> str:
    """The zone that a person's hours are in until they say otherwise."""
    return zone_of(installation, subscriptions.subscription(viewer.email)).key


def guests_of(installation: Installation, partner_id: str) -> list[tuple[str, str]]:
    """Address and name of the partner's people that have an address. The caller has checked that the viewer may see them."""
    contacts = installation.facts(installation.span.newest or date.max, Reach()).contacts
    theirs = contacts.filter(contacts.partner_id == partner_id, contacts.email.notnull())
    rows = installation.warehouse.read(theirs.select("email", "name").order_by("email", "name").limit(50))
    return [(email, name or "") for email, name in rows.iter_rows()]


def _called_off(installation: Installation, record: DecisionRecord, number: int, actor: str, now: datetime) -> bool:
    with transaction.atomic():
        held = session_dates.call_off(record.decision_id, number, actor=actor, now=now)
        if held is None:
            return False
        _write(installation, record, held, _invited(held), "CANCEL", actor, now)
    return True


def _handed_over(installation: Installation, record: DecisionRecord, before: SessionRecord, now: datetime) -> bool:
    """The session with the decision's owner of today; False where somebody moved it meanwhile."""
    asked = replace(before, owner=record.owner.lower(), set_at=now)
    try:
        with transaction.atomic():
            held = session_dates.set_session(asked, seen=before.sequence, actor="clock", now=now)
            gone = {before.owner} - set(_invited(held))
            # Calendars take a cancellation from the organizer that they know.
            _write(installation, record, replace(held, owner=before.owner), sorted(gone), "CANCEL", "clock", now)
            _write(installation, record, held, _invited(held), "REQUEST", "clock", now)
    except SessionChanged:
        return False
    return True


def _address(guest: str) -> str:
    said = guest.strip().lower()
    try:
        if said:
            validate_email(said)
    except ValidationError as error:
        raise NoGuest("Write the mail address of one person at the partner, or leave it empty.") from error
    return said


def _invited(held: SessionRecord) -> list[str]:
    return [one for one in dict.fromkeys((held.owner, held.guest)) if one]


def _write(
    installation: Installation,
    record: DecisionRecord,
    held: SessionRecord,
    to: list[str],
    method: str,
    actor: str,
    now: datetime,
) -> None:
    name = names_of(installation, [record.partner_id]).get(record.partner_id, record.partner_id)
    there = held.starts_at.astimezone(zone(held.time_zone))
    title = f"Working session: {installation.program.name} and {name}"
    when = f"{written_day(there, there.date())}, {there:%H:%M} {held.time_zone}, {SESSION_MINUTES} minutes"
    calls_off = method == "CANCEL"
    entry = Entry(
        uid=uid_of(installation.home, f"session-{held.decision_id}-{held.number}"),
        sequence=held.sequence,
        title=title,
        start=there,
        end=there + timedelta(minutes=SESSION_MINUTES),
        changed_at=held.set_at,
        text=AGENDA,
        cancelled=calls_off,
        organizer=held.owner,
        attendees=tuple(_invited(held)) if not calls_off else tuple(to),
    )
    content = base64.b64encode(calendar_file([entry], name="nextplay", method=method)).decode()
    file = Attached("cancel.ics" if calls_off else "invite.ics", f"{MEDIA_TYPE}; method={method}", content)
    head, body = _told_of(held, calls_off=calls_off)
    letter = Letter(
        f"{head}{title}, {when}", f"{title}\n{when}\n\n{body}\n", files=(file,), headers=(("Reply-To", held.owner),)
    )
    key = f"session {held.decision_id} {held.number} {held.sequence} {method}"
    for one in to:
        notify(one, letter, key=key, kind=KIND, actor=actor, now=now)


def _told_of(held: SessionRecord, *, calls_off: bool) -> tuple[str, str]:
    """What stands before the title, and what is said of it: who is invited no more is not told that nobody meets."""
    if not calls_off:
        return ("Changed: " if held.sequence else ""), AGENDA
    return (
        ("You are no longer invited: ", "It takes place without you.")
        if held.planned
        else ("Called off: ", "It does not take place.")
    )
