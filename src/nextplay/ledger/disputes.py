"""A person's word against an outcome: kept beside it, never instead of it."""

from datetime import datetime

from django.db import transaction

from nextplay.ledger.actions import AlreadyDecided, NothingToUndo, UnknownDecision
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Decision
from nextplay.ledger.queries import decision_record
from nextplay.ledger.records import DecisionRecord


@transaction.atomic
def dispute_outcome(decision_id: str, *, revision: int | None, reason: str, actor: str, now: datetime) -> DecisionRecord:
    """Keep why somebody holds an outcome for wrong. The result stays what the facts say.

    The same person may say it in other words; what somebody else said stands until it is withdrawn.
    Raises UnknownDecision or AlreadyDecided.
    """
    row = _locked(decision_id, revision)
    if row.disputed_by and row.disputed_by != actor:
        raise AlreadyDecided(f"{row.disputed_by} disputes this outcome already: {row.dispute_reason}")
    if row.dispute_reason == reason and row.disputed_by == actor:
        return decision_record(row)
    return _kept(row, "dispute", (actor, now, reason), actor, now)


@transaction.atomic
def withdraw_dispute(decision_id: str, *, revision: int | None, actor: str, now: datetime) -> DecisionRecord:
    """Take a dispute back. Raises UnknownDecision, AlreadyDecided, NothingToUndo where there is none."""
    row = _locked(decision_id, revision)
    if not row.disputed_by:
        raise NothingToUndo("Nobody disputes this outcome.")
    return _kept(row, "withdraw dispute", ("", None, ""), actor, now)


def _locked(decision_id: str, revision: int | None) -> Decision:
    row = Decision.objects.select_for_update(of=("self",)).select_related("cycle").filter(pk=decision_id).first()
    if row is None:
        raise UnknownDecision(f"There is no decision {decision_id!r}.")
    if revision is not None and row.revision != revision:
        raise AlreadyDecided("This outcome has changed since you opened the page. Look again before you dispute it.")
    return row


def _kept(row: Decision, verb: str, dispute: tuple[str, datetime | None, str], actor: str, now: datetime) -> DecisionRecord:
    said = row.dispute_reason
    row.disputed_by, row.disputed_at, row.dispute_reason = dispute
    row.revision += 1
    row.save()
    details = {"result": row.result, "reason": row.dispute_reason or said}
    write_line(at=now, actor=actor, verb=verb, subject=f"decision {row.decision_id}", details=details)
    return decision_record(row)
