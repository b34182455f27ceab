"""Refresh scores: read every partner, or one, and keep what was found beside what was found before."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from nextplay.analysis import store
from nextplay.analysis.analyst import Analyst, BuiltInAnalyst
from nextplay.analysis.text import remembered
from nextplay.analysis.text.remembered import TextsRead
from nextplay.facts.contract import TABLES
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.operations.roll_up import roll_up_analysis
from nextplay.operations.viewer import NotForThisViewer
from nextplay.values.period import naive_utc, start_of, utc_day
from nextplay.values.progress import Progress, silent


@dataclass(frozen=True)
class AnalysisReport:
    """What an analysis read, what not and why, and what came of it."""

    run_id: str
    as_of: date
    analyst: str
    facts_version: str
    program_version: str
    partners_read: int
    # Scores by dimension: how many are known and how many stay unknown for want of evidence.
    known: dict[str, int]
    unknown: dict[str, int]
    # Tables that were empty, so that what rests on them lowers coverage.
    not_read: tuple[str, ...]
    # Documents: how many were new or changed and so were read, how many were known, and sentences found in those read.
    texts: TextsRead
    # Whether any score differs from the partner's newest one before.
    changed: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self) | {"as_of": self.as_of.isoformat(), "not_read": list(self.not_read)}


def analyze(
    installation: Installation,
    *,
    now: datetime,
    partner_id: str | None = None,
    as_of: date | None = None,
    analyst: Analyst | None = None,
    progress: Progress = silent,
) -> AnalysisReport:
    """Read all partners, or one. Raises NotForThisViewer for a partner that does not exist."""
    day = as_of or installation.reference_day(utc_day(now))
    program, warehouse = installation.program, installation.warehouse
    reader = analyst or BuiltInAnalyst()
    before = _known_scores(installation, partner_id)
    texts = remembered.renew(warehouse, partner_id=partner_id, progress=lambda share, doing: progress(0.1 * share, doing))
    progress(0.1, "Reading signals")
    reading = reader.read(warehouse, installation.facts(day, Reach()), program, partner_id)
    if partner_id is not None and reading.scores.is_empty():
        raise NotForThisViewer
    progress(0.7, "Keeping scores and evidence")
    version = warehouse.version()
    run = store.Run(
        run_id=store.next_run_id(warehouse),
        as_of=start_of(day),
        finished_at=naive_utc(now),
        facts_version=str(version.facts),
        program_version=program.version,
        analyst=reader.name,
    )
    store.keep(
        warehouse, run, reading, afterwards=lambda change: roll_up_analysis(change, installation.program, today=utc_day(now))
    )
    progress(1.0, "Scored")
    found = pl.col("score")
    counts = reading.scores.group_by("dimension").agg(
        known=found.count().cast(pl.Int64), unknown=found.null_count().cast(pl.Int64)
    )
    return AnalysisReport(
        run_id=run.run_id,
        as_of=day,
        analyst=reader.name,
        facts_version=run.facts_version,
        program_version=run.program_version,
        partners_read=reading.partners,
        known=dict(counts.select("dimension", "known").sort("dimension").iter_rows()),
        unknown=dict(counts.select("dimension", "unknown").sort("dimension").iter_rows()),
        not_read=_empty_tables(installation),
        texts=texts,
        changed=before != _known_scores(installation, partner_id),
    )


def _known_scores(installation: Installation, partner_id: str | None) -> int:
    """Digest of the newest scores: equal where nothing differs."""
    scores = store.latest_scores()[["partner_id", "dimension", "score", "coverage"]]
    if partner_id is not None:
        scores = scores.filter(scores.partner_id == partner_id)
    frame = installation.warehouse.read(scores).sort("partner_id", "dimension")
    return hash(tuple(frame.hash_rows().to_list()))


def _empty_tables(installation: Installation) -> tuple[str, ...]:
    names = [table.name for table in TABLES if table.name in ("contacts", "accounts", "deals", "activities")]
    return tuple(name for name in names if installation.warehouse.read(stored(name).limit(1)).is_empty())
