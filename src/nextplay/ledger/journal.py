"""Writing and reading the journal."""

from datetime import datetime
from typing import Any

from nextplay.ledger.models import JournalLine
from nextplay.ledger.records import JournalRecord


def write_line(*, at: datetime, actor: str, verb: str, subject: str, details: dict[str, Any] | None = None) -> None:
    """Add a line, in the transaction of the change it is about."""
    JournalLine.objects.create(at=at, actor=actor, verb=verb, subject=subject, details=details or {})


def lines(subject: str | None = None, limit: int = 200) -> list[JournalRecord]:
    """The newest lines first; of one subject, where it is named."""
    rows = JournalLine.objects.order_by("-pk")
    if subject is not None:
        rows = rows.filter(subject=subject)
    return [
        JournalRecord(at=row.at, actor=row.actor, verb=row.verb, subject=row.subject, details=row.details)
        for row in rows[:limit]
    ]
