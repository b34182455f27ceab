"""Four scores a partner from the rubric: Capacity, Capability, Commitment, Customer Alignment.

A criterion earns 0 points at its `zero`, 100 at its `full`, straight between. A score is the weighted mean over criteria with
evidence. What has no evidence lowers coverage, never the score; under the coverage floor the score is null: unknown.
"""

from typing import Protocol

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis import evidence, evidence_rows
from nextplay.analysis.criteria import MEASURES
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS, Criterion

DEMAND = {"verticals": "industry", "regions": "region", "offerings": "product"}


class Reader(Protocol):
    """Whatever reads expressions over stored tables."""

    def read(self, expression: ir.Table) -> pl.DataFrame:
        """Rows of an expression."""
        ...


def gather(reader: Reader, facts: ScopedFacts, program: Program) -> pl.DataFrame:
    """Everything the criteria rest on: one row a partner in scope, sorted by partner_id, counts 0 where nothing was seen."""
    frame = reader.read(evidence.profiles(facts)).sort("partner_id")
    parts = (
        evidence.people(facts),
        evidence.people_seen(facts),
        evidence.activities(facts),
        evidence.selling_months(facts),
        evidence.deals(facts),
        evidence.accounts(facts),
    )
    for part in parts:
        read = reader.read(part)
        frame = frame.join(read, on="partner_id", how="left", maintain_order="left")
        frame = frame.with_columns(pl.col([name for name in read.columns if name != "partner_id"]).fill_null(0))
    for covered, column in DEMAND.items():
        demand = reader.read(evidence.demand(facts, column))
        frame = frame.join(_fit(frame, covered, _wanted(demand, program, covered)), on="partner_id", how="left")
    return frame.sort("partner_id").with_columns(member=pl.col("lifecycle_stage").is_in(list(program.member_stages)))


def _wanted(demand: pl.DataFrame, program: Program, covered: str) -> pl.DataFrame:
    """Share of what customers want, by value: half from where deals are, half from the ideal customer profile if it says so."""
    amounts = demand.select("thing", wanted=pl.col("value").cast(pl.Float64).fill_null(0.0)).sort("thing")
    total = amounts["wanted"].sum()
    seen = amounts.with_columns(pl.col("wanted") / total) if total > 0 else amounts.clear()
    ideal: dict[str, float] = getattr(program.icp, covered)
    if not ideal or not sum(ideal.values()):
        return seen
    weights = pl.DataFrame(
        {"thing": list(ideal), "wanted": list(ideal.values())}, schema={"thing": pl.String, "wanted": pl.Float64}
    )
    weights = weights.with_columns(pl.col("wanted") / weights["wanted"].sum())
    both = pl.concat([seen, weights]) if not seen.is_empty() else weights
    halves = 2.0 if not seen.is_empty() else 1.0
    return both.group_by("thing").agg(pl.col("wanted").sum() / halves).sort("thing")


def _fit(frame: pl.DataFrame, covered: str, wanted: pl.DataFrame) -> pl.DataFrame:
    """Share of the demand that lies where a partner works; null where it covers nothing on record, or demand is not known."""
    name = f"{covered}_fit"
    if wanted.is_empty():
        return frame.select("partner_id", pl.lit(None, dtype=pl.Float64).alias(name))
    each = frame.select("partner_id", thing=pl.col(covered)).explode("thing", empty_as_null=True, keep_nulls=True)
    each = each.unique(maintain_order=True).drop_nulls()
    joined = each.join(wanted, on="thing", how="left", maintain_order="left")
    return joined.group_by("partner_id", maintain_order=True).agg(pl.col("wanted").fill_null(0.0).sum().alias(name))


def gather_rows(reader: Reader, facts: ScopedFacts) -> pl.DataFrame:
    """The rows behind the counts, up to five a partner and criterion: `partner_id`, `criterion`, `rows`."""
    return evidence_rows.gathered([reader.read(expression) for expression in evidence_rows.expressions(facts)])


def read_criteria(gathered: pl.DataFrame, rows: pl.DataFrame, program: Program) -> pl.DataFrame:
    """A row a partner and criterion: `dimension`, `criterion`, `value`, `points` (null: no evidence), `weight`, `evidence`.

    Evidence is JSON: numerator, denominator and window, and from `gather_rows` a few rows to check them by.
    """
    named = [(dimension, one) for dimension in DIMENSIONS for one in getattr(program.rubric, dimension)]
    return pl.concat(
        [_criterion(gathered, rows.filter(pl.col("criterion") == one.name), dimension, one) for dimension, one in named]
    )


def _criterion(gathered: pl.DataFrame, rows: pl.DataFrame, dimension: str, criterion: Criterion) -> pl.DataFrame:
    measure = MEASURES[criterion.name]()
    value = measure.value.cast(pl.Float64)
    points = ((value - criterion.zero) / (criterion.full - criterion.zero)).clip(0.0, 1.0) * 100
    seen = gathered.select(
        "partner_id",
        dimension=pl.lit(dimension),
        criterion=pl.lit(criterion.name),
        value=value.round(6),
        points=points.round(2),
        weight=pl.lit(float(criterion.weight)),
        numerator=measure.numerator.cast(pl.Float64).round(6),
        denominator=measure.denominator.cast(pl.Float64),
        window_days=pl.lit(measure.window_days, dtype=pl.Int64),
    )
    seen = seen.join(rows.select("partner_id", "rows"), on="partner_id", how="left", maintain_order="left")
    seen = seen.with_columns(pl.col("rows").fill_null([]))
    parts = ("numerator", "denominator", "window_days", "rows")
    return seen.with_columns(evidence=pl.struct(parts).struct.json_encode()).drop(parts)


def score(criteria: pl.DataFrame, gathered: pl.DataFrame, program: Program) -> pl.DataFrame:
    """A row a partner and dimension: `score` (null: unknown), `coverage` (share of weight with evidence), `reason` (the gap).

    The reason is the criterion that costs the most points; empty where nothing is lost.
    """
    rubric = program.rubric
    gaps = {one.name: one.gap for dimension in DIMENSIONS for one in getattr(rubric, dimension)}
    known = pl.col("points").is_not_null()
    lost = (pl.col("weight") * (100 - pl.col("points"))).fill_null(-1.0)
    scores = (
        criteria.with_columns(lost=lost)
        .group_by("partner_id", "dimension", maintain_order=True)
        .agg(
            score=(pl.col("points") * pl.col("weight")).sum() / pl.col("weight").filter(known).sum(),
            coverage=pl.col("weight").filter(known).sum() / pl.col("weight").sum(),
            worst=pl.col("criterion").get(pl.col("lost").arg_max()),
            most_lost=pl.col("lost").max(),
        )
    )
    sold = gathered.select("partner_id", sold=pl.col("selling_events") > 0)
    scores = scores.join(sold, on="partner_id", how="left", maintain_order="left")
    capped = (pl.col("dimension") == "commitment") & ~pl.col("sold")
    cap = rubric.commitment_cap_without_selling
    final = pl.when(capped).then(pl.min_horizontal("score", pl.lit(cap))).otherwise(pl.col("score"))
    # Also where the program sets no floor: out of no evidence at all comes no score.
    enough = (pl.col("coverage") >= rubric.coverage_floor) & (pl.col("coverage") > 0)
    reason = pl.when(pl.col("most_lost") > 0).then(pl.col("worst").replace_strict(gaps, default="", return_dtype=pl.String))
    return scores.select(
        "partner_id",
        "dimension",
        score=pl.when(enough).then(final.round(1)),
        coverage=pl.col("coverage").round(4),
        reason=reason.otherwise(pl.lit("")),
    )


def strengths(criteria: pl.DataFrame, program: Program) -> pl.DataFrame:
    """A row a partner and strength it shows: `strength`, `score` (the criterion's points), `evidence`."""
    parts = [
        criteria.filter((pl.col("criterion") == one.criterion) & (pl.col("points") >= one.from_points)).select(
            "partner_id", strength=pl.lit(one.name), score="points", evidence="evidence"
        )
        for one in program.strengths
    ]
    empty = {"partner_id": pl.String, "strength": pl.String, "score": pl.Float64, "evidence": pl.String}
    return pl.concat(parts) if parts else pl.DataFrame(schema=empty)


def check_program(program: Program) -> list[str]:
    """Sentences about criteria and strengths that name what does not exist; none where all is well."""
    accepted = ", ".join(sorted(MEASURES))
    named = [(dimension, one.name) for dimension in DIMENSIONS for one in getattr(program.rubric, dimension)]
    problems = [
        f"rubric.{dimension}: the criterion {name!r} does not exist. Accepted: {accepted}."
        for dimension, name in named
        if name not in MEASURES
    ]
    used = {name for _, name in named}
    return problems + [
        f"strengths: {one.name} rests on the criterion {one.criterion!r}, which the rubric does not name."
        for one in program.strengths
        if one.criterion not in used
    ]
