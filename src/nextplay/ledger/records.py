"""The only shapes that leave the ledger."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Status = Literal["proposed", "committed", "declined", "snoozed"]
Result = Literal["open", "met", "missed"]
MessageState = Literal["waiting", "sent", "failed", "dropped"]
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
    decided_by: str
    decided_at: datetime | None
    result: Result
    result_at: datetime | None
    result_rows: list[str]
    # Moves with every write: a write that names an older one is refused.
    revision: int


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
    """A person who may sign in."""

    email: str
    name: str
    role: str
    partner_id: str | None
    active: bool
