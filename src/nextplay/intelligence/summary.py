"""Figures behind the tiles, by name: what the facts hold, up to the day of the scope.

For those who check a dashboard against their own query: every figure is a count or an exact sum over contract columns.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.warehouse import Warehouse

RECENT_DAYS = 90
MOST_MANAGERS = 10
# Conversion of an industry is listed from this many closed deals on.
CLOSED_FROM = 50


def facts_summary(warehouse: Warehouse, facts: ScopedFacts) -> dict[str, Any]:
    """All figures, plain values only; amounts in the reporting currency, null where no row has one."""
    partners = warehouse.read(partner_sums(facts))
    deals = warehouse.read(deal_sums(facts))
    activities = warehouse.read(activity_sums(facts))
    earned = warehouse.read(revenue_sums(facts)).row(0, named=True)
    return {
        "rows": {
            "partners": int(partners["partners"].sum()),
            "contacts": int(warehouse.read(facts.contacts.aggregate(rows=lambda t: t.count())).item()),
            "deals": int(deals["deals"].sum()),
            "revenue": earned["rows"],
            "activities": int(activities["rows"].sum()),
        },
        "orphans": {
            "deals": int(deals["orphans"].sum()),
            "revenue": earned["orphans"],
            "activities": int(activities["orphans"].sum()),
        },
        **_of_partners(partners),
        **_of_deals(deals),
        **_of_revenue(earned),
        "revenue_by_month": _rows(warehouse.read(revenue_months(facts)).sort("month")),
        "days_signed_to_first_revenue": _quartiles(warehouse.read(first_revenue(facts))["seconds"]),
        **_of_activities(activities),
    }


def partner_sums(facts: ScopedFacts) -> ir.Table:
    """Partners by segment, tier, type, subtype and manager, with revenue and who signed, sold, and still sells."""
    earned = facts.revenue
    earned = earned.group_by("partner_id").agg(
        revenue=earned.value.sum(), rows=earned.count(), last_at=earned.recognized_at.max()
    )
    rows = facts.partners.left_join(earned, "partner_id")
    ever = rows.rows.notnull()
    lately = (rows.last_at >= _recent(facts)).fill_null(False)
    signed = rows.signed_at.notnull()
    return rows.group_by("segment", "tier", "type", "subtype", "manager_email").agg(
        partners=rows.count(),
        with_revenue=rows.count(where=ever),
        above_zero=rows.count(where=(rows.revenue > 0).fill_null(False)),
        silent=rows.count(where=ever & ~lately),
        revenue=ibis.coalesce(rows.revenue.sum(), ibis.literal(0, "decimal(38, 2)")),
        signed=rows.count(where=signed),
        signed_selling=rows.count(where=signed & ever),
        signed_lately=rows.count(where=signed & lately),
    )


def deal_sums(facts: ScopedFacts) -> ir.Table:
    """Deals by stage and industry: how many, their value, and those of partners that the facts do not have."""
    partners = facts.partners.select(known="partner_id")
    deals = facts.deals
    deals = deals.left_join(partners, deals.partner_id == partners.known)
    return deals.group_by("stage", "industry").agg(
        deals=deals.count(), amount=deals.value.sum(), orphans=deals.count(where=deals.known.isnull())
    )


def revenue_sums(facts: ScopedFacts) -> ir.Table:
    """One row: all revenue, that of the last 90 days, that which precedes its partner's signature, and orphans."""
    partners = facts.partners.select(known="partner_id", signed_at="signed_at")
    rows = facts.revenue
    rows = rows.left_join(partners, rows.partner_id == partners.known)
    lately = rows.recognized_at >= _recent(facts)
    before = (rows.recognized_at < rows.signed_at).fill_null(False)
    return rows.aggregate(
        rows=rows.count(),
        amount=rows.value.sum(),
        first_at=rows.recognized_at.min(),
        last_at=rows.recognized_at.max(),
        rows_lately=rows.count(where=lately),
        amount_lately=rows.value.sum(where=lately),
        partners_lately=rows.partner_id.nunique(where=lately),
        rows_before=rows.count(where=before),
        partners_before=rows.partner_id.nunique(where=before),
        orphans=rows.count(where=rows.known.isnull()),
    )


def revenue_months(facts: ScopedFacts) -> ir.Table:
    """Revenue by month."""
    rows = facts.revenue
    rows = rows.mutate(month=rows.recognized_at.truncate("M"))
    return rows.group_by("month").agg(rows=rows.count(), amount=rows.value.sum())


def first_revenue(facts: ScopedFacts) -> ir.Table:
    """One row a signed partner whose first revenue came after it signed: seconds between."""
    rows = facts.revenue
    firsts = rows.group_by("partner_id").agg(first_at=rows.recognized_at.min())
    signed = facts.partners.filter(lambda t: t.signed_at.notnull())[["partner_id", "signed_at"]]
    both = signed.inner_join(firsts, "partner_id").filter(lambda t: t.first_at >= t.signed_at)
    return both.select("partner_id", seconds=both.first_at.epoch_seconds() - both.signed_at.epoch_seconds())


def activity_sums(facts: ScopedFacts) -> ir.Table:
    """Activities by kind."""
    partners = facts.partners.select(known="partner_id")
    rows = facts.activities
    rows = rows.left_join(partners, rows.partner_id == partners.known)
    return rows.group_by("kind").agg(
        rows=rows.count(),
        partners=rows.partner_id.nunique(),
        first_at=rows.occurred_at.min(),
        last_at=rows.occurred_at.max(),
        orphans=rows.count(where=rows.known.isnull()),
    )


def _of_partners(groups: pl.DataFrame) -> dict[str, Any]:
    sums = groups.select(pl.col("signed", "signed_selling", "signed_lately", "with_revenue", "silent").sum()).row(0, named=True)
    managed = groups.filter(pl.col("manager_email").is_not_null())
    managers = _summed(managed, ["manager_email"], partners="partners", with_revenue="with_revenue", revenue="revenue")
    by_place = _summed(groups, ["segment", "tier"], partners="partners", selling="above_zero", revenue="revenue")
    return {
        "partners_by_segment_tier": _rows(by_place.sort(["segment", "tier"], nulls_last=True)),
        "partners_by_type": _rows(_summed(groups, ["type"], partners="partners").sort("type", nulls_last=True)),
        "partners_by_subtype": _rows(_summed(groups, ["subtype"], partners="partners").sort("subtype", nulls_last=True)),
        "by_manager": _rows(managers.sort(["revenue", "manager_email"], descending=[True, False]).head(MOST_MANAGERS)),
        "signed_and_selling": {
            "signed": sums["signed"],
            "ever_revenue": sums["signed_selling"],
            "share": sums["signed_selling"] / sums["signed"] if sums["signed"] else None,
            "revenue_last_90d": sums["signed_lately"],
        },
        "partners_with_revenue": sums["with_revenue"],
        "silent_after_selling": sums["silent"],
    }


def _of_deals(groups: pl.DataFrame) -> dict[str, Any]:
    by_stage = groups.group_by("stage").agg(pl.col("deals").sum(), _sum_or_null("amount")).sort("stage", nulls_last=True)
    closed = groups.filter(pl.col("stage").is_in(["won", "lost"]))
    won = pl.col("deals").filter(pl.col("stage") == "won").sum()
    rates = closed.group_by("industry").agg(won.alias("won"), pl.col("deals").sum().alias("closed"))
    rates = rates.filter(pl.col("closed") >= CLOSED_FROM).with_columns((pl.col("won") / pl.col("closed")).alias("rate"))
    total, total_won = int(closed["deals"].sum()), int(closed.filter(pl.col("stage") == "won")["deals"].sum())
    return {
        "deals_by_stage": _rows(by_stage),
        "win_rate": {"won": total_won, "lost": total - total_won, "rate": total_won / total if total else None},
        "win_rate_by_industry": _rows(rates.sort(["rate", "industry"], descending=[True, False])),
    }


def _of_revenue(earned: dict[str, Any]) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in earned.items()}
    return {
        "revenue": {name: plain[name] for name in ("rows", "amount", "first_at", "last_at")},
        "revenue_last_90d": {
            "rows": plain["rows_lately"],
            "amount": plain["amount_lately"] or 0.0,
            "partners": plain["partners_lately"],
        },
        "revenue_before_signing": {"rows": plain["rows_before"], "partners": plain["partners_before"]},
    }


def _of_activities(groups: pl.DataFrame) -> dict[str, Any]:
    by_kind = {kind: int(rows) for kind, rows in groups.select("kind", "rows").iter_rows()}
    met, missed = by_kind.get("commitment_met", 0), by_kind.get("commitment_missed", 0)
    return {
        "activities_by_kind": _rows(groups.drop("orphans").sort("kind")),
        "commitments": {"met": met, "missed": missed, "rate": met / (met + missed) if met + missed else None},
    }


def _summed(groups: pl.DataFrame, keys: list[str], **columns: str) -> pl.DataFrame:
    return groups.group_by(keys).agg(**{name: pl.col(column).sum() for name, column in columns.items()})


def _sum_or_null(column: str) -> pl.Expr:
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)


def _quartiles(seconds: pl.Series) -> dict[str, float | int | None]:
    if seconds.is_empty():
        return {"partners": 0, "p25": None, "p50": None, "p75": None}
    low, middle, high = (
        float(value) for value in np.quantile(seconds.cast(pl.Float64).to_numpy() / 86400.0, (0.25, 0.5, 0.75))
    )
    return {"partners": seconds.len(), "p25": low, "p50": middle, "p75": high}


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    if "month" in frame.columns:
        frame = frame.with_columns(pl.col("month").dt.strftime("%Y-%m"))
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dicts()]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value


def _recent(facts: ScopedFacts) -> ir.TimestampScalar:
    return ibis.literal(facts.scope.cutoff - timedelta(days=RECENT_DAYS), "timestamp(6)")
