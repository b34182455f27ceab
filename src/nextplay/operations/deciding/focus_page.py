"""What the page Focus this month shows, without HTML."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from nextplay.decisions.proposal import Evidence
from nextplay.ledger.records import Result, Status

# Why those are left out that the lot held back.
HELD_BACK = "Holdout, to measure what plays do"
# Of a list of which nothing but its decisions can be read any more.
NOT_TOLD = "Not kept with this list: propose again"


@dataclass(frozen=True)
class FocusRow:
    """One decision with the partner it is about and what became of it."""

    decision_id: str
    revision: int
    cycle: str
    partner_id: str
    partner_name: str
    segment: str | None
    tier: str | None
    verdict: str
    play: str
    play_label: str
    step: str
    owner: str
    owner_name: str
    hours: float
    due: date
    outcome_name: str
    outcome_by: date
    probability: float
    probability_without: float
    # Closed outcomes of the play so far; under ten the chances are as the program assumes.
    cases: int
    expected_gain: float
    exploration: bool
    why: str
    # Strongest first: what speaks for it, against it, or neither.
    evidence: tuple[Evidence, ...]
    alternatives: tuple[tuple[str, float], ...]
    status: Status
    status_reason: str
    snoozed_until: date | None
    decided_by: str
    decided_name: str
    result: Result
    # Until the outcome's window ends; negative once it is over.
    days_left: int
    # The verdict of a person, where it is another one than proposed.
    chosen: str = ""
    # Of this cycle's: the fewest facts that would turn the verdict, and the partner's own manager where another one does it.
    change_our_mind: str = ""
    instead_of: str = ""
    # Chance of no selling event in the next 60 days, of one that sold in the last 90, and why.
    drop_off_risk: float | None = None
    drop_off_reason: str = ""


@dataclass(frozen=True)
class OwnerHours:
    """One manager's hours this month: committed (running work included), proposed and free add up to capacity."""

    email: str
    name: str
    capacity: float
    committed: float
    proposed: float
    free: float
    plays_committed: int
    plays_proposed: int
    # What the last hour of this month earns.
    hour_price: float


@dataclass(frozen=True)
class StopRow:
    """A partner that gets no hours for now."""

    partner_id: str
    partner_name: str
    segment: str | None
    tier: str | None
    owner: str | None
    # The play that ends its hours, where one is open to it.
    play: str | None
    why: str
    change_our_mind: str


@dataclass(frozen=True)
class ReasonRow:
    """Partners left out for one reason."""

    reason: str
    count: int


@dataclass(frozen=True)
class LeftOutRow:
    """A partner left out, with the next best action all the same."""

    partner_id: str
    partner_name: str
    owner: str | None
    action: str
    why: str
    change_our_mind: str


@dataclass(frozen=True)
class FocusPage:
    """The page under one viewer's scope. Focus, held back, stop and left out add up to `partners`.

    `state` is "no_cycle" until a first cycle has been computed: then everything else is empty.
    """

    state: Literal["no_cycle", "ready"]
    cycle: str = ""
    as_of: date | None = None
    data_until: date | None = None
    currency: str = ""
    facts_version: str = ""
    program_version: str = ""
    # The facts or the program have moved since: a new run may answer differently.
    stale: bool = False
    # Another version of nextplay made it; and whether it can be read whole: else the ledger's decisions are all that is known.
    by_another_version: bool = False
    whole: bool = True
    partners: int = 0
    owners: tuple[OwnerHours, ...] = ()
    # Other owners, whose hours the viewer does not see: address and name.
    colleagues: tuple[tuple[str, str], ...] = ()
    # Of this cycle, most gain first: those waiting for a decision, and those declined or put off.
    waiting: tuple[FocusRow, ...] = ()
    decided: tuple[FocusRow, ...] = ()
    # Committed in earlier cycles or this one, outcome still open or closed since the cycle's day.
    running: tuple[FocusRow, ...] = ()
    stop: tuple[StopRow, ...] = ()
    held_back: int = 0
    left_out: tuple[ReasonRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def invest(self) -> tuple[FocusRow, ...]:
        """Waiting decisions that put hours into what works."""
        return tuple(row for row in self.waiting if row.verdict == "invest")

    @property
    def change_approach(self) -> tuple[FocusRow, ...]:
        """Waiting decisions that try something else with a willing partner."""
        return tuple(row for row in self.waiting if row.verdict == "change_approach")

    @property
    def listed(self) -> tuple[FocusRow, ...]:
        """The month's list: what waits and what was committed; with `decided`, all that were in focus."""
        return tuple(row for row in (*self.waiting, *self.running) if row.cycle == self.cycle)
