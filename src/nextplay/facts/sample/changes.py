"""How stages, tiers, managers and amounts came to be what they are in the sample program: table `changes`."""

import numpy as np
import polars as pl

from nextplay.facts.contract import OPEN_STAGES
from nextplay.facts.sample.deals import Deals
from nextplay.facts.sample.roster import HISTORY_DAYS, MANAGERS, Roster, tier_now

_STEPS = ("applied", "signed", "onboarded", "enabled", "ended")
_STAGE_BEFORE = {"applied": "prospect", "signed": "applied", "onboarded": "signed", "enabled": "onboarding", "ended": "active"}
_STAGE_AFTER = {"applied": "applied", "signed": "signed", "onboarded": "onboarding", "enabled": "enabled", "ended": "inactive"}


def change_frame(roster: Roster, deals: Deals, partner_rows: pl.DataFrame, deal_rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The table `changes`."""
    rng = np.random.default_rng([seed, 51])
    parts = [
        *_lifecycle(roster, partner_rows),
        _activated(roster, deals, partner_rows),
        *_deal_stages(roster, deals, deal_rows),
    ]
    parts += [_tiers(roster, seed, rng), _managers(roster, partner_rows, rng), _amounts(roster, deals, deal_rows, rng)]
    rows = pl.concat(parts).filter(pl.col("changed_at").is_not_null(), pl.col("old") != pl.col("new"))
    rows = rows.sort("changed_at", "entity_id", "field")
    return rows.select(
        pl.format("CHG-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)).alias("change_id"),
        *("entity", "entity_id", "field", "old", "new", "changed_at"),
    )


def _rows(entity: str, ids: pl.Series, field: str, old: object, new: object, changed_at: pl.Series) -> pl.DataFrame:
    columns = {"entity_id": ids, "old": old, "new": new, "changed_at": changed_at}
    return pl.DataFrame(columns).select(
        *(pl.lit(entity).alias("entity"), "entity_id", pl.lit(field).alias("field")),
        *(pl.col("old").cast(pl.String), pl.col("new").cast(pl.String), "changed_at"),
    )


def _lifecycle(roster: Roster, partner_rows: pl.DataFrame) -> list[pl.DataFrame]:
    ids = partner_rows["partner_id"]
    return [
        _rows(
            "partner",
            ids,
            "lifecycle_stage",
            [_STAGE_BEFORE[step]] * roster.size,
            [_STAGE_AFTER[step]] * roster.size,
            partner_rows[f"{step}_at"],
        )
        for step in _STEPS
    ]


def _activated(roster: Roster, deals: Deals, partner_rows: pl.DataFrame) -> pl.DataFrame:
    """Enabled partners became active with their first deal, or, where that is older than the history, soon after."""
    first = np.full(roster.size, np.inf)
    with_partner = deals.partner >= 0
    np.minimum.at(first, deals.partner[with_partner], deals.opened[with_partner])
    first = np.where(np.isfinite(first), np.maximum(first, roster.enabled + 0.5), roster.enabled + 30)
    reached = partner_rows["lifecycle_stage"].is_in(["active", "inactive"]).to_numpy()
    first = np.where(reached & (first < HISTORY_DAYS) & ~(first >= roster.ended), first, np.nan)
    old, new = ["enabled"] * roster.size, ["active"] * roster.size
    return _rows("partner", partner_rows["partner_id"], "lifecycle_stage", old, new, roster.stamp(first))


def _deal_stages(roster: Roster, deals: Deals, deal_rows: pl.DataFrame) -> list[pl.DataFrame]:
    ids, count = deal_rows["deal_id"], deal_rows.height
    moves = [
        _rows("deal", ids, "stage", [OPEN_STAGES[n]] * count, [OPEN_STAGES[n + 1]] * count, roster.stamp(deals.entered[:, n]))
        for n in range(deals.entered.shape[1])
    ]
    last = np.array(OPEN_STAGES)[np.isfinite(deals.entered).sum(axis=1)]
    return [*moves, _rows("deal", ids, "stage", last, deal_rows["stage"], roster.stamp(deals.closed))]


def _tiers(roster: Roster, seed: int, rng: np.random.Generator) -> pl.DataFrame:
    now, below = tier_now(roster, np.random.default_rng([seed, 4]))
    risen = rng.random(roster.size) < 0.4
    day = np.maximum(roster.signed, 0) + (HISTORY_DAYS - np.maximum(roster.signed, 0)) * rng.uniform(0.3, 0.95, roster.size)
    return _rows("partner", pl.Series(roster.partner_id), "tier", below, now, roster.stamp(np.where(risen, day, np.nan)))


def _managers(roster: Roster, partner_rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A few partners were handed over."""
    before = np.array(list(MANAGERS))[rng.integers(0, len(MANAGERS), roster.size)]
    day = np.where((rng.random(roster.size) < 0.08) & (roster.signed < 300), rng.uniform(330, 700, roster.size), np.nan)
    new = partner_rows["manager_email"]
    return _rows("partner", partner_rows["partner_id"], "manager_email", before, new, roster.stamp(day))


def _amounts(roster: Roster, deals: Deals, deal_rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Some deals were first thought larger or smaller, until qualification."""
    old = np.maximum(np.round(deals.amount * rng.uniform(0.6, 1.5, len(deals.amount)), -2), 500)
    day = np.where(rng.random(len(old)) < 0.12, deals.entered[:, 0] + 0.2, np.nan)
    day = np.where(day < HISTORY_DAYS, day, np.nan)
    before = pl.Series(old).cast(pl.Decimal(18, 4))
    return _rows("deal", deal_rows["deal_id"], "amount", before, deal_rows["amount"], roster.stamp(day))
