"""Every write of steps: made when a decision is committed, logged by their outcome, taken back, moved, ended with the play."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.db.models import Q

from nextplay.ledger import promises, recorded_facts
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Decision, PlayStep, Promise
from nextplay.ledger.play_queries import step_record
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import StepOutcomeRecord, StepRecord, StepState, Turn

# How steps end that nobody logged.
LEFT, ENDED = "The play was left", "The outcome is in"
# What becomes of what was promised for a step that is logged.
_PROMISE_ENDS: dict[str, Literal["met", "missed", "withdrawn"]] = {"done": "met", "missed": "missed", "skipped": "withdrawn"}


class UnknownStep(LookupError):
    """No play under way has that step."""


class StepMoved(RuntimeError):
    """Somebody else logged or moved the step first."""


@dataclass(frozen=True)
class PlannedStep:
    """A step as the program has it, with its day worked out."""

    number: int
    name: str
    turn: Turn
    form: str
    week: int
    due: date
    outcomes: tuple[StepOutcomeRecord, ...]


@dataclass(frozen=True)
class Logged:
    """How a step ended: the label of the outcome, and the state it stands for."""

    label: str
    state: StepState
    note: str = ""


@transaction.atomic
def log_step(
    decision_id: str,
    number: int,
    *,
    revision: int | None,
    logged: Logged,
    facts: Sequence[ToRecord] = (),
    actor: str,
    now: datetime,
) -> StepRecord:
    """Log how a step ended, with the facts this brings, and close what was promised for it. The same again changes nothing.

    Raises UnknownStep, or StepMoved where somebody else was first.
    """
    row = _locked(decision_id, number)
    if (row.state, row.result, row.note, row.done_by) == (logged.state, logged.label, logged.note, actor):
        return step_record(row)
    _require(row, revision)
    if row.state != "open":
        raise StepMoved(_already(row))
    row.state, row.result, row.note, row.done_by, row.done_at = logged.state, logged.label, logged.note, actor, now
    _save(row)
    recorded_facts.record_facts(facts, actor=actor, now=now)
    _close_promises(row, logged.state, actor, now)
    details = {"step": number, "name": row.name, "outcome": logged.label, "note": logged.note}
    write_line(at=now, actor=actor, verb="log", subject=f"decision {decision_id}", details=details)
    return step_record(row)


@transaction.atomic
def reopen_step(decision_id: str, number: int, *, revision: int | None, actor: str, now: datetime) -> StepRecord:
    """Take back what was logged, with the facts and the promises that were closed by it. Raises UnknownStep or StepMoved."""
    row = _locked(decision_id, number)
    _require(row, revision)
    if row.state == "open":
        return step_record(row)
    was = row.result
    taken_back = [fact.activity_id for fact in row.facts.filter(withdrawn_at=None) if fact.recorded_at == row.done_at]
    closed = list(Promise.objects.filter(step=row, closed_at=row.done_at).exclude(answer="declined"))
    _open(row)
    recorded_facts.withdraw_facts(taken_back, actor=actor, now=now)
    for promise in closed:
        promises.reopen_promise(promise.pk, revision=None, actor=actor, now=now)
    write_line(at=now, actor=actor, verb="undo", subject=f"decision {decision_id}", details={"step": number, "was": was})
    return step_record(row)


@transaction.atomic
def move_step(
    decision_id: str, number: int, *, revision: int | None, due: date, reason: str = "", actor: str, now: datetime
) -> StepRecord:
    """Put an open step, with what was promised for it, on another day. Raises UnknownStep or StepMoved.

    What the clock closed as missed is promised for the new day.
    """
    row = _locked(decision_id, number)
    _require(row, revision)
    if row.state != "open":
        raise StepMoved(_already(row))
    was, row.due = row.due, due
    _save(row)
    promises.move_promises(row, due, actor=actor, now=now)
    details = {"step": number, "name": row.name, "was": was, "due": due, "reason": reason}
    write_line(at=now, actor=actor, verb="move", subject=f"decision {decision_id}", details=details)
    return step_record(row)


def begun(decision: Decision) -> bool:
    """Whether anything was done on a play: a step logged or moved, something promised for it, or a fact entered."""
    rows = decision.steps.all()
    touched = rows.exclude(state="open").exists() or rows.filter(revision__gt=1).exists()
    return touched or rows.filter(facts__withdrawn_at=None, facts__isnull=False).exists() or decision.promises.exists()


def begin(decisions: Sequence[Decision], planned: Mapping[str, Sequence[PlannedStep]]) -> None:
    """Put the steps of decisions under way that were proposed until now, in the transaction that commits them."""
    PlayStep.objects.bulk_create(
        _planned(decision, one) for decision in decisions for one in planned.get(decision.decision_id, ())
    )


def follow(decision: Decision, was: str, planned: Sequence[PlannedStep], *, actor: str, now: datetime) -> None:
    """Let the steps follow what was decided, in the transaction of the decision, whose line says what changed.

    A play that is begun keeps its steps; one that was left before anything was done has none.
    """
    if decision.status == "committed" and was != "committed":
        if decision.steps.exists():
            reopen_ended(decision, actor=actor, now=now)
        else:
            PlayStep.objects.bulk_create([_planned(decision, one) for one in planned])
    elif was == "committed" and decision.status != "committed":
        if begun(decision):
            end_open(decision, LEFT, actor=actor, now=now)
        else:
            decision.steps.all().delete()


def end_open(decision: Decision, why: str, note: str = "", *, actor: str, now: datetime) -> int:
    """Skip the open steps of a play that is over, close its open promises and say why, in the transaction that ends it.

    Returns how many steps.
    """
    rows = decision.steps.filter(state="open")
    count = rows.count()
    for row in rows:
        row.state, row.result, row.note = "skipped", why, note
        _save(row)
    promises.end_open(decision.promises.filter(state="open"), why, actor=actor, now=now)
    return count


def reopen_ended(decision: Decision, *, actor: str, now: datetime) -> None:
    """Open what ended with the play rather than by a person, steps and promises, in the transaction that reopens it."""
    for row in decision.steps.filter(state="skipped", done_by=""):
        _open(row)
    ended = Q(reason=LEFT) | Q(reason__startswith=ENDED)
    promises.reopen_ended(decision.promises.filter(ended, state__in=["withdrawn", "missed"]), actor=actor, now=now)


def _planned(decision: Decision, one: PlannedStep) -> PlayStep:
    outcomes = [asdict(outcome) for outcome in one.outcomes]
    return PlayStep(
        decision=decision,
        number=one.number,
        name=one.name,
        turn=one.turn,
        form=one.form,
        week=one.week,
        due=one.due,
        outcomes=outcomes,
    )


def _close_promises(row: PlayStep, state: StepState, actor: str, now: datetime) -> None:
    became = _PROMISE_ENDS.get(state)
    if became is None:
        return
    for promise in Promise.objects.filter(step=row, state="open"):
        promises.close_promise(promise.pk, revision=None, state=became, actor=actor, now=now)


def _locked(decision_id: str, number: int) -> PlayStep:
    rows = PlayStep.objects.select_for_update(of=("self",)).select_related("decision")
    row = rows.filter(decision=decision_id, number=number).first()
    if row is None:
        raise UnknownStep(f"There is no step {number} of decision {decision_id!r}.")
    return row


def _require(row: PlayStep, revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise StepMoved(_already(row))


def _already(row: PlayStep) -> str:
    if row.state == "open":
        return f"“{row.name}” was changed since you opened the page: it is due {row.due}. Look again before you log it."
    by = f" by {row.done_by}" if row.done_by else ""
    return f"“{row.name}” is closed already: {row.result}{by}. Look again before you log it."


def _open(row: PlayStep) -> None:
    row.state, row.result, row.note, row.done_by, row.done_at = "open", "", "", "", None
    _save(row)


def _save(row: PlayStep) -> None:
    row.revision += 1
    row.save()
