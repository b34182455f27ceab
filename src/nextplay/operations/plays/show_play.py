"""A play under way: its steps by week with whose turn it is, what slips, its outputs, promises, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from nextplay.facts.scope import Reach
from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord, PromiseRecord, StepRecord
from nextplay.operations.installation import Installation
from nextplay.operations.named_plays import label_of
from nextplay.operations.people import names_of as names_of_people
from nextplay.operations.plays.play_accounts import MESSAGES, Outputs, outputs_of
from nextplay.operations.program_day import program_day
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.record.outcome_rows import OutcomeRow, outcome_rows
from nextplay.operations.viewer import DECIDERS, TEAM, Viewer
from nextplay.values.period import working_day

# A step of the partner that is due this soon, with nothing heard, is worth a call now.
SOON_DAYS = 2
# Days that a follow-up waits for an answer to the message before it.
FOLLOW_UP_DAYS = 3
# What a decision is called under which no play runs.
LEFT_ALONE = {"stop": "Stop", "wait": "Wait"}


@dataclass(frozen=True)
class PlayStepShown:
    """A step; `slip` says in a sentence what is late or silent, empty where nothing is."""

    step: StepRecord
    slip: str = ""
    late: bool = False


@dataclass(frozen=True)
class Week:
    """A week of the play: done where no step is open, now where the next step lies in it."""

    number: int
    steps: tuple[PlayStepShown, ...]
    state: str
    until: date


@dataclass(frozen=True)
class PlayPage:
    """Everything of one play that its owner works with."""

    decision: DecisionRecord
    partner_name: str
    play_label: str
    owner_name: str
    # What whoever decided, and whoever disputes the outcome, is called; empty where nobody did.
    decided_by: str
    disputed_by: str
    weeks: tuple[Week, ...]
    # The step whose turn it is; None where all are closed.
    next: PlayStepShown | None
    outputs: Outputs
    promises: tuple[PromiseRecord, ...]
    slips: tuple[str, ...]
    # What the last review led to: double_down, change_course, or nothing.
    then: str
    rows: tuple[OutcomeRow, ...]
    may_work: bool
    may_dispute: bool
    today: date

    @property
    def has_session(self) -> bool:
        """Whether a working session with its outputs belongs to it."""
        return any(one.step.form == "session" for week in self.weeks for one in week.steps)

    @property
    def week(self) -> int:
        """The week that it is in, by its next step."""
        return self.next.step.week if self.next else len(self.weeks)


def show_play(installation: Installation, viewer: Viewer, decision_id: str, *, now: datetime) -> PlayPage:
    """The play of a decision. Raises NotForThisViewer, also where there is none."""
    record = decision_for(installation, viewer, decision_id, TEAM)
    today = program_day(installation, now)
    outputs, promises = outputs_of(decision_id), play_queries.promises(decision_id=decision_id)
    held = play_queries.steps(decision_ids=[decision_id])
    shown = [shown_step(one, promises, outputs, today) for one in held]
    under_way = record.status == "committed" and record.result == "open"
    following = next((one for one in shown if one.step.state == "open"), None)
    called = _called(installation, record)
    return PlayPage(
        decision=record,
        partner_name=names_of(installation, [record.partner_id]).get(record.partner_id, record.partner_id),
        play_label=label_of(installation, record.play) if record.play else LEFT_ALONE[record.verdict],
        owner_name=called[record.owner],
        decided_by=called[record.decided_by],
        disputed_by=called[record.disputed_by],
        weeks=_weeks(shown, following),
        next=following,
        outputs=outputs,
        promises=tuple(promises),
        slips=tuple(one.slip for one in shown if one.slip),
        then=_then(held),
        rows=outcome_rows(installation, record),
        may_work=viewer.role in DECIDERS and under_way,
        may_dispute=viewer.role in DECIDERS and record.result != "open",
        today=today,
    )


def _called(installation: Installation, record: DecisionRecord) -> dict[str, str]:
    """Names of those the play's page tells of: by their sign-in, else by the program file, else their address."""
    told = frozenset([record.owner, record.decided_by, record.disputed_by])
    return {one: installation.program.capacity.name_of(one) if one else "" for one in told} | names_of_people(told)


def play_of_partner(partner_id: str, *, pauses: bool = True) -> str | None:
    """The play under way with a partner, latest first; None where there is none.

    `pauses` False: as the partner sees it. Of a pause it hears from a person, and nothing is asked of it.
    """
    running = queries.decisions(partner_id=partner_id, status="committed", result="open")
    running = [one for one in running if pauses or one.verdict != "stop"]
    with_steps = {one.decision_id for one in play_queries.steps(partner_id=partner_id)}
    return next((one.decision_id for one in reversed(running) if one.decision_id in with_steps), None)


def shown_step(step: StepRecord, promises: Sequence[PromiseRecord], outputs: Outputs, today: date) -> PlayStepShown:
    """The step with what slips about it."""
    if step.state != "open":
        return PlayStepShown(step)
    late = step.due < today
    if late:
        days = (today - step.due).days
        turn = "The partner’s step" if step.turn == "partner" else "Our step"
        return PlayStepShown(step, f"{turn} “{step.name}” is {days} {'day' if days == 1 else 'days'} late.", late=True)
    return PlayStepShown(step, _silence(step, promises, outputs, today))


def names_of(installation: Installation, partner_ids: Sequence[str]) -> dict[str, str]:
    """What partners are called, by id; those that are gone are not among them."""
    if not partner_ids:
        return {}
    day = installation.span.newest or date.max
    partners = installation.facts(day, Reach()).partners
    rows = installation.warehouse.read(
        partners.filter(partners.partner_id.isin(sorted(set(partner_ids)))).select("partner_id", "name")
    )
    return dict(rows.iter_rows())


def _silence(step: StepRecord, promises: Sequence[PromiseRecord], outputs: Outputs, today: date) -> str:
    """What is not late yet and will be, where nobody speaks up."""
    if step.turn != "partner":
        return ""
    waiting = [one for one in promises if one.step == step.number and one.state == "open" and one.answered_at is None]
    soon = step.due <= working_day(today + timedelta(days=SOON_DAYS))
    if step.form == "outreach" and outputs.accounts:
        return _silent_outreach(outputs, today) if soon else ""
    if waiting and (today - waiting[0].made_at.date()).days >= FOLLOW_UP_DAYS:
        return f"No answer for {(today - waiting[0].made_at.date()).days} days to “{step.name}”."
    return f"“{step.name}” is due {step.due:%a} {step.due.day}, and nothing was heard yet." if soon else ""


def _silent_outreach(outputs: Outputs, today: date) -> str:
    silent = [one for one in outputs.accounts if one.sent == 0 and not one.closed]
    begun = [one for one in outputs.accounts if 0 < one.sent < MESSAGES and not one.closed]
    stale = [one for one in begun if one.last_sent and (today - one.last_sent.date()).days >= FOLLOW_UP_DAYS]
    if silent:
        return f"{len(silent)} of {len(outputs.accounts)} accounts have no message yet."
    return f"{len(stale)} of {len(outputs.accounts)} accounts wait for a follow-up." if stale else ""


def _weeks(shown: Sequence[PlayStepShown], following: PlayStepShown | None) -> tuple[Week, ...]:
    weeks = []
    for number, held in groupby(sorted(shown, key=lambda one: (one.step.week, one.step.number)), key=lambda one: one.step.week):
        steps = tuple(held)
        now = following is not None and following.step.week == number
        closed = all(one.step.state != "open" for one in steps)
        state = "now" if now else "done" if closed else ""
        weeks.append(Week(number, steps, state, max(one.step.due for one in steps)))
    return tuple(weeks)


def _then(held: Sequence[StepRecord]) -> str:
    """What the last review that was held leads to."""
    for step in reversed(held):
        if step.form == "review" and step.state == "done":
            return next((one.then for one in step.outcomes if one.label == step.result), "")
    return ""
