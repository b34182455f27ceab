"""How long it took from one day to another, and how long those without the second have waited, as counts by length.

The counts add up over partners; the curve is made of them afterwards (`survival`). Rows have `start`, `reached` and `ended`:
when it began, when it happened, and when there was nothing more to wait for.
"""

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl

from nextplay.intelligence.survival import Survival
from nextplay.intelligence.tallies import By, grouped
from nextplay.intelligence.terms import days_between
from nextplay.intelligence.windows import Clock, Window

REACHED, ENDED, WAITING, BEFORE = "reached", "ended", "waiting", "before"
KINDS = ("kind", "length")


def waits(rows: ir.Table, windows: tuple[Window, ...], now: Window, by: By) -> ir.Table:
    """For each kind and length, the rows of it as of the end of each window.

    `reached`: length from start to the event. `ended`: from start to leaving. `waiting`: from start to the end of `now`; of an
    earlier window, so many days less. `before`: it happened before it began, and is no case.
    """
    rows = rows.filter(rows.start.notnull())
    odd = (rows.reached < rows.start).fill_null(False)
    cases = rows.filter(~odd)
    done = {window.name: _by(cases.reached, window) for window in windows}
    gone = {window.name: ~done[window.name] & _by(cases.ended, window) for window in windows}
    still = {window.name: ~done[window.name] & ~gone[window.name] & _by(cases.start, window) for window in windows}
    end = ibis.literal(now.end, "timestamp(6)")
    parts = (
        _counted(cases, REACHED, days_between(cases.start, cases.reached), done, by),
        _counted(cases, ENDED, days_between(cases.start, cases.ended), gone, by),
        _counted(cases, WAITING, days_between(cases.start, end), still, by),
        _counted(rows, BEFORE, ibis.literal(0, "int64"), {window.name: odd for window in windows}, by),
    )
    return ibis.union(*parts)


def cases(rows: ir.Table, window: Window) -> ir.Table:
    """The rows that `waits` counts at the end of a window, each with its `kind` and `length`."""
    rows = rows.filter(rows.start.notnull())
    end = ibis.literal(window.end, "timestamp(6)")
    odd = (rows.reached < rows.start).fill_null(False)
    done, gone, begun = (_by(rows[column], window) for column in ("reached", "ended", "start"))
    kind = ibis.cases((odd, BEFORE), (done, REACHED), (gone, ENDED), else_=WAITING)
    until = ibis.cases((done, rows.reached), (gone, rows.ended), else_=end)
    length = ibis.greatest(days_between(rows.start, until), 0)
    return rows.mutate(kind=kind, length=length).filter(odd | done | gone | begun)


def survival(counts: pl.DataFrame, window: Window, clock: Clock) -> Survival:
    """The curve of what was known at the end of a window, from the answer to `waits`."""
    waiting, reached, before = ((counts["kind"] == kind).to_numpy() for kind in (WAITING, REACHED, BEFORE))
    cases = np.where(before, 0, counts[window.name].cast(pl.Int64).to_numpy())
    lengths = np.maximum(counts["length"].cast(pl.Float64).to_numpy() - waiting * (clock.now.end - window.end).days, 0)
    return Survival.of(lengths, cases * reached, cases * ~reached)


def counted_before(counts: pl.DataFrame, window: Window) -> int:
    """Rows whose event came before its start."""
    return int(counts.filter(pl.col("kind") == BEFORE)[window.name].sum())


def _by(moment: ir.TimestampValue, window: Window) -> ir.BooleanValue:
    return (moment < ibis.literal(window.end, "timestamp(6)")).fill_null(False)


def _counted(rows: ir.Table, kind: str, length: ir.IntegerValue, counted: dict[str, ir.BooleanValue], by: By) -> ir.Table:
    flagged = rows.mutate(kind=ibis.literal(kind), length=length, **counted)
    flagged = flagged.filter(ibis.or_(*(flagged[name] for name in counted)))
    sums = {name: flagged.count(where=flagged[name]) for name in counted}
    return grouped(flagged, (*by, *KINDS), **sums).select(*by, *KINDS, *sums)
