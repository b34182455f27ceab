"""Keeps what an analysis found, run after run, and finds the latest of each partner."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.reading import Reading
from nextplay.analysis.usual import Reader
from nextplay.facts.engines import Transaction
from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.touched import forget_until
from nextplay.facts.warehouse import Warehouse, move_version


@dataclass(frozen=True)
class Basis:
    """What a score rests on beside its partner's own rows, as digests: `frame` is the day, the rubric and who reads."""

    frame: str
    usual: str


@dataclass(frozen=True)
class Run:
    """One run over all partners, or those of a `scope`. `account` is what it says of itself."""

    as_of: datetime
    finished_at: datetime
    facts_version: str
    program_version: str
    analyst: str
    scope: dict[str, str]
    basis: Basis
    account: dict[str, Any]


def next_run_id(reader: Reader) -> str:
    """Ids sort as runs do."""
    runs = stored("analysis_runs")
    newest = reader.read(runs.aggregate(newest=runs.run_id.max())).item()
    return f"run-{int(newest.removeprefix('run-')) + 1 if newest else 1:08d}"


def latest_readings(cutoff: datetime | None = None, among: ir.Table | None = None) -> ir.Table:
    """One row a partner that was read: its newest reading, of a day before `cutoff` and of partners `among` others if named."""
    seen = stored("readings")
    if among is not None:
        seen = seen.semi_join(among, "partner_id")
    if cutoff is not None:
        seen = seen.filter(seen.as_of < ibis.literal(cutoff, "timestamp(6)"))
    newest = ibis.row_number().over(group_by=seen.partner_id, order_by=[seen.as_of.desc(), seen.run_id.desc()])
    ranked = seen.mutate(position=newest)
    return ranked.filter(ranked.position == 0).drop("position")


def compared_with(facts: ScopedFacts) -> ir.Table:
    """One row a partner in scope that was read: `digest` and `own` of its newest reading, and the `program` it was read by."""
    runs = stored("analysis_runs").select("run_id", program="program_version")
    return latest_readings(facts.scope.cutoff, facts.partners).inner_join(runs, "run_id").drop("run_id", "as_of")


def everybody_read(reader: Reader) -> tuple[int, Basis] | None:
    """The facts' version and the basis of the newest run over everybody, where no run since had another basis; else None.

    Whoever's rows were not touched since that version reads as before, as long as the basis stays.
    """
    runs = stored("analysis_runs").select("run_id", "facts_version")
    told = stored("refreshes").select("run_id", "scope").inner_join(stored("analysis_bases"), "run_id")
    found = reader.read(runs.left_join(told, "run_id").drop("run_id_right")).sort("run_id")
    over_all = found.filter(scope="{}")
    if over_all.is_empty():
        return None
    newest = over_all.row(-1, named=True)
    if newest["frame"] is None:
        return None
    basis = Basis(newest["frame"], newest["usual"])
    since = found.filter(pl.col("run_id") >= newest["run_id"])
    alike = (since["frame"].eq_missing(basis.frame) & since["usual"].eq_missing(basis.usual)).all()
    return (int(newest["facts_version"]), basis) if alike else None


def keep_nothing(warehouse: Warehouse, run: Run) -> str:
    """Write that a run looked, and found nothing new to read. Answers its id."""
    with warehouse.transaction() as transaction:
        return _begin(transaction, run, 0)


def keep(
    warehouse: Warehouse, run: Run, reading: Reading, digests: pl.DataFrame, *, afterwards: Callable[[Transaction], None]
) -> str:
    """Write a run, what it found of these partners, and what follows from it: whole or not at all. Answers its id.

    Where nobody reads otherwise than before, only the run itself is kept, and what rests on the analysis stays as it is.
    """
    with warehouse.transaction() as transaction:
        run_id = _begin(transaction, run, reading.partners)
        if digests.is_empty():
            return run_id
        for name, frame in _rows(run, reading.only(digests["partner_id"]), digests):
            _append(transaction, name, frame.with_columns(pl.lit(run_id).alias("run_id")))
        move_version(transaction, "analysis")
        afterwards(transaction)
    return run_id


def _begin(transaction: Transaction, run: Run, partners: int) -> str:
    """Write the run itself, under the next id: taken inside the change, so that no two runs share one."""
    run_id = next_run_id(transaction)
    for name, frame in _heads(run, run_id, partners):
        _append(transaction, name, frame)
    if not run.scope:
        forget_until(transaction, int(run.facts_version))
    return run_id


def _heads(run: Run, run_id: str, partners: int) -> Iterator[tuple[str, pl.DataFrame]]:
    head = {
        "run_id": [run_id],
        "as_of": [run.as_of],
        "finished_at": [run.finished_at],
        "facts_version": [run.facts_version],
        "program_version": [run.program_version],
        "analyst": [run.analyst],
        "partners_read": [partners],
    }
    yield "analysis_runs", pl.DataFrame(head)
    told = {"run_id": [run_id], "scope": [json.dumps(run.scope, sort_keys=True)], "account": [json.dumps(run.account)]}
    yield "refreshes", pl.DataFrame(told)
    yield "analysis_bases", pl.DataFrame({"run_id": [run_id], "frame": [run.basis.frame], "usual": [run.basis.usual]})


def _rows(run: Run, found: Reading, digests: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    on = pl.lit(run.as_of).alias("as_of")
    yield "readings", digests.with_columns(on)
    for frame in found.each_scores():
        yield "scores", frame.with_columns(on)
    for frame in found.each_criteria():
        yield "criteria", frame
    for frame in found.each_strengths():
        yield "strengths", frame


def _append(transaction: Transaction, name: str, frame: pl.DataFrame) -> None:
    if not frame.is_empty():
        transaction.append(name, frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
