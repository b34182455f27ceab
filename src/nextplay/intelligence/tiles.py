"""Tiles without HTML: what a dashboard shows, for pages, JSON and print alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

# `daily` is money a day, `times` one quantity as a multiple of another.
Unit = Literal["count", "money", "share", "days", "daily", "times"]
# Past this many bars, the rest are drawn as one.
MOST_BARS = 20
Tone = Literal["blue", "green", "purple", "orange", "red"]


@dataclass(frozen=True)
class CardPart:
    """A figure told beside a card's value: a part of velocity, a step of a funnel, a cohort.

    `figure` names the figure whose rows it has, where it is one of its own.
    """

    label: str
    value: float | None
    unit: Unit
    numerator: float | None = None
    denominator: float | None = None
    figure: str = ""


@dataclass(frozen=True)
class MetricCard:
    """One number with where it stands. `value` None: not known. Rates carry numerator and denominator."""

    metric: str
    label: str
    description: str
    unit: Unit
    value: float | None
    previous: float | None
    # Change in words, with what it is measured from; empty where it lies within noise or cannot be told.
    change: str
    tone: Tone
    why_tone: str
    trend: tuple[float, ...] = ()
    numerator: float | None = None
    denominator: float | None = None
    enough_cases: bool = True
    # Rows that could not be counted, and how many.
    left_out: tuple[tuple[str, int], ...] = ()
    # What the value is made of, where that is more than one number.
    parts: tuple[CardPart, ...] = ()
    # One sentence that the value alone does not say; empty where it does.
    remark: str = ""
    # What is counted, its unit and version, as the program's definitions make it.
    definition: str = ""
    version: int = 1
    # Whether it stands on the dashboard until somebody switches.
    shown: bool = True


@dataclass(frozen=True)
class BarRow:
    """One bar. `share` is of the tile's total; `previous` marks the value one period earlier."""

    key: str
    label: str
    value: float
    count: int
    share: float | None
    previous: float | None = None
    detail: str = ""
    gap: str = ""


def together(rest: tuple[BarRow, ...], share: float | None) -> BarRow:
    """What is folded, as one row under no key."""
    before = [row.previous for row in rest if row.previous is not None]
    value, count = round(sum(row.value for row in rest), 2), sum(row.count for row in rest)
    return BarRow("", f"{len(rest)} others", value, count, share, round(sum(before), 2) if before else None)


@dataclass(frozen=True)
class BarTile:
    """Bars of one quantity. `left_out` names rows that could not be placed, and how many."""

    name: str
    title: str
    finding: str
    unit: Unit
    rows: tuple[BarRow, ...]
    total: float
    count: int
    axis: str = ""
    left_out: tuple[tuple[str, int], ...] = ()

    def folded(self) -> "BarTile":
        """The tile as it is drawn: bars past the first many are shown together, under no key, and still add up."""
        if len(self.rows) <= MOST_BARS + 1:
            return self
        rest = self.rows[MOST_BARS:]
        share = sum(row.share for row in rest if row.share is not None) if self.total > 0 else None
        return replace(self, rows=(*self.rows[:MOST_BARS], together(rest, share)))


@dataclass(frozen=True)
class StrengthRow:
    """A strength over the partners that show it."""

    strength: str
    label: str
    description: str
    partners: int
    average: float


@dataclass(frozen=True)
class AddressRow:
    """A 4C dimension with partners under the line."""

    dimension: str
    label: str
    partners: int
    average: float | None
    reason: str
    tone: Tone


@dataclass(frozen=True)
class FilterChoice:
    """A segment or tier and how many partners it holds."""

    value: str
    label: str
    partners: int


@dataclass(frozen=True)
class TopPartner:
    """One of the partners with most revenue."""

    partner_id: str
    name: str
    revenue: float
    rows: int


@dataclass(frozen=True)
class Concentration:
    """How much of the revenue rests on few partners. Shares are None where there is no revenue to share.

    `top_1` is the largest partner's share, `top_10_pct` that of the largest tenth; `effective` is how many partners of equal
    size would be as concentrated (1/HHI); `gini` is 0 where all bring the same, near 1 where one brings everything.
    """

    partners: int
    total: float
    top_1: float | None
    top_1_pct: float | None
    top_10_pct: float | None
    top_20_pct: float | None
    effective: float | None
    gini: float | None


@dataclass(frozen=True)
class RevenueShape:
    """Concentration among partners with revenue in the period, and among all that signed; the largest partners by name."""

    selling: Concentration
    signed: Concentration
    top: tuple[TopPartner, ...]
    # Share of the partners with revenue, largest first, and the share of it that they bring.
    curve: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Driver:
    """One factor of new pipeline in both periods, and the money that its change comes to."""

    name: str
    label: str
    before: float
    now: float
    effect: float


@dataclass(frozen=True)
class Growth:
    """New sourced pipeline of two periods, and the change split into its factors: their effects add up to it exactly.

    Without drivers there is no split, and `finding` says why. `clear`: the change is more than chance would bring.
    """

    before: float
    now: float
    drivers: tuple[Driver, ...]
    finding: str
    clear: bool


@dataclass(frozen=True)
class Benchmark:
    """The same measures for groups beside each other: tiers of a segment, or segments. Money is per partner."""

    # What the groups are: segment, or tier.
    groups_are: str
    # Group and its partners.
    groups: tuple[FilterChoice, ...]
    rows: tuple["BenchmarkRow", ...]


@dataclass(frozen=True)
class BenchmarkRow:
    """One measure, a cell a group."""

    metric: str
    label: str
    unit: Unit
    cells: tuple["Cell", ...]


@dataclass(frozen=True)
class Cell:
    """A figure with what it rests on. `value` None: not known. A rate over few cases is told as a count."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    enough_cases: bool = True


@dataclass(frozen=True)
class DirectComparison:
    """Closed deals with a partner beside direct ones: a difference between customers as they came, not an effect."""

    rows: tuple[BenchmarkRow, ...]
    deals: int
    direct_deals: int
    finding: str


@dataclass(frozen=True)
class ExecutiveDashboard:
    """The Executive Dashboard under one filter."""

    as_of: date
    data_until: date | None
    period_days: int | None
    currency: str
    segment: str | None
    tier: str | None
    segments: tuple[FilterChoice, ...]
    tiers: tuple[FilterChoice, ...]
    partners: int
    analyzed: int
    facts_version: str
    cards: tuple[MetricCard, ...]
    strengths: tuple[StrengthRow, ...]
    areas: tuple[AddressRow, ...]
    pipeline_by_stage: BarTile
    pipeline_by_deal_stage: BarTile
    revenue_by_industry: BarTile
    pipeline_by_industry: BarTile
    # Partners without any filter. Those without a segment are in it, and in none of `segments`.
    everyone: int = 0
    # Definitions in force and those one can switch to, by name and label.
    active: str = ""
    sourced: str = ""
    active_choices: tuple[tuple[str, str], ...] = ()
    sourced_choices: tuple[tuple[str, str], ...] = ()
    # False for the partner role, which sees neither strengths nor areas: not empty, but not shown.
    analysis_shown: bool = True
    # Both None for the partner role: they compare partners. The summary is there only where it is asked for.
    concentration: RevenueShape | None = None
    # None where all time is looked at: there is no period before.
    growth: Growth | None = None
    # None for the partner role, and where nothing can be compared.
    benchmark: Benchmark | None = None
    direct: DirectComparison | None = None
    # Figures behind the tiles, by name, over all time up to the day: see `intelligence.summary`.
    facts_summary: Mapping[str, Any] | None = None
