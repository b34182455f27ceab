"""The play under way with a partner, as its own people see it: their one task, accounts, promises of both sides, the weeks.

What our people write for themselves is not among it: a step is called what the program calls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord, FactRecord, PromiseRecord, StepRecord
from nextplay.operations.installation import Installation
from nextplay.operations.named_plays import label_of
from nextplay.operations.plays.play_accounts import PlayAccount, outputs_of
from nextplay.operations.plays.show_play import play_of_partner

PROPOSED = "step_proposed"
# As many as are read; older ones are over.
MOST_PROMISES = 8


@dataclass(frozen=True)
class OwnStep:
    """A step as the partner sees it; `asked` is the promise that its answer is kept in."""

    number: int
    revision: int
    name: str
    turn: str
    form: str
    week: int
    due: date
    state: str
    done_on: date | None
    # How it can be ended well: name and label.
    ends: tuple[tuple[str, str], ...]
    answer: str
    reason: str


@dataclass(frozen=True)
class OwnPromise:
    """What one side promised: `by` us or partner. `answer_days` is how long a proposal waited for its answer."""

    by: str
    who: str
    text: str
    due: date
    state: str
    closed_on: date | None
    answer: str
    answer_days: float | None
    reason: str


@dataclass(frozen=True)
class OwnPlay:
    """The play: nothing of why it was chosen, what it may bring, or what it costs."""

    # What the forms of the page name, so that none acts on a play that came after it.
    decision_id: str
    label: str
    owner: str
    owner_name: str
    steps: tuple[OwnStep, ...]
    accounts: tuple[PlayAccount, ...]
    offer: str
    # The day the outcome is read on: no step lies after it.
    latest: date

    @property
    def task(self) -> OwnStep | None:
        """The next thing that is theirs to do, where it is their turn."""
        following = self.next
        return following if following and following.turn == "partner" else None

    @property
    def next(self) -> OwnStep | None:
        """The next open step, whoever's turn it is."""
        return next((one for one in self.steps if one.state == "open"), None)


def own_play(installation: Installation, partner_id: str) -> OwnPlay | None:
    """The play that runs with a partner. The caller has checked that the viewer is of it."""
    decision_id = play_of_partner(partner_id, pauses=False)
    record = queries.decision(decision_id) if decision_id else None
    if record is None:
        return None
    outputs = outputs_of(record.decision_id)
    promises = play_queries.promises(decision_id=record.decision_id)
    return OwnPlay(
        decision_id=record.decision_id,
        latest=record.outcome_by,
        label=label_of(installation, record.play),
        owner=record.owner,
        owner_name=installation.program.capacity.name_of(record.owner),
        steps=tuple(_step(told(installation, one), promises) for one in play_queries.steps(decision_ids=[record.decision_id])),
        accounts=tuple(one if one.declined_by == "partner" else _without_reason(one) for one in outputs.accounts),
        offer=outputs.offer,
    )


def told(installation: Installation, step: StepRecord) -> StepRecord:
    """The step as it is named to the partner.

    Only the first of a play may bear another name than the program's: what somebody wrote as the next action, for us to read.
    """
    if step.number != 1:
        return step
    plays = {play.name: play.steps[0] for play in installation.program.plays}
    first = plays.get(step.play)
    if first is not None and first.turn == step.turn:
        return replace(step, name=first.name)
    return replace(step, name="The first step")


def own_promises(partner_id: str) -> tuple[OwnPromise, ...]:
    """What both sides promised: what is open by the day it is due, then what became of the latest."""
    held = play_queries.promises(partner_id=partner_id)
    still_open = [one for one in held if one.state == "open"]
    closed = [one for one in reversed(held) if one.state != "open"]
    return tuple(_promise(one) for one in (*still_open, *closed)[:MOST_PROMISES])


def answer_to(promises: Sequence[PromiseRecord], number: int) -> PromiseRecord | None:
    """The partner's promise for a step: the open one, else the latest."""
    asked = [one for one in promises if one.step == number and one.by == "partner"]
    return next((one for one in asked if one.state == "open"), asked[-1] if asked else None)


def proposed_at(record: DecisionRecord, number: int, entered: Sequence[FactRecord]) -> datetime:
    """When a step was put to the partner: as it was entered, else when it became their turn."""
    told = [one.occurred_at for one in entered if one.kind == PROPOSED and one.step == number]
    if told:
        return min(told)
    before = [one.done_at for one in play_queries.steps(decision_ids=[record.decision_id]) if one.number < number]
    begun = record.decided_at or datetime.combine(record.as_of, time.min, tzinfo=UTC)
    return max((at for at in before if at is not None), default=begun)


def _step(step: StepRecord, promises: Sequence[PromiseRecord]) -> OwnStep:
    asked = answer_to(promises, step.number)
    return OwnStep(
        number=step.number,
        revision=step.revision,
        name=step.name,
        turn=step.turn,
        form=step.form,
        week=step.week,
        due=step.due,
        state=step.state,
        done_on=step.done_at.date() if step.done_at else None,
        ends=tuple((one.name, one.label) for one in step.outcomes if one.state == "done"),
        answer=asked.answer if asked else "",
        reason=asked.reason if asked else "",
    )


def _without_reason(one: PlayAccount) -> PlayAccount:
    """The account without why it is not for them, as one of ours wrote that for us."""
    return replace(one, not_for_us="") if one.not_for_us else one


def _promise(one: PromiseRecord) -> OwnPromise:
    waited = (one.answered_at - one.made_at).total_seconds() / 86_400 if one.answered_at else None
    return OwnPromise(
        by=one.by,
        who=one.who,
        text=one.text,
        due=one.due,
        state=one.state,
        closed_on=one.closed_at.date() if one.closed_at else None,
        answer=one.answer,
        answer_days=waited,
        reason=one.reason if one.answer == "declined" else "",
    )
