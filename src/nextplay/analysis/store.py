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
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse, move_version


@dataclass(frozen=True)
class Run:
    """One run over all partners, or those of a `scope`. `account` is what it says of itself."""

    as_of: datetime
    finished_at: datetime
    facts_version: str
    program_version: str
    analyst: str
    scope: dict[str, str]
    account: dict[str, Any]


def next_run_id(reader: Reader) -> str:
    """Ids sort as runs do."""
    runs = stored("analysis_runs")
    newest = reader.read(runs.aggregate(newest=runs.run_id.max())).item()
    return f"run-{int(newest.removeprefix('run-')) + 1 if newest else 1:08d}"


def latest_readings(cutoff: datetime | None = None) -> ir.Table:
    """One row a partner that was read: its newest reading, of a day before `cutoff` where one is named."""
    seen = stored("readings")
    if cutoff is not None:
        seen = seen.filter(seen.as_of < ibis.literal(cutoff, "timestamp(6)"))
    newest = ibis.row_number().over(group_by=seen.partner_id, order_by=[seen.as_of.desc(), seen.run_id.desc()])
    ranked = seen.mutate(position=newest)
    return ranked.filter(ranked.position == 0).drop("position")


def compared_with(cutoff: datetime) -> ir.Table:
    """One row a partner that was read by a day: `digest` and `own` of its newest reading, and the `program` it was read by."""
    runs = stored("analysis_runs").select("run_id", program="program_version")
    return latest_readings(cutoff).inner_join(runs, "run_id").drop("run_id", "as_of")


def account_of_same(reader: Reader, run: Run) -> dict[str, Any] | None:
    """The account of the newest run before, where it read the same facts of the same partners by the same rubric; else None.

    Nothing can read otherwise then, and nobody need be read again.
    """
    newest = stored("analysis_runs").order_by(ibis.desc("run_id")).limit(1)
    found = reader.read(newest.inner_join(stored("refreshes"), "run_id"))
    if found.is_empty():
        return None
    before = found.row(0, named=True)
    alike = all(before[name] == getattr(run, name) for name in ("as_of", "facts_version", "program_version", "analyst"))
    account: dict[str, Any] = json.loads(before["account"])
    return account if alike and json.loads(before["scope"]) == run.scope else None


def keep_nothing(warehouse: Warehouse, run: Run) -> str:
    """Write that a run looked, and found that there was nothing new to read. Answers its id."""
    with warehouse.transaction() as transaction:
        return _begin(transaction, run, run.account["partners_read"])


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
