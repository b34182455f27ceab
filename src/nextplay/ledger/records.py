"""The only shapes that leave the ledger."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Status = Literal["proposed", "committed", "declined", "snoozed"]
Result = Literal["open", "met", "missed"]
MessageState = Literal["waiting", "sent", "failed", "dropped"]
Origin = Literal["method", "person"]
Turn = Literal["us", "partner"]
StepState = Literal["open", "done", "missed", "skipped"]
PromiseState = Literal["open", "met", "missed", "withdrawn"]
Answer = Literal["", "accepted", "declined", "other_date"]
JobState = Literal["waiting", "running", "cancelling", "cancelled", "done", "failed", "interrupted"]


@dataclass(frozen=True)
class DecisionRecord:
    """A decision as the ledger keeps it: what was proposed, what a person made of it, how it ended."""

    decision_id: str
    cycle: str
    as_of: date
    partner_id: str
    verdict: str
    play: str
    step: str
    owner: str
    hours: float
    due: date
    outcome_name: str
    predicate: dict[str, Any]
    outcome_by: date
    probability: float
    probability_without: float
    expected_gain: float
    exploration: bool
    propensity: float
    why: str
    evidence: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    facts_version: str
    program_version: str
    seed: int
    status: Status
    status_reason: str
    snoozed_until: date | None
    # When its month was last proposed.
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    result: Result
    result_at: datetime | None
    result_rows: list[str]
    # What it was closed as before late facts said otherwise; why it was closed as it was, where rows do not say it.
    result_was: str
    result_note: str
    disputed_by: str
    disputed_at: datetime | None
    dispute_reason: str
    first_proposed_at: datetime | None
    origin: Origin
    # The verdict that a person chose instead of the proposed one; the decision that this one was made in place of.
    chosen: str
    instead_of: str
    # Moves with every write: a write that names an older one is refused.
    revision: int

    @property
    def counts_after(self) -> date:
        """Day after which events count for its outcome: that of the proposal, once it is committed that of the commitment."""
        return self.outcome_by - timedelta(days=self.predicate["window_days"])


@dataclass(frozen=True)
class JournalRecord:
    """One line of the journal: nothing in the ledger changes without one.

    `origin` is the face it came through, `address` the network address behind it where one is known; `partner_id` is the
    partner it is about, None where it is about none or many.
    """

    line_id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    details: dict[str, Any]
    origin: str
    address: str
    partner_id: str | None


@dataclass(frozen=True)
class JobRecord:
    """Long work in the queue, with how far it is."""

    job_id: int
    verb: str
    arguments: dict[str, Any]
    actor: str
    state: JobState
    share: float
    doing: str
    result: dict[str, Any] | None
    error: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class MeetingRecord:
    """A decision meeting; `summary` is what was signed, empty while it is under way."""

    meeting_id: int
    month: str
    started_by: str
    started_at: datetime
    present: tuple[str, ...]
    skipped: tuple[str, ...]
    ended_at: datetime | None
    signed_by: str
    summary: dict[str, Any]


@dataclass(frozen=True)
class Attached:
    """A file that goes with a message; `content` in base 64."""

    name: str
    media_type: str
    content: str


@dataclass(frozen=True)
class Draft:
    """A message to one person through one channel, as it is written down. `key`: the same is never written twice."""

    key: str
    person: str
    channel: str
    kind: str
    subject: str
    text: str
    html: str = ""
    files: tuple[Attached, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    # Holds a link that lets its reader in: never shown, and emptied once it is sent.
    secret: bool = False


@dataclass(frozen=True)
class MessageRecord(Draft):
    """A message in the outbox, with what became of it so far."""

    message: int = 0
    state: MessageState = "waiting"
    attempts: int = 0
    next_try_at: datetime | None = None
    written_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True)
class PersonRecord:
    """A person who may sign in. `invited`: they have not set a password yet."""

    email: str
    name: str
    role: str
    partner_id: str | None
    active: bool
    last_sign_in: datetime | None = None
    invited: bool = False


@dataclass(frozen=True)
class ChannelRecord:
    """A named way to a chat or another service. `shown` is its address without what is secret in it; `kinds` empty: all."""

    name: str
    shown: str
    kinds: tuple[str, ...]
    made_by: str
    made_at: datetime
    revision: int


@dataclass(frozen=True)
class ProgramFileRecord:
    """A program file that was put in force. `put_by` is empty where it was found in the folder, put there by hand."""

    file_id: int
    version: str
    text: str
    put_by: str
    put_at: datetime


@dataclass(frozen=True)
class StepOutcomeRecord:
    """One way a step can end, as its button says it. `facts`: kinds of activities that logging it adds."""

    name: str
    label: str
    state: StepState
    facts: tuple[str, ...]
    # What a review leads to: go_on, double_down or change_course.
    then: str


@dataclass(frozen=True)
class StepRecord:
    """A step of a play under way. `result` is the label of the outcome that was logged."""

    decision_id: str
    number: int
    partner_id: str
    play: str
    owner: str
    name: str
    turn: Turn
    form: str
    outcomes: tuple[StepOutcomeRecord, ...]
    week: int
    due: date
    state: StepState
    result: str
    note: str
    done_by: str
    done_at: datetime | None
    revision: int


@dataclass(frozen=True)
class PromiseRecord:
    """What one side promised. `answered_at` less `made_at` is the time a partner took to answer."""

    promise_id: int
    partner_id: str
    decision_id: str | None
    step: int | None
    by: Turn
    who: str
    text: str
    made_at: datetime
    due: date
    state: PromiseState
    closed_at: datetime | None
    answered_at: datetime | None
    answer: Answer
    reason: str
    revision: int
    # The clock closed it as missed, as nobody said anything.
    lapsed: bool


@dataclass(frozen=True)
class FactRecord:
    """An activity that a person entered. `step`: the number of the step it belongs to, in decision `decision_id`."""

    activity_id: str
    partner_id: str
    kind: str
    occurred_at: datetime
    account: str
    play: str
    details: dict[str, Any]
    decision_id: str | None
    step: int | None
    actor: str
    recorded_at: datetime
    in_facts: bool
    refused: str


@dataclass(frozen=True)
class LinkRecord:
    """A link to a partner's page, without its secret."""

    handle: str
    partner_id: str
    sent_to: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Whether it still opens the page."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class ScorecardRecord:
    """A version of a partner's Activation Scorecard; `card` holds its head and lines as they were shown."""

    partner_id: str
    version: int
    made_by: str
    made_at: datetime
    as_of: date
    card: dict[str, Any]
    facts_version: str
    program_version: str
    shared_at: datetime | None
