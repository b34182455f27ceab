"""The only shapes that leave the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Status = Literal["proposed", "committed", "declined", "snoozed"]
Result = Literal["open", "met", "missed"]
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
class PersonRecord:
    """A person who may sign in."""

    email: str
    name: str
    role: str
    partner_id: str | None
    active: bool
