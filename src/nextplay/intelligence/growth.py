"""Growth explained: what the new sourced pipeline of a period owes to how many partners there are, and to what each does.

New sourced pipeline = partners x activation rate x deals per active partner x average deal size, where a partner is active
that brought a deal of known amount in the period. The change between two periods is split by the additive log-mean Divisia
index (LMDI-I: Ang, Energy Policy 32, 2004): the effect of factor x is L(V1, V0) ln(x1 / x0) with the logarithmic mean
L(a, b) = (a - b) / ln(a / b). The effects add up to the change, without a rest and in whatever order.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from nextplay.intelligence.behind import Behind, NoFigure, Part, partner_rows
from nextplay.intelligence.metric import squares
from nextplay.intelligence.noise import sum_changed
from nextplay.intelligence.partner_metrics import partners
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.terms import is_sourced
from nextplay.intelligence.tiles import Driver, Growth
from nextplay.values import figures

# In the order of the product: what it is called, and how more and less of it read.
DRIVERS = (
    ("partners", "Partner count", "more partners", "fewer partners"),
    ("activation", "Activation rate", "a higher activation rate", "a lower activation rate"),
    ("deals", "Deals per active partner", "more deals per active partner", "fewer deals per active partner"),
    ("size", "Average deal size", "larger deals", "smaller deals"),
)


@dataclass(frozen=True)
class Factors:
    """One period: its partners, those that brought a deal of known amount, these deals, and their value."""

    partners: float
    sellers: float
    deals: float
    value: Decimal

    @property
    def levels(self) -> dict[str, float]:
        """The four factors, whose product is the value. Raises ZeroDivisionError where one is not defined."""
        return {
            "partners": self.partners,
            "activation": self.sellers / self.partners,
            "deals": self.deals / self.sellers,
            "size": float(self.value) / self.deals,
        }

    @property
    def lacking(self) -> str:
        """What is nothing, so that there is no product; empty where every factor is something."""
        if not self.partners:
            return "there were no partners"
        return "nobody brought a deal of known amount" if self.value <= 0 else ""


def members(basis: Basis, by: By) -> ir.Table:
    """Partners that signed or went further, at the end of both periods."""
    clock, facts = basis.clock, basis.facts
    counts = partners(facts.partners, clock, basis.terms)
    return grouped(facts.partners, by, **{name: counts[f"value_{name}"] for name in _periods(basis)})


def sellers(basis: Basis, by: By) -> ir.Table:
    """Sourced deals of known amount opened in each period: the partners behind them, their number, value and squares."""
    rows = _brought(basis)
    opened, own, sums = rows.opened, {}, {}
    for window in (basis.clock.now, basis.clock.before):
        if window is not None:
            own[f"deals_{window.name}"] = rows.count(where=window.holds(opened))
            own[f"value_{window.name}"] = rows.value.sum(where=window.holds(opened))
            own[f"squares_{window.name}"] = squares(rows.value, window.holds(opened))
    each = placed(basis.facts, rows.group_by("partner_id").agg(**own), by)
    for name in _periods(basis):
        sums[f"sellers_{name}"] = each.count(where=each[f"deals_{name}"] > 0)
        sums |= {column: each[column].sum() for column in (f"deals_{name}", f"value_{name}", f"squares_{name}")}
    return grouped(each, by, **sums)


MEMBERS = Tally("growth: partners", (), members)
SELLERS = Tally("growth: sellers", (), sellers)


def behind_sellers(basis: Basis, part: Part) -> Behind:
    """The partners that brought a deal of known amount in the period, or the one `before`, each with what it brought."""
    window = basis.clock.before if part.which == "before" else basis.clock.now
    if window is None:
        raise NoFigure("sellers")
    rows = _brought(basis)
    each = rows.filter(window.holds(rows.opened)).group_by("partner_id").agg(value=lambda t: t.value.sum())
    means = "Partners that brought a sourced deal of known amount, and what they brought."
    return Behind("partners", partner_rows(each, amount=each.value), "count", "money", means, measure="New pipeline")


def _brought(basis: Basis) -> ir.Table:
    deals = basis.facts.deals
    late_enough = basis.clock.may_hold(deals.opened)
    return deals.filter(is_sourced(deals, basis.terms.sourced) & deals.value.notnull() & late_enough)


def growth(tallies: Tallies) -> Growth | None:
    """The change against the period before, split; None where all time is looked at."""
    if tallies.basis.clock.before is None:
        return None
    sums = tallies.read(MEMBERS).row(0, named=True) | tallies.read(SELLERS).row(0, named=True)
    now, before = _factors(sums, "now"), _factors(sums, "before")
    currency = tallies.basis.facts.reporting.currency
    squares = float(sums["squares_now"] or 0) + float(sums["squares_before"] or 0)
    clear = sum_changed(float(now.value), float(before.value), squares)
    both = ((before, "in the period before"), (now, "in this period"))
    lacking = next((f"{part.lacking} {when}" for part, when in both if part.lacking), "")
    drivers = () if lacking else split(before, now)
    return Growth(
        before=float(before.value),
        now=float(now.value),
        drivers=drivers,
        finding=finding(drivers, before, now, currency, clear=clear, lacking=lacking),
        clear=clear,
    )


def split(before: Factors, now: Factors) -> tuple[Driver, ...]:
    """The effects of the four factors, in whole cents that add up to the change. Every factor must be more than nothing."""
    change = now.value - before.value
    mean = _logarithmic_mean(float(now.value), float(before.value))
    effects = {name: mean * math.log(level / before.levels[name]) for name, level in now.levels.items()}
    cents = {name: round(Decimal(effect), 2) for name, effect in effects.items()}
    # What rounding leaves goes where it shows least.
    largest = max(cents, key=lambda name: (abs(cents[name]), name))
    cents[largest] += change - sum(cents.values())
    return tuple(
        Driver(name, label, before.levels[name], now.levels[name], float(cents[name])) for name, label, _, _ in DRIVERS
    )


def finding(drivers: tuple[Driver, ...], before: Factors, now: Factors, currency: str, *, clear: bool, lacking: str) -> str:
    """One sentence: which factor most of the change comes from, and which works against it."""
    change = now.value - before.value
    if lacking:
        return f"No split: {lacking}."
    if not change:
        return "As much as in the period before."
    verb = "up" if change > 0 else "down"
    along = max(drivers, key=lambda one: one.effect * (1 if change > 0 else -1))
    against = min(drivers, key=lambda one: one.effect * (1 if change > 0 else -1))
    worked, undid = ("added", "took back") if change > 0 else ("cost", "brought back")
    said = f"New pipeline is {verb} {_money(change, currency)}: {_named(along)} {worked} {_money(along.effect, currency)}"
    if against.effect * float(change) < 0:
        said += f", {_named(against)} {undid} {_money(against.effect, currency)}"
    return f"{said}." if clear else f"{said}. A change this size can come by chance."


def _periods(basis: Basis) -> tuple[str, ...]:
    return ("now", "before") if basis.clock.before else ("now",)


def _factors(sums: dict[str, Any], period: str) -> Factors:
    return Factors(
        partners=float(sums[period] or 0),
        sellers=float(sums[f"sellers_{period}"] or 0),
        deals=float(sums[f"deals_{period}"] or 0),
        value=Decimal(sums[f"value_{period}"] or 0),
    )


def _logarithmic_mean(a: float, b: float) -> float:
    return a if math.isclose(a, b, rel_tol=1e-12) else (a - b) / math.log(a / b)


def _named(driver: Driver) -> str:
    _, _, more, less = next(one for one in DRIVERS if one[0] == driver.name)
    return more if driver.effect > 0 else less


def _money(value: Decimal | float, currency: str) -> str:
    return figures.money_short(abs(float(value)), currency)
