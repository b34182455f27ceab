"""Reads and writes of decision meetings: started, joined, something put off, signed. What is signed is never written again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Meeting
from nextplay.ledger.records import MeetingRecord


class MeetingEnded(RuntimeError):
    """The meeting was signed; nothing in it changes any more."""


@transaction.atomic
def join_meeting(month: str, *, actor: str, now: datetime) -> MeetingRecord:
    """The meeting of a month that is under way, started if there is none, with `actor` among those present."""
    row, new = Meeting.objects.select_for_update().get_or_create(
        month=month, ended_at=None, defaults={"started_by": actor, "started_at": now, "present": [actor]}
    )
    if new:
        write_line(at=now, actor=actor, verb="start meeting", subject=f"meeting {row.pk}", details={"month": month})
    elif actor not in row.present:
        row.present = [*row.present, actor]
        row.save()
        write_line(at=now, actor=actor, verb="join meeting", subject=f"meeting {row.pk}", details={"month": month})
    return _record(row)


@transaction.atomic
def skip_decision(meeting_id: int, decision_id: str, *, actor: str, now: datetime) -> MeetingRecord:
    """Put a decision off to the end of the meeting. Raises MeetingEnded."""
    row = _under_way(meeting_id)
    row.skipped = [*(one for one in row.skipped if one != decision_id), decision_id]
    row.save()
    write_line(at=now, actor=actor, verb="skip", subject=f"decision {decision_id}", details={"meeting": meeting_id})
    return _record(row)


@transaction.atomic
def sign_meeting(meeting_id: int, summary: dict[str, Any], *, actor: str, now: datetime) -> MeetingRecord:
    """End the meeting with what was decided, as it will always be shown. Raises MeetingEnded."""
    row = _under_way(meeting_id)
    row.summary, row.signed_by, row.ended_at = summary, actor, now
    row.save()
    details = {"month": row.month, "decisions": len(summary.get("decided", ())), "left": len(summary.get("left", ()))}
    write_line(at=now, actor=actor, verb="sign meeting", subject=f"meeting {row.pk}", details=details)
    return _record(row)


def meeting(meeting_id: int) -> MeetingRecord | None:
    """One meeting, or None."""
    row = Meeting.objects.filter(pk=meeting_id).first()
    return _record(row) if row else None


def meeting_under_way(month: str) -> MeetingRecord | None:
    """The meeting of a month that nobody signed yet, or None."""
    row = Meeting.objects.filter(month=month, ended_at=None).first()
    return _record(row) if row else None


def meetings(limit: int = 24) -> list[MeetingRecord]:
    """Meetings, newest first."""
    return [_record(row) for row in Meeting.objects.order_by("-started_at", "-pk")[:limit]]


def _under_way(meeting_id: int) -> Meeting:
    row = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
    if row is None or row.ended_at is not None:
        signed = (
            f"{row.summary.get('signed_by_name') or row.signed_by} signed this meeting" if row else "There is no such meeting"
        )
        raise MeetingEnded(f"{signed}. Start another to decide together again.")
    return row


def _record(row: Meeting) -> MeetingRecord:
    return MeetingRecord(
        meeting_id=row.pk,
        month=row.month,
        started_by=row.started_by,
        started_at=row.started_at,
        present=tuple(row.present),
        skipped=tuple(row.skipped),
        ended_at=row.ended_at,
        signed_by=row.signed_by,
        summary=row.summary,
    )
