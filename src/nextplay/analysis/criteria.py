"""The criteria of the rubric: each a value per partner out of the evidence, null where there is none, and what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from nextplay.analysis.evidence import HALF_YEAR, PROMISE_DAYS, SEEN_DAYS, TWELVE_MONTHS, TWO_YEARS, YEAR
from nextplay.analysis.usual import Usual

# Pseudo-cases that pull a small sample towards what is usual in the program.
PRIOR_CASES = 4.0
# Promises start at one in two, with the weight of two and a half (decision-method, section 3).
PROMISES_MET, PROMISES = 1.2, 2.4
# Replies start at a week, with the weight of two (decision-method, section 3).
PRIOR_REPLIES, PRIOR_REPLY_DAYS = 2.0, 7.0
# Seen in three of nine weeks is having time for it; named and not seen is not yet.
WEEKS_WITH_TIME, NAMED_ONLY = 3.0, 0.4
# A sponsor of whom only the partner itself tells: worth a part of being seen, too little to be called a strength.
TOLD_ONLY = 0.3
# Months after which a sponsor's last appearance, or an offer in own words, counts half.
SPONSOR_HALF_LIFE, WORDS_HALF_LIFE = 3.0, 6.0
NO_PEOPLE = "no people on record"


@dataclass(frozen=True)
class Measure:
    """How a criterion is worked out. `numerator` and `denominator` are what a person is shown of it."""

    value: pl.Expr
    numerator: pl.Expr
    denominator: pl.Expr
    window_days: int | None = None
    # Why there is no evidence, where there is none.
    lacking: str = ""


def _nothing() -> pl.Expr:
    return pl.lit(None, dtype=pl.Float64)


def _sold() -> pl.Expr:
    return pl.col("selling_events") > 0


def _named_sellers(_: Usual) -> Measure:
    return Measure(_where(pl.col("people") > 0, pl.col("sellers")), pl.col("sellers"), _nothing(), lacking=NO_PEOPLE)


def _lead_seller(_: Usual) -> Measure:
    time_for_it = pl.min_horizontal(pl.col("lead_weeks") / WEEKS_WITH_TIME, pl.lit(1.0))
    said = _said("names_lead_seller")
    named = (pl.col("lead_sellers") > 0) | said
    value = pl.when(named).then(NAMED_ONLY + (1 - NAMED_ONLY) * time_for_it).otherwise(0.0)
    return Measure(
        _where((pl.col("people") > 0) | said, value), pl.col("lead_weeks"), pl.lit(SEEN_DAYS / 7), SEEN_DAYS, NO_PEOPLE
    )


def _deals_per_seller(_: Usual) -> Measure:
    known = (pl.col("sellers") > 0) & (pl.col("open_deals") > 0)
    value = _where(known, pl.col("open_deals") / pl.col("sellers"))
    return Measure(value, pl.col("open_deals"), pl.col("sellers"), lacking="no open deal, or no named seller")


def _headcount(_: Usual) -> Measure:
    return Measure(pl.col("employee_count"), pl.col("employee_count"), _nothing(), lacking="no employee count on record")


def _regions_covered(_: Usual) -> Measure:
    covered = pl.col("regions").list.len()
    return Measure(_where(covered > 0, covered), covered, _nothing(), lacking="no regions on record")


def _certified_people(_: Usual) -> Measure:
    # Badges count beside selling only: alone they lift nobody.
    value = _where(_sold() & (pl.col("people") > 0), pl.col("certified"))
    return Measure(
        value, pl.col("certified"), pl.col("people"), TWELVE_MONTHS, "no selling event to count badges beside, or no people"
    )


def _win_rate(usual: Usual) -> Measure:
    closed = pl.col("won") + pl.col("lost")
    shrunk = (pl.col("won") + PRIOR_CASES * usual.win_rate) / (closed + PRIOR_CASES)
    return Measure(_where(closed > 0, shrunk), pl.col("won"), closed, TWO_YEARS, "no deal closed in two years")


def _deals_that_move(usual: Usual) -> Measure:
    shrunk = (pl.col("reached") + PRIOR_CASES * usual.alone_rate) / (pl.col("settled") + PRIOR_CASES)
    return Measure(
        _where(pl.col("settled") > 0, shrunk),
        pl.col("reached"),
        pl.col("settled"),
        YEAR,
        "no deal of the last year without our help",
    )


def _offer_in_own_words(_: Usual) -> Measure:
    month = pl.min_horizontal("own_words_month", "said_customer_in_own_words_month")
    times = pl.col("own_words") + pl.col("said_customer_in_own_words")
    value = _where(_sold() | (times > 0), _worn(month, WORDS_HALF_LIFE))
    return Measure(value, times, _nothing(), TWELVE_MONTHS, "neither sold nor said anything yet")


def _commitments_kept(_: Usual) -> Measure:
    ended = pl.col("met") + pl.col("missed")
    kept = (pl.col("met") + PROMISES_MET) / (ended + PROMISES)
    # A missed promise is known at once. If it counted from the second promise on, keeping that one could lower the score.
    known = (pl.col("missed") > 0) | (pl.col("met") >= 2)
    return Measure(_where(known, kept), pl.col("met"), ended, PROMISE_DAYS, "fewer than two commitments came due")


def _reply_days(_: Usual) -> Measure:
    # An answer that is still out counts as the days waited so far, and as no answer.
    days = (pl.col("waited_hours") / 24 + PRIOR_REPLIES * PRIOR_REPLY_DAYS) / (pl.col("answered") + PRIOR_REPLIES)
    return Measure(
        _where(pl.col("proposed") > 0, days), pl.col("answered"), pl.col("proposed"), HALF_YEAR, "nothing was proposed"
    )


def _selling_months(_: Usual) -> Measure:
    value = _where(pl.col("member"), pl.col("selling_weight") / 1e6)
    return Measure(value, pl.col("selling_months"), pl.lit(12.0), TWELVE_MONTHS, "not signed")


def _sponsor_seen(_: Usual) -> Measure:
    seen = _worn(pl.min_horizontal("sponsor_month", "noted_sponsor_month"), SPONSOR_HALF_LIFE)
    told = TOLD_ONLY * _worn(pl.col("said_sponsor_speaks_month"), SPONSOR_HALF_LIFE)
    times = pl.col("executive_events") + pl.col("said_sponsor_speaks")
    value = _where((pl.col("executives") > 0) | (times > 0), pl.max_horizontal(seen, told))
    return Measure(value, times, _nothing(), TWELVE_MONTHS, "no executive among the people on record")


def _fit(column: str) -> Measure:
    share = pl.col(f"{column}_fit")
    return Measure(share, _nothing(), _nothing(), TWO_YEARS, f"no {column} on record, or no demand by {column}")


def _icp_accounts(_: Usual) -> Measure:
    share = pl.col("icp_accounts") / pl.col("accounts")
    value = _where(pl.col("accounts") >= 2, share)
    return Measure(
        value, pl.col("icp_accounts"), pl.col("accounts"), lacking="fewer than two accounts that we know to fit or not"
    )


def _unsaid(label: str) -> Callable[[Usual], Measure]:
    """0 where texts of half a year say it, and no evidence where they do not: silence earns nothing."""
    value = _where(_said(label), pl.lit(0.0))
    return lambda _: Measure(value, pl.col(f"said_{label}"), _nothing(), HALF_YEAR, "nothing of the kind was counted in texts")


def _said(label: str) -> pl.Expr:
    return pl.col(f"said_{label}") > 0


def _worn(month: pl.Expr, half_life: float) -> pl.Expr:
    """1 for what happened in the latest month, half after so many months, 0 for what did not happen."""
    return pl.when(month < 12).then(pl.lit(0.5).pow(month / half_life)).otherwise(0.0)


def _where(known: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(known).then(value.cast(pl.Float64))


MEASURES: dict[str, Callable[[Usual], Measure]] = {
    "named_sellers": _named_sellers,
    "lead_seller": _lead_seller,
    "deals_per_seller": _deals_per_seller,
    "people_and_time": _unsaid("no_capacity"),
    "headcount": _headcount,
    "regions_covered": _regions_covered,
    "certified_people": _certified_people,
    "win_rate": _win_rate,
    "deals_that_move": _deals_that_move,
    "offer_in_own_words": _offer_in_own_words,
    "commitments_kept": _commitments_kept,
    "reply_time": _reply_days,
    "selling_months": _selling_months,
    "sponsor_seen": _sponsor_seen,
    "no_doubts": _unsaid("doubts"),
    "vertical_fit": lambda _: _fit("verticals"),
    "region_fit": lambda _: _fit("regions"),
    "offering_fit": lambda _: _fit("offerings"),
    "icp_accounts": _icp_accounts,
    "no_competing_product": _unsaid("competing_product"),
}
