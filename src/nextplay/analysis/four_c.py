"""Four scores a partner from the rubric: Capacity, Capability, Commitment, Customer Alignment.

A criterion earns 0 points at its `zero`, 100 at its `full`, straight between. A score is the weighted mean over criteria with
evidence. What has no evidence lowers coverage, never the score; under the coverage floor the score is null: unknown.

One row a partner throughout: what belongs to a criterion stands in columns that begin with its dimension and name.
"""

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis import evidence
from nextplay.analysis.criteria import MEASURES
from nextplay.analysis.usual import DEMAND, Reader, Usual
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS, Criterion, Rubric
from nextplay.values.progress import Progress, silent

# What is read, in order, and as whose work it is told.
PARTS = (
    ("Reading people", evidence.people),
    ("Reading who was seen", evidence.people_seen),
    ("Reading commitments", evidence.activities),
    ("Reading replies", evidence.replies),
    ("Reading selling events", evidence.selling_months),
    ("Reading deals", evidence.deals),
    ("Reading accounts", evidence.accounts),
    ("Reading what texts say", evidence.said),
)


def gather(reader: Reader, facts: ScopedFacts, usual: Usual, program: Program, progress: Progress = silent) -> pl.DataFrame:
    """Everything the criteria rest on: one row a partner in scope, sorted by partner_id, counts 0 where nothing was seen."""
    frame = reader.read(evidence.profiles(facts)).sort("partner_id")
    for place, (doing, part) in enumerate(PARTS):
        progress(place / len(PARTS), doing)
        frame = _joined(frame, reader.read(part(facts)))
    for covered in DEMAND:
        frame = frame.join(_fit(frame, covered, usual), on="partner_id", how="left", maintain_order="left")
    return frame.with_columns(member=pl.col("lifecycle_stage").is_in(list(program.member_stages)))


def _joined(frame: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    more = [name for name in read.columns if name != "partner_id"]
    # An engine answers sums of whole numbers as wide decimals, which divide to whole numbers again.
    counts = read.with_columns(pl.col(more).cast(pl.Int64))
    joined = frame.join(counts, on="partner_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col(name).fill_null(evidence.LONG_AGO if name.endswith("_month") else 0) for name in more)


def _fit(frame: pl.DataFrame, covered: str, usual: Usual) -> pl.DataFrame:
    """Share of the demand that lies where a partner works; null where it covers nothing on record, or demand is not known."""
    name, wanted = f"{covered}_fit", usual.wanted[covered]
    if wanted.is_empty():
        return frame.select("partner_id", pl.lit(None, dtype=pl.Float64).alias(name))
    each = frame.select("partner_id", thing=pl.col(covered)).explode("thing", empty_as_null=True, keep_nulls=True)
    each = each.drop_nulls().unique()
    joined = each.join(wanted, on="thing", how="left")
    return joined.group_by("partner_id").agg((pl.col("wanted").fill_null(0.0) * 1000).round().sum().truediv(1000).alias(name))


def read_criteria(gathered: pl.DataFrame, usual: Usual, program: Program) -> pl.DataFrame:
    """One row a partner: `partner_id`, `sold`, and of each criterion `value`, `points` (null: no evidence) and its counts."""
    columns: list[pl.Expr] = [pl.col("partner_id"), (pl.col("selling_events") > 0).alias("sold")]
    for dimension, criterion in program.rubric.named:
        measure, key = MEASURES[criterion.name](usual), f"{dimension}.{criterion.name}"
        value = measure.value.cast(pl.Float64)
        points = ((value - criterion.zero) / (criterion.full - criterion.zero)).clip(0.0, 1.0) * 100
        columns += [
            value.round(6).alias(f"{key}.value"),
            points.round(2).alias(f"{key}.points"),
            measure.numerator.cast(pl.Float64).round(6).alias(f"{key}.numerator"),
            measure.denominator.cast(pl.Float64).alias(f"{key}.denominator"),
        ]
    return gathered.select(columns)


def score(criteria: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The frame with each dimension's `score` (null: unknown), `coverage` (share of weight with evidence) and `reason`.

    The reason is the criterion that costs the most points; empty where nothing is lost.
    """
    return criteria.with_columns(expression for dimension in DIMENSIONS for expression in _scored(dimension, program.rubric))


def _scored(dimension: str, rubric: Rubric) -> list[pl.Expr]:
    named: tuple[Criterion, ...] = getattr(rubric, dimension)
    points = [pl.col(f"{dimension}.{one.name}.points") for one in named]
    known = [pl.when(each.is_not_null()).then(one.weight).otherwise(0.0) for each, one in zip(points, named, strict=True)]
    earned = [each.fill_null(0.0) * one.weight for each, one in zip(points, named, strict=True)]
    lost = [((100 - each) * one.weight).fill_null(-1.0) for each, one in zip(points, named, strict=True)]
    asked = [(each, one.weight) for each, one in zip(known, named, strict=True) if not one.optional]
    coverage = pl.sum_horizontal([each for each, _ in asked]) / (sum(weight for _, weight in asked) or 1.0)
    mean = pl.sum_horizontal(earned) / pl.sum_horizontal(known)
    if dimension == "commitment":
        # Being friendly is not being committed.
        cap = pl.lit(rubric.commitment_cap_without_selling)
        mean = pl.when(pl.col("sold")).then(mean).otherwise(pl.min_horizontal(mean, cap))
    # Also where the program sets no floor: out of no evidence at all comes no score.
    enough = (coverage >= rubric.coverage_floor) & (coverage > 0)
    most = pl.max_horizontal(lost)
    # The first of those that cost as much.
    worst = pl.coalesce(
        pl.when((each == most) & (most > 0)).then(pl.lit(one.gap)) for each, one in zip(lost, named, strict=True)
    )
    return [
        pl.when(enough).then(mean.round(1)).alias(f"{dimension}.score"),
        coverage.round(4).alias(f"{dimension}.coverage"),
        worst.fill_null("").alias(f"{dimension}.reason"),
    ]


def tables_read(facts: ScopedFacts, fitting: ir.Table | None = None) -> dict[str, ir.Table]:
    """What the criteria rest on, by name, within the scope, and of partners that fit where `fitting` says which.

    Accounts are those that their deals name.
    """
    named = {"contacts": facts.contacts, "deals": facts.deals, "activities": facts.activities, "documents": facts.documents}
    own = named if fitting is None else {name: rows.semi_join(fitting, "partner_id") for name, rows in named.items()}
    return {"contacts": own["contacts"], "accounts": facts.accounts.semi_join(own["deals"], "account")} | own
