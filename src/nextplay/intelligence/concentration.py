"""How much of the revenue rests on few partners."""

import ibis.expr.types as ir
import numpy as np
import polars as pl
from numpy.typing import NDArray

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence.tiles import Concentration, RevenueShape, TopPartner
from nextplay.intelligence.windows import Window

TOP = 5


def revenue_shape(warehouse: Warehouse, facts: ScopedFacts, window: Window) -> RevenueShape:
    """Concentration of the revenue of a window."""
    # Equal revenue is ordered by id, so that every engine names the same partners.
    frame = warehouse.read(revenue_by_partner(facts, window)).sort(["value", "partner_id"], descending=[True, False])
    signed = int(warehouse.read(facts.partners.aggregate(signed=lambda t: t.signed_at.count())).item())
    of_signed = frame.filter(pl.col("signed"))
    return RevenueShape(
        selling=concentration(_amounts(frame), frame.height),
        signed=concentration(_amounts(of_signed), signed),
        top=tuple(TopPartner(*row) for row in _named(frame.head(TOP)).iter_rows()),
    )


def revenue_by_partner(facts: ScopedFacts, window: Window) -> ir.Table:
    """One row a partner with revenue in the window: name, whether it signed, sum and rows."""
    rows = facts.revenue.filter(lambda t: window.holds(t.recognized_at) & t.value.notnull())
    sums = rows.group_by("partner_id").agg(value=rows.value.sum(), rows=rows.count())
    partners = facts.partners
    partners = partners.select("partner_id", "name", signed=partners.signed_at.notnull())
    return partners.inner_join(sums, "partner_id")[["partner_id", "name", "signed", "value", "rows"]]


def concentration(amounts: NDArray[np.float64], partners: int) -> Concentration:
    """Of amounts, largest first; `partners` beyond them brought nothing. Gini: mean difference over twice the mean."""
    total = float(amounts.sum())
    if total <= 0:
        return Concentration(partners, round(total, 2), None, None, None, None, None, None)
    shares = amounts / total
    ranks = np.arange(1, amounts.size + 1)
    return Concentration(
        partners=partners,
        total=round(total, 2),
        top_1=float(shares[0]),
        top_1_pct=_top(amounts, partners, 1),
        top_10_pct=_top(amounts, partners, 10),
        top_20_pct=_top(amounts, partners, 20),
        effective=1.0 / float(np.square(shares).sum()),
        gini=float(((partners + 1 - 2 * ranks) * shares).sum() / partners),
    )


def _top(amounts: NDArray[np.float64], partners: int, percent: int) -> float:
    # Rounded up in whole numbers: a tenth of 665 partners is 67 of them.
    largest = amounts[: -(-partners * percent // 100)]
    return float(largest.sum() / amounts.sum())


def _amounts(frame: pl.DataFrame) -> NDArray[np.float64]:
    return frame["value"].cast(pl.Float64).to_numpy()


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("partner_id", "name", pl.col("value").cast(pl.Float64), "rows")
