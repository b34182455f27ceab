"""Every read of decisions and cycles."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import cast

from django.db.models import Q, QuerySet

from nextplay.decisions import proposal
from nextplay.ledger.models import Cycle, Decision, Lot
from nextplay.ledger.records import DecisionRecord, Origin, Result, Status


@dataclass(frozen=True)
class CycleRecord:
    """A month as it was last proposed."""

    month: str
    as_of: date
    facts_version: str
    program_version: str
    seed: int
    currency: str


def decisions(
    *,
    cycle: str | None = None,
    status: Status | None = None,
    owner: str | None = None,
    partner_id: str | None = None,
    result: Result | None = None,
) -> list[DecisionRecord]:
    """Decisions that fit everything named, oldest cycle first."""
    named = {"cycle__month": cycle, "status": status, "owner": owner, "partner_id": partner_id, "result": result}
    rows = Decision.objects.select_related("cycle").filter(**{key: value for key, value in named.items() if value is not None})
    return [decision_record(row) for row in rows.order_by("cycle__month", "decision_id")]


def proposed(cycle: str, owner: str | None) -> int:
    """How many decisions of a month wait for a word, of one owner where named."""
    rows = Decision.objects.filter(cycle__month=cycle, status="proposed")
    return (rows if owner is None else rows.filter(owner__iexact=owner)).count()


def anything_committed() -> bool:
    """Whether any decision was ever committed."""
    return Decision.objects.filter(status="committed").exists()


def decided_instead_of(decision_id: str) -> list[DecisionRecord]:
    """Decisions that a person made in place of a proposed one and that stand."""
    rows = Decision.objects.select_related("cycle").filter(instead_of=decision_id, origin="person", status="committed")
    return [decision_record(row) for row in rows.order_by("decision_id")]


def decided() -> list[DecisionRecord]:
    """Decisions that somebody decided on, oldest cycle first; mere proposals are left unread."""
    rows = Decision.objects.select_related("cycle").exclude(status="proposed")
    return [decision_record(row) for row in rows.order_by("cycle__month", "decision_id")]


def statuses(cycle: str) -> dict[str, str]:
    """Status of every decision of a month, by id."""
    return dict(Decision.objects.filter(cycle__month=cycle).values_list("decision_id", "status"))


def said_otherwise(cycle: proposal.Cycle) -> set[str]:
    """Proposals that nobody decided on and that the cycle makes too, with another gain, chance or sentence."""
    shown = ("decision_id", "expected_gain", "probability", "why")
    told = {name: tuple(said) for name, *said in cycle.focus.frame.select(shown).iter_rows()}
    rows = Decision.objects.filter(cycle__month=cycle.cycle, status="proposed").values_list(*shown)
    return {name for name, *said in rows if tuple(said) != told.get(name, tuple(said))}


def settled_decisions() -> list[tuple[str, datetime, str]]:
    """Partner, when and how, of every committed decision whose outcome is known."""
    rows = Decision.objects.filter(status="committed", result__in=("met", "missed"), result_at__isnull=False)
    named = rows.order_by("result_at", "decision_id").values_list("partner_id", "result_at", "result")
    return [(partner_id, at, result) for partner_id, at, result in named if at is not None]


def decision(decision_id: str) -> DecisionRecord | None:
    """One decision, or None."""
    row = Decision.objects.select_related("cycle").filter(pk=decision_id).first()
    return decision_record(row) if row else None


def latest_cycle() -> CycleRecord | None:
    """The newest month that was proposed."""
    return _cycle_record(Cycle.objects.order_by("-month").first())


def latest_proposed() -> CycleRecord | None:
    """The newest month that a list was proposed for, whatever somebody decided beside it in a later one."""
    # A month that was only opened for that says the version of facts and analysis, a list that of its facts.
    return _cycle_record(Cycle.objects.exclude(facts_version__contains=".").order_by("-month").first())


def _cycle_record(row: Cycle | None) -> CycleRecord | None:
    if row is None:
        return None
    return CycleRecord(row.month, row.as_of, row.facts_version, row.program_version, row.seed, row.currency)


def as_of(cycle: str) -> date | None:
    """The day that a month was last proposed for; None: it was not opened."""
    return Cycle.objects.filter(month=cycle).values_list("as_of", flat=True).first()


def lots() -> list[tuple[str, proposal.Lot]]:
    """Every lot ever drawn with its month, oldest month first."""
    return list(_lots(Lot.objects.all()))


def lots_in_force(month: str, day: date) -> list[tuple[str, proposal.Lot]]:
    """Lots of a month, and those of others whose window was not over on a day, with their months."""
    rows = Lot.objects.filter(Q(cycle__month=month) | Q(arm="held_back", as_of__lte=day, until__gte=day))
    return list(_lots(rows))


def lot_stands(month: str) -> bool:
    """Whether somebody decided on something proposed in a month, taken back or not: its lot is not drawn again."""
    return Cycle.objects.filter(month=month, lot_stands=True).exists()


def held_back_from(partner_id: str, day: date) -> dict[str, date]:
    """Plays that a lot keeps from a partner on a day, each with the last day of that."""
    rows = Lot.objects.filter(partner_id=partner_id, arm="held_back", as_of__lte=day, until__gte=day)
    return dict(rows.order_by("until").values_list("play", "until"))


def _lots(rows: QuerySet[Lot]) -> Iterator[tuple[str, proposal.Lot]]:
    named = [one.name for one in fields(proposal.Lot)]
    for month, *values in rows.order_by("cycle__month", "partner_id", "play").values_list("cycle__month", *named):
        yield str(month), proposal.Lot(*values)


def decision_record(row: Decision) -> DecisionRecord:
    """The frozen shape of a decision."""
    return DecisionRecord(
        decision_id=row.decision_id,
        cycle=row.cycle.month,
        as_of=row.as_of,
        partner_id=row.partner_id,
        verdict=row.verdict,
        play=row.play,
        step=row.step,
        owner=row.owner,
        hours=row.hours,
        due=row.due,
        outcome_name=row.outcome_name,
        predicate=row.predicate,
        outcome_by=row.outcome_by,
        probability=row.probability,
        probability_without=row.probability_without,
        expected_gain=row.expected_gain,
        exploration=row.exploration,
        propensity=row.propensity,
        why=row.why,
        evidence=row.evidence,
        alternatives=row.alternatives,
        facts_version=row.facts_version,
        program_version=row.program_version,
        seed=row.seed,
        status=cast(Status, row.status),
        status_reason=row.status_reason,
        snoozed_until=row.snoozed_until,
        proposed_at=row.cycle.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        result=cast(Result, row.result),
        result_at=row.result_at,
        result_rows=row.result_rows,
        result_was=row.result_was,
        result_note=row.result_note,
        disputed_by=row.disputed_by,
        disputed_at=row.disputed_at,
        dispute_reason=row.dispute_reason,
        first_proposed_at=row.first_proposed_at,
        origin=cast(Origin, row.origin),
        chosen=row.chosen,
        instead_of=row.instead_of,
        revision=row.revision,
    )
