"""What a cycle proposes: the only shape that crosses from deciding into the ledger, and the JSON that `decide` answers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, Literal, overload

import polars as pl
from pydantic_core import to_json

Verdict = Literal["invest", "change_approach", "stop", "wait"]
Arm = Literal["offered", "held_back", "explored"]
Placement = Literal["focus", "holdout", "stop", "left_out"]


@dataclass(frozen=True)
class Evidence:
    """A signal's value as the decision saw it. `window_days` None: over all time."""

    signal: str
    value: int | float | str | None
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
    predicate: dict[str, Any]
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
    # Chance that the lot fell as it did; 1 where no lot was drawn.
    propensity: float = 1.0


# A row a decision, in the words of the ledger; what is nested is written as JSON.
DECIDED: Mapping[str, pl.DataType] = {
    "decision_id": pl.String(),
    "partner_id": pl.String(),
    "verdict": pl.String(),
    "play": pl.String(),
    "step": pl.String(),
    "owner": pl.String(),
    "hours": pl.Float64(),
    "due": pl.Date(),
    "outcome_name": pl.String(),
    "predicate": pl.String(),
    "outcome_by": pl.Date(),
    "probability": pl.Float64(),
    "probability_without": pl.Float64(),
    "expected_gain": pl.Float64(),
    "why": pl.String(),
    "evidence": pl.String(),
    "alternatives": pl.String(),
    "exploration": pl.Boolean(),
    "propensity": pl.Float64(),
}
WRITTEN_AS_JSON = ("predicate", "evidence", "alternatives")
# Decisions that are objects at the same time, while they are made.
_TOGETHER = 10_000


@dataclass(frozen=True, eq=False)
class Decisions(Sequence[Decision]):
    """Decisions in their order, kept as one frame (columns of `DECIDED`): of a million partners hundreds of thousands.

    Each is made an object when it is looked at.
    """

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(DECIDED)))

    @classmethod
    def of(cls, made: Iterable[Decision]) -> "Decisions":
        """The same decisions, let go one after the other where they are only being made."""
        left, parts = map(_row, made), [cls().frame]
        while some := list(islice(left, _TOGETHER)):
            parts.append(pl.DataFrame(some, schema=dict(DECIDED), orient="row"))
        return cls(pl.concat(parts))

    @property
    def ids(self) -> set[str]:
        """Names of them all."""
        return set(self.frame["decision_id"])

    def where(self, *tests: pl.Expr) -> "Decisions":
        """Those that pass every test on columns of `DECIDED`."""
        return Decisions(self.frame.filter(*tests))

    def __len__(self) -> int:
        return self.frame.height

    def __iter__(self) -> Iterator[Decision]:
        return (_decision(row) for row in self.frame.iter_rows(named=True))

    @overload
    def __getitem__(self, place: int) -> Decision: ...
    @overload
    def __getitem__(self, place: slice) -> "Decisions": ...
    def __getitem__(self, place: int | slice) -> "Decision | Decisions":
        return Decisions(self.frame[place]) if isinstance(place, slice) else _decision(self.frame.row(place, named=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decisions) and self.frame.equals(other.frame)

    def __hash__(self) -> int:
        return hash(tuple(self.frame["decision_id"]))


def _row(one: Decision) -> tuple[Any, ...]:
    outcome = one.outcome
    nested = {
        "outcome_name": outcome.name,
        "outcome_by": outcome.by,
        "predicate": to_json(outcome.predicate).decode(),
        "evidence": to_json(one.evidence).decode(),
        "alternatives": to_json(one.alternatives).decode(),
    }
    held = vars(one) | nested
    return tuple(held[name] for name in DECIDED)


def _decision(row: dict[str, Any]) -> Decision:
    outcome = OutcomePredicate(row.pop("outcome_name"), json.loads(row.pop("predicate")), row.pop("outcome_by"))
    evidence = tuple(Evidence(**shown) for shown in json.loads(row.pop("evidence")))
    alternatives = tuple(Alternative(**other) for other in json.loads(row.pop("alternatives")))
    return Decision(**row, outcome=outcome, evidence=evidence, alternatives=alternatives)


@dataclass(frozen=True)
class Lot:
    """How a month's lot fell on a partner, with what both sides of it are judged by: the predicate, from `as_of` to `until`.

    Offered or held back at the margin of a manager's hours, or explored for want of data. It is drawn once a month.
    """

    partner_id: str
    play: str
    arm: Arm
    # Chance that it fell so.
    propensity: float
    as_of: date
    until: date
    # As the program stated it on that day.
    predicate: dict[str, Any]


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
    # The fewest facts that would turn the verdict, in one sentence.
    change_our_mind: str
    # The partner's own manager, where another one does the work.
    instead_of: str | None = None


@dataclass(frozen=True)
class OwnerLoad:
    """Hours a manager has and hours proposed."""

    email: str
    capacity_hours: float
    assigned_hours: float
    # What the last hour of this manager earns; 0 where hours are left over. For pages; not part of the JSON contract.
    hour_price: float = 0.0


STANDING: Mapping[str, pl.DataType] = {
    "partner_id": pl.String(),
    "placement": pl.String(),
    # Why a partner was left out; empty for the others.
    "reason": pl.String(),
    "workable": pl.Boolean(),
    "verdict": pl.String(),
    "action": pl.String(),
    "play": pl.String(),
    "owner": pl.String(),
    "due": pl.Date(),
    "drop_off_risk": pl.Float64(),
    # In words; for pages, not part of the JSON contract.
    "drop_off_reason": pl.String(),
    "why": pl.String(),
    "change_our_mind": pl.String(),
    "instead_of": pl.String(),
}


@dataclass(frozen=True)
class Standings:
    """Where every partner of the program stands in a cycle, as one frame (columns of `STANDING`, sorted by partner_id).

    Iterating yields the next best action of each workable partner, one object at a time.
    """

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(STANDING)))

    @cached_property
    def actions(self) -> pl.DataFrame:
        """Rows of workable partners, columns of `NextAction`."""
        return self.frame.filter(pl.col("workable")).select(*NextAction.__dataclass_fields__)

    @cached_property
    def turns(self) -> dict[str, tuple[str, str | None]]:
        """Of partners in focus: what would change our mind, and whose work another manager does."""
        rows = self.frame.filter(pl.col("placement") == "focus").select("partner_id", "change_our_mind", "instead_of")
        return {partner: (mind, instead) for partner, mind, instead in rows.iter_rows()}

    @cached_property
    def risks(self) -> dict[str, tuple[float, str]]:
        """Of partners in focus that sold lately: drop-off risk and its reason."""
        rows = self.frame.filter((pl.col("placement") == "focus") & pl.col("drop_off_risk").is_not_null())
        return {
            one: (risk, why or "") for one, risk, why in rows.select("partner_id", "drop_off_risk", "drop_off_reason").rows()
        }

    def __len__(self) -> int:
        return self.actions.height

    def __iter__(self) -> Iterator[NextAction]:
        for row in self.actions.iter_rows(named=True):
            yield NextAction(**row)

    def of(self, partner_id: str) -> NextAction | None:
        """The next best action of one partner; None for one that no hours are given to."""
        rows = self.actions.filter(pl.col("partner_id") == partner_id)
        return None if rows.is_empty() else NextAction(**rows.row(0, named=True))


@dataclass(frozen=True)
class PlayDoes:
    """What a play is believed to do here to a partner that does its part, by stage in the order of `engine.STAGES`.

    `moves`: chance to be selling afterwards; `adds`: deals at once; `runs` of this program that it rests on. `frees`: chance to
    free the largest deal that stands still, the first time it is run for a partner.
    """

    play: str
    runs: int
    moves: tuple[float, ...]
    adds: tuple[float, ...]
    frees: float = 0.0


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
    focus: Decisions = field(default_factory=Decisions)
    lots: tuple[Lot, ...] = ()
    stop: tuple[Stop, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    next_actions: Standings = field(default_factory=Standings, repr=False, compare=False)
    # Who gets the hours that come free, manager by manager, best first: for declines; not part of the JSON contract.
    in_line: Decisions = field(default_factory=Decisions)
    # What a reader should know about how the list came about.
    notes: tuple[str, ...] = ()
    # What plays are believed to do, in the order of the program file: for pages; not part of the JSON contract.
    believed: tuple[PlayDoes, ...] = ()

    @property
    def holdout(self) -> tuple[Lot, ...]:
        """Eligible partners left out by lot, to measure against."""
        return tuple(lot for lot in self.lots if lot.arm == "held_back")
