"""The criteria of the rubric: each a value per partner out of the evidence, null where there is none, and what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from nextplay.analysis.evidence import HALF_YEAR, PROMISE_DAYS, TWO_YEARS, YEAR

# Pseudo-cases that pull a small sample towards what is usual in the program.
PRIOR_CASES = 4.0
# Promises start at one in two, with the weight of two and a half (decision-method, section 3).
PROMISES_MET, PROMISES = 1.2, 2.4


@dataclass(frozen=True)
class Measure:
    """How a criterion is worked out. `numerator` and `denominator` are what a person is shown of it."""

    value: pl.Expr
    numerator: pl.Expr
    denominator: pl.Expr
    window_days: int | None = None


def _nothing() -> pl.Expr:
    return pl.lit(None, dtype=pl.Float64)


def _sold() -> pl.Expr:
    return pl.col("selling_events") > 0


def _named_sellers() -> Measure:
    return Measure(_where(pl.col("people") > 0, pl.col("sellers")), pl.col("sellers"), _nothing())


def _lead_seller() -> Measure:
    value = (
        pl.when(pl.col("lead_sellers_seen") > 0)
        .then(1.0)
        .otherwise(pl.when(pl.col("lead_sellers") > 0).then(0.4).otherwise(0.0))
    )
    return Measure(_where(pl.col("people") > 0, value), pl.col("lead_sellers_seen"), pl.col("lead_sellers"), 60)


def _deals_per_seller() -> Measure:
    known = (pl.col("sellers") > 0) & (pl.col("open_deals") > 0)
    return Measure(_where(known, pl.col("open_deals") / pl.col("sellers")), pl.col("open_deals"), pl.col("sellers"))


def _headcount() -> Measure:
    return Measure(pl.col("employee_count"), pl.col("employee_count"), _nothing())


def _regions_covered() -> Measure:
    covered = pl.col("regions").list.len()
    return Measure(_where(covered > 0, covered), covered, _nothing())


def _certified_people() -> Measure:
    # Badges count beside selling only: alone they lift nobody.
    return Measure(_where(_sold() & (pl.col("people") > 0), pl.col("certified")), pl.col("certified"), pl.col("people"), YEAR)


def _win_rate() -> Measure:
    closed = pl.col("won") + pl.col("lost")
    usual = pl.col("won").sum() / closed.sum()
    shrunk = (pl.col("won") + PRIOR_CASES * usual) / (closed + PRIOR_CASES)
    return Measure(_where(closed > 0, shrunk), pl.col("won"), closed, TWO_YEARS)


def _deals_that_move() -> Measure:
    usual = pl.col("reached").sum() / pl.col("settled").sum()
    shrunk = (pl.col("reached") + PRIOR_CASES * usual) / (pl.col("settled") + PRIOR_CASES)
    return Measure(_where(pl.col("settled") > 0, shrunk), pl.col("reached"), pl.col("settled"), YEAR)


def _offer_in_own_words() -> Measure:
    return Measure(_where(_sold() | (pl.col("own_words") > 0), pl.col("own_words")), pl.col("own_words"), _nothing(), YEAR)


def _commitments_kept() -> Measure:
    ended = pl.col("met") + pl.col("missed")
    kept = (pl.col("met") + PROMISES_MET) / (ended + PROMISES)
    # A missed promise is known at once. If it counted from the second promise on, keeping that one could lower the score.
    known = (pl.col("missed") > 0) | (pl.col("met") >= 2)
    return Measure(_where(known, kept), pl.col("met"), ended, PROMISE_DAYS)


def _proposals_answered() -> Measure:
    answered = pl.min_horizontal("answered", "proposed")
    shrunk = (answered + 1.0) / (pl.col("proposed") + 2.0)
    return Measure(_where(pl.col("proposed") > 0, shrunk), answered, pl.col("proposed"), HALF_YEAR)


def _selling_months() -> Measure:
    return Measure(_where(pl.col("member"), pl.col("selling_months")), pl.col("selling_months"), pl.lit(6.0), HALF_YEAR)


def _sponsor_seen() -> Measure:
    seen = pl.when(pl.col("executive_events") > 0).then(1.0).otherwise(0.0)
    return Measure(_where(pl.col("executives") > 0, seen), pl.col("executive_events"), pl.col("executives"), HALF_YEAR)


def _fit(column: str) -> Measure:
    return Measure(pl.col(f"{column}_fit"), pl.col(f"{column}_fit"), _nothing(), TWO_YEARS)


def _icp_accounts() -> Measure:
    share = pl.col("icp_accounts") / pl.col("accounts")
    return Measure(_where(pl.col("accounts") >= 2, share), pl.col("icp_accounts"), pl.col("accounts"))


def _where(known: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(known).then(value.cast(pl.Float64))


MEASURES: dict[str, Callable[[], Measure]] = {
    "named_sellers": _named_sellers,
    "lead_seller": _lead_seller,
    "deals_per_seller": _deals_per_seller,
    "headcount": _headcount,
    "regions_covered": _regions_covered,
    "certified_people": _certified_people,
    "win_rate": _win_rate,
    "deals_that_move": _deals_that_move,
    "offer_in_own_words": _offer_in_own_words,
    "commitments_kept": _commitments_kept,
    "proposals_answered": _proposals_answered,
    "selling_months": _selling_months,
    "sponsor_seen": _sponsor_seen,
    "vertical_fit": lambda: _fit("verticals"),
    "region_fit": lambda: _fit("regions"),
    "offering_fit": lambda: _fit("offerings"),
    "icp_accounts": _icp_accounts,
}
