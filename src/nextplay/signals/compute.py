"""Signals of every partner on one day: a pass per fact table, then one frame with a row a partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import ibis
import polars as pl

from nextplay.facts.contract import SELLING_KINDS
from nextplay.facts.questions import Given, Writer
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program
from nextplay.signals import expressions
from nextplay.signals.kinds import spread
from nextplay.signals.names import FROM_FACTS, KINDS, WILL_KINDS, WINDOWS

# Logarithms of amounts are summed as whole ten-thousandths: the same sum in whatever order rows come.
LOG_UNITS = 10_000
# Rows of counts read at once, at most: as many partners times kinds.
MOST_COUNTED = 4_000_000
# A share of one promise is no share.
LEAST_PROMISES = 2


class Reader(Protocol):
    """Whatever reads expressions over stored tables."""

    def read(self, expression: ibis.Table) -> pl.DataFrame:
        """Rows of an expression."""
        ...


class Answering(Protocol):
    """Whatever answers questions about the facts of a scope; see `facts.questions`."""

    def ask(self, write: Writer, facts: ScopedFacts, *given: Given) -> pl.DataFrame:
        """Rows of `write(facts, *given)`."""
        ...


def compute(reader: Answering, facts: ScopedFacts, program: Program) -> pl.DataFrame:
    """Every signal of `signals.names.FROM_FACTS`: one row a partner in scope, sorted by partner_id."""
    profiles = reader.ask(expressions.profiles, facts).sort("partner_id")
    frame = spread(profiles, _by_kind(reader, facts, profiles.height), facts.scope.as_of)
    parts = (
        reader.ask(expressions.selling_days, facts),
        reader.ask(expressions.deal_counts, facts),
        reader.ask(expressions.qualified, facts),
        _sizes(reader.ask(expressions.deal_sizes, facts)),
        reader.ask(expressions.revenue_sums, facts),
        _people(reader.ask(expressions.people, facts)),
        _lead_sellers(reader.ask(expressions.lead_sellers, facts)),
        _people_seen(reader.ask(expressions.people_seen, facts)),
        reader.ask(expressions.responses, facts),
    )
    day = pl.lit(facts.scope.as_of)
    frame = _plain_numbers(_beside(frame, parts)).with_columns(_stages(program))
    frame = frame.with_columns(*_ages(day), *_since_selling(day)).with_columns(*_sums(), *_of_deals())
    frame = frame.with_columns(*_rhythm(), *_answers(), *_combined(), *_trends(), *_shares())
    return frame.select("partner_id", *(signal.name for signal in FROM_FACTS))


def compute_selling(reader: Answering, facts: ScopedFacts) -> pl.DataFrame:
    """Of `compute` only what tells whether partners go on selling, the same to the digit, for a third of the reading.

    Counts by kind, selling, will and attention over their windows, the rhythm of selling, trends and shares.
    """
    partners = reader.ask(expressions.everyone, facts).sort("partner_id")
    frame = spread(partners, _by_kind(reader, facts, partners.height), facts.scope.as_of)
    parts = reader.ask(expressions.selling_days, facts), reader.ask(expressions.opened, facts)
    day = pl.lit(facts.scope.as_of)
    frame = _plain_numbers(_beside(frame, parts)).with_columns(*_since_selling(day)).with_columns(*_sums())
    return frame.with_columns(*_rhythm(), *_trends(), *_shares())


def _by_kind(reader: Answering, facts: ScopedFacts, partners: int) -> Iterator[pl.DataFrame]:
    """Activities counted, some kinds at a time where partners are many: no answer grows with them beyond `MOST_COUNTED`."""
    together = max(1, MOST_COUNTED // max(1, partners))
    for begin in range(0, len(KINDS), together):
        yield reader.ask(expressions.activity_counts, facts, KINDS[begin : begin + together])


def _beside(frame: pl.DataFrame, parts: tuple[pl.DataFrame, ...]) -> pl.DataFrame:
    for part in parts:
        frame = frame.join(part, on="partner_id", how="left", maintain_order="left")
    return frame


def _sizes(sizes: pl.DataFrame) -> pl.DataFrame:
    units = (pl.col("value").cast(pl.Float64).log() * LOG_UNITS).round().cast(pl.Int64)
    cents = (pl.col("value").cast(pl.Float64) * 100).round().cast(pl.Int64)
    weighted = sizes.with_columns(units=units * pl.col("deals"), cents=cents * pl.col("deals"))
    summed = weighted.group_by("partner_id").agg(pl.col("units", "cents", "deals").sum())
    return summed.select(
        "partner_id",
        sized_deals=pl.col("deals"),
        sized_value=pl.col("cents") / 100.0,
        log_size=pl.col("units") / pl.col("deals") / float(LOG_UNITS),
    )


def _people(people: pl.DataFrame) -> pl.DataFrame:
    def number(*roles: str) -> pl.Expr:
        return pl.col("people").filter(pl.col("role").is_in(roles)).sum()

    return people.group_by("partner_id").agg(
        contacts=pl.col("people").sum(), sellers=number("lead_seller", "seller"), executives=number("executive")
    )


def _lead_sellers(names: pl.DataFrame) -> pl.DataFrame:
    return names.group_by("partner_id").agg(lead_seller=pl.col("name").min())


def _people_seen(seen: pl.DataFrame) -> pl.DataFrame:
    selling = pl.col("role").is_in(["lead_seller", "seller"])
    return seen.group_by("partner_id").agg(
        sellers_active_60=pl.col("people_60").filter(selling).sum(),
        sellers_active_180=pl.col("people_180").filter(selling).sum(),
        executive_seen_180=pl.col("events").filter(pl.col("role") == "executive").sum(),
    )


def _plain_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Decimals become floats only now, after every sum; nothing seen is 0 where it was counted, null where it was measured."""
    measured = {"log_size", "employee_count", *(name for name in frame.columns if name.startswith("days_since_"))}
    floats = [pl.col(name).cast(pl.Float64) for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)]
    frame = frame.with_columns(floats)
    counted = [name for name, kind in frame.schema.items() if kind.is_numeric() and name not in measured]
    return frame.with_columns(pl.col(counted).fill_null(0))


def _stages(program: Program) -> list[pl.Expr]:
    """Stage by its own name where the facts hold an alias, and what the program does with it."""
    aliases = {alias: stage.name for stage in program.lifecycle_stages for alias in stage.aliases}
    stage = pl.col("lifecycle_stage").replace(aliases)
    return [
        stage.alias("lifecycle_stage"),
        stage.is_in(program.workable_stages).fill_null(value=False).cast(pl.Int32).alias("workable"),
        stage.is_in(program.member_stages).fill_null(value=False).cast(pl.Int32).alias("member"),
        # One person is one manager, however the address is written.
        pl.col("manager_email").str.strip_chars().str.to_lowercase().replace("", None),
    ]


def _ages(day: pl.Expr) -> list[pl.Expr]:
    def since(moment: pl.Expr) -> pl.Expr:
        return (day - moment.dt.date()).dt.total_days()

    started = pl.coalesce("enabled_at", "onboarded_at", "signed_at", pl.min_horizontal("first_at", "first_deal"))
    return [
        since(pl.col("signed_at")).alias("days_since_signed"),
        since(pl.col("enabled_at")).alias("days_since_enabled"),
        since(started).clip(0).fill_null(0).alias("days_in_program"),
    ]


def _since_selling(day: pl.Expr) -> list[pl.Expr]:
    return [(day - pl.col("last_selling").dt.date()).dt.total_days().alias("days_since_selling")]


def _sums() -> list[pl.Expr]:
    selling = [
        # A registered deal usually shows in both tables: the larger number, never the sum.
        pl.max_horizontal(pl.sum_horizontal(f"{kind}_{days}" for kind in SELLING_KINDS), f"opened_{days}")
        .cast(pl.Int64)
        .alias(f"selling_{days}")
        for days in WINDOWS
    ]
    badges = ("portal_login_180", "training_completed_180", "certification_earned_180", "webinar_attended_180")
    return [
        *selling,
        pl.sum_horizontal("meeting_held_180", "webinar_attended_180").alias("attention_180"),
        pl.sum_horizontal(badges).alias("badges_180"),
        *(pl.sum_horizontal(f"{kind}_{days}" for kind in WILL_KINDS).alias(f"will_{days}") for days in WINDOWS),
    ]


def _of_deals() -> list[pl.Expr]:
    closed = pl.col("deals_won_365") + pl.col("deals_lost_365")
    made, met, missed = (pl.col(f"commitment_{word}_90") for word in ("made", "met", "missed"))
    return [
        closed.alias("deals_closed_365"),
        pl.when(closed >= 5).then(pl.col("deals_won_365") / closed).alias("win_rate_365"),
        (pl.col("stalled_deals") / pl.when(pl.col("deals_open") > 0).then(pl.col("deals_open"))).alias("stalled_share"),
        pl.max_horizontal(made - met - missed, 0).alias("commitments_open_90"),
    ]


def _rhythm() -> list[pl.Expr]:
    """Two pseudo-gaps of thirty days keep one lucky pair of deals from passing for a rhythm."""
    span = (pl.col("last_selling") - pl.col("first_in_year")).dt.total_days()
    gap = (span + 60) / (pl.col("selling_days_365") + 1)
    return [gap.alias("usual_gap_days"), (pl.col("days_since_selling") / gap).alias("silence")]


def _answers() -> list[pl.Expr]:
    waited, proposed = pl.col("seconds") / 86_400, pl.col("proposals_180")
    return [
        pl.when(proposed > 0).then((waited + 14) / (pl.col("answered_180") + 2)).alias("response_days"),
        pl.when(proposed > 0).then(pl.min_horizontal(pl.col("step_accepted_180") / proposed, 1.0)).alias("accepted_share_180"),
    ]


def _combined() -> list[pl.Expr]:
    fresh = (pl.col("days_in_program") <= 270) | (pl.col("will_180") >= 1)
    shared = (pl.col("target_list_shared_180") > 0) & (pl.col("narrative_shared_180") > 0)
    return [
        fresh.cast(pl.Int32).alias("fresh_or_willing"),
        shared.cast(pl.Int32).alias("list_and_narrative_180"),
    ]


def _trends() -> list[pl.Expr]:
    before = pl.col("selling_180") - pl.col("selling_90")
    return [
        ((pl.col("selling_90") - before) / (pl.col("selling_90") + before + 2)).alias("momentum"),
        _faded("selling"),
        _faded("will"),
    ]


def _faded(stem: str) -> pl.Expr:
    near, middle, far = (pl.col(f"{stem}_{days}") for days in WINDOWS)
    return (near + (middle - near) / 2 + (far - middle) / 4).alias(f"{stem}_faded")


def _shares() -> list[pl.Expr]:
    """Rates under which a handful of cases says little are pulled to the middle, or not known."""
    sent, replied = pl.col("outreach_sent_180"), pl.col("outreach_replied_180")
    kept, missed = pl.col("commitment_met_270"), pl.col("commitment_missed_270")
    return [
        pl.when(sent > 0).then((replied + 1) / (sent + 4)).alias("reply_rate_180"),
        pl.when(kept + missed >= LEAST_PROMISES).then((kept + 1.2) / (kept + missed + 2.4)).alias("commitments_kept_270"),
    ]
