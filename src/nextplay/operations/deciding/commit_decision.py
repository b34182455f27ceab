"""Commit a proposed decision: its hours are given."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl

from nextplay.facts.scope import Reach
from nextplay.ledger import actions
from nextplay.ledger.actions import AS_PROPOSED, Terms
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.decide_ad_hoc import NotADueDay
from nextplay.operations.installation import Installation
from nextplay.operations.plays.planned_steps import steps_planned
from nextplay.operations.program_day import program_day
from nextplay.operations.record.close_outcomes import asked_of
from nextplay.operations.record.deciding import decision_for, require_owner, require_room
from nextplay.operations.viewer import Viewer
from nextplay.signals.progress import progress

__all__ = ["Terms", "commit_decision"]


def commit_decision(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    *,
    revision: int | None,
    terms: Terms = AS_PROPOSED,
    now: datetime,
) -> DecisionRecord:
    """`terms`: what of the proposal is changed.

    Raises NotForThisViewer, AlreadyDecided, NotEnoughHours, UnknownOwner, NotADueDay.
    """
    record = decision_for(installation, viewer, decision_id)
    terms = _changed(record, terms)
    if terms.owner is not None:
        require_owner(installation, record.cycle, terms.owner)
    planned = steps_planned(installation, record, due=terms.due, now=now)
    if terms.step is not None:
        planned = (replace(planned[0], name=terms.step), *planned[1:])
    note = _came_before(installation, record, now)
    with actions.held_still(record.cycle):
        committed = actions.commit_decision(
            decision_id, revision=revision, planned=planned, terms=terms, note=note, actor=viewer.email, now=now
        )
        if terms.due is not None:
            # The window moved with the commitment: what waited has as many days as any.
            _require_due(installation, terms.due, committed.outcome_by, now=now)
        # Saying it twice takes the hours once, whatever the program allows by now.
        if committed.revision != record.revision:
            require_room(installation, committed, committed.owner)
    return committed


def _came_before(installation: Installation, record: DecisionRecord, now: datetime) -> str:
    """What to say where the facts show the outcome between the proposal and today: nobody had put hours in yet."""
    today = program_day(installation, now)
    if record.status == "committed" or today <= record.as_of:
        return ""
    asked = asked_of([record]).with_columns(after=pl.lit(record.as_of), by=pl.lit(today))
    reached = progress(installation.warehouse, installation.facts(today, Reach()), asked)["reached_on"].item()
    if reached is None:
        return ""
    return (
        f"{record.outcome_name}: on {reached} already, before anybody committed. "
        f"That does not count here; what comes after {today} does."
    )


def _require_due(installation: Installation, due: date, outcome_by: date, *, now: datetime) -> None:
    """Raise NotADueDay unless the day is still to come and the outcome is read on it or later."""
    today = program_day(installation, now)
    if not today <= due <= outcome_by:
        raise NotADueDay(f"Choose a deadline from {today} to {outcome_by}, the day on which the outcome is read.")


def _changed(record: DecisionRecord, terms: Terms) -> Terms:
    """What differs from the proposal, and nothing else."""
    owner, step = (terms.owner or "").strip().lower(), " ".join((terms.step or "").split())
    return Terms(
        owner=owner if owner and owner != record.owner.lower() else None,
        due=terms.due if terms.due != record.due else None,
        step=step if step and step != record.step else None,
    )
