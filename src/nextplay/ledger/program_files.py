"""Reads and writes of the program files that were in force."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import ProgramFile
from nextplay.ledger.records import ProgramFileRecord


def program_files(limit: int = 50) -> list[ProgramFileRecord]:
    """Files that were put in force, the newest first."""
    return [_record(row) for row in ProgramFile.objects.order_by("-pk")[:limit]]


def program_file(file_id: int) -> ProgramFileRecord | None:
    """One of them, or None."""
    row = ProgramFile.objects.filter(pk=file_id).first()
    return _record(row) if row else None


@transaction.atomic
def put_program(
    before: tuple[str, str] | None, after: tuple[str, str], put: Callable[[], None], *, actor: str, now: datetime, why: str
) -> None:
    """Keep the file that is left and the one that is put in force, each as (version, text), and put it with `put`.

    `put` is the last thing done: where it fails nothing is kept, and the file that was in force still is.
    """
    newest = ProgramFile.objects.order_by("-pk").first()
    if before is not None and (newest is None or newest.text != before[1]):
        # Put there by hand: kept all the same, so that it can be restored.
        ProgramFile.objects.create(version=before[0], text=before[1], put_by="", put_at=now)
    ProgramFile.objects.create(version=after[0], text=after[1], put_by=actor, put_at=now)
    details = {"version": after[0], "was": before[0] if before else "", "why": why}
    write_line(at=now, actor=actor, verb="change program", subject=f"program {after[0]}", details=details)
    put()


def _record(row: ProgramFile) -> ProgramFileRecord:
    return ProgramFileRecord(row.pk, row.version, row.text, row.put_by, row.put_at)
