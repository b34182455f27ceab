"""The rows behind a figure, from the figure's own expression: what it counts is listed, and nothing else can be."""

from dataclasses import dataclass
from typing import Any, Literal

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from nextplay.intelligence import waits
from nextplay.intelligence.metrics import BY_METRIC, Metric, Source, rows_of
from nextplay.intelligence.tallies import Basis
from nextplay.intelligence.tiles import Unit
from nextplay.intelligence.windows import Window

# What one row is.
Kind = Literal["partners", "deals", "revenue", "activities"]
# How rows make the figure: their number, the sum of `amount`, `marked` out of all, the middle `amount`, the mean one, or the
# length by which half are `marked`, where the others are still watched (Kaplan-Meier).
Made = Literal["count", "sum", "share", "median", "average", "survival"]
KIND_OF: dict[Source, Kind] = {
    "partners": "partners",
    "active": "partners",
    "standing": "partners",
    "first_deals": "partners",
    "deals": "deals",
    "revenue": "revenue",
    "activities": "activities",
}


WhichPart = Literal["bar", "others", "none", "whole", "unvalued", "before", "left"]


class NoFigure(LookupError):
    """No dashboard shows such a figure."""


@dataclass(frozen=True)
class Part:
    """Which part of a figure: the bar of `key`, all `others` than those named, what has `none`, or the `whole`.

    `unvalued` asks for the rows of the whole that have no amount and so add nothing; of a card, `before` asks for the period
    before, and `left` for the rows that could not be counted, under the name that the card gives them.
    """

    which: WhichPart = "whole"
    key: str = ""
    named: tuple[str, ...] = ()

    def holds(self, column: ir.Column) -> ir.BooleanValue:
        """Whether a row's key lies in the part."""
        if self.which == "bar":
            return (column == self.key).fill_null(False)
        if self.which == "others":
            return column.notnull() & ~column.isin(self.named)
        return column.isnull() if self.which == "none" else ibis.literal(value=True)


WHOLE = Part()


@dataclass(frozen=True)
class Behind:
    """Rows of one kind, each of one partner (`partner_id`), with `amount` (null: not measured) and `marked`.

    `measure` names the amount where it is not the row's own value, `mark` says what a marked row is; `named` is what the
    text in a column of that name is, where a partner may stand in several rows.
    """

    kind: Kind
    rows: ir.Table
    made: Made
    unit: Unit
    means: str
    measure: str = ""
    mark: str = ""
    named: str = ""


def behind_metric(name: str, basis: Basis, part: Part) -> Behind:
    """The rows that a card counts: now, `before`, or those `left` out under a name.

    Raises NoFigure for a card that is not measured or not made of rows.
    """
    metric = BY_METRIC.get(name)
    if metric is None:
        raise NoFigure(name)
    rows = rows_of(metric.source, basis.facts, basis.clock, basis.terms)
    parts = metric.read(rows, basis.clock, basis.terms)
    if part.which == "left":
        return _left(metric, parts, part.key)
    window = "before" if part.which == "before" else "now"
    if metric.made == "survival":
        return _survived(metric, rows, _window(metric, basis, window))
    return _cases(metric, rows, parts, _window(metric, basis, window)) if metric.median else counted(metric, parts, window)


def measured(rows: ir.Table, *, amount: ir.Value | None = None, marked: ir.BooleanValue | None = None) -> ir.Table:
    """The rows with `amount` and `marked`."""
    nothing = ibis.null("decimal(18, 2)")
    return rows.mutate(
        amount=nothing if amount is None else amount, marked=ibis.literal(value=True) if marked is None else marked
    )


def valued(kind: Kind, rows: ir.Table, part: Part, means: str) -> Behind:
    """Rows that sum to money: those with an amount, or those that have none."""
    if part.which == "unvalued":
        return Behind(kind, rows.filter(rows.amount.isnull()), "count", "count", means)
    return Behind(kind, rows.filter(rows.amount.notnull()), "sum", "money", means)


def partner_rows(rows: ir.Table, **named: Any) -> ir.Table:
    """The partners of rows, one row each, measured."""
    return measured(rows, **named).select("partner_id", "amount", "marked")


def counted(metric: Metric, parts: dict[str, ir.Value], window: str = "now") -> Behind:
    """The rows that a metric's aggregates count or sum in a window. Raises NoFigure where it has none of that name."""
    whole = parts.get(f"whole_{window}", parts.get(f"value_{window}"))
    if whole is None:
        raise NoFigure(metric.name)
    reduction = _reduction(whole)
    part = parts.get(f"part_{window}")
    if metric.made == "mean" and part is not None:
        return _mean(metric, _reduction(part))
    amount = reduction.arg.to_expr() if isinstance(reduction, ops.Sum) else None
    (relation,) = reduction.relations
    rows: ir.Table = relation.to_expr()
    marked = _test(_reduction(part)).fill_null(False) if part is not None else None
    # What has no amount adds nothing, and is told beside the figure.
    has = ibis.literal(value=True) if amount is None else amount.notnull()
    chosen = measured(rows.filter(_test(reduction) & has), amount=amount, marked=marked)
    made: Made = "share" if part is not None else "sum" if amount is not None else "count"
    return Behind(
        KIND_OF[metric.source], chosen, made, metric.unit, metric.definition, mark="counts" if part is not None else ""
    )


def _mean(metric: Metric, summed: Any) -> Behind:
    """The rows whose amounts make a mean."""
    (relation,) = summed.relations
    rows: ir.Table = relation.to_expr()
    chosen = measured(rows.filter(_test(summed)), amount=summed.arg.to_expr())
    measure = "Days" if metric.unit == "days" else ""
    return Behind(KIND_OF[metric.source], chosen, "average", metric.unit, metric.definition, measure=measure)


def _left(metric: Metric, parts: dict[str, ir.Value], name: str) -> Behind:
    if f"left_{name}" not in parts:
        raise NoFigure(metric.name)
    left = parts[f"left_{name}"]
    if metric.median:
        (relation,) = left.op().relations
        test = left
    else:
        reduction = _reduction(left)
        (relation,) = reduction.relations
        test = _test(reduction)
    rows: ir.Table = relation.to_expr()
    return Behind(KIND_OF[metric.source], measured(rows.filter(test)), "count", "count", f"Left out: {name}.")


def _window(metric: Metric, basis: Basis, name: str) -> Window:
    held = next((one for one in basis.clock.all if one.name == name), None)
    if held is None:
        raise NoFigure(metric.name)
    return held


def _cases(metric: Metric, rows: ir.Table, parts: dict[str, ir.Value], held: Window) -> Behind:
    at, length = parts["at"], parts["length"]
    chosen = measured(rows.filter(at.notnull() & length.notnull() & held.holds(at)), amount=length)
    measure = "Days" if metric.unit == "days" else "Counted as"
    return Behind(KIND_OF[metric.source], chosen, "median", metric.unit, metric.definition, measure=measure)


def _survived(metric: Metric, rows: ir.Table, held: Window) -> Behind:
    """Everybody that is watched: how many days so far, marked where it has happened."""
    found = waits.cases(rows.mutate(start=rows.signed_at, reached=rows.first_at, ended=rows.ended_at), held)
    return watched(found, metric.definition, "sold")


def watched(found: ir.Table, means: str, mark: str) -> Behind:
    """The partners of `waits.cases`, without those to which it happened before it began."""
    found = found.filter(found.kind != waits.BEFORE)
    chosen = partner_rows(found, amount=found.length, marked=found.kind == waits.REACHED)
    return Behind("partners", chosen, "survival", "days", means, measure="Days", mark=mark)


def _reduction(value: ir.Value) -> Any:
    """The count or sum that an aggregate is, without what is done with its answer."""
    found = value.op().find_topmost((ops.CountStar, ops.Sum))
    if len(found) != 1:
        raise NoFigure(value.get_name())
    return found[0]


def _test(reduction: Any) -> ir.BooleanValue:
    test: ir.BooleanValue = reduction.where.to_expr() if reduction.where is not None else ibis.literal(value=True)
    return test
