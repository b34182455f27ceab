"""Bring files: choose them, check how they would be read, load what is good."""

from dataclasses import asdict
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.operations.preview_import import ImportPreview, preview_import
from nextplay.operations.viewer import NotForThisViewer, require
from nextplay.web import figures
from nextplay.web.contract import offers
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.import_form import DATE_ORDERS, mappings_in, objection
from nextplay.web.import_shown import shown_files
from nextplay.web.pages.jobs import start
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of
from nextplay.web.uploads import NothingToImport, discard, keep, kept


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Take the files, or say what is wrong with them."""
    require(viewer_of(request), *MAY_IMPORT)
    if request.method != "POST":
        return _chooser(request)
    uploads, table = installation().home.uploads, request.POST.get("table", "")
    try:
        token = keep(uploads, request.FILES.getlist("files"), now=moment(), table=table)
    except NothingToImport as error:
        return _chooser(request, str(error))
    try:
        preview_import(installation(), kept(uploads, token), now=moment())
    except UnreadableFile as error:
        discard(uploads, token)
        return _chooser(request, str(error))
    return HttpResponseRedirect(reverse("import-check", args=[token]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the files would be read; load them when asked to."""
    require(viewer_of(request), *MAY_IMPORT)
    paths = kept(installation().home.uploads, token)
    mappings = mappings_in(request.POST)
    try:
        preview = preview_import(installation(), paths, now=moment(), mappings=mappings)
    except UnreadableFile as error:
        return _chooser(request, str(error))
    amiss = objection(request.POST, preview, _bad(preview))
    if request.POST.get("do") == "load" and not amiss:
        return _load(request, paths, mappings)
    return _checker(request, preview, amiss)


@require_safe
def template(request: HttpRequest, table: str) -> HttpResponse:
    """An empty file of a table with every column of the contract, required ones first."""
    require(viewer_of(request), *MAY_IMPORT)
    if table not in BY_NAME:
        raise NotForThisViewer
    columns = sorted(BY_NAME[table].columns, key=lambda column: not column.required)
    head = ",".join(column.name for column in columns)
    headers = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
    return HttpResponse(f"{head}\r\n", content_type="text/csv; charset=utf-8", headers=headers)


def _load(request: HttpRequest, paths: list[Path], mappings: dict[str, ColumnMapping]) -> HttpResponse:
    arguments = {
        "paths": [str(path) for path in paths],
        "mappings": {table: asdict(mapping) for table, mapping in mappings.items()},
    }
    return start(request, "import_facts", arguments)


def _chooser(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {"contract": offers(), "error": error, "table": request.POST.get("table", "")}
    return show(request, "nextplay/pages/import.html", context, shell=shell_of(request, "data"), status=422 if error else 200)


def _checker(request: HttpRequest, preview: ImportPreview, error: str) -> HttpResponse:
    bad = _bad(preview)
    rows = sum(file.rows for file in preview.files)
    tables = len({file.table for file in preview.files})
    some_unchecked = any(file.checked < file.rows for file in preview.files if not file.missing)
    loading = f"{figures.many(rows, 'row')} for {figures.many(tables, 'table')}."
    if some_unchecked:
        loading += " Problems are counted over the first rows of each file; loading checks every row."
    context = {
        "files": shown_files(preview, request.POST),
        "date_orders": DATE_ORDERS,
        "left_aside": preview.left_aside,
        "bad": bad,
        "good": 0 if any(file.missing for file in preview.files) else rows - bad,
        "leave_out": request.POST.get("leave_out") == "yes",
        "loading": loading,
        "error": error,
    }
    return show(
        request, "nextplay/pages/import_preview.html", context, shell=shell_of(request, "data"), status=422 if error else 200
    )


def _bad(preview: ImportPreview) -> int:
    return sum(file.checked - file.ready for file in preview.files)
