"""What an analysis says of one partner: four scores, each with its criteria, evidence and history."""

import json
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS, Criterion

LABELS = {
    "capacity": "Capacity",
    "capability": "Capability",
    "commitment": "Commitment",
    "customer_alignment": "Customer alignment",
}
# Runs that a trend is drawn from.
TREND_RUNS = 12


@dataclass(frozen=True)
class CriterionRead:
    """One criterion. `points` None: no evidence, which lowers coverage and not the score."""

    name: str
    label: str
    value: float | None
    points: float | None
    weight: float
    numerator: float | None
    denominator: float | None
    window_days: int | None
    gap: str
    # A few of the rows counted, newest first, as table:key.
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class DimensionRead:
    """One of the four. `score` None: unknown, because coverage lies under the floor. `change`: since the run before."""

    dimension: str
    label: str
    score: float | None
    coverage: float
    reason: str
    change: float | None
    trend: tuple[float, ...]
    criteria: tuple[CriterionRead, ...]


@dataclass(frozen=True)
class StrengthRead:
    """A strength that the partner shows."""

    strength: str
    label: str
    description: str
    score: float


@dataclass(frozen=True)
class PartnerAnalysis:
    """The newest run that read the partner."""

    run_id: str
    as_of: date
    dimensions: tuple[DimensionRead, ...]
    strengths: tuple[StrengthRead, ...]


def partner_analysis(installation: Installation, partner_id: str) -> PartnerAnalysis | None:
    """None where no run has read the partner. Who may see it is the caller's to decide."""
    scores = stored("scores")
    read = installation.warehouse.read
    own = read(scores.filter(scores.partner_id == partner_id)).sort("dimension", "as_of", "run_id")
    if own.is_empty():
        return None
    newest = own.sort("as_of", "run_id").row(-1, named=True)
    program, run_id = installation.program, newest["run_id"]
    return PartnerAnalysis(
        run_id=run_id,
        as_of=newest["as_of"].date(),
        dimensions=_dimensions(own, _rows(installation, "criteria", partner_id, run_id), program),
        strengths=_strengths(_rows(installation, "strengths", partner_id, run_id), program),
    )


def _rows(installation: Installation, name: str, partner_id: str, run_id: str) -> list[dict[str, Any]]:
    table = stored(name)
    return installation.warehouse.read(table.filter((table.partner_id == partner_id) & (table.run_id == run_id))).to_dicts()


def _dimensions(own: pl.DataFrame, criteria: list[dict[str, Any]], program: Program) -> tuple[DimensionRead, ...]:
    by_dimension = {name: list(rows) for name, rows in groupby(own.iter_rows(named=True), key=lambda row: row["dimension"])}
    return tuple(_dimension(name, by_dimension[name], criteria, program) for name in DIMENSIONS if name in by_dimension)


def _dimension(name: str, runs: list[dict[str, Any]], criteria: list[dict[str, Any]], program: Program) -> DimensionRead:
    latest, earlier = runs[-1], runs[-2] if len(runs) > 1 else None
    both_known = earlier is not None and earlier["score"] is not None and latest["score"] is not None
    rubric: dict[str, Criterion] = {one.name: one for one in getattr(program.rubric, name)}
    held = {row["criterion"]: row for row in criteria if row["dimension"] == name}
    return DimensionRead(
        dimension=name,
        label=LABELS[name],
        score=latest["score"],
        coverage=latest["coverage"],
        reason=latest["reason"],
        change=round(latest["score"] - earlier["score"], 1) if earlier is not None and both_known else None,
        trend=tuple(run["score"] for run in runs[-TREND_RUNS:] if run["score"] is not None),
        # In the rubric's order; a criterion that the program dropped since is left out.
        criteria=tuple(_criterion(held[one], rubric[one]) for one in rubric if one in held),
    )


def _criterion(row: dict[str, Any], rubric: Criterion) -> CriterionRead:
    evidence = json.loads(row["evidence"])
    return CriterionRead(
        name=rubric.name,
        label=rubric.label,
        value=row["value"],
        points=row["points"],
        weight=row["weight"],
        numerator=evidence["numerator"],
        denominator=evidence["denominator"],
        window_days=evidence["window_days"],
        gap=rubric.gap,
        rows=tuple(evidence.get("rows", ())),
    )


def _strengths(rows: list[dict[str, Any]], program: Program) -> tuple[StrengthRead, ...]:
    held = {row["strength"]: row["score"] for row in rows}
    shown = (one for one in program.strengths if one.name in held)
    return tuple(
        sorted(
            (StrengthRead(one.name, one.label, one.description, held[one.name]) for one in shown),
            key=lambda strength: (-strength.score, strength.label),
        )
    )
