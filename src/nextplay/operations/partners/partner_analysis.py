"""What an analysis says of one partner: four scores, each with its criteria and history, and what moved since last time."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.criteria import MEASURES
from nextplay.analysis.usual import Usual
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
# Readings that a trend is drawn from.
TREND_READINGS = 12
# From here on a score is shown in green: well above the line under which it would be an area to address.
GOOD = 65
# Why there is no evidence does not depend on what is usual.
_ANY_USUAL = Usual(0.5, 0.5, {})


@dataclass(frozen=True)
class CriterionRead:
    """One criterion, with the weight it was read by; `zero` and `full` are the program's of today.

    `points` None: no evidence, which lowers coverage and not the score; `lacking` says why.
    `was` are the points of the reading before, None where there is none or they were not known.
    """

    name: str
    label: str
    value: float | None
    points: float | None
    weight: float
    numerator: float | None
    denominator: float | None
    window_days: int | None
    zero: float
    full: float
    gap: str
    lacking: str
    was: float | None = None
    # Whether points, value or counts differ from the reading before.
    moved: bool = False


@dataclass(frozen=True)
class DimensionRead:
    """One of the four. `score` None: unknown, because coverage lies under the floor. `change`: since the reading before."""

    dimension: str
    label: str
    score: float | None
    coverage: float
    reason: str
    change: float | None
    trend: tuple[float, ...]
    criteria: tuple[CriterionRead, ...]

    @property
    def moved(self) -> tuple[CriterionRead, ...]:
        """Criteria that differ from the reading before."""
        return tuple(one for one in self.criteria if one.moved)


@dataclass(frozen=True)
class StrengthRead:
    """A strength that the partner shows."""

    strength: str
    label: str
    description: str
    score: float
    criterion: str


@dataclass(frozen=True)
class ReadingHead:
    """When a partner read so for the first time."""

    run_id: str
    as_of: date
    # The instant from which on rows were not known to it.
    known_at: datetime
    facts_version: str
    program_version: str


@dataclass(frozen=True)
class PartnerAnalysis:
    """The newest reading of a partner, the one before, and the day of the last run that looked at it."""

    reading: ReadingHead
    before: ReadingHead | None
    looked_at: date
    dimensions: tuple[DimensionRead, ...]
    strengths: tuple[StrengthRead, ...]

    def criterion(self, name: str) -> tuple[DimensionRead, CriterionRead]:
        """A criterion and its dimension. Raises KeyError."""
        for dimension in self.dimensions:
            for one in dimension.criteria:
                if one.name == name:
                    return dimension, one
        raise KeyError(name)


def whole_score(score: float, address_below: float) -> int:
    """Rounded for people, but never up to a line that the score lies below: 49.6 must not read as 50."""
    rounded = round(score)
    return math.floor(score) if any(score < line <= rounded for line in (address_below, GOOD)) else rounded


def partner_analysis(installation: Installation, partner_id: str) -> PartnerAnalysis | None:
    """None where no run has read the partner. Who may see it is the caller's to decide."""
    heads = reading_heads(installation, partner_id)
    if not heads:
        return None
    known = pl.col("run_id").is_in([head.run_id for head in heads])
    own = installation.warehouse.read(_own("scores", partner_id)).filter(known).sort("dimension", "as_of", "run_id")
    criteria = _rows_of(installation, "criteria", partner_id, heads[-2:])
    strengths = _rows_of(installation, "strengths", partner_id, heads[-1:])
    before = heads[-2] if len(heads) > 1 else None
    program = installation.program
    return PartnerAnalysis(
        reading=heads[-1],
        before=before,
        looked_at=_looked_at(installation, partner_id) or heads[-1].as_of,
        dimensions=_dimensions(own.to_dicts(), criteria, heads[-1], before, program),
        strengths=_strengths(strengths, program),
    )


def reading_heads(installation: Installation, partner_id: str) -> list[ReadingHead]:
    """Each reading that differed from the one before, oldest first."""
    runs = stored("analysis_runs")[["run_id", "finished_at", "facts_version", "program_version"]]
    rows = _own("readings", partner_id).inner_join(runs, "run_id")
    frame = installation.warehouse.read(rows).sort("as_of", "run_id")
    return [
        ReadingHead(row["run_id"], row["as_of"].date(), row["finished_at"], row["facts_version"], row["program_version"])
        for row in frame.iter_rows(named=True)
    ]


def _own(name: str, partner_id: str) -> ir.Table:
    table = stored(name)
    return table.filter(table.partner_id == partner_id)


def _rows_of(installation: Installation, name: str, partner_id: str, heads: Sequence[ReadingHead]) -> list[dict[str, Any]]:
    rows = _own(name, partner_id)
    return installation.warehouse.read(rows.filter(rows.run_id.isin([head.run_id for head in heads]))).to_dicts()


def _looked_at(installation: Installation, partner_id: str) -> date | None:
    """Day of the last run over everybody, or over this partner."""
    told = stored("refreshes")
    scopes = [json.dumps(scope, sort_keys=True) for scope in ({}, {"partner_id": partner_id})]
    runs = stored("analysis_runs")[["run_id", "as_of"]].inner_join(told.filter(told.scope.isin(scopes))[["run_id"]], "run_id")
    newest = installation.warehouse.read(runs.aggregate(newest=runs.as_of.max())).item()
    return newest.date() if newest else None


def _dimensions(
    own: list[dict[str, Any]],
    criteria: list[dict[str, Any]],
    head: ReadingHead,
    before: ReadingHead | None,
    program: Program,
) -> tuple[DimensionRead, ...]:
    by_dimension = {name: list(rows) for name, rows in groupby(own, key=lambda row: row["dimension"])}
    found = []
    for name in DIMENSIONS:
        if name not in by_dimension:
            continue
        latest = _by_criterion(criteria, name, head.run_id)
        earlier = _by_criterion(criteria, name, before.run_id if before else "")
        found.append(_dimension(name, by_dimension[name], latest, earlier, program))
    return tuple(found)


def _by_criterion(criteria: list[dict[str, Any]], dimension: str, run_id: str) -> dict[str, dict[str, Any]]:
    return {row["criterion"]: row for row in criteria if row["dimension"] == dimension and row["run_id"] == run_id}


def _dimension(
    name: str,
    readings: list[dict[str, Any]],
    latest: Mapping[str, dict[str, Any]],
    earlier: Mapping[str, dict[str, Any]],
    program: Program,
) -> DimensionRead:
    now, then = readings[-1], readings[-2] if len(readings) > 1 else None
    both_known = then is not None and then["score"] is not None and now["score"] is not None
    rubric: dict[str, Criterion] = {one.name: one for dimension, one in program.rubric.named if dimension == name}
    return DimensionRead(
        dimension=name,
        label=LABELS[name],
        score=now["score"],
        coverage=now["coverage"],
        reason=now["reason"],
        change=round(now["score"] - then["score"], 1) if then is not None and both_known else None,
        trend=_trend(readings),
        # In the rubric's order; left out is one that the program dropped since.
        criteria=tuple(_criterion(latest.get(one), earlier.get(one), rubric[one], first=then is None) for one in rubric),
    )


def _trend(readings: list[dict[str, Any]]) -> tuple[float, ...]:
    """The last score of each day, oldest first; days without a score are left out."""
    by_day = {row["as_of"]: row["score"] for row in readings}
    return tuple(score for score in by_day.values() if score is not None)[-TREND_READINGS:]


_NO_EVIDENCE: dict[str, Any] = {"value": None, "points": None, "evidence": "{}"}


def _criterion(row: dict[str, Any] | None, earlier: dict[str, Any] | None, rubric: Criterion, *, first: bool) -> CriterionRead:
    """A criterion without a row has no evidence."""
    now, then = row or _NO_EVIDENCE, earlier or _NO_EVIDENCE
    evidence = json.loads(now["evidence"])
    measure = MEASURES[rubric.name](_ANY_USUAL)
    return CriterionRead(
        name=rubric.name,
        label=rubric.label,
        value=now["value"],
        points=now["points"],
        weight=row["weight"] if row else rubric.weight,
        numerator=evidence.get("numerator"),
        denominator=evidence.get("denominator"),
        window_days=measure.window_days,
        zero=rubric.zero,
        full=rubric.full,
        gap=rubric.gap,
        lacking=measure.lacking if now["points"] is None else "",
        was=then["points"],
        moved=not first and any(now[name] != then[name] for name in _NO_EVIDENCE),
    )


def _strengths(rows: list[dict[str, Any]], program: Program) -> tuple[StrengthRead, ...]:
    held = {row["strength"]: row["score"] for row in rows}
    shown = (one for one in program.strengths if one.name in held)
    return tuple(
        sorted(
            (StrengthRead(one.name, one.label, one.description, held[one.name], one.criterion) for one in shown),
            key=lambda strength: (-strength.score, strength.label),
        )
    )
