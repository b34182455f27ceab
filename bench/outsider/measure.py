"""What a year under nextplay says of its own numbers: gains, chances and drop-off risks against what truly came."""

from datetime import timedelta

import numpy as np
import polars as pl

from bench.outsider.choosers import focus_within
from bench.outsider.course import Course
from bench.outsider.facts import START, deals_of
from bench.outsider.nature import Flags, Floats
from bench.outsider.scenarios import BEGINNING

SELLING = ("deal_registered", "referral_submitted", "co_sell_requested")
# What becomes of a deal in which week, as outcomes name it.
ENDS = (("proposal", "deal_stage_reached", "proposal"), ("won", "deal_stage_reached", "won"), ("won", "deal_won", ""))
NO_SALE_DAYS, LEAD_DAYS, SOLD_WITHIN = 60, 40, 90


def events_of(course: Course) -> pl.DataFrame:
    """Everything an outcome can ask for, to the end of the world: partner, event, what, day."""
    deals = deals_of(course.world).with_columns(partner=pl.col("partner_id").str.strip_prefix("P-").cast(pl.Int64))
    book = course.world.deals
    weeks = pl.DataFrame({"partner": book.partner, "opened": book.opened, "proposal": book.proposal, "won": book.won})
    weeks = weeks.filter(pl.col("opened") >= 0)
    reached = [
        weeks.filter(pl.col(name) < course.world.week).select(
            "partner", event=pl.lit(event), what=pl.lit(what), day=(START + pl.duration(weeks=name, days=2)).cast(pl.Date)
        )
        for name, event, what in ENDS
    ]
    opened = deals.select("partner", event=pl.lit("deal_opened"), what=pl.lit(""), day=pl.col("opened_at").cast(pl.Date))
    done = pl.concat(course.world.records.rows).select(
        "partner", event=pl.lit("activity"), what="kind", day=pl.col("occurred_at").cast(pl.Date)
    )
    return pl.concat([opened, *reached, done])


def judged(course: Course, lines: pl.DataFrame) -> pl.DataFrame:
    """The committed lines with `met`, by the predicate each names, and the true gain beside the stated one."""
    asked = lines.with_row_index("line")
    found = asked.join(events_of(course), on=["partner", "event"]).filter(
        (pl.col("day") > pl.col("as_of"))
        & (pl.col("day") <= pl.col("by"))
        & ((pl.col("wanted").list.len() == 0) | pl.col("wanted").list.contains(pl.col("what")))
    )
    counted = found.group_by("line").agg(n=pl.len())
    month, partner, play = (asked[name].to_numpy() for name in ("month", "partner", "play"))
    nature = course.world.nature
    return asked.join(counted, on="line", how="left", maintain_order="left").with_columns(
        met=pl.col("n").fill_null(0) >= pl.col("at_least"),
        true=pl.Series(np.stack(course.true)[month, partner, play]),
        kind=pl.Series(nature.kind[partner]),
    )


def brier_skill(lines: pl.DataFrame, *, by_play: bool = False) -> float:
    """1 - Brier / Brier of the rate over all lines, or of each play's own: 0 for who only knows how often it is met."""
    met = pl.col("met").cast(pl.Float64)
    rate = met.mean().over("play") if by_play else met.mean()
    said, base = (((one - met) ** 2).mean() for one in (pl.col("probability"), rate))
    return float(lines.select(1 - said / base).item())


def risk_cases(course: Course, risks: list[Floats]) -> pl.DataFrame:
    """Every month's partners that sold in the last 90 days, for a window that begins now and one `LEAD_DAYS` later.

    Columns lead (days), told (risk), truth (what would rank best: less the deals expected in the window) and silent (no selling
    event in its 60 days).
    """
    selling = events_of(course).filter((pl.col("event") == "deal_opened") | pl.col("what").is_in(SELLING))
    each = [(lead, week, risk) for lead in (0, LEAD_DAYS) for (week, _), risk in zip(course.world.played, risks, strict=True)]
    return pl.concat([_cases_of(course, selling, *one) for one in each])


def _cases_of(course: Course, selling: pl.DataFrame, lead: int, week: int, risk: Floats) -> pl.DataFrame:
    world, n = course.world, course.world.scenario.partners
    today = BEGINNING + timedelta(weeks=week, days=-1)
    sold = _any_between(selling, today, -SOLD_WITHIN, 0, n) & ~np.isnan(risk)
    silent = ~_any_between(selling, today, lead, lead + NO_SALE_DAYS, n)
    first = week + lead // 7
    truth = -world.rate[sold, first : first + 9].sum(1)
    return pl.DataFrame({"lead": np.full(truth.size, lead), "told": risk[sold], "truth": truth, "silent": silent[sold]})


def _any_between(events: pl.DataFrame, today: object, after: int, until: int, n: int) -> Flags:
    day = pl.col("day") - pl.lit(today)
    inside = events.filter((day > pl.duration(days=after)) & (day <= pl.duration(days=until)))
    return np.bincount(inside["partner"].to_numpy(), minlength=n) > 0


def within_reach(course: Course, eligible: list[Flags]) -> pl.DataFrame:
    """True gain by month, in the state its own lists led to: of the `list`, of the best one `open` to it, of the `best`."""
    scenario, manager = course.world.scenario, course.world.nature.manager
    found = []
    for true, open_to, (_, plan) in zip(course.true, eligible, course.world.played, strict=True):
        best = [focus_within(gain, manager, scenario) for gain in (np.where(open_to, true, 0), true)]
        found.append([float(true[one.partners, one.plays].sum()) for one in (plan, *best)])
    return pl.DataFrame(found, schema=["list", "open", "best"], orient="row")
