"""The rows behind a figure as a file, under the asker's own scope; text that a spreadsheet would run is neutralised."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl
import polars.selectors as cs

from nextplay.operations.dashboards.behind_columns import columns_of, shown_rows, sorted_rows
from nextplay.operations.dashboards.behind_figure import FigureAsked, opened
from nextplay.operations.dashboards.export_rows import FileKind, as_csv, as_sheet
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer


def export_behind(
    installation: Installation,
    viewer: Viewer,
    asked: FigureAsked,
    *,
    now: datetime,
    kind: FileKind,
    sort: str = "",
    descending: bool = True,
) -> Iterator[bytes]:
    """All rows behind a figure in the order of the list, as chunks of a file.

    Raises NotForThisViewer, UnknownDefinition, and TooManyRows where a sheet cannot hold them.
    """
    found = opened(installation, viewer, asked, now=now)
    rows = shown_rows(found.behind, found.basis.facts, only_marked=asked.only_marked)
    ordered = sorted_rows(rows, found.behind, sort, descending=descending)
    columns = ["partner_id", *(column.name for column in columns_of(found.behind))]
    # An engine may answer amounts with more decimals than they have.
    frame = installation.warehouse.read(ordered).select(columns).with_columns(cs.decimal().cast(pl.Decimal(38, 2)))
    if kind == "xlsx":
        return as_sheet(asked.figure[:31], frame)
    return as_csv(frame)
