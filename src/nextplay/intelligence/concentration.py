"""How much of the revenue rests on few partners.

Ranks do not add up over segments, so they are worked out for every filter in one go: partners by revenue, largest first, once
for each filter they are in, and of each such list only exact sums.
"""

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.behind import Behind, Part, partner_rows
from nextplay.intelligence.choices import PARTNERS
from nextplay.intelligence.metric import squares
from nextplay.intelligence.tallies import LEVEL, PLACE, Basis, By, Tallies, Tally, at_levels
from nextplay.intelligence.tiles import Concentration, RevenueShape, TopPartner
from nextplay.intelligence.windows import Window

TOP = 5
# Parts of all partners whose share is told, in percent.
PARTS = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90)


def revenue_shape(tallies: Tallies) -> RevenueShape:
    """Concentration of the revenue of the period among those that brought any, and among all that signed."""
    sums = next(tallies.read(SHARES).iter_rows(named=True), NOTHING)
    top = tallies.read(LARGEST).sort("position")
    signed = int(tallies.read(PARTNERS)["signed"].sum())
    own = _of("selling", sums)
    return RevenueShape(
        selling=concentration(own),
        curve=pareto(own),
        signed=concentration(_of("signed", sums) | {"partners": signed}),
        top=tuple(TopPartner(*row) for row in _named(top).iter_rows()),
    )


def revenue_by_partner(facts: ScopedFacts, window: Window) -> ir.Table:
    """One row a partner with revenue in the window: name, place, whether it signed, sum and rows."""
    rows = facts.revenue_amounts.filter(lambda t: window.holds(t.recognized_at) & t.value.notnull())
    sums = rows.group_by("partner_id").agg(value=rows.value.sum().cast("decimal(18, 2)"), rows=rows.count())
    partners = facts.partners
    partners = partners.select("partner_id", "name", *PLACE, signed=partners.signed_at.notnull())
    return partners.inner_join(sums, "partner_id")


def shares(basis: Basis, by: By) -> ir.Table:
    """For each level one row of sums over its partners, `v` their revenue and `r` their rank from 1 down.

    Of those `selling`, and of those among them that `signed`: `partners`, `total` = sum v, `squares` = sum v², `ranked` = sum
    r v, `largest` = v at rank 1, and `top_p` the sum of the largest p percent of the population, rounded up to whole partners.
    """
    sellers = at_levels(revenue_by_partner(basis.facts, basis.clock.now), by)
    down = {"group_by": list(LEVEL), "order_by": _largest_first(sellers)}
    sellers = sellers.mutate(
        selling_rank=ibis.row_number().over(**down) + 1,
        # Each its place among those that signed: all of them up to and with itself.
        signed_rank=sellers.signed.ifelse(1, 0).sum().over(**down, rows=(None, 0)),
        selling_size=sellers.count().over(group_by=list(LEVEL)),
    )
    sizes = at_levels(_signed(basis), by).group_by(*LEVEL).agg(signed_size=lambda t: t.count())
    ranked = sellers.left_join(sizes, list(LEVEL)).drop(*(f"{column}_right" for column in LEVEL))
    selling = _sums_of("selling", ranked, ibis.literal(value=True))
    return ranked.group_by(*LEVEL).agg(**selling, **_sums_of("signed", ranked, ranked.signed))


def _sums_of(population: str, ranked: ir.Table, where: ir.BooleanValue) -> dict[str, ir.Value]:
    value, rank, size = ranked.value, ranked[f"{population}_rank"], ranked[f"{population}_size"]
    sums = {
        "partners": ranked.count(where=where),
        "total": value.sum(where=where),
        "squares": squares(value, where),
        "ranked": (value.cast("decimal(38, 2)") * rank).sum(where=where),
        "largest": value.max(where=where),
    }
    # Rounded up in whole numbers: a tenth of 665 partners is 67 of them.
    sums |= {f"top_{part}": value.sum(where=where & (rank <= (size * part + 99) // 100)) for part in PARTS}
    return {f"{population}_{name}": each for name, each in sums.items()}


def largest(basis: Basis, by: By) -> ir.Table:
    """For each level the partners with most revenue, `position` from 0."""
    sellers = at_levels(revenue_by_partner(basis.facts, basis.clock.now), by)
    # Equal revenue is ordered by id, so that every engine names the same partners.
    position = ibis.row_number().over(group_by=list(LEVEL), order_by=_largest_first(sellers))
    ranked = sellers.mutate(position=position)
    return ranked.filter(ranked.position < TOP)[[*LEVEL, "position", "partner_id", "name", "value", "rows"]]


def behind_shares(basis: Basis, _part: Part) -> Behind:
    """The partners with revenue in the period, each with its sum."""
    sellers = revenue_by_partner(basis.facts, basis.clock.now)
    chosen = partner_rows(sellers, amount=sellers.value)
    return Behind("partners", chosen, "sum", "money", "Revenue of the period by partner.", measure="Revenue")


SHARES = Tally("revenue shares", (), shares, levels=True)
LARGEST = Tally("largest partners", ("position",), largest, levels=True)
NOTHING: dict[str, Any] = {}


def concentration(sums: dict[str, Any]) -> Concentration:
    """From the sums of `shares`. Partners without revenue count in `partners` only.

    Effective partners 1 / HHI = total² / squares. Gini, the mean difference over twice the mean:
    ((n + 1) total - 2 ranked) / (n total).
    """
    partners, total = int(sums["partners"]), Decimal(sums["total"])
    if total <= 0:
        return Concentration(partners, float(round(total, 2)), None, None, None, None, None, None)
    top_1, top_10, top_20 = (float(Decimal(sums[f"top_{part}"]) / total) for part in (1, 10, 20))
    return Concentration(
        partners=partners,
        total=float(round(total, 2)),
        top_1=float(Decimal(sums["largest"]) / total),
        top_1_pct=top_1,
        top_10_pct=top_10,
        top_20_pct=top_20,
        effective=float(total * total / Decimal(sums["squares"])),
        gini=float(((partners + 1) * total - 2 * Decimal(sums["ranked"])) / (partners * total)),
    )


def pareto(sums: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    """What share of the revenue the largest share of partners brings, from nothing to all; empty where there is none."""
    total = Decimal(sums["total"])
    if total <= 0:
        return ()
    inner = ((part / 100, float(Decimal(sums[f"top_{part}"]) / total)) for part in PARTS)
    return ((0.0, 0.0), *inner, (1.0, 1.0))


def _signed(basis: Basis) -> ir.Table:
    partners = basis.facts.partners
    return partners.filter(partners.signed_at.notnull())[["partner_id", *PLACE]]


def _of(population: str, sums: dict[str, Any]) -> dict[str, Any]:
    own = ("partners", "total", "squares", "ranked", "largest", *(f"top_{part}" for part in PARTS))
    return {name: sums.get(f"{population}_{name}") or 0 for name in own}


def _largest_first(rows: ir.Table) -> list[ir.Value]:
    return [rows.value.desc(), rows.partner_id.asc()]


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("partner_id", "name", pl.col("value").cast(pl.Float64), "rows")
