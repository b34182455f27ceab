"""Show the rows behind a figure: what they come to, and a page of them; or the partners that bring most of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nextplay.intelligence.behind import Made
from nextplay.intelligence.tiles import Unit
from nextplay.operations.dashboards.behind_columns import Column, columns_of, first_order, shown_rows, sorted_rows
from nextplay.operations.dashboards.behind_figure import FigureAsked, Summed, largest_partners, opened, summed
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer

PAGE_ROWS = 50


@dataclass(frozen=True)
class BehindPage:
    """A page of the rows behind a figure, and what all of them come to."""

    view: str
    title: str
    kind: str
    made: Made
    unit: Unit
    currency: str
    means: str
    mark: str
    total: Summed
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    # How many rows the list has: all, or only the marked ones.
    listed: int
    sort: str
    descending: bool
    page: int
    pages: int


@dataclass(frozen=True)
class PartnerShare:
    """A partner's part in a figure, over so many rows."""

    partner_id: str
    name: str
    value: float
    rows: int


@dataclass(frozen=True)
class Largest:
    """The partners that bring most of a figure, and what all of them come to."""

    partners: tuple[PartnerShare, ...]
    total: Summed
    kind: str
    currency: str


def show_behind(
    installation: Installation,
    viewer: Viewer,
    asked: FigureAsked,
    *,
    now: datetime,
    sort: str = "",
    descending: bool = True,
    page: int = 1,
) -> BehindPage:
    """A page of the rows behind a figure; an unknown sort counts as none. Raises NotForThisViewer, UnknownDefinition."""
    found = opened(installation, viewer, asked, now=now)
    behind, total = found.behind, summed(installation, found.behind)
    columns = columns_of(behind)
    sort, descending = (sort, descending) if sort in {one.name for one in columns} else (first_order(behind), True)
    listed = total.marked if asked.only_marked else total.rows
    pages = max(-(-listed // PAGE_ROWS), 1)
    page = min(max(page, 1), pages)
    rows = shown_rows(behind, found.basis.facts, only_marked=asked.only_marked)
    rows = sorted_rows(rows, behind, sort, descending=descending)
    frame = installation.warehouse.read(rows.limit(PAGE_ROWS, offset=(page - 1) * PAGE_ROWS))
    return BehindPage(
        view=found.figure.view,
        title=found.figure.title,
        kind=behind.kind,
        made=behind.made,
        unit=behind.unit,
        currency=found.basis.facts.reporting.currency,
        means=behind.means,
        mark=behind.mark,
        total=total,
        columns=columns,
        rows=tuple(frame.to_dicts()),
        listed=listed,
        sort=sort,
        descending=descending,
        page=page,
        pages=pages,
    )


def show_largest(installation: Installation, viewer: Viewer, asked: FigureAsked, *, now: datetime, most: int = 5) -> Largest:
    """The partners that bring most of a figure. Raises NotForThisViewer, UnknownDefinition."""
    found = opened(installation, viewer, asked, now=now)
    by_partner = largest_partners(found.behind, found.basis)
    order = [by_partner.value.desc(), by_partner.rows.desc(), by_partner.name.asc(), by_partner.partner_id.asc()]
    frame = installation.warehouse.read(by_partner.order_by(order).limit(most))
    return Largest(
        partners=tuple(PartnerShare(**row) for row in frame.iter_rows(named=True)),
        total=summed(installation, found.behind),
        kind=found.behind.kind,
        currency=found.basis.facts.reporting.currency,
    )
