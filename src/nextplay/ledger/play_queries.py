"""Every read of steps, promises and recorded facts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from django.db.models import Q, QuerySet

from nextplay.facts.contract import COMMITMENTS
from nextplay.ledger.models import PlayStep, Promise, RecordedFact
from nextplay.ledger.records import (
    Answer,
    FactRecord,
    PromiseRecord,
    PromiseState,
    StepOutcomeRecord,
    StepRecord,
    StepState,
    Turn,
)

WAITING = Q(withdrawn_at=None, in_facts_at=None) | Q(withdrawn_at__isnull=False, in_facts_at__isnull=False)


def steps(
    *,
    decision_ids: Sequence[str] | None = None,
    owner: str | None = None,
    partner_id: str | None = None,
    state: StepState | None = None,
    due_until: date | None = None,
    done_since: datetime | None = None,
) -> list[StepRecord]:
    """Steps that fit everything named, of committed decisions and of those that were left; by decision and number."""
    named = {
        "decision__in": decision_ids,
        "decision__owner__iexact": owner,
        "decision__partner_id": partner_id,
        "state": state,
        "due__lte": due_until,
        "done_at__gte": done_since,
    }
    rows = PlayStep.objects.select_related("decision").filter(
        **{key: value for key, value in named.items() if value is not None}
    )
    return [step_record(row) for row in rows.order_by("decision__cycle__month", "decision_id", "number")]


def steps_due(owner: str, until: date) -> int:
    """How many open steps of an owner are due by a day, late ones among them."""
    return PlayStep.objects.filter(decision__owner__iexact=owner, state="open", due__lte=until).count()


def step(decision_id: str, number: int) -> StepRecord | None:
    """One step, or None."""
    row = PlayStep.objects.select_related("decision").filter(decision=decision_id, number=number).first()
    return step_record(row) if row else None


def promise(promise_id: int) -> PromiseRecord | None:
    """One promise, or None."""
    row = Promise.objects.select_related("step").filter(pk=promise_id).first()
    return promise_record(row) if row else None


def promises(
    *,
    partner_id: str | None = None,
    decision_id: str | None = None,
    state: PromiseState | None = None,
    by: Turn | None = None,
    due_until: date | None = None,
) -> list[PromiseRecord]:
    """Promises that fit everything named, by the day they are due."""
    named = {"partner_id": partner_id, "decision": decision_id, "state": state, "by": by, "due__lte": due_until}
    rows = Promise.objects.select_related("step").filter(**{key: value for key, value in named.items() if value is not None})
    return [promise_record(row) for row in rows.order_by("due", "pk")]


def facts_entered(
    *, partner_id: str | None = None, decision_id: str | None = None, withdrawn_too: bool = False
) -> list[FactRecord]:
    """What people entered and nobody took back, latest first; what is not `in_facts` no page would know otherwise.

    `withdrawn_too`: what was taken back as well.
    """
    named = {"partner_id": partner_id, "step__decision": decision_id}
    rows: QuerySet[RecordedFact] = RecordedFact.objects.select_related("step").filter(
        **{key: value for key, value in named.items() if value is not None}
    )
    if not withdrawn_too:
        rows = rows.filter(withdrawn_at=None)
    return [fact_record(row) for row in rows.order_by("-occurred_at", "-pk")]


def facts_to_merge(*, everything: bool) -> list[FactRecord]:
    """Recorded facts to be put into the facts: those that are not there yet, or all that stand.

    What became of a promise comes with every other of its partner that stands: which of them a file tells of too is asked of
    all of them together.
    """
    rows = RecordedFact.objects.select_related("step").filter(withdrawn_at=None)
    if not everything:
        waiting = Q(in_facts_at=None, refused="")
        promised = rows.filter(waiting, kind__in=COMMITMENTS).values("partner_id")
        rows = rows.filter(waiting | Q(kind__in=COMMITMENTS, partner_id__in=promised))
    return [fact_record(row) for row in rows.order_by("pk")]


def facts_to_take_out() -> list[str]:
    """Ids of recorded facts that were taken back and still stand in the facts."""
    rows = RecordedFact.objects.filter(withdrawn_at__isnull=False, in_facts_at__isnull=False)
    return list(rows.order_by("pk").values_list("activity_id", flat=True))


def anything_to_merge() -> bool:
    """Whether the facts lack what somebody entered, or hold what somebody took back."""
    return RecordedFact.objects.filter(WAITING, refused="").exists()


def step_of(decision_id: str | None, number: int | None) -> PlayStep | None:
    """The row of a step, where there is one."""
    if decision_id is None or number is None:
        return None
    return PlayStep.objects.filter(decision=decision_id, number=number).first()


def step_record(row: PlayStep) -> StepRecord:
    """The frozen shape of a step."""
    return StepRecord(
        decision_id=row.decision_id,
        number=row.number,
        partner_id=row.decision.partner_id,
        play=row.decision.play,
        owner=row.decision.owner,
        name=row.name,
        turn=cast(Turn, row.turn),
        form=row.form,
        outcomes=tuple(StepOutcomeRecord(**{**one, "facts": tuple(one["facts"])}) for one in row.outcomes),
        week=row.week,
        due=row.due,
        state=cast(StepState, row.state),
        result=row.result,
        note=row.note,
        done_by=row.done_by,
        done_at=row.done_at,
        revision=row.revision,
    )


def promise_record(row: Promise) -> PromiseRecord:
    """The frozen shape of a promise."""
    return PromiseRecord(
        promise_id=row.pk,
        partner_id=row.partner_id,
        decision_id=row.decision_id,
        step=row.step.number if row.step else None,
        by=cast(Turn, row.by),
        who=row.who,
        text=row.text,
        made_at=row.made_at,
        due=row.due,
        state=cast(PromiseState, row.state),
        closed_at=row.closed_at,
        answered_at=row.answered_at,
        answer=cast(Answer, row.answer),
        reason=row.reason,
        revision=row.revision,
        lapsed=row.lapsed_at is not None,
    )


def fact_record(row: RecordedFact) -> FactRecord:
    """The frozen shape of a recorded fact."""
    return FactRecord(
        activity_id=row.activity_id,
        partner_id=row.partner_id,
        kind=row.kind,
        occurred_at=row.occurred_at,
        account=row.account,
        play=row.play,
        details=row.details,
        decision_id=row.step.decision_id if row.step else None,
        step=row.step.number if row.step else None,
        actor=row.actor,
        recorded_at=row.recorded_at,
        in_facts=row.in_facts_at is not None,
        refused=row.refused,
    )
