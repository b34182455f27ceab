"""What the ledger held on the day of a decision: earlier decisions and what became of them, one row each."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from nextplay.decisions.proposal import Decision, Lot
from nextplay.decisions.track_record import TrackRecord

PAST: Mapping[str, pl.DataType] = {
    "decision_id": pl.String(),
    "cycle": pl.String(),
    "as_of": pl.Date(),
    "partner_id": pl.String(),
    "play": pl.String(),
    "step": pl.String(),
    "owner": pl.String(),
    "hours": pl.Float64(),
    "due": pl.Date(),
    "outcome_by": pl.Date(),
    "probability": pl.Float64(),
    "status": pl.String(),
    "decided_on": pl.Date(),
    "snoozed_until": pl.Date(),
    "result": pl.String(),
    "result_on": pl.Date(),
    # The window is over and the facts reach past it: only then may the outcome be counted.
    "ripe": pl.Boolean(),
}

# The day that a play was committed or turned down: what came between its proposal and that day is no doing of it.
BEGAN = pl.max_horizontal("as_of", pl.coalesce("decided_on", "as_of"))


def steps_count_from(first_step: pl.Expr) -> pl.Expr:
    """The day that steps count from: that of the proposal, or of the commitment where the first one was past by then.

    `first_step`: its days after the play begins; as `planned_steps.planned` works them out for one, on the list's own calendar.
    """
    in_time = (pl.col("as_of") + pl.duration(days=first_step)).dt.add_business_days(0, roll="forward") >= BEGAN
    return pl.when(in_time).then(pl.col("as_of")).otherwise(BEGAN)


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(PAST))


@dataclass(frozen=True)
class History:
    """Decisions of earlier cycles and of this one (`PAST`), the plays' record, and what is already committed this month."""

    past: pl.DataFrame = field(default_factory=_nothing)
    record: TrackRecord = field(default_factory=TrackRecord)
    # Who sold 60 days ago, and who did since (`decisions.looked_back`). None: the facts do not reach back so far.
    drop_offs: pl.DataFrame | None = None
    # Committed in this very cycle: they stand, whatever the facts say now.
    committed: Sequence[Decision] = ()
    # The lot of this very cycle, once somebody decided on something of it: it is not drawn again. None: not drawn yet.
    lots: tuple[Lot, ...] | None = None
    # Held back in earlier cycles, in windows that are not over: they do not get that play before, or nothing could be compared.
    barred: tuple[Lot, ...] = ()

    @property
    def digest(self) -> str:
        """Short, and another one as soon as anything here is another."""
        parts = [self.past.sort("decision_id").write_csv(), *map(repr, (self.record, self.committed, self.lots, self.barred))]
        return hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def placed(self) -> list[str]:
        """Partners whose place in this cycle stands: committed, or held back."""
        held = (one.partner_id for one in self.lots or () if one.arm == "held_back")
        return [*(one.partner_id for one in self.committed), *held]

    def running(self, as_of: date) -> pl.DataFrame:
        """Committed decisions of earlier days whose outcome is still open on the day."""
        past = self.past.filter((pl.col("status") == "committed") & ~pl.col("decision_id").is_in(self._standing()))
        still_open = (pl.col("result") == "open") & (pl.col("outcome_by") >= as_of)
        return past.filter(still_open).sort("partner_id", "decision_id")

    def hours_given(self, as_of: date, days: int) -> dict[str, float]:
        """Hours of plays committed within so many days before a day, by partner."""
        lately = (pl.col("status") == "committed") & (as_of - timedelta(days=days) < BEGAN)
        rows = self.past.filter(lately).sort("partner_id", "decision_id")
        return dict(rows.group_by("partner_id", maintain_order=True).agg(pl.col("hours").sum().round(2)).iter_rows())

    def left_alone(self, as_of: date) -> pl.DataFrame:
        """partner_id and `until`: partners that somebody stopped or put off until a day that has not come."""
        aside = self.past.filter(pl.col("status").is_in(["snoozed", "declined"]) & (pl.col("snoozed_until") > as_of))
        return aside.group_by("partner_id").agg(until=pl.col("snoozed_until").max())

    def steps_ahead(self, as_of: date, step_days: Mapping[str, tuple[int, int]]) -> pl.DataFrame:
        """Of `running`, those with a step still to come; `step_days`: days of the first and the last one, by play."""
        first, last = (
            pl.col("play").replace_strict({play: days[at] for play, days in step_days.items()}, default=0) for at in (0, 1)
        )
        end = steps_count_from(first) + pl.duration(days=last)
        return self.running(as_of).filter(pl.max_horizontal(end, "due") > as_of)

    def _standing(self) -> list[str]:
        return [decision.decision_id for decision in self.committed]
