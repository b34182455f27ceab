"""From a figure to its rows and its formula: a page, a file, how it is made; inside a bar, who brings most of it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.intelligence.behind import Part, WhichPart
from nextplay.intelligence.catalogue import LIFECYCLE
from nextplay.operations.dashboards.behind_columns import Column
from nextplay.operations.dashboards.behind_figure import FigureAsked
from nextplay.operations.dashboards.explain_figure import explain_figure
from nextplay.operations.dashboards.export_behind import export_behind
from nextplay.operations.dashboards.export_rows import MEDIA_TYPE, FileKind
from nextplay.operations.dashboards.show_behind import BehindPage, show_behind, show_largest
from nextplay.operations.viewer import TEAM, NotForThisViewer, require
from nextplay.web import figures
from nextplay.web.asked import PERIODS, View, number_in, view_of
from nextplay.web.behind_said import NOUNS, largest_said, number_said, part_label, rows_said
from nextplay.web.figure_links import left_out_at
from nextplay.web.frame import for_one_person, is_part, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settled import filter_of, settled
from nextplay.web.surround import shell_of

KINDS: dict[str, FileKind] = {"csv": "csv", "xlsx": "xlsx"}
# Parts that an address may name; of a bar it names the key alone.
PARTS: tuple[WhichPart, ...] = ("others", "none", "unvalued", "before", "left")
# Columns that are read from the largest down.
LARGEST_FIRST = ("money", "number", "day", "mark")
VIEWS = {LIFECYCLE: ("lifecycle", "Partner Lifecycle")}


@dataclass(frozen=True)
class Head:
    """A column's head: `sorted` as assistive technology names it, and what a click asks for."""

    key: str
    label: str
    numeric: bool
    sorted: str
    descending: str


@dataclass(frozen=True)
class Cell:
    """A field of a row; `label` stands before it where rows become cards."""

    text: str
    label: str
    numeric: bool


@require_safe
def behind(request: HttpRequest, figure: str) -> HttpResponse:
    """Show a page of the rows behind a figure, or inside its bar the partners that bring most of it."""
    viewer, now = viewer_of(request), moment()
    require(viewer, *TEAM)
    asked, notices, wanted = _asked(request, figure)
    if is_part(request) and request.GET.get("largest"):
        found = show_largest(installation(), viewer, wanted, now=now)
        said = {"found": found, "sentence": largest_said(found), "nouns": NOUNS[found.kind], "rows_at": _rows_at(request)}
        return render(request, "nextplay/parts/behind.html", said)
    sort, descending = request.GET.get("sort", ""), request.GET.get("descending") != "0"
    page = number_in(request.GET.get("page", ""))
    shown = show_behind(installation(), viewer, wanted, now=now, sort=sort, descending=descending, page=page)
    context: dict[str, Any] = {
        **_surroundings(shown.view, shown.title, asked, wanted),
        "notices": notices,
        "shown": shown,
        "number": number_said(shown),
        "said": rows_said(shown),
        "narrowed": narrowed_said(asked),
        "only_marked": wanted.only_marked,
        "heads": [_head(column, shown) for column in shown.columns],
        "rows": [_row(row, shown) for row in shown.rows],
    }
    return show(request, "nextplay/pages/behind.html", context, shell=shell_of(request, context["place"]))


@require_safe
def export(request: HttpRequest, figure: str, kind: str) -> StreamingHttpResponse:
    """All rows behind a figure as a file, in the order of the list."""
    viewer = viewer_of(request)
    require(viewer, *TEAM)
    if kind not in KINDS:
        raise NotForThisViewer
    _, _, wanted = _asked(request, figure)
    chunks = export_behind(
        installation(),
        viewer,
        wanted,
        now=moment(),
        kind=KINDS[kind],
        sort=request.GET.get("sort", ""),
        descending=request.GET.get("descending") != "0",
    )
    headers = {"Content-Disposition": f'attachment; filename="{figure}.{kind}"'}
    return for_one_person(StreamingHttpResponse(chunks, content_type=MEDIA_TYPE[KINDS[kind]], headers=headers))


@require_safe
def how(request: HttpRequest, figure: str) -> HttpResponse:
    """Say how a figure is made."""
    viewer = viewer_of(request)
    require(viewer, *TEAM)
    asked, notices, wanted = _asked(request, figure)
    found = explain_figure(installation(), viewer, wanted, now=moment())
    context: dict[str, Any] = {
        **_surroundings(found.view, found.title, asked, wanted),
        "notices": notices,
        "found": found,
        "narrowed": narrowed_said(asked),
        "period": dict(PERIODS)[found.period_days],
        "left_out": [(what, number, left_out_at(asked, figure, what)) for what, number in found.left_out],
    }
    return show(request, "nextplay/pages/how.html", context, shell=shell_of(request, context["place"]))


def _asked(request: HttpRequest, figure: str) -> tuple[View, tuple[str, ...], FigureAsked]:
    asked, notices = settled(view_of(request), installation(), moment().date())
    key, which = request.GET.get("key", ""), request.GET.get("part", "")
    named = next((one for one in PARTS if one == which), None)
    part = Part(named, key) if named else Part("bar", key) if key else Part()
    return asked, notices, FigureAsked(figure, part, filter_of(asked), only_marked=request.GET.get("only") == "marked")


def _surroundings(view: str, title: str, asked: View, wanted: FigureAsked) -> dict[str, Any]:
    place, name = VIEWS.get(view, ("dashboard", "Executive Dashboard"))
    label = part_label(wanted, installation().program)
    return {
        "place": place,
        "view_name": name,
        "view_at": asked.whole_address(reverse(place)),
        "figure": wanted.figure,
        "title": f"{title}: {label}" if label else title,
    }


def narrowed_said(asked: View) -> str:
    """The filter in words; empty for everyone today."""
    said = [part for part in (asked.segment, asked.tier) if part]
    return ", ".join([*said, *([f"as of {figures.short_day(asked.as_of)}"] if asked.as_of else [])])


def _rows_at(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("largest", None)
    return f"{request.path}?{query.urlencode()}"


def _head(column: Column, shown: BehindPage) -> Head:
    here = column.name == shown.sort
    said = ("descending" if shown.descending else "ascending") if here else ""
    down = not shown.descending if here else column.holds in LARGEST_FIRST
    return Head(column.name, column.label, column.holds in ("money", "number"), said, "1" if down else "0")


def _row(row: dict[str, Any], shown: BehindPage) -> tuple[str, str, list[Cell]]:
    cells = [
        Cell(_text(row[column.name], column, shown), column.label, column.holds in ("money", "number"))
        for column in shown.columns[1:]
    ]
    return row["partner_id"], row["partner"], cells


def _text(value: Any, column: Column, shown: BehindPage) -> str:
    if value is None or value == "":
        return figures.NOTHING
    if column.holds == "mark":
        return "yes" if value else "no"
    if column.holds == "money":
        return figures.money_exact(value, shown.currency)
    if column.holds == "day":
        return figures.short_day(value)
    if column.holds == "number":
        return figures.count(value)
    return figures.words(str(value)) if column.holds == "word" else str(value)
