"""How committed decisions ended: result, why, the rows it rests on, what it was before, and who disputes it."""

from dataclasses import dataclass
from datetime import date

from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord, Result
from nextplay.operations.installation import Installation
from nextplay.operations.named_plays import label_of
from nextplay.operations.plays.show_play import names_of
from nextplay.operations.program_day import program_zone
from nextplay.operations.viewer import DECIDERS, Role, Viewer, require
from nextplay.values.clock import day_there


@dataclass(frozen=True)
class OutcomeLine:
    """One committed decision and its outcome. `was`: what it was closed as before later facts said otherwise."""

    decision_id: str
    partner_id: str
    partner_name: str
    play_label: str
    owner: str
    outcome: str
    by: date
    result: str
    result_on: date | None
    note: str
    was: str
    rows: tuple[str, ...]
    disputed_by: str
    dispute_reason: str
    # Decided by the method's proposal, or by a person beside it.
    origin: str


def show_outcomes(installation: Installation, viewer: Viewer, *, result: Result | None = None) -> tuple[OutcomeLine, ...]:
    """What was committed, latest window first: all of it for admins, their own for managers. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    owner = None if viewer.role is Role.ADMIN else viewer.email.lower()
    held = queries.decisions(status="committed", owner=owner, result=result)
    names = names_of(installation, [one.partner_id for one in held])
    ordered = sorted(held, key=lambda one: (one.outcome_by, one.decision_id), reverse=True)
    return tuple(_line(installation, one, names) for one in ordered)


def _line(installation: Installation, one: DecisionRecord, names: dict[str, str]) -> OutcomeLine:
    return OutcomeLine(
        decision_id=one.decision_id,
        partner_id=one.partner_id,
        partner_name=names.get(one.partner_id, one.partner_id),
        play_label=label_of(installation, one.play),
        owner=one.owner,
        outcome=one.outcome_name,
        by=one.outcome_by,
        result=one.result,
        result_on=day_there(one.result_at, program_zone(installation)) if one.result_at else None,
        note=one.result_note,
        was=one.result_was if one.result_was != one.result else "",
        rows=tuple(one.result_rows),
        disputed_by=one.disputed_by,
        dispute_reason=one.dispute_reason,
        origin=one.origin,
    )
