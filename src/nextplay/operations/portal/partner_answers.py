"""What a partner's own people say and do on their page: accept, decline or move a step, finish it, report on an account.

Whoever comes in by sign-in or by link acts for their organization and for nothing else: on the play that runs with it (the
form names it so that one from before does not act on another), and there on the next step alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import transaction

from nextplay.ledger import play_queries, promises, queries, steps
from nextplay.ledger.promises import ToPromise
from nextplay.ledger.recorded_facts import ToRecord, withdraw_facts
from nextplay.ledger.records import Answer, DecisionRecord, FactRecord, PromiseRecord, StepRecord
from nextplay.ledger.steps import Logged
from nextplay.operations.data.record_activity import record_activity
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.plays.log_step import NotADayForAStep, UnknownOutcome, facts_of_outcome
from nextplay.operations.plays.own_play import PROPOSED, answer_to, proposed_at, told
from nextplay.operations.plays.play_accounts import Outreach, enter_outreach, outputs_of
from nextplay.operations.plays.show_play import play_of_partner
from nextplay.operations.program_day import program_day
from nextplay.operations.record.deciding import ReasonNeeded
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require

LONGEST_REASON = 300
# Answers to one step that are taken within a day: each is a fact and a line.
MOST_ANSWERS = 6
DAY = timedelta(days=1)
# What an answer is as a fact: another date is a yes to the step.
_FACT: dict[Answer, str] = {"accepted": "step_accepted", "declined": "step_declined", "other_date": "step_accepted"}
_ANSWERS = frozenset(_FACT.values())


class PlayIsOver(RuntimeError):
    """The form is of a play that ended meanwhile."""


class AnsweredEnough(ValueError):
    """The step was answered again and again."""


@dataclass(frozen=True)
class Said:
    """An answer to a step that was put to them."""

    answer: Literal["accepted", "declined", "other_date"]
    reason: str = ""
    due: date | None = None


@transaction.atomic
def answer_step(
    installation: Installation, viewer: Viewer, play: str, number: int, *, revision: int | None, said: Said, now: datetime
) -> PromiseRecord:
    """Keep the answer with the time it took, and make it a fact. The same answer again changes nothing.

    `play`: the id of the decision that the form is of.
    Raises NotForThisViewer, PlayIsOver, ReasonNeeded, NotADayForAStep, AnsweredEnough, StepMoved.
    """
    record, step = _own_step(installation, viewer, play, number, now)
    reason = " ".join(said.reason.split())[:LONGEST_REASON]
    _require_whole(installation, record, said, reason, now)
    asked = answer_to(play_queries.promises(decision_id=record.decision_id), number)
    if asked and (asked.answer, asked.due) == (said.answer, said.due or asked.due):
        return asked
    answers = _answers_so_far(record, number, now)
    put = proposed_at(record, number, play_queries.facts_entered(decision_id=record.decision_id))
    if said.due and said.due != step.due:
        # What the clock closed of the day before is promised for the new one.
        steps.move_step(record.decision_id, number, revision=revision, due=said.due, reason=reason, actor=viewer.email, now=now)
        asked = answer_to(play_queries.promises(decision_id=record.decision_id), number)
    if asked is None or asked.state != "open":
        promise = ToPromise(record.partner_id, "partner", step.name, step.due, "", record.decision_id, number, made_at=put)
        asked = promises.make_promise(promise, actor=viewer.email, now=now)
    _replace_answer(record, _answer_facts(record, number, said, reason, put, now), answers, actor=viewer.email, now=now)
    return promises.answer_promise(
        asked.promise_id, revision=None, answer=said.answer, reason=reason, due=said.due, actor=viewer.email, now=now
    )


def finish_step(
    installation: Installation, viewer: Viewer, play: str, number: int, *, revision: int | None, outcome: str, now: datetime
) -> StepRecord:
    """Say that their step is done, in one of the ways it ends well.

    Raises NotForThisViewer, PlayIsOver, UnknownOutcome, StepMoved.
    """
    record, step = _own_step(installation, viewer, play, number, now, closed_too=True)
    ends = next((one for one in step.outcomes if one.name == outcome and one.state == "done"), None)
    if ends is None:
        raise UnknownOutcome(f"“{step.name}” is done by one of: {', '.join(one.label for one in step.outcomes)}.")
    return steps.log_step(
        record.decision_id,
        number,
        revision=revision,
        logged=Logged(ends.label, ends.state),
        facts=facts_of_outcome(record, number, ends, "", now),
        actor=viewer.email,
        now=now,
    )


def report_account(
    installation: Installation,
    viewer: Viewer,
    play: str,
    account: str,
    what: Outreach,
    *,
    message: int = 0,
    reason: str = "",
    now: datetime,
) -> None:
    """Say that message so-and-so went to an account, that it answered, or that it is not for them and why.

    A form that is sent twice counts once: the second names a message that went already.
    Raises NotForThisViewer, PlayIsOver, ReasonNeeded, NotOnTheList, AllSent.
    """
    record = _own_decision(installation, viewer, play, now)
    if what == "not_for_us" and not reason.strip():
        raise ReasonNeeded("Say in a few words why this account is not for you.")
    held = {one.account: one for one in outputs_of(record.decision_id).accounts}
    if what == "sent" and account in held and held[account].sent + 1 != message:
        return
    enter_outreach(record, account, what, reason=reason, by="partner", actor=viewer.email, now=now)


@transaction.atomic
def propose_next_step(partner_id: str, *, actor: str, now: datetime) -> None:
    """Write down as a fact that the partner's next step was put to it, once a step; nothing where it is not their turn."""
    decision_id = play_of_partner(partner_id, pauses=False)
    record = queries.decision(decision_id) if decision_id else None
    if record is None:
        return
    held = play_queries.steps(decision_ids=[record.decision_id], state="open")
    if held and held[0].turn == "partner":
        record_activity([_proposal(record, held[0].number, now)], actor=actor, now=now)


def _own_decision(installation: Installation, viewer: Viewer, play: str, now: datetime) -> DecisionRecord:
    """The play under way with the viewer's organization. Raises NotForThisViewer where none runs, PlayIsOver for another."""
    require(viewer, Role.PARTNER)
    partner_id = viewer.partner_id or ""
    require_partner(installation, viewer, partner_id, now=now)
    decision_id = play_of_partner(partner_id, pauses=False)
    record = queries.decision(decision_id) if decision_id else None
    if record is None:
        raise NotForThisViewer
    if record.decision_id != play:
        raise PlayIsOver("What this page showed is over, and something else was agreed since. Look at the page again.")
    return record


def _own_step(
    installation: Installation, viewer: Viewer, play: str, number: int, now: datetime, *, closed_too: bool = False
) -> tuple[DecisionRecord, StepRecord]:
    """The step that is theirs to do now. Raises NotForThisViewer for ours, for one to come and, unless asked, a closed one."""
    record = _own_decision(installation, viewer, play, now)
    steps_held = play_queries.steps(decision_ids=[record.decision_id])
    step = next((one for one in steps_held if one.number == number), None)
    following = next((one.number for one in steps_held if one.state == "open"), None)
    if step is None or step.turn != "partner" or not (step.number == following or (closed_too and step.state != "open")):
        raise NotForThisViewer
    return record, told(installation, step)


def _require_whole(installation: Installation, record: DecisionRecord, said: Said, reason: str, now: datetime) -> None:
    if said.answer == "declined" and not reason:
        raise ReasonNeeded("Say in a few words why not, so that we can propose something better.")
    if said.answer != "other_date":
        return
    today = program_day(installation, now)
    if said.due is None or not today <= said.due <= max(record.outcome_by, today):
        raise NotADayForAStep(f"Choose a day from {today} to {record.outcome_by}, when we look at what came of it.")


def _answers_so_far(record: DecisionRecord, number: int, now: datetime) -> list[FactRecord]:
    """What they answered to a step, taken back or not. Raises AnsweredEnough where that was often today."""
    entered = play_queries.facts_entered(decision_id=record.decision_id, withdrawn_too=True)
    answers = [one for one in entered if one.step == number and one.kind in _ANSWERS]
    if sum(now - one.recorded_at < DAY for one in answers) >= MOST_ANSWERS:
        raise AnsweredEnough("This was answered several times today. Write to your partner manager, or answer again tomorrow.")
    return answers


def _replace_answer(
    record: DecisionRecord, told: Sequence[ToRecord], answers: Sequence[FactRecord], *, actor: str, now: datetime
) -> None:
    """A proposal has one answer: a later one takes the earlier back; a yes to another day is as early a yes."""
    proposal, answer = told
    standing = [one for one in play_queries.facts_entered(decision_id=record.decision_id) if one in answers]
    same = [one.occurred_at for one in standing if one.kind == answer.kind]
    withdraw_facts([one.activity_id for one in standing], actor=actor, now=now)
    answer = replace(answer, occurred_at=min(same, default=answer.occurred_at), about=f"answer {len(answers) + 1}")
    record_activity([proposal, answer], actor=actor, now=now)


def _proposal(record: DecisionRecord, number: int, at: datetime) -> ToRecord:
    return ToRecord(record.partner_id, PROPOSED, at, play=record.play, decision_id=record.decision_id, step=number, once=True)


def _answer_facts(record: DecisionRecord, number: int, said: Said, reason: str, put: datetime, now: datetime) -> list[ToRecord]:
    """The proposal, where nobody wrote it down, and the answer."""
    details: dict[str, object] = {"days": round((now - put) / DAY, 2), "answer": said.answer}
    details |= {"reason": reason} if reason else {}
    details |= {"due": said.due.isoformat()} if said.due else {}
    answer = ToRecord(
        record.partner_id,
        _FACT[said.answer],
        now,
        play=record.play,
        details=details,
        decision_id=record.decision_id,
        step=number,
    )
    return [_proposal(record, number, put), answer]
