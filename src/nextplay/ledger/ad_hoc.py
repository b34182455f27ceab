"""Decisions that a person takes beside the proposals: the same record, decided from the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from nextplay.ledger import steps
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Cycle, Decision
from nextplay.ledger.queries import decision_record
from nextplay.ledger.records import DecisionRecord, Status
from nextplay.ledger.steps import PlannedStep


@dataclass(frozen=True)
class OwnMonth:
    """The month whose hours it takes, as it is made where nothing was proposed in it yet."""

    month: str
    as_of: date
    facts_version: str
    program_version: str
    currency: str


@dataclass(frozen=True)
class OwnDecision:
    """What a person decided."""

    decision_id: str
    partner_id: str
    verdict: str
    play: str
    step: str
    owner: str
    hours: float
    as_of: date
    due: date
    outcome_name: str
    predicate: dict[str, Any]
    outcome_by: date
    # What is usual of the play: nobody estimated it for this partner.
    probability: float
    probability_without: float
    why: str
    # Where it was taken in place of a proposal: which one, and what was known then.
    instead_of: str = ""
    evidence: tuple[dict[str, Any], ...] = ()
    alternatives: tuple[dict[str, Any], ...] = ()
    # Left alone without a play: declined for the month, or snoozed; until when, why, and which of the two verdicts it is.
    status: Status = "committed"
    status_reason: str = ""
    snoozed_until: date | None = None
    chosen: str = ""


@transaction.atomic
def open_month(own: OwnMonth, *, actor: str, now: datetime) -> None:
    """Make the month where it is not there yet: what is decided in it queues at its row."""
    fields = {name: value for name, value in vars(own).items() if name != "month"}
    _, new = Cycle.objects.get_or_create(month=own.month, defaults=fields | {"seed": 0, "proposed_at": now})
    if new:
        write_line(at=now, actor=actor, verb="open", subject=f"cycle {own.month}")


@transaction.atomic
def record_own_decision(
    own: OwnMonth, decided: OwnDecision, *, planned: Sequence[PlannedStep], actor: str, now: datetime
) -> tuple[DecisionRecord, bool]:
    """Keep a decision as it was taken, with its steps; the same one sent twice is kept once. Says whether it is new."""
    row, new = Decision.objects.select_related("cycle").get_or_create(
        decision_id=decided.decision_id,
        defaults={
            **{name: value for name, value in vars(decided).items() if name != "decision_id"},
            "cycle": Cycle.objects.get(month=own.month),
            "expected_gain": 0.0,
            "exploration": False,
            "propensity": 1.0,
            "facts_version": own.facts_version,
            "program_version": own.program_version,
            "seed": 0,
            "decided_by": actor,
            "decided_at": now,
            "first_proposed_at": now,
            "origin": "person",
        },
    )
    if new:
        steps.follow(row, "proposed", planned, actor=actor, now=now)
        details = {"verdict": row.verdict, "play": row.play, "owner": row.owner, "why": row.why, "revision": row.revision}
        write_line(at=now, actor=actor, verb="decide", subject=f"decision {row.decision_id}", details=details)
    return decision_record(row), new


@transaction.atomic
def remove_own_decision(decision_id: str, *, revision: int, actor: str, now: datetime) -> bool:
    """Take back what a person decided and nobody worked on yet, as if it had not been. False where that is no longer so.

    Kept as declined it would pause its play with the partner, for a slip of the pen.
    """
    row = Decision.objects.select_for_update().filter(pk=decision_id, revision=revision).first()
    if row is None or row.origin != "person" or row.result != "open" or steps.begun(row):
        return False
    # An invitation that went out must still be called off.
    if row.session_dates.exists():
        return False
    details = {"verdict": row.verdict, "play": row.play, "why": row.why, "instead_of": row.instead_of}
    # Before the row is gone: the line is about its partner.
    write_line(at=now, actor=actor, verb="withdraw", subject=f"decision {decision_id}", details=details)
    row.delete()
    return True
