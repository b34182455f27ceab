"""Writing and reading the journal."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from nextplay.ledger.models import Decision, JournalLine
from nextplay.ledger.records import JournalRecord
from nextplay.values.origin import origin

_LONGEST_ADDRESS = 64
# Subjects that name a partner by themselves.
_OF_A_PARTNER = "partner "
_OF_A_DECISION = "decision "
# A decision that a person took is withdrawn as it was made, in its first revision.
_TAKES_BACK = ("undo", "withdraw")


@dataclass(frozen=True)
class Asked:
    """Which lines: every part that is set must hold. Days are UTC, both ends included.

    A text stands in the subject, is a partner, or is a value of the details. `partners` holds what it may be the name of.
    `face` is where a change came from. `reach` are the partners whose lines may be seen beside one's own (`own`); None: those
    of all partners, and without `own` everything.
    """

    actor: str = ""
    verb: str = ""
    text: str = ""
    partners: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    reach: frozenset[str] | None = None
    own: str = ""
    face: str = ""


def write_line(
    *, at: datetime, actor: str, verb: str, subject: str, details: dict[str, Any] | None = None, partner_id: str | None = None
) -> None:
    """Add a line, in the transaction of the change it is about. Of a decision or a partner, the partner is told from it."""
    come = origin()
    JournalLine.objects.create(
        at=at,
        actor=actor,
        verb=verb,
        subject=subject,
        details=details or {},
        origin=come.face,
        address=come.address[:_LONGEST_ADDRESS],
        partner_id=partner_id or _partner_of(subject),
    )


def lines(subject: str | None = None, limit: int = 200) -> list[JournalRecord]:
    """The newest lines first; of one subject, where it is named."""
    rows = JournalLine.objects.order_by("-pk")
    if subject is not None:
        rows = rows.filter(subject=subject)
    return [_record(row) for row in rows[:limit]]


def count(asked: Asked) -> int:
    """How many lines fit."""
    return _fitting(asked).count()


def some(asked: Asked, *, start: int, size: int) -> list[JournalRecord]:
    """`size` lines that fit, the newest first, after the first `start`."""
    return [_record(row) for row in _fitting(asked)[start : start + size]]


def every(asked: Asked) -> Iterator[JournalRecord]:
    """All lines that fit, the newest first, read in pieces."""
    return (_record(row) for row in _fitting(asked).iterator(chunk_size=2000))


def line(line_id: int, asked: Asked) -> JournalRecord | None:
    """One line, where it fits; None for another."""
    row = _fitting(asked).filter(pk=line_id).first()
    return _record(row) if row else None


def undone(found: Sequence[JournalRecord]) -> frozenset[int]:
    """Of these lines, those of steps on decisions that were taken back later."""
    named = {(one.subject, one.details["revision"]): one.line_id for one in found if "revision" in one.details}
    if not named:
        return frozenset()
    later = JournalLine.objects.filter(subject__in={subject for subject, _ in named}, verb__in=_TAKES_BACK)
    gone = {(row.subject, row.details.get("undone_revision", 1)) for row in later}
    return frozenset(line_id for about, line_id in named.items() if about in gone)


def commitment_taken_back(decision_ids: Sequence[str]) -> dict[str, JournalRecord]:
    """The newest line that took a commitment back, of decisions that have one."""
    rows = JournalLine.objects.filter(subject__in=[f"{_OF_A_DECISION}{one}" for one in decision_ids], verb="undo")
    found = [_record(row) for row in rows.order_by("pk")]
    return {one.subject.removeprefix(_OF_A_DECISION): one for one in found if one.details.get("was") == "committed"}


def choices(asked: Asked) -> tuple[list[str], list[str]]:
    """Who stands in the lines that may be seen, and which verbs; both in order."""
    seen = _seen(asked).order_by()
    return sorted(set(seen.values_list("actor", flat=True))), sorted(set(seen.values_list("verb", flat=True)))


def _seen(asked: Asked) -> QuerySet[JournalLine]:
    rows = JournalLine.objects.order_by("-pk")
    if asked.reach is None and not asked.own:
        return rows
    of_partners = Q(partner_id__isnull=False) if asked.reach is None else Q(partner_id__in=asked.reach)
    return rows.filter(of_partners | Q(actor=asked.own))


def _fitting(asked: Asked) -> QuerySet[JournalLine]:
    rows = _seen(asked)
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.text:
        named = Q(subject__icontains=asked.text) | Q(partner_id__in=asked.partners | {asked.text})
        # Some ledgers keep letters outside ASCII written out.
        held = Q(told__icontains=asked.text) | Q(told__icontains=json.dumps(asked.text)[1:-1])
        rows = rows.annotate(told=Cast("details", TextField())).filter(named | held)
    if asked.face:
        rows = rows.filter(origin=asked.face)
    if asked.since:
        rows = rows.filter(at__gte=datetime.combine(asked.since, time(), UTC))
    if asked.until:
        rows = rows.filter(at__lt=datetime.combine(asked.until + timedelta(days=1), time(), UTC))
    return rows


def _partner_of(subject: str) -> str | None:
    if subject.startswith(_OF_A_PARTNER):
        return subject.removeprefix(_OF_A_PARTNER)
    if subject.startswith(_OF_A_DECISION):
        named = Decision.objects.filter(pk=subject.removeprefix(_OF_A_DECISION))
        return named.values_list("partner_id", flat=True).first()
    return None


def _record(row: JournalLine) -> JournalRecord:
    return JournalRecord(
        line_id=row.pk,
        at=row.at,
        actor=row.actor,
        verb=row.verb,
        subject=row.subject,
        details=row.details,
        origin=row.origin,
        address=row.address,
        partner_id=row.partner_id,
    )
