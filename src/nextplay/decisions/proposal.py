"""What a cycle proposes: the only shape that crosses from deciding into the ledger, and the JSON that `decide` answers."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Verdict = Literal["invest", "change_approach", "stop", "wait"]


@dataclass(frozen=True)
class Evidence:
    """A signal's value as the decision saw it. `window_days` None: over all time."""

    signal: str
    value: float | str | None
    window_days: int | None = None
    # In words, and whether it speaks for the decision: for pages; not part of the JSON contract.
    text: str = ""
    speaks: Literal["for", "against", "neither"] = "neither"


@dataclass(frozen=True)
class Alternative:
    """Another play that was open to the partner."""

    play: str
    expected_gain: float


@dataclass(frozen=True)
class OutcomePredicate:
    """What must show in the facts by a day."""

    name: str
    # The program's predicate as a JSON object.
    predicate: dict[str, object]
    by: date


@dataclass(frozen=True)
class Decision:
    """One proposed decision, complete enough to be judged later."""

    decision_id: str
    partner_id: str
    verdict: Verdict
    play: str
    step: str
    owner: str
    hours: float
    due: date
    outcome: OutcomePredicate
    probability: float
    probability_without: float
    expected_gain: float
    why: str
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...]
    exploration: bool = False
    propensity: float = 1.0


@dataclass(frozen=True)
class Holdout:
    """An eligible partner left out by lot, to measure against."""

    partner_id: str
    play: str
    propensity: float


@dataclass(frozen=True)
class Stop:
    """A partner that gets no more hours for now."""

    partner_id: str
    why: str
    change_our_mind: str


@dataclass(frozen=True)
class LeftOut:
    """How many partners were not chosen, by reason. Focus, holdout, stop and these add up to all partners."""

    reason: str
    count: int


@dataclass(frozen=True)
class NextAction:
    """The next best action for one partner, in focus or not."""

    partner_id: str
    verdict: Verdict
    action: str
    play: str | None
    owner: str | None
    due: date | None
    drop_off_risk: float | None
    why: str


@dataclass(frozen=True)
class OwnerLoad:
    """Hours a manager has and hours proposed."""

    email: str
    capacity_hours: float
    assigned_hours: float


@dataclass(frozen=True)
class Cycle:
    """One month's proposal."""

    cycle: str
    as_of: date
    facts_version: str
    program_version: str
    seed: int
    currency: str
    owners: tuple[OwnerLoad, ...] = ()
    focus: tuple[Decision, ...] = ()
    holdout: tuple[Holdout, ...] = ()
    stop: tuple[Stop, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    next_actions: tuple[NextAction, ...] = field(default=(), repr=False)
