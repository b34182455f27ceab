"""The tiles of the Partner Lifecycle without HTML: for the page, JSON and print alike."""

from dataclasses import dataclass, replace
from datetime import date

from nextplay.intelligence.tiles import MOST_BARS, BarRow, FilterChoice, together


@dataclass(frozen=True)
class LifecycleCard:
    """Partners in one lifecycle stage, as a share of all profiles."""

    stage: str
    label: str
    count: int
    share: float | None


@dataclass(frozen=True)
class CoverageTile:
    """Partners by covered value. A partner may count in several bars; `distinct` counts each once."""

    name: str
    title: str
    finding: str
    # In each row `count` is partners covering the value and `value` the active ones among them.
    rows: tuple[BarRow, ...]
    distinct: int
    values: int
    none: int
    # Active ones among the distinct.
    active: int = 0

    def folded(self) -> "CoverageTile":
        """The tile as it is drawn: bars past the first many together, under no key; where the profile is short stays by name.

        The bar of the rest is the sum of its bars: a partner counts once for each of these values that it covers.
        """
        short = [row for row in self.rows[MOST_BARS:] if row.gap][:MOST_BARS]
        rest = tuple(row for row in self.rows[MOST_BARS:] if row not in short)
        if len(rest) < 2:
            return self
        return replace(self, rows=(*self.rows[:MOST_BARS], *short, together(rest, None)))


@dataclass(frozen=True)
class PassageStep:
    """One step of a partner's way: who began it, who took it, who left, who waits, and how long half of all take.

    `overdue` wait longer than that, or than `long_days` where half have not taken it yet (`median_days` None).
    """

    name: str
    label: str
    began: int
    reached: int
    left: int
    waiting: int
    overdue: int
    median_days: float | None
    long_days: int
    longest_wait: int | None
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def rate(self) -> float | None:
        """The share of those who began that took it so far."""
        return self.reached / self.began if self.began else None


@dataclass(frozen=True)
class Passage:
    """Conversion between stages, time in each, and where partners pile up."""

    steps: tuple[PassageStep, ...]
    finding: str


@dataclass(frozen=True)
class DemandGap:
    """A region, vertical or offering with more demand than active partners; shares from 0 to 1.

    `pipeline` None: no open deal says which one it asks for.
    """

    covered: str
    label: str
    demand: float
    pipeline: float | None
    icp_weight: float | None
    partners: int
    active: int
    gap: float

    @property
    def supply(self) -> float:
        """Share of what active partners cover."""
        return self.demand - self.gap


@dataclass(frozen=True)
class DemandGaps:
    """Gaps, widest first. `left_out` names open deals that could not be placed: by which column, what, and how many."""

    rows: tuple[DemandGap, ...]
    finding: str
    left_out: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class LifecycleDashboard:
    """The Partner Lifecycle view under one filter."""

    as_of: date
    data_until: date | None
    segment: str | None
    tier: str | None
    segments: tuple[FilterChoice, ...]
    tiers: tuple[FilterChoice, ...]
    profiles: int
    facts_version: str
    cards: tuple[LifecycleCard, ...]
    coverage: tuple[CoverageTile, ...]
    passage: Passage
    gaps: DemandGaps
    currency: str
    # Profiles without any filter.
    everyone: int = 0
