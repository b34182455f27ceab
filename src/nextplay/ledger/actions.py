"""Every write of decisions and people: one function, one transaction, one line in the journal, safe to repeat.

A write names the revision it was made on. Where the row has moved since, it is refused and says who moved it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import transaction

from nextplay.decisions import proposal
from nextplay.decisions.proposal import WRITTEN_AS_JSON
from nextplay.ledger import bulk, steps
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Cycle, Decision, Lot
from nextplay.ledger.people import person
from nextplay.ledger.queries import decision_record, said_otherwise
from nextplay.ledger.records import DecisionRecord, Result
from nextplay.ledger.steps import PlannedStep
from nextplay.values.period import utc_day

# What undo can put back.
_UNDOABLE = (
    *("status", "status_reason", "snoozed_until", "decided_by", "decided_at"),
    *("owner", "due", "step", "chosen", "outcome_by", "result_note"),
)
_DECIDED = "committed", "declined", "snoozed"


class UnknownDecision(LookupError):
    """No decision has that id."""


class AlreadyDecided(RuntimeError):
    """Somebody else changed the decision first."""


class NothingToUndo(RuntimeError):
    """The decision stands as it was proposed, or its outcome is in."""


@dataclass(frozen=True)
class Terms:
    """What of a proposal a person changed while committing to it; None: as proposed."""

    owner: str | None = None
    due: date | None = None
    step: str | None = None


AS_PROPOSED = Terms()


@dataclass(frozen=True)
class Actor:
    """Who writes, and when (aware UTC)."""

    name: str
    now: datetime


@transaction.atomic
def record_cycle(cycle: proposal.Cycle, *, actor: str, now: datetime) -> int:
    """Keep a cycle's proposals. Those of the same month that nobody decided on are replaced where they are made no more or
    say something else now; decided ones stand.

    Returns how many decisions are new.
    """
    row, _ = Cycle.objects.update_or_create(
        month=cycle.cycle,
        defaults={
            "as_of": cycle.as_of,
            "facts_version": cycle.facts_version,
            "program_version": cycle.program_version,
            "seed": cycle.seed,
            "currency": cycle.currency,
            "proposed_at": now,
        },
    )
    new = _replaced(row, cycle)
    if not row.lot_stands:
        row.lots.all().delete()
        bulk.insert(Lot, ({"cycle_id": row.pk, **vars(one)} for one in cycle.lots))
    details = {"as_of": cycle.as_of, "facts_version": cycle.facts_version, "focus": len(cycle.focus), "new": new}
    write_line(at=now, actor=actor, verb="propose", subject=f"cycle {cycle.cycle}", details=details)
    return new


def _replaced(row: Cycle, cycle: proposal.Cycle) -> int:
    """Take away proposals that are no longer made so, add those that are new; returns how many those are."""
    held = dict(row.decisions.values_list("decision_id", "status"))
    wanted, moved = cycle.focus.ids, said_otherwise(cycle)
    gone = sorted(name for name, status in held.items() if status == "proposed" and (name not in wanted or name in moved))
    # A database takes so many names in one statement and no more.
    for begin in range(0, len(gone), bulk.BATCH):
        row.decisions.filter(decision_id__in=gone[begin : begin + bulk.BATCH], status="proposed").delete()
    new = cycle.focus.where(~pl.col("decision_id").is_in(list(held.keys() - moved))).frame
    bulk.insert(Decision, new.iter_rows(named=True), same=_same(row, cycle), written=WRITTEN_AS_JSON)
    return len((wanted - held.keys()) | moved)


@contextmanager
def held_still(month: str) -> Iterator[None]:
    """Nobody else decides on the month inside the block: what is counted in it still stands when it is acted on.

    An error takes back everything that was done inside.
    """
    with transaction.atomic():
        # Read only to lock it: the month's row is what those who decide queue at.
        list(Cycle.objects.select_for_update().filter(month=month).values_list("pk"))
        yield


def commit_decision(
    decision_id: str,
    *,
    revision: int | None,
    planned: Sequence[PlannedStep] = (),
    terms: Terms = AS_PROPOSED,
    note: str = "",
    actor: str,
    now: datetime,
) -> DecisionRecord:
    """Put the hours in: the steps of the play, as planned, are under way, and its window begins.

    `note`: what is to be said of its outcome already. Raises UnknownDecision or AlreadyDecided.
    """
    changed: dict[str, Any] = {name: value for name, value in vars(terms).items() if value is not None}
    changed |= {"result_note": note} if note else {}
    return _decide(decision_id, "commit", revision, Actor(actor, now), planned, status="committed", **changed)


def reassign_decision(decision_id: str, *, revision: int | None, owner: str, actor: str, now: datetime) -> DecisionRecord:
    """Give the decision to another owner, whether it is committed or not. Raises UnknownDecision or AlreadyDecided."""
    return _decide(decision_id, "reassign", revision, Actor(actor, now), owner=owner)


def decline_decision(
    decision_id: str, *, revision: int | None, reason: str, chosen: str = "", actor: str, now: datetime
) -> DecisionRecord:
    """Turn it down, with the reason, and what was chosen instead. Raises UnknownDecision or AlreadyDecided."""
    return _decide(decision_id, "decline", revision, Actor(actor, now), status="declined", status_reason=reason, chosen=chosen)


def snooze_decision(
    decision_id: str, *, revision: int | None, until: date, chosen: str = "", actor: str, now: datetime
) -> DecisionRecord:
    """Put it off until a day, and say what was chosen instead. Raises UnknownDecision or AlreadyDecided."""
    return _decide(decision_id, "snooze", revision, Actor(actor, now), status="snoozed", snoozed_until=until, chosen=chosen)


@transaction.atomic
def commit_cycle(
    month: str,
    decision_ids: Sequence[str],
    *,
    planned: Mapping[str, Sequence[PlannedStep]] | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Commit every one of these decisions of a month that nobody decided on yet; `planned` by decision. Returns how many."""
    waiting = Decision.objects.select_for_update(of=("self",)).select_related("cycle")
    rows = list(waiting.filter(cycle__month=month, decision_id__in=decision_ids, status="proposed"))
    for row in rows:
        row.before = _kept(row)
        row.status, row.decided_by, row.decided_at, row.outcome_by = "committed", actor, now, _window_ends(row, now)
        row.revision += 1
    Decision.objects.bulk_update(rows, ["before", "status", "decided_by", "decided_at", "outcome_by", "revision"])
    if rows:
        Cycle.objects.filter(month=month).update(lot_stands=True)
        steps.begin(rows, planned or {})
        ids = sorted(row.decision_id for row in rows)
        write_line(at=now, actor=actor, verb="commit", subject=f"cycle {month}", details={"decisions": ids})
    return len(rows)


@transaction.atomic
def propose_next(cycle: proposal.Cycle, next_one: proposal.Decision, *, instead_of: str, actor: str, now: datetime) -> bool:
    """Propose who is next in line for the hours of a decision that was declined. False where it is proposed already."""
    row = Cycle.objects.get(month=cycle.cycle)
    fields = _decision(row, cycle, next_one) | {"instead_of": instead_of, "first_proposed_at": now}
    _, new = Decision.objects.get_or_create(decision_id=next_one.decision_id, defaults=fields)
    if new:
        details = {"partner_id": next_one.partner_id, "owner": next_one.owner, "instead_of": instead_of}
        write_line(at=now, actor=actor, verb="propose next", subject=f"decision {next_one.decision_id}", details=details)
    return new


@transaction.atomic
def withdraw_next(instead_of: str, *, actor: str, now: datetime) -> list[str]:
    """Take back what was proposed in place of a decision and nobody decided on yet. Returns the partners."""
    waiting = Decision.objects.select_for_update().filter(instead_of=instead_of, origin="method", status="proposed")
    gone = sorted(waiting.values_list("decision_id", "partner_id"))
    for decision_id, partner_id in gone:
        details = {"partner_id": partner_id, "instead_of": instead_of}
        write_line(at=now, actor=actor, verb="withdraw", subject=f"decision {decision_id}", details=details)
    waiting.delete()
    return [partner_id for _, partner_id in gone]


@transaction.atomic
def undo_decision(
    decision_id: str, *, revision: int | None, planned: Sequence[PlannedStep] = (), actor: str, now: datetime
) -> DecisionRecord:
    """Put back what stood before the last step. Raises UnknownDecision, AlreadyDecided or NothingToUndo.

    The steps of a commitment that is taken back go with it, unless work on them has begun.
    """
    row = _locked(decision_id, revision)
    if not row.before or row.result != "open":
        raise NothingToUndo("There is no step to take back: the decision is as it was proposed, or its outcome is in.")
    changed, was, undone = _read_back(row.before), row.status, row.revision
    if was == "committed" and changed["status"] == "proposed" and steps.begun(row):
        raise NothingToUndo("Work on this play has begun. Decline the decision with a reason, or take back what was logged.")
    row.before = {}
    _set(row, changed)
    steps.follow(row, was, planned, actor=actor, now=now)
    details = {"status": row.status, "owner": row.owner, "was": was, "undone_revision": undone}
    write_line(at=now, actor=actor, verb="undo", subject=f"decision {decision_id}", details=details)
    return decision_record(row)


@transaction.atomic
def close_decision(
    decision_id: str,
    *,
    result: Result,
    rows: list[str],
    note: str = "",
    actor: str,
    at: datetime,
    revision: int | None = None,
) -> DecisionRecord:
    """Write down the outcome the facts show, with the rows that show it. Writing the same outcome again changes nothing.

    It ends the play: steps still open are skipped, and say why; an outcome that opens again opens them. Raises UnknownDecision;
    AlreadyDecided where the decision moved since the `revision` that was judged.
    """
    row = _locked(decision_id, revision)
    if row.result == result and row.result_rows == rows:
        return decision_record(row)
    was = row.result
    since = row.result_at if was == result else at
    changed = {"result": result, "result_at": None if result == "open" else since, "result_rows": rows, "result_note": note}
    # A late import may change an outcome that was closed: page and line say what it was.
    _set(row, changed | {"result_was": was if was not in ("open", result) else row.result_was})
    if result == "open":
        steps.reopen_ended(row, actor=actor, now=at)
    ended = 0 if result == "open" else steps.end_open(row, f"{steps.ENDED}: {result}", note, actor=actor, now=at)
    details = {"result": result, "was": was, "rows": rows, "note": note, "steps_skipped": ended}
    write_line(at=at, actor=actor, verb="outcome", subject=f"decision {decision_id}", details=details)
    return decision_record(row)


@transaction.atomic
def _decide(
    decision_id: str,
    verb: str,
    revision: int | None,
    actor: Actor,
    planned: Sequence[PlannedStep] = (),
    **changed: Any,
) -> DecisionRecord:
    if "status" in changed:
        # Before the decision is locked: whoever proposes the month anew locks them in this order.
        _lot_stands(decision_id)
    row = _locked(decision_id, revision)
    repeated = all(getattr(row, name) == value for name, value in changed.items()) and row.decided_by == actor.name
    if repeated:
        return decision_record(row)
    if row.result != "open":
        # What was learned from it would no longer be what was done.
        raise AlreadyDecided(f"The outcome of this decision is in: {row.result}. It can no longer be changed.")
    row.before, was = _kept(row), row.status
    if changed.get("status") == "committed" and was != "committed":
        changed["outcome_by"] = _window_ends(row, actor.now)
    cleared = {"status_reason": "", "snoozed_until": None, "chosen": "", "result_note": ""} if "status" in changed else {}
    # Whoever takes a committed play over does not begin it anew: pauses, windows and steps count from that day.
    began = row.decided_at if was == changed.get("status", was) == "committed" else actor.now
    _set(row, cleared | changed | {"decided_by": actor.name, "decided_at": began})
    steps.follow(row, was, planned, actor=actor.name, now=actor.now)
    details = {name: value for name, value in changed.items() if name != "status"} | {"revision": row.revision}
    write_line(at=actor.now, actor=actor.name, verb=verb, subject=f"decision {decision_id}", details=details)
    return decision_record(row)


def _lot_stands(decision_id: str) -> None:
    """Who is held back hangs on no later run, whatever becomes of the decision: somebody has seen the lot."""
    proposed = Decision.objects.filter(decision_id=decision_id, origin="method")
    Cycle.objects.filter(pk__in=proposed.values("cycle_id"), lot_stands=False).update(lot_stands=True)


def _window_ends(row: Decision, now: datetime) -> date:
    """The window begins when somebody commits, as many days after its `as_of` as the proposal waited for that.

    Counted from `as_of` and never from what stands: a commitment that was given up has moved that already.
    """
    proposed = row.first_proposed_at or row.cycle.proposed_at
    if row.origin == "method":
        # Who is next in line is proposed later than the list whose day it bears.
        proposed = min(proposed, row.cycle.proposed_at)
    waited = max(utc_day(now) - utc_day(proposed), timedelta(0))
    return row.as_of + waited + timedelta(days=row.predicate["window_days"])


def _locked(decision_id: str, revision: int | None) -> Decision:
    try:
        row = Decision.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=decision_id)
    except Decision.DoesNotExist as error:
        raise UnknownDecision(f"There is no decision {decision_id!r}.") from error
    if revision is not None and row.revision != revision:
        done = f"{row.status} by {_called(row.decided_by)}" if row.status in _DECIDED else "changed by a newer run"
        raise AlreadyDecided(f"This decision was {done} since you opened the page. Look again before you decide.")
    return row


def _called(email: str) -> str:
    """By name, where the person has one."""
    known = person(email)
    return known.name if known and known.name else email


def _set(row: Decision, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    row.revision += 1
    row.save()


def _kept(row: Decision) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _UNDOABLE}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _read_back(kept: dict[str, Any]) -> dict[str, Any]:
    read = dict(kept)
    for name in ("snoozed_until", "due", "outcome_by"):
        if read.get(name):
            read[name] = date.fromisoformat(read[name])
    if read["decided_at"]:
        read["decided_at"] = datetime.fromisoformat(read["decided_at"])
    return read


def _decision(row: Cycle, cycle: proposal.Cycle, one: proposal.Decision) -> dict[str, Any]:
    fields = {name: getattr(one, name) for name in _COPIED} | _same(row, cycle)
    return fields | {
        "outcome_name": one.outcome.name,
        "predicate": one.outcome.predicate,
        "outcome_by": one.outcome.by,
        "evidence": [vars(shown) for shown in one.evidence],
        "alternatives": [vars(other) for other in one.alternatives],
    }


def _same(row: Cycle, cycle: proposal.Cycle) -> dict[str, Any]:
    """What all decisions of a cycle share."""
    return {
        "cycle_id": row.pk,
        "as_of": cycle.as_of,
        "facts_version": cycle.facts_version,
        "program_version": cycle.program_version,
        "seed": cycle.seed,
        "first_proposed_at": row.proposed_at,
    }


_COPIED = (
    "decision_id",
    "partner_id",
    "verdict",
    "play",
    "step",
    "owner",
    "hours",
    "due",
    "probability",
    "probability_without",
    "expected_gain",
    "exploration",
    "propensity",
    "why",
)
