"""Keeps what an analysis found, run after run, and finds the latest of each partner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.analyst import Reading
from nextplay.facts.engines import Transaction
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse, move_version


@dataclass(frozen=True)
class Run:
    """One run over all partners or one."""

    run_id: str
    as_of: datetime
    finished_at: datetime
    facts_version: str
    program_version: str
    analyst: str


def next_run_id(warehouse: Warehouse) -> str:
    """Ids sort as runs do."""
    return f"run-{warehouse.version().analysis + 1:08d}"


def keep(warehouse: Warehouse, run: Run, reading: Reading, *, afterwards: Callable[[Transaction], None]) -> None:
    """Write a run and what follows from it, whole or not at all."""
    head = pl.DataFrame(
        {
            "run_id": [run.run_id],
            "as_of": [run.as_of],
            "finished_at": [run.finished_at],
            "facts_version": [run.facts_version],
            "program_version": [run.program_version],
            "analyst": [run.analyst],
            "partners_read": [reading.partners],
        }
    )
    tagged = pl.lit(run.run_id).alias("run_id")
    with warehouse.transaction() as transaction:
        transaction.append("analysis_runs", head.to_arrow(compat_level=pl.CompatLevel.oldest()))
        scores = reading.scores.with_columns(tagged, pl.lit(run.as_of).alias("as_of"))
        for name, frame in (("scores", scores), ("criteria", reading.criteria), ("strengths", reading.strengths)):
            rows = frame.with_columns(tagged)
            if not rows.is_empty():
                transaction.append(name, rows.to_arrow(compat_level=pl.CompatLevel.oldest()))
        move_version(transaction, "analysis")
        afterwards(transaction)


def latest_scores() -> ir.Table:
    """One row a partner and dimension, of the partner's newest run."""
    scores = stored("scores")
    newest = ibis.row_number().over(
        group_by=[scores.partner_id, scores.dimension], order_by=[scores.as_of.desc(), scores.run_id.desc()]
    )
    ranked = scores.mutate(position=newest)
    return ranked.filter(ranked.position == 0).drop("position")


def latest_strengths() -> ir.Table:
    """One row a partner and strength, of the partner's newest run."""
    newest = latest_scores()[["partner_id", "run_id"]].distinct()
    return stored("strengths").inner_join(newest, ["partner_id", "run_id"])
