"""From what a viewer asks of a figure to the rows behind it, under the dashboard's own filter and the viewer's own scope."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.behind import WHOLE, Behind, NoFigure, Part
from nextplay.intelligence.catalogue import LIFECYCLE, Figure, figure_of
from nextplay.intelligence.coverage import COVERED
from nextplay.intelligence.lifecycle_tiles import CoverageTile
from nextplay.intelligence.spread import Spread
from nextplay.intelligence.survival import Survival
from nextplay.intelligence.tallies import Basis
from nextplay.intelligence.tiles import BarTile
from nextplay.operations.dashboards.dashboard_tallies import Asked, basis_of
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import DECIDERS, TEAM, NotForThisViewer, Viewer, reach_of, require
from nextplay.values.period import utc_day


@dataclass(frozen=True)
class Filter:
    """What narrows a dashboard. `period_days` None: over all time."""

    segment: str | None = None
    tier: str | None = None
    as_of: date | None = None
    period_days: int | None = 90
    active: str | None = None
    sourced: str | None = None


NO_FILTER = Filter()
# What of it narrows the lifecycle too, which knows no period and no sourced deals.
LIFECYCLE_FILTER = ("segment", "tier", "as_of", "active")


@dataclass(frozen=True)
class FigureAsked:
    """A figure by name, the part of it, and the filter of its dashboard. `only_marked` lists a rate's numerator."""

    figure: str
    part: Part = WHOLE
    narrowed: Filter = NO_FILTER
    only_marked: bool = False


@dataclass(frozen=True)
class Opened:
    """A figure that the viewer may open: its rows, and what they rest on."""

    figure: Figure
    behind: Behind
    basis: Basis


@dataclass(frozen=True)
class Summed:
    """What the rows come to: `value` is the figure; `marked` of `rows` for a rate, `amount` their exact sum."""

    rows: int
    partners: int
    marked: int
    amount: Decimal | None
    value: float | None


def opened(installation: Installation, viewer: Viewer, asked: FigureAsked, *, now: datetime) -> Opened:
    """The rows behind a figure. Raises NotForThisViewer where no view of theirs shows it, UnknownDefinition."""
    require(viewer, *TEAM)
    program, narrowed = installation.program, asked.narrowed
    try:
        figure = figure_of(asked.figure, program)
        if figure.view == LIFECYCLE:
            # Coverage gaps are for those who can act on them.
            require(viewer, *DECIDERS)
        if figure.view == LIFECYCLE:
            narrowed = replace(narrowed, period_days=None)
        basis = basis_under(installation, viewer, narrowed, now=now)
        part = _others(installation, viewer, asked, now) if asked.part.which == "others" else asked.part
        return Opened(figure, figure.behind(basis, part), basis)
    except NoFigure as error:
        raise NotForThisViewer from error


def basis_under(installation: Installation, viewer: Viewer, narrowed: Filter, *, now: datetime) -> Basis:
    """What a dashboard rests on under a filter, within what the viewer may see. Raises UnknownDefinition."""
    program = installation.program
    asked = Asked(
        day=narrowed.as_of or installation.reference_day(utc_day(now)),
        period_days=narrowed.period_days,
        terms=terms_of(program, active=narrowed.active, sourced=narrowed.sourced),
    )
    return basis_of(installation.standing, asked, reach_of(viewer, program), narrowed.segment, narrowed.tier)


def summed(installation: Installation, behind: Behind) -> Summed:
    """What the rows come to, added up from the rows themselves."""
    row = installation.warehouse.read(number_of(behind)).row(0, named=True)
    rows, marked, amount = int(row["rows"]), int(row["marked"] or 0), row["amount"]
    values = {
        "count": float(rows),
        "sum": float(amount or 0),
        "share": marked / rows if rows else None,
        "average": float(amount) / rows if rows and amount is not None else None,
    }
    from_all = {"median": _median, "survival": _half}.get(behind.made)
    value = from_all(installation, behind.rows) if from_all else values[behind.made]
    return Summed(rows, int(row["partners"]), marked, amount, value)


def number_of(behind: Behind) -> ir.Table:
    """One row: how many rows there are, of how many partners, how many are marked, and their exact sum."""
    rows = behind.rows
    return rows.aggregate(
        rows=rows.count(), partners=rows.partner_id.nunique(), marked=rows.count(where=rows.marked), amount=rows.amount.sum()
    )


def largest_partners(behind: Behind, basis: Basis) -> ir.Table:
    """The rows by partner: `partner_id`, `name`, how many, and what they sum to."""
    counted = behind.rows.group_by("partner_id").agg(rows=lambda t: t.count(), value=lambda t: t.amount.sum())
    named = counted.left_join(basis.facts.partners[["partner_id", "name"]], "partner_id")
    return named.select(
        "partner_id",
        name=ibis.coalesce(named.name, named.partner_id),
        rows="rows",
        value=ibis.coalesce(named.value.cast("float64"), 0.0),
    )


def _median(installation: Installation, rows: ir.Table) -> float | None:
    frame = installation.warehouse.read(rows.group_by("amount").agg(cases=rows.count()))
    return Spread.of(frame["amount"].cast(pl.Float64).to_numpy(), frame["cases"].to_numpy()).median


def _half(installation: Installation, rows: ir.Table) -> float | None:
    """Kaplan-Meier's median: the length by which half are marked."""
    frame = installation.warehouse.read(
        rows.group_by("amount").agg(happened=rows.count(where=rows.marked), watched=rows.count(where=~rows.marked))
    )
    counts = (frame[name].cast(pl.Int64).to_numpy() for name in ("happened", "watched"))
    return Survival.of(frame["amount"].cast(pl.Float64).to_numpy(), *counts).median


def _others(installation: Installation, viewer: Viewer, asked: FigureAsked, now: datetime) -> Part:
    """What is folded together: everything but the bars that stand for themselves."""
    named = vars(asked.narrowed)
    covered = next((one for one in COVERED if one.column == asked.figure), None)
    tile: object = None
    if covered is None:
        tile = getattr(show_executive(installation, viewer, now=now, **named), asked.figure, None)
    else:
        narrowed = {name: value for name, value in named.items() if name in LIFECYCLE_FILTER}
        tiles = show_lifecycle(installation, viewer, now=now, **narrowed).coverage
        tile = next(one for one in tiles if one.name == covered.column)
    if not isinstance(tile, BarTile | CoverageTile):
        raise NoFigure(asked.figure)
    return Part("others", named=tuple(row.key for row in tile.folded().rows if row.key))
