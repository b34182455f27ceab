"""Who takes part in the sample program: one array element a partner, and the three tables about who they are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nextplay.facts.sample import words
from nextplay.facts.sample.archetypes import ARCHETYPES, NAMES, SEGMENTS, column

HISTORY_DAYS = 730
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

TIERS = {"Strategic": ("Platinum", "Gold"), "Growth": ("Gold", "Silver", "Registered"), "Emerging": ("Silver", "Registered")}
# Chance of each tier, best first; better for those who sell.
_TIER_CUTS = {"Strategic": (0.4,), "Growth": (0.2, 0.55), "Emerging": (0.3,)}
MANAGERS = {
    "ines.quillon@quillharbor.example": "Ines Quillon",
    "tobin.harrow@quillharbor.example": "Tobin Harrow",
    "priya.venn@quillharbor.example": "Priya Venn",
}
# Which manager owns which region.
_MANAGER_OF_REGION = np.array([0, 1, 1, 0, 2, 2, 2])
_REGION_WEIGHTS = np.array([0.25, 0.21, 0.2, 0.15, 0.11, 0.05, 0.03])
_VERTICAL_WEIGHTS = np.array([0.28, 0.22, 0.17, 0.14, 0.11, 0.055, 0.025])
_SUBTYPE_WEIGHTS = np.array([0.33, 0.26, 0.16, 0.13, 0.08, 0.04])
_OFFERING_SHARES = np.array([0.62, 0.46, 0.33, 0.2, 0.12, 0.1, 0.03])
CUSTOMERS_A_POOL = 9


@dataclass(frozen=True)
class Roster:
    """Partners as arrays. Days count from the first day of history; not a number where a step was not reached."""

    today: date
    partner_id: Texts
    name: Texts
    archetype: Whole
    segment: Whole
    region: Whole
    vertical: Whole
    applied: Floats
    signed: Floats
    onboarded: Floats
    enabled: Floats
    ended: Floats
    employees: Floats
    euro: Flags

    @property
    def size(self) -> int:
        """How many partners."""
        return len(self.partner_id)

    def rate(self, name: str) -> Floats:
        """A parameter of each partner's archetype."""
        return column(name)[self.archetype]

    def stamp(self, days: Floats) -> pl.Series:
        """Days of history as stored times; null where they are not numbers."""
        known = np.isfinite(days)
        seconds = (np.where(known, days, 0) * 86400).astype("int64")
        first = np.datetime64(datetime.combine(self.today, time()) - timedelta(days=HISTORY_DAYS), "us")
        moments = first + seconds.astype("timedelta64[s]")
        moments[~known] = np.datetime64("NaT")
        return pl.Series(moments.astype("datetime64[us]"))

    def at_work(self, days: Floats, rng: np.random.Generator) -> Floats:
        """The same days, at working hours; a weekend's go to the Friday before."""
        first = self.today - timedelta(days=HISTORY_DAYS)
        whole = np.floor(days)
        weekday = (whole + first.weekday()) % 7
        moved: Floats = whole - np.maximum(weekday - 4, 0) + rng.uniform(8 / 24, 18 / 24, len(days))
        return moved


def call_roster(today: date, seed: int) -> Roster:
    """The partners of a sample program whose history ends on the day before `today`."""
    rng = np.random.default_rng([seed, 1])
    cells = np.array([archetype.partners for archetype in ARCHETYPES])
    flat = np.repeat(np.arange(cells.size), cells.ravel())
    archetype, segment = flat // len(SEGMENTS), flat % len(SEGMENTS)
    size = len(flat)
    region = rng.choice(len(words.REGIONS), size, p=_REGION_WEIGHTS)
    euro_regions = [list(words.REGIONS).index(name) for name in words.EURO_REGIONS]
    reached = _steps(archetype, rng)
    return Roster(
        today=today,
        partner_id=np.array([f"PTR-{number:03d}" for number in range(1, size + 1)]),
        name=_names(flat, rng),
        archetype=archetype,
        segment=segment,
        region=region,
        vertical=rng.choice(len(words.INDUSTRIES), size, p=_VERTICAL_WEIGHTS),
        employees=np.asarray(np.round(np.exp(rng.normal(np.array([6.2, 4.6, 3.2])[segment], 0.7))) + 2, dtype=np.float64),
        euro=np.isin(region, euro_regions) & (rng.random(size) < 0.6),
        **reached,
    )


def _names(flat: Whole, rng: np.random.Generator) -> Texts:
    firsts, seconds = np.array(words.FIRST_HALVES), np.array(words.SECOND_HALVES)
    told = [name for archetype in ARCHETYPES for cell in archetype.known for name in cell]
    pairs = np.char.add(np.repeat(firsts, len(seconds)), np.tile(seconds, len(firsts)))
    pairs = pairs[~np.isin(pairs, [name.split()[0] for name in told])]
    kinds = np.char.add(" ", rng.choice(np.array(words.COMPANY_KINDS), len(flat)))
    kinds = np.where(rng.random(len(flat)) < 0.2, "", kinds)
    names = np.char.add(rng.choice(pairs, len(flat), replace=False), kinds)
    cells = [cell for archetype in ARCHETYPES for cell in archetype.known]
    first_row = np.searchsorted(flat, np.arange(len(cells)))
    rows = [int(start) + place for start, cell in zip(first_row, cells, strict=True) for place in range(len(cell))]
    names[rows] = told
    return names


def _steps(archetype: Whole, rng: np.random.Generator) -> dict[str, Floats]:
    size = len(archetype)
    bounds = np.array([each.signed for each in ARCHETYPES])[archetype]
    signed = HISTORY_DAYS - rng.uniform(bounds[:, 0], bounds[:, 1])
    prospect = archetype == NAMES.index("prospect")
    applied = signed - rng.uniform(6, 45, size)
    applied = np.where(prospect, np.where(rng.random(size) < 0.6, HISTORY_DAYS - rng.uniform(3, 60, size), np.nan), applied)
    signed = np.where(prospect, np.nan, signed)
    onboarded = signed + rng.uniform(8, 38, size)
    enabled = onboarded + rng.uniform(12, 60, size)
    ended = np.where(archetype == NAMES.index("ended"), HISTORY_DAYS - rng.uniform(20, 320, size), np.nan)
    steps = {"applied": applied, "signed": signed, "onboarded": onboarded, "enabled": enabled, "ended": ended}
    return {name: np.where(days < HISTORY_DAYS, days, np.nan) for name, days in steps.items()}


def reached_stage(roster: Roster, rng: np.random.Generator) -> Texts:
    """Stage of each partner now: what its dates say, then what its archetype is."""
    own = np.array([each.stage for each in ARCHETYPES])[roster.archetype]
    turned_down = rng.random(roster.size) < 0.3
    return np.select(
        [
            np.isfinite(roster.ended),
            np.isfinite(roster.enabled) & (own == "signed"),
            np.isfinite(roster.enabled),
            np.isfinite(roster.onboarded),
            np.isfinite(roster.signed),
            np.isfinite(roster.applied) & turned_down,
            np.isfinite(roster.applied),
        ],
        ["inactive", "enabled", own, "onboarding", "signed", "rejected", "applied"],
        default="prospect",
    ).astype(np.str_)


def tier_now(roster: Roster, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Each partner's tier and the tier below it in the same segment (the same where there is none)."""
    # Those who sell now stand better.
    luck = rng.random(roster.size) / (0.5 + np.minimum(roster.rate("deals_to"), 1.0))
    tiers = np.full(roster.size, "Registered", dtype="U12")
    below = tiers.copy()
    for number, segment in enumerate(SEGMENTS):
        ladder, mine = np.array(TIERS[segment]), roster.segment == number
        place = np.searchsorted(np.array(_TIER_CUTS[segment]), luck[mine])
        tiers[mine], below[mine] = ladder[place], ladder[np.minimum(place + 1, len(ladder) - 1)]
    return tiers, below


def partner_frame(roster: Roster, seed: int) -> pl.DataFrame:
    """The table `partners`."""
    rng = np.random.default_rng([seed, 2])
    stage, (tier, _) = (
        reached_stage(roster, np.random.default_rng([seed, 3])),
        tier_now(roster, np.random.default_rng([seed, 4])),
    )
    subtype = rng.choice(len(words.SUBTYPES), roster.size, p=_SUBTYPE_WEIGHTS)
    kinds, regions = np.array(list(words.SUBTYPES.values())), np.array(list(words.REGIONS.values()))
    no_partner_yet = ~np.isfinite(roster.signed)
    return pl.DataFrame(
        {
            "partner_id": roster.partner_id,
            "name": roster.name,
            "type": kinds[subtype, 0],
            "category": kinds[subtype, 1],
            "subtype": np.array(list(words.SUBTYPES))[subtype],
            "segment": np.array(SEGMENTS)[roster.segment],
            "tier": _nulled(tier, no_partner_yet),
            "tier_source": np.where(rng.random(roster.size) < 0.8, "automatic", "manual"),
            "tier_assigned_at": roster.stamp(roster.signed + rng.uniform(0, 1, roster.size)),
            "lifecycle_stage": stage,
            "regions": _several(roster.region, np.array(list(words.REGIONS)), 0.14, rng),
            "verticals": _several(roster.vertical, np.array(list(words.INDUSTRIES)), 0.16, rng),
            "offerings": _covered(roster.size, rng),
            "languages": pl.Series(regions[roster.region, 1]).reshape((roster.size, 1)).cast(pl.List(pl.String)),
            "manager_email": _managers(roster, rng),
            "domain": pl.Series(roster.name).str.to_lowercase().str.replace_all(" ", "-") + ".example",
            "country": regions[roster.region, 0],
            "employee_count": _nulled_numbers(roster.employees, rng.random(roster.size) < 0.08),
            "annual_revenue": _nulled_numbers(np.round(roster.employees * 140_000, -5), rng.random(roster.size) < 0.3),
            "applied_at": roster.stamp(roster.applied),
            "signed_at": roster.stamp(roster.signed),
            "onboarded_at": roster.stamp(roster.onboarded),
            "enabled_at": roster.stamp(roster.enabled),
            "ended_at": roster.stamp(roster.ended),
        }
    ).with_columns(description=_description(), notes=pl.when(pl.Series(rng.random(roster.size) < 0.12)).then(_note()))


def _description() -> pl.Expr:
    verticals = pl.col("verticals").list.join(" and ").str.to_lowercase()
    return pl.format("{} in {} that works in {}.", "subtype", "country", verticals)


def _note() -> pl.Expr:
    return pl.format("Came to us through a customer. Ask about {} before the next review.", pl.col("verticals").list.first())


def _managers(roster: Roster, rng: np.random.Generator) -> pl.Series:
    owner = _MANAGER_OF_REGION[roster.region]
    owner = np.where(rng.random(roster.size) < 0.1, rng.integers(0, len(MANAGERS), roster.size), owner)
    # A few partners fell between two chairs; that is what the readiness report is for.
    nobody = (rng.random(roster.size) < 0.03) & (roster.segment == SEGMENTS.index("Emerging"))
    return _nulled(np.array(list(MANAGERS))[owner], nobody)


def _several(own: Whole, names: Texts, share: float, rng: np.random.Generator) -> pl.Series:
    """The partner's own value first, others by chance."""
    chosen = rng.random((len(own), len(names))) < share
    chosen[np.arange(len(own)), own] = True
    return _lists(chosen, names)


def _covered(size: int, rng: np.random.Generator) -> pl.Series:
    chosen = rng.random((size, len(words.OFFERINGS))) < _OFFERING_SHARES
    return _lists(chosen, np.array(words.OFFERINGS))


def _lists(chosen: Flags, names: Texts) -> pl.Series:
    rows, places = np.nonzero(chosen)
    held = pl.DataFrame({"row": rows, "value": names[places]}).group_by("row", maintain_order=True).agg("value")
    every = pl.DataFrame({"row": np.arange(len(chosen))}).join(held, on="row", how="left", maintain_order="left")
    return every["value"]


def _nulled(texts: Texts, gone: Flags) -> pl.Series:
    return pl.select(pl.when(pl.Series(~gone)).then(pl.Series(texts))).to_series()


def _nulled_numbers(numbers: Floats, gone: Flags) -> pl.Series:
    return pl.select(pl.when(pl.Series(~gone)).then(pl.Series(numbers))).to_series()
