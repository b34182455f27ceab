"""Strengths and areas to address, rolled up from the latest analysis of each partner in scope."""

from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.store import latest_readings
from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored
from nextplay.intelligence.behind import Behind, Part, partner_rows
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.tiles import AddressRow, StrengthRow
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS


@dataclass(frozen=True)
class Insights:
    """What the analysis says about the partners in scope, and how many it has looked at."""

    analyzed: int
    strengths: tuple[StrengthRow, ...]
    areas: tuple[AddressRow, ...]


NO_INSIGHTS = Insights(0, (), ())


def insights(tallies: Tallies) -> Insights:
    """Roll up. Without any analysis everything is empty."""
    program = tallies.basis.program
    analyzed = int(tallies.read(ANALYZED)["partners"].sum())
    if not analyzed:
        return NO_INSIGHTS
    return Insights(analyzed, _strengths(tallies.read(STRENGTHS), program), _areas(tallies.read(LOW_SCORES)))


def latest_runs(facts: ScopedFacts) -> ir.Table:
    """One row an analyzed partner in scope: its reading of the latest day that is not after the day of the scope."""
    return latest_readings(facts.scope.cutoff)[["partner_id", "run_id"]].semi_join(facts.partners, "partner_id")


def analyzed_partners(basis: Basis, by: By) -> ir.Table:
    """Partners that a run has read."""
    runs = placed(basis.facts, latest_runs(basis.facts), by)
    return grouped(runs, by, partners=runs.count())


def strength_counts(basis: Basis, by: By) -> ir.Table:
    """One row a strength: partners that show it, and the sum of their scores."""
    rows = placed(basis.facts, _shown_strengths(basis), by)
    return grouped(rows, (*by, "strength"), partners=rows.partner_id.nunique(), total=_exact(rows.score).sum())


def low_scores(basis: Basis, by: By) -> ir.Table:
    """One row a dimension and reason: partners with a score, those under the line, and the sum of their scores."""
    rows = placed(basis.facts, _scored(basis), by)
    low = rows.score < basis.program.rubric.address_below
    return grouped(
        rows,
        (*by, "dimension", "reason"),
        scored=rows.count(),
        partners=rows.count(where=low),
        total=_exact(rows.score).sum(where=low),
    )


def behind_strength(basis: Basis, part: Part) -> Behind:
    """The partners that show a strength, with its score."""
    rows = _shown_strengths(basis)
    chosen = partner_rows(rows.filter(part.holds(rows.strength)), amount=_exact(rows.score))
    means = "Partners whose latest analysis shows the strength, and the mean of its scores."
    return Behind("partners", chosen, "count", "count", means, measure="Score")


def behind_area(basis: Basis, part: Part) -> Behind:
    """The partners that score under the line in a dimension, with their score."""
    rows = _scored(basis)
    line = basis.program.rubric.address_below
    chosen = partner_rows(rows.filter(part.holds(rows.dimension), rows.score < line), amount=_exact(rows.score))
    means = f"Partners that their latest analysis scores below {line:g} in the dimension, and the mean of their scores."
    return Behind("partners", chosen, "count", "count", means, measure="Score")


def _shown_strengths(basis: Basis) -> ir.Table:
    return stored("strengths").semi_join(latest_runs(basis.facts), ["partner_id", "run_id"])


def _scored(basis: Basis) -> ir.Table:
    rows = stored("scores").semi_join(latest_runs(basis.facts), ["partner_id", "run_id"])
    return rows.filter(rows.score.notnull())


ANALYZED = Tally("analyzed", (), analyzed_partners, on_analysis=True)
STRENGTHS = Tally("strengths", ("strength",), strength_counts, on_analysis=True)
LOW_SCORES = Tally("low scores", ("dimension", "reason"), low_scores, on_analysis=True)


def _exact(score: ir.FloatingColumn) -> ir.DecimalColumn:
    # Sums of floats depend on the order of rows, which no engine promises.
    return score.cast("decimal(18, 4)")


def _strengths(frame: pl.DataFrame, program: Program) -> tuple[StrengthRow, ...]:
    named = {strength.name: strength for strength in program.strengths}
    rows = [
        StrengthRow(
            strength=name,
            label=named[name].label,
            description=named[name].description,
            partners=int(partners),
            average=float(total) / partners,
        )
        for name, partners, total in frame.select("strength", "partners", "total").iter_rows()
        if name in named
    ]
    return tuple(sorted(rows, key=lambda row: (-row.partners, row.label)))


def _areas(frame: pl.DataFrame) -> tuple[AddressRow, ...]:
    rows = []
    for dimension in DIMENSIONS:
        own = frame.filter(pl.col("dimension") == dimension)
        low = int(own["partners"].sum())
        if not low:
            continue
        said = own.filter((pl.col("partners") > 0) & (pl.col("reason").fill_null("") != ""))
        common = said.sort(["partners", "reason"], descending=[True, False])["reason"].head(1).to_list()
        rows.append(
            AddressRow(
                dimension=dimension,
                label=dimension.replace("_", " ").capitalize(),
                partners=low,
                average=float(own["total"].sum() or 0) / low,
                reason=common[0] if common else "",
                # Where at least half of those with a score lie under the line, it is the program's matter, not a partner's.
                tone="red" if low * 2 >= int(own["scored"].sum()) else "orange",
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.partners, row.label)))
