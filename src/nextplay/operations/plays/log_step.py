"""Log a step of a play by its outcome, take it back, or put it on another day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from nextplay.ledger import play_queries, steps
from nextplay.ledger.actions import AlreadyDecided
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import DecisionRecord, StepOutcomeRecord, StepRecord
from nextplay.ledger.steps import Logged
from nextplay.operations.installation import Installation
from nextplay.operations.program_day import program_day
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.values.period import DAYS_AHEAD


class UnknownOutcome(ValueError):
    """The step cannot end like that."""


class NotADayForAStep(ValueError):
    """A step lies on a day to come, within a year."""


def log_step(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    number: int,
    *,
    revision: int | None,
    outcome: str,
    note: str = "",
    now: datetime,
) -> StepRecord:
    """Log how a step ended; what happened in it becomes a fact.

    Raises NotForThisViewer, UnknownOutcome, AlreadyDecided where the play is not under way, StepMoved where somebody was first.
    """
    record, step = step_for(installation, viewer, decision_id, number)
    ends = next((one for one in step.outcomes if one.name == outcome), None)
    if ends is None:
        raise UnknownOutcome(f"“{step.name}” ends as one of: {', '.join(one.label for one in step.outcomes)}.")
    require_under_way(record)
    return steps.log_step(
        decision_id,
        number,
        revision=revision,
        logged=Logged(ends.label, ends.state, note),
        facts=facts_of_outcome(record, number, ends, note, now),
        actor=viewer.email,
        now=now,
    )


def take_back_step(
    installation: Installation, viewer: Viewer, decision_id: str, number: int, *, revision: int | None, now: datetime
) -> StepRecord:
    """Take back what was logged, with the facts it brought. Raises NotForThisViewer, AlreadyDecided, StepMoved."""
    record, _ = step_for(installation, viewer, decision_id, number)
    require_under_way(record)
    return steps.reopen_step(decision_id, number, revision=revision, actor=viewer.email, now=now)


def move_step(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    number: int,
    *,
    revision: int | None,
    due: date,
    reason: str = "",
    now: datetime,
) -> StepRecord:
    """Put an open step on another day. Raises NotForThisViewer, AlreadyDecided, NotADayForAStep, StepMoved."""
    record, _ = step_for(installation, viewer, decision_id, number)
    require_under_way(record)
    if not 0 <= (due - program_day(installation, now)).days <= DAYS_AHEAD:
        raise NotADayForAStep("Choose a day from today on, within a year.")
    return steps.move_step(decision_id, number, revision=revision, due=due, reason=reason, actor=viewer.email, now=now)


def step_for(installation: Installation, viewer: Viewer, decision_id: str, number: int) -> tuple[DecisionRecord, StepRecord]:
    """The decision and its step, where the viewer may work on it. Raises NotForThisViewer, also where there is none."""
    record = decision_for(installation, viewer, decision_id)
    step = play_queries.step(decision_id, number)
    if step is None:
        raise NotForThisViewer
    return record, step


def require_under_way(record: DecisionRecord) -> None:
    """Raise AlreadyDecided unless the play of the decision runs."""
    if record.status != "committed" or record.result != "open":
        how = f"its outcome is in: {record.result}" if record.result != "open" else f"the decision is {record.status}"
        raise AlreadyDecided(f"This play is not under way: {how}.")


def facts_of_outcome(record: DecisionRecord, number: int, ends: StepOutcomeRecord, note: str, now: datetime) -> list[ToRecord]:
    """The activities that an outcome of a step stands for; and a yes to it, where it was put to them and they just did it."""
    details = {"outcome": ends.label} | ({"note": note} if note else {})
    yes = _yes_by_doing(record, number, now) if ends.state == "done" else []
    return yes + [
        ToRecord(record.partner_id, kind, now, play=record.play, details=details, decision_id=record.decision_id, step=number)
        for kind in ends.facts
    ]


def _yes_by_doing(record: DecisionRecord, number: int, now: datetime) -> list[ToRecord]:
    """Whoever does a step that was put to them, and says nothing, has not turned it down."""
    entered = [one for one in play_queries.facts_entered(decision_id=record.decision_id) if one.step == number]
    put = [one.occurred_at for one in entered if one.kind == "step_proposed"]
    if not put or any(one.kind in ("step_accepted", "step_declined") for one in entered):
        return []
    details = {"days": round((now - min(put)) / timedelta(days=1), 2), "answer": "done"}
    yes = ToRecord(record.partner_id, "step_accepted", now, play=record.play, details=details, decision_id=record.decision_id)
    return [replace(yes, step=number, once=True)]
