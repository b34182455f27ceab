"""What became of proposals that people turned down or put off, and hours that moved nobody. Differences, never effects."""

from dataclasses import dataclass

import polars as pl

from nextplay.learning.cases import decisions, run
from nextplay.learning.effect import ENOUGH_CASES, wilson


@dataclass(frozen=True)
class Override:
    """Proposals turned down or put off for one reason, whose window is over. `reached`: the outcome came all the same.

    `rate` is the share of them; `of_run` that of proposals that were run. Both with intervals of 90 %, None under ten cases.
    """

    status: str
    reason: str
    cases: int
    reached: int
    rate: tuple[float, float, float] | None
    of_run: tuple[float, float, float] | None

    @property
    def who_was_right(self) -> str:
        """As far as a comparison without a lot can tell."""
        if self.rate is None or self.of_run is None:
            return "too_early"
        if self.rate[1] > self.of_run[2]:
            return "came_by_itself"
        return "lost" if self.rate[2] < self.of_run[1] else "cannot_tell"


@dataclass(frozen=True)
class Unmoved:
    """A partner that plays were run with, none of whose outcomes came."""

    partner_id: str
    plays: int
    hours: float


@dataclass(frozen=True)
class HoursSpent:
    """Hours of plays that are over, and those of partners that never moved, most hours first."""

    hours: float
    partners: int
    unmoved_hours: float
    unmoved: tuple[Unmoved, ...]


def overrides(cases: pl.DataFrame) -> tuple[Override, ...]:
    """One a way and a reason, most frequent first (`cases.CASES`)."""
    ended = decisions(cases).filter(pl.col("status").is_in(["declined", "snoozed"]) & pl.col("ripe"))
    grouped = ended.group_by("status", "reason").agg(cases=pl.len(), reached=(pl.col("result") == "met").sum())
    ran = run(cases)
    of_run = _share(int((ran["result"] == "met").sum()), ran.height)
    return tuple(
        Override(status, reason, number, reached, _share(reached, number), of_run)
        for status, reason, number, reached in grouped.sort(
            "cases", "status", "reason", descending=[True, False, False]
        ).iter_rows()
    )


def hours_spent(cases: pl.DataFrame) -> HoursSpent:
    """Over committed decisions whose window is over (`cases.CASES`)."""
    ran = run(cases).sort("partner_id", "case_id")
    by_partner = ran.group_by("partner_id", maintain_order=True).agg(
        plays=pl.len(), hours=pl.col("hours").sum().round(2), met=(pl.col("result") == "met").sum()
    )
    still = by_partner.filter(pl.col("met") == 0).sort("hours", "partner_id", descending=[True, False])
    return HoursSpent(
        hours=round(float(by_partner["hours"].sum()), 2),
        partners=by_partner.height,
        unmoved_hours=round(float(still["hours"].sum()), 2),
        unmoved=tuple(Unmoved(*row) for row in still.select("partner_id", "plays", "hours").iter_rows()),
    )


def _share(met: int, cases: int) -> tuple[float, float, float] | None:
    if cases < ENOUGH_CASES:
        return None
    low, high = wilson(met, cases)
    return round(met / cases, 4), round(low, 4), round(high, 4)
