"""Dates of working sessions: set, moved and called off, each with its line, and a number that rises."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import SessionDate


class SessionChanged(RuntimeError):
    """Somebody else set, moved or called off the session first."""


@dataclass(frozen=True)
class SessionRecord:
    """When a session takes place (aware UTC, and the zone it was set in) and who was invited."""

    decision_id: str
    number: int
    starts_at: datetime
    time_zone: str
    guest: str
    owner: str
    sequence: int
    state: str
    set_at: datetime

    @property
    def planned(self) -> bool:
        """Whether it is to take place."""
        return self.state == "planned"


def session_date(decision_id: str, number: int) -> SessionRecord | None:
    """The date of a step's session, also one that was called off."""
    row = SessionDate.objects.filter(decision_id=decision_id, number=number).first()
    return _record(row) if row else None


def sessions_ahead(now: datetime) -> list[SessionRecord]:
    """Sessions to come, the next first."""
    rows = SessionDate.objects.filter(state="planned", starts_at__gt=now).order_by("starts_at", "pk")
    return [_record(row) for row in rows]


@transaction.atomic
def set_session(asked: SessionRecord, *, seen: int | None, actor: str, now: datetime) -> SessionRecord:
    """Keep day, hour and guest of `asked`; its number is the next. The same again changes nothing.

    `seen`: the number that the page showed, None where it showed no date. Raises SessionChanged.
    """
    row = SessionDate.objects.select_for_update().filter(decision_id=asked.decision_id, number=asked.number).first()
    if row is not None and row.state == "planned" and _same(row, asked):
        return _record(row)
    if (row.sequence if row else None) != seen:
        raise SessionChanged("Somebody else set the day of this session since you opened the page. Look again.")
    if row is None:
        row = SessionDate(decision_id=asked.decision_id, number=asked.number)
    else:
        row.sequence += 1
    row.starts_at, row.time_zone, row.guest, row.owner = asked.starts_at, asked.time_zone, asked.guest, asked.owner
    row.state, row.set_by, row.set_at = "planned", actor, now
    row.save()
    details = {"step": row.number, "starts_at": row.starts_at, "guest": row.guest, "owner": row.owner, "sequence": row.sequence}
    write_line(at=now, actor=actor, verb="invite", subject=f"decision {row.decision_id}", details=details)
    return _record(row)


@transaction.atomic
def call_off(decision_id: str, number: int, *, actor: str, now: datetime) -> SessionRecord | None:
    """Say that a session does not take place; None where none is planned."""
    row = SessionDate.objects.select_for_update().filter(decision_id=decision_id, number=number, state="planned").first()
    if row is None:
        return None
    row.state, row.set_by, row.set_at, row.sequence = "cancelled", actor, now, row.sequence + 1
    row.save()
    details = {"step": number, "sequence": row.sequence}
    write_line(at=now, actor=actor, verb="call off", subject=f"decision {decision_id}", details=details)
    return _record(row)


def _same(row: SessionDate, asked: SessionRecord) -> bool:
    return (row.starts_at, row.time_zone, row.guest, row.owner) == (asked.starts_at, asked.time_zone, asked.guest, asked.owner)


def _record(row: SessionDate) -> SessionRecord:
    return SessionRecord(
        decision_id=row.decision_id,
        number=row.number,
        starts_at=row.starts_at,
        time_zone=row.time_zone,
        guest=row.guest,
        owner=row.owner,
        sequence=row.sequence,
        state=row.state,
        set_at=row.set_at,
    )
